import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { servedSandbox } from "../support/cli.ts";
import { built, warren } from "./built.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "warren-e2e-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  writeFileSync(join(made, "tunnels.yaml"), "version: 1\ncfd_tunnel:\n  web:\n");
  return made;
}

/** The built program, with nothing in its environment but what is given. */
function start(argv: readonly string[], cwd: string, env: { readonly [name: string]: string } = {}) {
  const child = spawn(process.execPath, [warren, ...argv], { cwd, env: { NO_COLOR: "1", ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const result = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (result.stdout += String(text)));
  child.stderr.on("data", (text) => (result.stderr += String(text)));
  const ended = once(child, "close").then(([code]) => ({ ...result, code: code as unknown }));
  return { child, result, ended };
}

it("says its version", async () => {
  expect(await start(["--version"], folder()).ended).toEqual({
    code: 0,
    stdout: `${packageJson.version}\n`,
    stderr: "",
  });
});

it("plans, applies and plans again in the embedded sandbox", async () => {
  const cwd = folder();
  expect((await start(["plan", "--sandbox"], cwd).ended).stdout).toContain("Plan: 1 to create");
  expect(await start(["apply", "--sandbox", "--yes"], cwd).ended).toMatchObject({ code: 0, stderr: "" });
  expect((await start(["plan", "--sandbox"], cwd).ended).stdout).toMatch(/^No changes\./);
});

it("does the same against a served sandbox, which ends in peace", async () => {
  const cwd = folder();
  const sandbox = start(["sandbox", "--state", "state.json"], cwd);
  while (!sandbox.result.stdout.includes("\n")) {
    await once(sandbox.child.stdout, "data");
  }
  const { url, account_id, token } = JSON.parse(sandbox.result.stdout);
  const env = {
    CLOUDFLARE_BASE_URL: url,
    CLOUDFLARE_ACCOUNT_ID: account_id,
    CLOUDFLARE_API_TOKEN: token,
  };
  expect(await start(["apply", "--yes"], cwd, env).ended).toMatchObject({ code: 0, stderr: "" });
  expect((await start(["drift"], cwd, env).ended).code).toBe(0);
  sandbox.child.kill("SIGTERM");
  expect(await sandbox.ended).toMatchObject({ code: 0, stderr: "" });
});

it("asks the proxy of the environment", async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 407 No\r\n\r\n");
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const env = {
    CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
    CLOUDFLARE_API_TOKEN: "a-token-of-nobody",
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
  };
  const { code, stderr } = await start(["plan"], folder(), env).ended;
  expect({ code, asked }).toEqual({ code: 1, asked: ["api.cloudflare.com:443"] });
  expect(stderr).toContain("PROXY_407");
  expect(stderr).not.toContain("mistake in warren");
});

it("ends quietly when its reader has gone", async () => {
  const plan = start(["schema"], folder());
  plan.child.stdout.destroy();
  const { code, stderr } = await plan.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

it.each(["text", "json"])("finishes its work though its output cannot be written (%s)", async (format) => {
  const cwd = folder();
  // What is open to read cannot be written.
  const stdout = openSync(join(cwd, "tunnels.yaml"), "r");
  onTestFinished(() => closeSync(stdout));
  const argv = [warren, "apply", "--yes", "--sandbox", "--format", format];
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, stdio: ["ignore", stdout, "pipe"] });
  expect(status).toBe(1);
  expect(String(stderr)).toBe(
    "error: Some of the output is lost: standard output cannot be written (EBADF).\n",
  );
  expect((await start(["list", "--sandbox"], cwd).ended).stdout).toContain("web");
});

it("ends at the first Ctrl-C while it waits for its file", async () => {
  const cwd = folder();
  const pipe = join(cwd, "pipe");
  execFileSync("mkfifo", [pipe]);
  const { child, ended } = start(["validate", "--file", "pipe"], cwd);
  // It can be opened to write once the program waits to read.
  let writer: number | null = null;
  while (writer === null) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    try {
      writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {}
  }
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, stderr: "Interrupted. Nothing was changed.\n" });
  closeSync(writer);
});

it("finishes and reports what is under way when the terminal goes away", async () => {
  const cwd = folder();
  writeFileSync(join(cwd, "tunnels.yaml"), "version: 1\ncfd_tunnel:\n  api:\n  web:\n");
  const { env, simulator } = await servedSandbox({
    intercept: ({ method }) => {
      if (method !== "POST") {
        return undefined;
      }
      apply.child.kill("SIGHUP");
      apply.child.kill("SIGHUP");
      return { type: "delay", ms: 50, acts: "last" };
    },
  });
  const apply = start(["apply", "--yes", "--concurrency", "1"], cwd, env);
  expect((await apply.ended).stdout).toContain("Applied: 1, failed: 0, skipped: 1.");
  expect(apply.child.signalCode).toBe("SIGHUP");
  expect(simulator.tunnels.map(({ name }) => name)).toEqual(["api"]);
});

it("says so where the folder that it runs in is gone", () => {
  const script = `cd gone && rmdir ../gone && exec "$0" "$1" "$2"`;
  const run = (argument: string) => {
    const cwd = folder();
    mkdirSync(join(cwd, "gone"));
    const argv = ["-c", script, process.execPath, warren, argument];
    const { status, stdout, stderr } = spawnSync("sh", argv, { cwd, encoding: "utf8" });
    return { status, stdout, stderr };
  };
  expect(run("validate")).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: The current folder does not exist any more. Change to another one.\n",
  });
  expect(run("--version").stdout).toBe(`${packageJson.version}\n`);
});

it("says nothing of its own making when many changes wait at once", async () => {
  const cwd = folder();
  const names = Array.from({ length: 12 }, (_, number) => `  web-${number}:\n`);
  writeFileSync(join(cwd, "tunnels.yaml"), `version: 1\ncfd_tunnel:\n${names.join("")}`);
  const failing = new Set<string>();
  const { env } = await servedSandbox({
    intercept: ({ method, body }) => {
      if (method !== "POST" || failing.has(body ?? "")) {
        return undefined;
      }
      failing.add(body ?? "");
      return { type: "answer", acts: false, status: 500 };
    },
  });
  const { code, stderr } = await start(["apply", "--yes", "--concurrency", "12"], cwd, env).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

it("refuses without a terminal to ask on", async () => {
  expect((await start(["apply", "--sandbox"], folder()).ended).code).toBe(3);
});

it("is a library as well, whose declarations are there", () => {
  const script = `
    import { createClient, execute, kinds, loadDesiredState, observe, plan, verify } from "warren";
    import { createSimulator } from "warren/sandbox";
    import schema from "warren/schema/tunnels.schema.json" with { type: "json" };
    const loaded = await loadDesiredState([{ path: "a.yaml", text: "version: 1\\ncfd_tunnel:\\n  web:\\n" }], { env: {} });
    const made = plan(loaded.value, [], kinds, { now: 0 });
    console.log(made.changes.length, typeof createClient, typeof execute, typeof observe, typeof verify, typeof createSimulator, typeof schema);
  `;
  const argv = ["--no-warnings", "--input-type=module", "--eval", script];
  const output = execFileSync(process.execPath, argv, { cwd: built, encoding: "utf8" });
  expect(output).toBe("1 function function function function function object\n");
  for (const entry of [packageJson.exports["."], packageJson.exports["./sandbox"]]) {
    expect(existsSync(join(built, entry.types)), entry.types).toBe(true);
  }
});
