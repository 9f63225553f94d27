// Builds dist/, or the folder that is named: the program and the library by esbuild, the library's declarations by tsc.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { action, library, program } from "./build/bundles.mjs";
import { pruneDeclarations } from "./build/prune-declarations.mjs";

const top = fileURLToPath(new URL(".", import.meta.url));
const [, , named = join(top, "dist")] = process.argv;
const outdir = resolve(named);
rmSync(outdir, { recursive: true, force: true });

await Promise.all([program, library, action].map((bundle) => build({ ...bundle, outdir })));

const types = join(outdir, "types");
const argv = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", types];
execFileSync(process.execPath, argv, { cwd: top, stdio: "inherit" });
pruneDeclarations(types, ["src/index.d.ts", "src/sandbox.d.ts"]);
