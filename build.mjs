// Builds dist/: the program and the library by esbuild, the library's declarations by tsc.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { action, library, program } from "./build/bundles.mjs";

const top = fileURLToPath(new URL(".", import.meta.url));
rmSync(`${top}dist`, { recursive: true, force: true });

await Promise.all([build(program), build(library), build(action)]);

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  cwd: top,
  stdio: "inherit",
});
