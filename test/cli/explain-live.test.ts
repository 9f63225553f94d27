import { describe, expect, it } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const file = (service: string, more = "") => ({
  "tunnels.yaml": `version: 1
cfd_tunnel:
  web:
    ${more}
    ingress:
      - { hostname: app.example.com, service: "${service}" }
      - service: http_status:404
`,
});
const URL = "https://app.example.com/";
const EIGHTY = file("http://localhost:80");

/** An account that has the rules, and a connector. */
async function applied(files = EIGHTY) {
  const { env, simulator } = await servedSandbox();
  expect((await runCli(["apply", "--yes"], { env, files })).code).toBe(0);
  const id = simulator.tunnels[0]?.id ?? "";
  const connect = (options: Parameters<typeof simulator.connect>[1]) => simulator.connect(id, options);
  const explain = (...argv: readonly string[]) =>
    runCli(["explain", URL, "--live", ...argv], { env, files: EIGHTY });
  const live = async () => JSON.parse((await explain("--json")).stdout).live;
  return { env, simulator, id, connect, explain, live };
}

describe("explain --live", () => {
  it("says the same of the account: version, rule and connectors", async () => {
    const { connect, explain, live, id } = await applied();
    connect({ version: "2026.8.2" });
    expect(await explain()).toEqual({
      code: 0,
      stderr: "",
      stdout: `https://app.example.com/
  served by cfd_tunnel/web, rule #1 (tunnels.yaml:6): http://localhost:80
    hostname "app.example.com"
  in the account: version 0, rule #1: http://localhost:80, hostname "app.example.com", 1 connector
`,
    });
    expect(await live()).toMatchObject({
      tunnel_id: id,
      version: "0",
      rule: { index: 0, service: "http://localhost:80", source: null },
      passed: [],
      served: true,
      connectors: [{ version: "0" }],
      differences: [],
    });
  });

  it("marks another service, other settings and a connector that is behind", async () => {
    const { env, connect, explain, live } = await applied(file("http://localhost:81"));
    connect({ version: "2026.7.0", config_version: -1, config_lag_ms: null });
    const { code, stdout } = await explain();
    expect(code).toBe(0);
    expect(stdout).toContain(
      "differs: Another service than in the files, where it is http://localhost:80.\n",
    );
    expect(stdout).toMatch(/differs: The connector \S+ \(2026\.7\.0, .*\) has none, and version 0 lives\.\n/);
    const settings = file("http://localhost:80", "originRequest: { connectTimeout: 5 }");
    expect((await runCli(["apply", "--yes", "--rollout-timeout", "0"], { env, files: settings })).code).toBe(
      0,
    );
    expect((await live()).differences).toMatchObject([
      { code: "other_settings", message: expect.stringContaining("connectTimeout") },
      { code: "connector_behind" },
    ]);
  });

  it("says that nobody serves it without a connector, a configuration or a tunnel", async () => {
    const { simulator, id, explain, live } = await applied();
    expect((await explain()).code).toBe(1);
    expect(await live()).toMatchObject({ served: false, differences: [{ code: "no_connector" }] });
    simulator.add("configurations", [{ tunnel_id: id, config: { ingress: [] }, source: "local" }]);
    expect(await live()).toMatchObject({ rule: null, differences: [{ code: "local_configuration" }, {}] });

    const bare = { "tunnels.yaml": "version: 1\ncfd_tunnel: { web: , api: }\n" };
    const cwd = temporaryFolder();
    const other = await servedSandbox();
    const ask = () => runCli(["explain", URL, "--live", "--json"], { env: other.env, files: EIGHTY, cwd });
    const none = await ask();
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({
      served: true,
      live: { tunnel_id: null, version: null, rule: null, differences: [{ code: "no_tunnel" }] },
    });
    await runCli(["apply", "--yes"], { env: other.env, files: bare });
    expect(JSON.parse((await ask()).stdout).live.differences).toMatchObject([
      { code: "no_configuration" },
      { code: "no_connector" },
    ]);
  });

  it("says that cloudflared refuses what somebody else wrote, and takes what it only ignores", async () => {
    const { simulator, id, connect, live } = await applied();
    connect({});
    const write = (rules: readonly object[]) =>
      simulator.add("configurations", [{ tunnel_id: id, config: { ingress: rules as never } }]);
    write([{ service: "http://localhost:80/path" }]);
    expect((await live()).differences).toMatchObject([{ code: "refused_configuration" }]);
    write([{ service: "http://localhost:80", novelty: 1 }]);
    expect(await live()).toMatchObject({ rule: { index: 0, hostname: null }, differences: [] });
    write([]);
    expect((await live()).differences).toMatchObject([{ code: "other_service" }]);
  });

  it("expects a service of both", async () => {
    const { connect, explain } = await applied(file("http://localhost:81"));
    connect({});
    const eighty = await explain("--expect", "http://localhost:80");
    expect(eighty).toMatchObject({
      code: 1,
      stderr: "Expected http://localhost:80, and http://localhost:81 serves it in the account.\n",
    });
    expect((await explain("--expect", "http://localhost:81")).stderr).toContain(
      "http://localhost:80 serves it.\n",
    );
  });

  it("finds a tunnel by the id that pins it, and sends GETs alone", async () => {
    const { env, simulator, id, connect } = await applied();
    connect({});
    simulator.traffic.reset();
    const files = file("http://localhost:80", `id: ${id}`);
    const { code } = await runCli(["explain", URL, "--live"], { env, files });
    expect(code).toBe(0);
    const { by_endpoint } = simulator.traffic.counts();
    expect(Object.keys(by_endpoint).every((endpoint) => endpoint.startsWith("GET "))).toBe(true);
  });

  it("looks into the embedded sandbox, and only with --live", async () => {
    const cwd = temporaryFolder();
    await runCli(["apply", "--yes", "--sandbox"], { cwd, files: EIGHTY });
    const looked = await runCli(["explain", URL, "--live", "--sandbox"], { cwd });
    expect(looked.stdout).toContain("in the account: version 0");
    const offline = await runCli(["explain", URL, "--sandbox"], { cwd });
    expect(offline).toMatchObject({ code: 1, stderr: expect.stringContaining("needs --live") });
  });
});
