// Bundles the simulation (Node 20 runs no TypeScript) and runs it: `npm run simulate -- --help`.
import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { build } from "esbuild";

const outfile = resolve("node_modules/.cache/warren/simulate.mjs");
mkdirSync(resolve("node_modules/.cache/warren"), { recursive: true });
await build({
  entryPoints: ["test/simulation/simulate.ts"],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  banner: {
    js: 'import { createRequire as _createRequire } from "node:module"; const require = _createRequire(import.meta.url);',
  },
  sourcemap: "inline",
  logLevel: "warning",
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(process.argv.slice(2));
