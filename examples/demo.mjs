// What README shows: plan, apply, and plan again, against the embedded sandbox. Ends with an error when the second
// plan is not empty.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const warren = fileURLToPath(new URL("../dist/main.js", import.meta.url));
// A folder of its own, so that the sandbox of this one stays as it is.
const folder = mkdtempSync(join(tmpdir(), "warren-demo-"));
copyFileSync(new URL("../tunnels.yaml", import.meta.url), join(folder, "tunnels.yaml"));

function run(...args) {
  console.log(`$ warren ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, [warren, ...args], { cwd: folder, stdio: "inherit" });
  console.log();
  if (status !== 0) {
    throw new Error(`warren ${args[0]} ended with ${status}`);
  }
}

try {
  run("plan", "--sandbox");
  run("apply", "--sandbox", "--yes");
  run("plan", "--sandbox", "--detailed-exitcode");
} finally {
  rmSync(folder, { recursive: true });
}
