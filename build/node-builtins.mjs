// Node's own modules, as cheap as they can be had.
//
// `import { inspect } from "node:util"` makes Node read every export of the module, also those that it loads others
// for: 3 ms for node:util on Node 24, 5 for node:process, 22 for node:http. `process.getBuiltinModule` reads none, and
// serves `require` in what is CommonJS as well, which otherwise costs an import of node:module.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Takes every module of Node's by `process.getBuiltinModule` (Node 20.16 has it); `import()` is left alone. */
export const nodeBuiltins = {
  name: "node-builtins",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) => {
      if (kind === "import-statement") {
        return { path, namespace: "builtin-esm", sideEffects: false };
      }
      if (kind === "require-call") {
        return { path, namespace: "builtin-cjs" };
      }
      return { path, external: true };
    });
    build.onLoad({ filter: /./, namespace: "builtin-cjs" }, ({ path }) => ({
      // Commander alone, which is CommonJS, is fond of it, for commands that are programs of their own: there are none.
      contents: `module.exports = ${path === "node:child_process" ? "{}" : asValue(path)};`,
    }));
    build.onLoad({ filter: /./, namespace: "builtin-esm" }, ({ path }) => {
      const names = Object.keys(require(path)).filter(
        (name) => /^[a-z]\w*$/i.test(name) && name !== "default",
      );
      // What nobody imports is dropped, and so never looked at.
      const exports = names.map(
        (name) => `export { $${name} as ${name} }; const $${name} = /* @__PURE__ */ get("${name}");`,
      );
      return {
        contents: `const get = (name) => ${asValue(path)}[name];\n${exports.join("\n")}\nexport default ${asValue(path)};`,
      };
    });
  },
};

function asValue(path) {
  // Even this way node:process opens the standard streams.
  return path === "node:process" ? "process" : `process.getBuiltinModule("${path}")`;
}
