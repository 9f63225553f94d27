import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { buildAs } from "../build/bundles.ts";

/** Where the program stands and runs. */
export const folder = mkdtempSync(join(tmpdir(), "warren-e2e-"));

/** A program of its own: others build in dist/ at the same time. */
beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  await buildAs("program", { outdir: join(folder, "dist"), write: true });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Begins a command; it is ended with the test. */
export function start(argv: readonly string[], env: { readonly [name: string]: string } = {}) {
  const program = join(folder, "dist/main.js");
  const child = spawn(process.execPath, [program, ...argv], { cwd: folder, env: { NO_COLOR: "1", ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const written = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (written.stdout += String(text)));
  child.stderr.on("data", (text) => (written.stderr += String(text)));
  const ended = once(child, "close").then(([code]) => ({ ...written, code: code as unknown }));
  return { child, written, ended };
}

/** A served sandbox: what leads a command to it, and its control path. */
export async function serve() {
  const { child, written } = start(["sandbox"]);
  while (!written.stdout.includes("\n")) {
    await once(child.stdout, "data");
  }
  const { url, account_id, token } = JSON.parse(written.stdout);
  const ask = async (method: string, path: string, body: object) => {
    const response = await fetch(new URL(`/sandbox/${path}`, url), {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const { success, result } = (await response.json()) as { success: boolean; result: { id: string } };
    expect(success).toBe(true);
    return result;
  };
  const env = { CLOUDFLARE_BASE_URL: url, CLOUDFLARE_ACCOUNT_ID: account_id, CLOUDFLARE_API_TOKEN: token };
  return { env, ask };
}
