import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { environmentFor, runCli, servedSandbox } from "../support/cli.ts";
import { QuickClock } from "../support/quick-clock.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const API_ID = "33333333-3333-4333-8333-333333333333";
const WARP_ID = "22222222-2222-4222-8222-222222222222";
const CLIENT = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const OTHER_CLIENT = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const NOW = Date.UTC(2026, 10, 25, 8);

const FILE = `version: 1
cfd_tunnel:
  web: { config_src: cloudflare }
  api: { config_src: local }
  late: { config_src: cloudflare }
  old: { state: absent }
`;

async function seeded() {
  const sandbox = await servedSandbox({ now: () => NOW });
  sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: ID, created_at: NOW - 3_600_000, config_src: "cloudflare" },
    { kind: "cfd_tunnel", name: "api", id: API_ID, created_at: NOW - 7_200_000, config_src: "local" },
    { kind: "warp_connector", name: "branch", id: WARP_ID, created_at: NOW - 3_600_000 },
  ]);
  const status = (...argv: string[]) =>
    runCli(["status", ...argv], { env: sandbox.env, files: { "tunnels.yaml": FILE } });
  const rules = (hostname: string) => [
    { hostname, service: "http://localhost:80" },
    { service: "http_status:404" },
  ];
  const configure = async (hostname: string) => {
    const url = `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel/${ID}/configurations`;
    const answer = await fetch(url, {
      method: "PUT",
      headers: { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" },
      body: JSON.stringify({ config: { ingress: rules(hostname) } }),
    });
    expect(answer.status).toBe(200);
  };
  return { sandbox, status, configure };
}

test("what the files declare: a tally, then a table with the gravest first, and no tombstone", async () => {
  const { sandbox, status, configure } = await seeded();
  await configure("app.example.com");
  sandbox.simulator.connect(ID, { client_id: CLIENT, version: "2026.8.2", colos: ["dfw01", "ord02"] });
  sandbox.simulator.traffic.reset();
  const { code, stdout, stderr } = await status();
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  const page = (kind: string) =>
    `https://dash.cloudflare.com/${sandbox.accountId}/one/networks/connectors/cloudflare-tunnels/cfd_tunnel/${kind}/edit?tab=overview`;
  expect(stdout).toBe(`1 healthy, 1 never connected, 1 not created

STATUS           TUNNEL  CONNECTORS  CONFIG  SINCE                        VERSIONS  SERVES           DATA CENTRES        DASHBOARD
not created      late    -           -       -                            -         -                -                   -
never connected  api     0           local   2026-11-25T06:00:00.000000Z  -         -                -                   ${page(API_ID)}
healthy          web     1           v0      2026-11-25T08:00:00.000000Z  2026.8.2  app.example.com  dfw01 x2, ord02 x2  ${page(ID)}
`);
  // One list of the declared kind; connectors and configuration only of what may have them.
  expect(sandbox.simulator.traffic.counts().by_endpoint).toMatchObject({
    "GET /cfd_tunnel": 1,
    "GET /cfd_tunnel/{id}/connections": 1,
    "GET /cfd_tunnel/{id}/configurations": 1,
  });
});

test("exit code 0 when every tunnel shown is healthy", async () => {
  const { sandbox, status } = await seeded();
  sandbox.simulator.connect(ID, { client_id: CLIENT });
  const named = await status("web");
  expect(named.code).toBe(0);
  expect(named.stdout).toContain("1 healthy\n");
  expect((await status("web", "api")).code).toBe(2);
});

test("a connector on an older configuration is behind", async () => {
  const { sandbox, status, configure } = await seeded();
  sandbox.simulator.connect(ID, { client_id: CLIENT });
  sandbox.simulator.connect(ID, { client_id: OTHER_CLIENT });
  sandbox.simulator.configure(ID, CLIENT, null);
  await configure("app.example.com");
  const { stdout } = await status("web");
  expect(stdout).toContain("v0, 1 behind");
  const json = JSON.parse((await status("web", "--json")).stdout) as { health: readonly object[] };
  expect(json.health).toMatchObject([
    { name: "web", state: "healthy", config_version: 0, behind: [CLIENT], hostnames: ["app.example.com"] },
  ]);
});

test("--all needs no file, and shows both kinds", async () => {
  const { sandbox, status } = await seeded();
  const { code, stdout } = await status("--all", "--json");
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    account_id: sandbox.accountId,
    healthy: false,
    health: [{ name: "api" }, { name: "web" }, { kind: "warp_connector", name: "branch" }],
    summary: { healthy: 0, never_connected: 3 },
  });
});

test("a kind that may not be read is said to be missing, and is no failure", async () => {
  const credentials = [{ token: "cfd-only", permissions: { cfd_tunnel: "read" } }] as const;
  const sandbox = await servedSandbox({ now: () => NOW, credentials });
  sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "web", id: ID, created_at: NOW }]);
  sandbox.simulator.connect(ID, { client_id: CLIENT });
  const env = environmentFor(sandbox, "cfd-only");
  const { code, stdout, stderr } = await runCli(["status", "--all"], { env });
  expect(code).toBe(0);
  expect(stdout).toContain("1 healthy\n");
  expect(stderr).toContain("Whether there are any warp_connector tunnels is not known");
  const json = await runCli(["status", "--all", "--json"], { env });
  // Whatever else leads to tunnels may not be read either.
  const unreadable: unknown = expect.arrayContaining([
    expect.objectContaining({ kind: "warp_connector", status: 403 }),
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({ unreadable });
});

test("on a narrow terminal: ages for times, and links of what is not healthy below", async () => {
  const { sandbox } = await seeded();
  const { stdout } = await runCli(["status", "--all"], { env: sandbox.env, tty: true, columns: 80 });
  expect(stdout).toContain("\napi: https://dash.cloudflare.com/");
  expect(stdout).toContain("  2 h  ");
  expect(stdout).not.toContain("DASHBOARD");
  const lines = stdout.split("\n").filter((line) => !line.includes("https://"));
  // A sandbox has its colours, too.
  expect(Math.max(...lines.map((line) => stripVTControlCharacters(line).length))).toBeLessThanOrEqual(80);
});

describe("--watch", () => {
  test("shows it again until the deadline, and exits by the last reading", async () => {
    const { sandbox } = await seeded();
    let shown = 0;
    const { code, stdout } = await runCli(["status", "web", "--watch", "5", "--deadline", "12"], {
      env: sandbox.env,
      clock: new QuickClock(NOW),
      onOutput: (text) => {
        if (text.includes("STATUS")) {
          shown += 1;
          if (shown === 1) {
            sandbox.simulator.connect(ID, { client_id: CLIENT });
          }
        }
      },
    });
    expect(code).toBe(0);
    expect(stdout.match(/never connected\n/g)).toHaveLength(1);
    expect(stdout).toContain("1 healthy\n");
  });

  test("waits longer where many requests a round would use up the quota", async () => {
    const sandbox = await servedSandbox({ now: () => NOW });
    const many = [...Array(30).keys()].map((number) => ({ kind: "cfd_tunnel", name: `t${number}` }) as const);
    sandbox.simulator.seed(many.map((tunnel) => ({ ...tunnel, config_src: "cloudflare" as const })));
    const clock = new QuickClock(NOW, 15_000);
    const { stdout } = await runCli(["status", "--all", "--watch", "5", "--deadline", "15"], {
      env: sandbox.env,
      clock,
    });
    expect(stdout.match(/30 never connected\n/g)).toHaveLength(2);
    // Of 30 configurations, and what leads to tunnels, three a second are asked for.
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(10_000);
  });

  test("on a terminal the screen is its own, and says each time what is missing", async () => {
    const credentials = [{ token: "cfd-only", permissions: { cfd_tunnel: "read" } }] as const;
    const sandbox = await servedSandbox({ now: () => NOW, credentials });
    sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "web", id: ID, created_at: NOW }]);
    const { stdout, stderr } = await runCli(["status", "--all", "--watch", "5", "--deadline", "12"], {
      env: environmentFor(sandbox, "cfd-only"),
      clock: new QuickClock(NOW),
      tty: true,
    });
    const rounds = stdout.split("\u001b[H\u001b[2J").length - 1;
    expect(rounds).toBeGreaterThan(1);
    expect(stderr).toMatch(/The next reading is at \d\d:\d\d:\d\dZ/);
    expect(stderr.match(/warp_connector tunnels is not known/g)).toHaveLength(rounds);
  });

  test("ends as interrupted where it is stopped", async () => {
    const { sandbox } = await seeded();
    const stop = new AbortController();
    const { code, stdout } = await runCli(["status", "web", "--watch", "5"], {
      env: sandbox.env,
      stop: stop.signal,
      onOutput: () => stop.abort(),
    });
    expect(code).toBe(130);
    expect(stdout.match(/STATUS/g)).toHaveLength(1);
  });

  test("takes five seconds or more, and no --json", async () => {
    expect((await runCli(["status", "--watch", "4"])).code).toBe(1);
    expect((await runCli(["status", "--watch", "5", "--json"])).stdout).toContain("one document");
  });
});

test("--all with names is refused", async () => {
  const { code, stderr } = await runCli(["status", "web", "--all"]);
  expect(code).toBe(1);
  expect(stderr).toContain("--all shows every tunnel");
});
