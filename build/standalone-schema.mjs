// JSON Schemas as plain JavaScript: ajv writes it here, once, so that the program neither holds ajv nor waits for it.
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

/** By the folder of the `compile-schema.ts` that has ajv compile it: a schema, and that module's options. */
const SCHEMAS = {
  config: { file: "tunnels.schema.json", options: { allErrors: true, strict: true, allowUnionTypes: true } },
  fleet: { file: "fleet.schema.json", options: { allErrors: true, strict: true, allowUnionTypes: true } },
  saved: { file: "saved-plan.schema.json", options: { strict: true, allowUnionTypes: true } },
};

/** Puts a schema's precompiled check in the place of the module that compiles it. A test holds one against the other. */
export const standaloneSchema = {
  name: "standalone-schema",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/](?:\w+[\\/])+compile-schema\.ts$/ }, ({ path }) => ({
      contents: checkAsCode(SCHEMAS[basename(dirname(path))]),
      resolveDir: dirname(path),
    }));
  },
};

function checkAsCode({ file, options }) {
  const schema = JSON.parse(readFileSync(new URL(`../schema/${file}`, import.meta.url), "utf8"));
  const ajv = new Ajv({ ...options, code: { source: true, esm: true } });
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  // Even as ESM ajv's code asks for its own run time by `require`.
  const imports = [];
  const linked = code.replace(/require\("(ajv\/dist\/runtime\/[^"]+)"\)/g, (_, path) => {
    imports.push(`import runtime${imports.length} from "${path}.js";\n`);
    return `runtime${imports.length - 1}`;
  });
  return `${imports.join("")}${linked}\nexport const compileSchema = () => validate;\n`;
}
