import { expect, it } from "vitest";
import { createServer } from "node:http";
import { once } from "node:events";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const FILES = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n" };

/** `export NAME=value` lines, as `eval` takes them. */
function exported(lines: string): { readonly [name: string]: string } {
  return Object.fromEntries(
    [...lines.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
  );
}

it("leads a shell to a sandbox that is served, and a connector appears, lives and goes", async () => {
  const { url, simulator } = await servedSandbox();
  const lines = await runCli(["sandbox", "env", "--port", new URL(url).port]);
  expect(lines).toMatchObject({ code: 0, stderr: "" });
  const env = exported(lines.stdout);
  expect(env).toMatchObject({ CLOUDFLARE_BASE_URL: url, CLOUDFLARE_API_BASE_URL: url });

  expect(await runCli(["apply", "--yes"], { env, files: FILES })).toMatchObject({ code: 0 });
  const connected = await runCli(["sandbox", "connect", "web"], { env });
  expect(connected).toMatchObject({ code: 0, stderr: "" });
  expect(connected.stdout).toContain("status: healthy");
  // It comes back as cloudflared does, while its token holds.
  expect((await runCli(["disconnect", "web", "--yes"], { env })).stdout).toContain("Came back: 1 connector");

  const stopped = await runCli(["sandbox", "disconnect", "cfd_tunnel/web"], { env });
  expect(stopped.stdout).toContain("No connector is connected.");
  expect(simulator.tunnels[0]?.connectors).toEqual([]);
});

it("does the same to the embedded one, whose state keeps it", async () => {
  const cwd = temporaryFolder();
  await runCli(["apply", "--yes", "--sandbox"], { cwd, files: FILES });
  const partly = ["sandbox", "connect", "web", "--connections", "2", "--sandbox", "--json"];
  const { code, stdout } = await runCli(partly, { cwd });
  expect(code).toBe(0);
  const { connectors, tunnel } = JSON.parse(stdout);
  expect([tunnel.status, connectors.length, connectors[0].connections.length]).toEqual(["degraded", 1, 2]);
  await runCli(["sandbox", "connect", "web", "--sandbox"], { cwd });

  const one = ["sandbox", "disconnect", "web", "--connector", connectors[0].id, "--sandbox"];
  expect((await runCli(one, { cwd })).stdout).toContain("status: healthy");
  const all = await runCli(["sandbox", "disconnect", "web", "--sandbox"], { cwd });
  expect(all.stdout).toContain("No connector is connected.");
  const bad = await runCli(["sandbox", "disconnect", "web", "--connector", "x", "--sandbox"], { cwd });
  expect(bad).toMatchObject({
    code: 1,
    stderr: "error: The sandbox refuses: Could not parse input. client_id is not a UUID.\n",
  });
});

it("sends nothing to what is no sandbox", async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.end("hello");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const mine = { CLOUDFLARE_API_TOKEN: "mine", CLOUDFLARE_ACCOUNT_ID: "0".repeat(32) };
  const connect = (url?: string) =>
    runCli(["sandbox", "connect", "web"], { env: { ...mine, CLOUDFLARE_BASE_URL: url } });
  try {
    expect((await connect(`http://127.0.0.1:${port}/client/v4`)).stderr).toContain("No sandbox answers at");
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/^GET \/sandbox\/switches Bearer sandbox-token-/);
    for (const url of [undefined, "https://api.cloudflare.com/client/v4", "nonsense"]) {
      const { code, stderr } = await connect(url);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("CLOUDFLARE_BASE_URL leads to no sandbox. Serve one with"),
      });
    }
  } finally {
    server.close();
  }
});

it("waits for a sandbox that starts, and says how to serve one where none does", async () => {
  const sandbox = await servedSandbox();
  await sandbox.close();
  const sleeps: number[] = [];
  const { code, stdout, stderr } = await runCli(["sandbox", "env", "--port", new URL(sandbox.url).port], {
    clock: { now: () => 0, sleep: async (ms) => void sleeps.push(ms) },
  });
  expect({ code, stdout, waited: sleeps.length > 10 }).toEqual({ code: 1, stdout: "", waited: true });
  expect(stderr).toContain("Serve one with `warren sandbox --port 8787`");
});

it("suggests the command below it that was meant", async () => {
  const { code, stderr } = await runCli(["sandbox", "conect", "web"]);
  expect(code).toBe(1);
  expect(stderr).toBe("error: unknown command 'sandbox conect'\n(Did you mean connect?)\n");
});
