// Builds dist/: one split ESM bundle by esbuild, declarations by tsc.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });

await build({
  entryPoints: { main: "src/cli/main.ts", index: "src/index.ts", sandbox: "src/sandbox.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Some of what is bundled is CommonJS and asks for Node's modules by `require`.
  banner: {
    js: 'import { createRequire as _createRequire } from "node:module"; const require = _createRequire(import.meta.url);',
  },
  legalComments: "linked",
  logLevel: "warning",
});

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc"], { stdio: "inherit" });
