// Builds dist/: the program and the library as split ESM bundles by esbuild, declarations by tsc.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { commandGroups } from "./build/command-groups.mjs";
import { nodeBuiltins } from "./build/node-builtins.mjs";
import { standaloneSchema } from "./build/standalone-schema.mjs";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

const options = {
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Half the bytes to read and parse, which a start feels. Names stay, so that stack traces can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [nodeBuiltins, commandGroups, standaloneSchema],
  alias: {
    // Their entries for Node bring a whole second `fetch`, and CommonJS. These are the same sources as plain ESM.
    ofetch: "./node_modules/ofetch/dist/index.mjs",
    yaml: "./node_modules/yaml/browser/index.js",
  },
  legalComments: "linked",
  logLevel: "warning",
};

// Apart, since each chunk that the two would share is one more file for the program to open.
await build({ ...options, entryPoints: { main: "src/cli/main.ts" } });
await build({
  ...options,
  entryPoints: { index: "src/index.ts", sandbox: "src/sandbox.ts" },
  chunkNames: "library/[name]-[hash]",
});

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
