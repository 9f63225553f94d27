import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serveSandbox } from "../../src/simulator/serve.ts";
import { runCli, temporaryFolder } from "../support/cli.ts";

const YAML = "version: 1\ncfd_tunnel:\n  web:\n  api:\n";

/** A folder whose sandbox cannot be written, by root neither. */
function unwritable(): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "tunnels.yaml"), YAML);
  symlinkSync(join(cwd, "nowhere"), join(cwd, ".warren"));
  return cwd;
}

it("fails every change of a sandbox that cannot be written, and says why", async () => {
  const cwd = unwritable();
  const { code, stdout, stderr } = await runCli(["apply", "--yes", "--sandbox"], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/the sandbox cannot use its state file: sandbox\.json cannot be written \(E\w+\)/);
  expect(stdout).toContain("Applied: 0, failed: 2, skipped: 0.");
  expect(stderr).toBe("");
  expect((await runCli(["list", "--sandbox"], { cwd })).stdout).not.toContain("web");
});

it("prints one document for it", async () => {
  const { code, stdout } = await runCli(["apply", "--yes", "--sandbox", "--json"], { cwd: unwritable() });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ summary: { applied: 0, failed: 2 } });
});

it("reads a sandbox that cannot be written", async () => {
  expect(await runCli(["plan", "--sandbox"], { cwd: unwritable() })).toMatchObject({ code: 0 });
});

it("does not write over what another run wrote while the question stood", async () => {
  const cwd = temporaryFolder();
  const other = await runCli(["apply", "--yes", "--sandbox", "--state", "other.json"], {
    cwd,
    files: { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  theirs:\n" },
  });
  expect(other.code).toBe(0);
  const { code, stdout, stderr } = await runCli(["apply", "--sandbox", "--state", "mine.json"], {
    cwd,
    files: { "tunnels.yaml": YAML },
    tty: true,
    stdin: "yes\n",
    onOutput: (text) => {
      if (text.includes('Only "yes"')) {
        cpSync(join(cwd, "other.json"), join(cwd, "mine.json"));
      }
    },
  });
  expect(code).toBe(1);
  expect(stdout).toContain("Another process has written mine.json since this sandbox last did");
  expect(stderr).not.toContain("mistake in warren");
  expect(readFileSync(join(cwd, "mine.json"), "utf8")).toBe(readFileSync(join(cwd, "other.json"), "utf8"));
});

it("does not fail because a connector that came back by itself could not be kept", async () => {
  const cwd = temporaryFolder();
  const path = join(cwd, "state.json");
  const sandbox = await serveSandbox({ stateFile: path, switches: { reconnect_ms: 1 } });
  const [tunnel] = sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "web", connectors: [{ reconnects: true }] },
  ]);
  await fetch(`${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel/${tunnel?.id}/connections`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${sandbox.token}` },
  });
  await sandbox.close();
  // There to be read, and gone when it is to be written.
  const listed = await runCli(["list", "--sandbox", "--state", "state.json", "--verbose"], {
    cwd,
    onOutput: () => rmSync(path, { force: true }),
  });
  expect(listed.code).toBe(0);
  expect(existsSync(path)).toBe(false);
  expect(listed.stdout).toContain("healthy");
});

it("has the zones that it is told to have, beside those that are kept", async () => {
  const cwd = temporaryFolder();
  const zones = async (...argv: readonly string[]): Promise<readonly string[]> => {
    const stop = new AbortController();
    let names: readonly string[] = [];
    const read = async (line: string) => {
      const { url, token } = JSON.parse(line);
      const listed = await fetch(`${url}/zones?order=name`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { result } = (await listed.json()) as { result: readonly { name: string }[] };
      names = result.map(({ name }) => name);
    };
    await runCli(["sandbox", "--state", "state.json", ...argv], {
      cwd,
      stop: stop.signal,
      onOutput: (line) => {
        if (line.startsWith("{")) {
          void read(line).finally(() => stop.abort());
        }
      },
    });
    return names;
  };
  expect(await zones("--zone", "b.example", "--zone", "a.example")).toEqual(["a.example", "b.example"]);
  expect(await zones("--zone", "B.example", "--zone", "c.example")).toEqual([
    "a.example",
    "b.example",
    "c.example",
  ]);
  expect(await zones()).toEqual(["a.example", "b.example", "c.example"]);
});

it("says so when it ends, where a served sandbox could not keep that", async () => {
  const cwd = temporaryFolder();
  const stop = new AbortController();
  const result = runCli(["sandbox", "--state", "state.json"], {
    cwd,
    stop: stop.signal,
    onOutput: (line) => void serve(line).finally(() => stop.abort()),
  });
  const serve = async (line: string) => {
    if (!line.startsWith("{")) {
      return;
    }
    const { url, account_id, token } = JSON.parse(line);
    const call = (method: string, path: string, body?: object) =>
      fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body && { body: JSON.stringify(body) }),
      });
    const tunnels = `/client/v4/accounts/${account_id}/cfd_tunnel`;
    const seeded = await call("POST", "/sandbox/tunnels", [
      { kind: "cfd_tunnel", name: "web", connectors: [{ reconnects: true }] },
    ]);
    const { result } = (await seeded.json()) as { result: [{ id: string }] };
    await call("DELETE", `${tunnels}/${result[0].id}/connections`);
    rmSync(join(cwd, "state.json"));
    await call("GET", tunnels);
  };
  const { code, stderr } = await result;
  expect(code).toBe(1);
  expect(stderr).toBe(
    "error: The sandbox cannot use its state file: Another process has written state.json since this sandbox last did.\n",
  );
});
