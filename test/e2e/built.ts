import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

const top = fileURLToPath(new URL("../..", import.meta.url));

/** The package as `npm ci` leaves it, made of the source as it is now, and apart: others build in dist/ at the same time. */
export const built = mkdtempSync(join(tmpdir(), "warren-built-"));
export const warren = join(built, "dist/main.js");

beforeAll(() => {
  for (const each of ["package.json", "schema"]) {
    cpSync(join(top, each), join(built, each), { recursive: true });
  }
  symlinkSync(join(top, "node_modules"), join(built, "node_modules"));
  execFileSync(process.execPath, ["build.mjs", join(built, "dist")], { cwd: top });
}, 60_000);
afterAll(() => rmSync(built, { recursive: true, force: true }));
