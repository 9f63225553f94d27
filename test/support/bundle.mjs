import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** The root of the project. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bundles a module with all that it needs, and loads it: Node 20 runs no TypeScript, and a bundle runs faster than
 * what a test runner makes of the sources. Returns what the module exports, and the bundle's path as `file`.
 */
export async function loadBundle(entry, name, plugins = []) {
  const folder = join(root, "node_modules/.cache/warren");
  const file = join(folder, `${name}.mjs`);
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(root, entry)],
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: {
      js: 'import { createRequire as _createRequire } from "node:module"; const require = _createRequire(import.meta.url);',
    },
    logLevel: "warning",
    plugins,
  });
  return { file, ...(await import(pathToFileURL(file).href)) };
}
