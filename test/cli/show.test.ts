import { describe, expect, test } from "vitest";
import { runCli, servedSandbox } from "../support/cli.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const WARP_ID = "22222222-2222-4222-8222-222222222222";
const CLIENT = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const OTHER_CLIENT = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const NOW = Date.UTC(2026, 10, 25, 8);

async function seeded() {
  const sandbox = await servedSandbox({ now: () => NOW });
  sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: ID, created_at: NOW - 3_600_000, config_src: "cloudflare" },
    { kind: "warp_connector", name: "branch", id: WARP_ID, created_at: NOW - 3_600_000 },
  ]);
  const show = (...argv: string[]) => runCli(["show", ...argv], { env: sandbox.env });
  return { sandbox, show };
}

test("says whether it is up, since when, from where and on which version", async () => {
  const { sandbox, show } = await seeded();
  sandbox.simulator.connect(ID, { client_id: CLIENT, version: "2026.8.2", colos: ["dfw01", "ord02"] });
  sandbox.simulator.connect(ID, {
    client_id: OTHER_CLIENT,
    version: "2025.1.0",
    arch: "darwin_arm64",
    colos: ["lhr01"],
    connections: 1,
    origin_ip: "203.0.113.9",
  });
  const { code, stdout, stderr } = await show("web");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`cfd_tunnel/web
    id: ${ID}
    status: degraded, connected since 2026-11-25T08:00:00.000000Z
    config_src: cloudflare
    created: 2026-11-25T07:00:00.000000Z

CONNECTOR                             VERSION   ARCH          STARTED                      ORIGIN        CONNECTIONS
${CLIENT}  2026.8.2  linux_amd64   2026-11-25T08:00:00.000000Z  198.51.100.7  dfw01 x2, ord02 x2
${OTHER_CLIENT}  2025.1.0  darwin_arm64  2026-11-25T08:00:00.000000Z  203.0.113.9   lhr01
`);
  expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({
    "GET /tunnels": 1,
    "GET /cfd_tunnel/{id}": 1,
    "GET /cfd_tunnel/{id}/connections": 1,
  });
});

test("connections come from their own endpoint, whatever the retired field says", async () => {
  const { sandbox, show } = await seeded();
  sandbox.simulator.connect(ID, { client_id: CLIENT });
  for (const connections_field of ["absent", "empty", "full"] as const) {
    sandbox.simulator.setSwitches({ connections_field });
    const { stdout } = await show("web", "--json");
    const document = JSON.parse(stdout) as { connectors: readonly { connections: readonly unknown[] }[] };
    expect(document).toMatchObject({
      tunnel: { name: "web", status: "healthy" },
      connectors: [{ id: CLIENT }],
    });
    expect(document.connectors[0]?.connections).toHaveLength(4);
  }
});

test("one connector, connection by connection", async () => {
  const { sandbox, show } = await seeded();
  sandbox.simulator.connect(ID, { client_id: CLIENT, colos: ["dfw01"], connections: 2, config_version: 7 });
  const { code, stdout } = await show(ID.toUpperCase(), "--connector", CLIENT.toUpperCase());
  expect(code).toBe(0);
  expect(stdout).toContain(`connector ${CLIENT}`);
  expect(stdout).toContain("config_version: 7");
  expect(stdout.match(/dfw01/g)).toHaveLength(2);
  expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({
    "GET /tunnels": 1,
    "GET /cfd_tunnel/{id}/connectors/{id}": 1,
  });
  const json = await show("web", "--connector", CLIENT, "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({
    tunnel: { id: ID },
    connector: { id: CLIENT, config_version: 7 },
  });
});

describe("a connector that is not there", () => {
  test("is an error that lists those that are", async () => {
    const { sandbox, show } = await seeded();
    sandbox.simulator.connect(ID, { client_id: CLIENT });
    const { code, stdout, stderr } = await show("web", "--connector", OTHER_CLIENT);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(CLIENT);
  });

  test("is an error of the command line where it is no id at all", async () => {
    const { sandbox, show } = await seeded();
    const { code, stderr } = await show("web", "--connector", "first");
    expect(code).toBe(1);
    expect(stderr).toContain("--connector");
    expect(sandbox.simulator.traffic.counts().requests).toBe(0);
  });
});

describe("a WARP connector", () => {
  test("is shown alone where the server does not offer its connections", async () => {
    const { sandbox, show } = await seeded();
    sandbox.simulator.setSwitches({ warp_connections: "absent" });
    sandbox.simulator.connect(WARP_ID);
    const { code, stdout } = await show("branch");
    expect(code).toBe(0);
    expect(stdout).toContain("status: healthy");
    expect(stdout).toContain("not known");
    expect(JSON.parse((await show("branch", "--json")).stdout)).toMatchObject({ connectors: null });
  });

  test("with its connectors where it does", async () => {
    const { sandbox, show } = await seeded();
    sandbox.simulator.connect(WARP_ID, { client_id: CLIENT });
    const { stdout } = await show("warp_connector/branch", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ connectors: [{ id: CLIENT, ha_status: "active" }] });
  });
});

test("one that never ran, one that is down, one that was deleted", async () => {
  const { sandbox, show } = await seeded();
  expect((await show("web")).stdout).toContain("status: inactive, never connected");
  sandbox.simulator.connect(ID);
  sandbox.simulator.disconnect(ID);
  const down = (await show("web")).stdout;
  expect(down).toContain("status: down since 2026-11-25T08:00:00.000000Z");
  expect(down).toContain("No connector is connected.");
  await fetch(`${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel/${ID}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${sandbox.token}` },
  });
  expect((await show(ID)).stdout).toContain("deleted: 2026-11-25T08:00:00.000000Z");
  // By its name it is gone: that may be another tunnel's by now.
  expect((await show("web")).code).toBe(1);
});
