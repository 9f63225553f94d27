import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import packageJson from "../../package.json" with { type: "json" };
import { endingOf } from "./ending.ts";
import { runAction } from "./run.ts";
import { annotation } from "./workflow-command.ts";

/** The bundle beside this one. */
const WARREN = fileURLToPath(new URL("./main.js", import.meta.url));

process.exitCode = await runAction({
  env: process.env,
  cwd: process.env["GITHUB_WORKSPACE"] ?? process.cwd(),
  version: packageJson.version,
  warren: (argv, { cwd, env }) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [WARREN, ...argv], {
        cwd,
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      // A job that is cancelled tells only this process. What warren has under way is finished and reported.
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.on(signal, () => child.kill(signal));
      }
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.on("error", reject);
      child.on("close", (exitCode, signal) => {
        const { code, said } = endingOf(exitCode, signal);
        if (said !== null) {
          process.stdout.write(annotation("error", said));
        }
        resolve({ code, stdout: Buffer.concat(chunks).toString("utf8") });
      });
    }),
  fetch: globalThis.fetch,
  log: (text) => void process.stdout.write(text),
  nonce: () => randomUUID().replaceAll("-", ""),
});
