// The JSON Schema as plain JavaScript: ajv writes it here, once, so that the program neither holds ajv nor waits for it.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

/** Puts the schema's precompiled check in the place of `src/config/compile-schema.ts`, which has ajv compile it. */
export const standaloneSchema = {
  name: "standalone-schema",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]config[\\/]compile-schema\.ts$/ }, () => ({
      contents: checkAsCode(),
    }));
  },
};

function checkAsCode() {
  const schema = JSON.parse(readFileSync(new URL("../schema/tunnels.schema.json", import.meta.url), "utf8"));
  // The options of src/config/compile-schema.ts; a test holds the two against each other.
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  // Even as ESM ajv's code asks for its own run time by `require`.
  const imports = [];
  const linked = code.replace(/require\("(ajv\/dist\/runtime\/[^"]+)"\)/g, (_, path) => {
    imports.push(`import runtime${imports.length} from "${path}.js";\n`);
    return `runtime${imports.length - 1}`;
  });
  return `${imports.join("")}${linked}\nexport const compileSchema = () => validate;\n`;
}
