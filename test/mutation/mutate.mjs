// `npm run mutation`: installs Stryker here on the first run, then mutates. What follows `--` goes to Stryker, as in
// `npm run mutation -- --mutate src/engine/decide/guard.ts`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}
const stryker = join(here, "node_modules/@stryker-mutator/core/bin/stryker.js");
const args = ["run", "test/mutation/stryker.config.mjs", ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [stryker, ...args], {
  cwd: join(here, "../.."),
  stdio: "inherit",
});
process.exitCode = status ?? 1;
