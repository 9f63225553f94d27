// What esbuild makes of the source: the program, the library and the GitHub Action.
import { fileURLToPath } from "node:url";
import { commandGroups } from "./command-groups.mjs";
import { nodeBuiltins } from "./node-builtins.mjs";
import { standaloneSchema } from "./standalone-schema.mjs";

const shared = {
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  legalComments: "linked",
  logLevel: "warning",
};

/** Everything in it, so that a start resolves no package and reads no file that it does not need. */
export const program = {
  ...shared,
  entryPoints: { main: "src/cli/main.ts" },
  plugins: [nodeBuiltins, commandGroups, standaloneSchema],
  alias: {
    // Their entries for Node bring a whole second `fetch`, and CommonJS. These are the same sources as plain ESM.
    ofetch: "./node_modules/ofetch/dist/index.mjs",
    yaml: "./node_modules/yaml/browser/index.js",
  },
  // Half the bytes to read and parse, which a start feels. Names stay, so that stack traces can be read.
  minifySyntax: true,
  minifyWhitespace: true,
};

/** Packages stay imports, and nothing is minified: who imports the library may bundle it, and drop what they leave. */
export const library = {
  ...shared,
  entryPoints: { index: "src/index.ts", sandbox: "src/sandbox.ts" },
  // Not among the program's: a chunk that the two shared would be one more file for the program to open.
  chunkNames: "library/[name]-[hash]",
  packages: "external",
  plugins: [standaloneSchema],
};

/** One file, which a release carries: GitHub runs it as it is. */
export const action = {
  ...shared,
  splitting: false,
  entryPoints: { action: "src/action/main.ts" },
};
