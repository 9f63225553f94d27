import { describe, expect, test } from "vitest";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { type CliOptions, environmentFor, runCli, servedSandbox } from "../support/cli.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const OTHER_ID = "22222222-2222-4222-8222-222222222222";
const A = Buffer.alloc(32, 1).toString("base64");
const B = Buffer.alloc(32, 2).toString("base64");

const YAML = `version: 1
cfd_tunnel:
  web:
    tunnel_secret: { env: WEB_SECRET }
`;

async function account(tunnels: readonly SeedTunnel[], yaml = YAML) {
  const hook: { intercept: (request: SimulatorRequest) => Fault | undefined } = {
    intercept: () => undefined,
  };
  const sandbox = await servedSandbox({
    intercept: (request) => hook.intercept(request),
    credentials: [{ token: "reader", permissions: { cfd_tunnel: "read" } }],
  });
  sandbox.simulator.seed(tunnels);
  const env: { [name: string]: string } = { ...sandbox.env, WEB_SECRET: A };
  const run = (argv: readonly string[], options: CliOptions = {}) =>
    runCli(argv, { files: { "tunnels.yaml": yaml }, ...options, env: { ...env, ...options.env } });
  const tokens = () => sandbox.simulator.traffic.counts().by_endpoint["GET /cfd_tunnel/{id}/token"] ?? 0;
  const reader = environmentFor(sandbox, "reader");
  return { hook, sandbox, run, tokens, reader };
}

const web = (tunnel_secret: string): SeedTunnel => ({
  kind: "cfd_tunnel",
  name: "web",
  id: ID,
  tunnel_secret,
});

describe("--verify-secrets", () => {
  test("the same secret is agreement", async () => {
    const { run, tokens } = await account([web(A)]);
    const { code, stdout } = await run(["drift", "--verify-secrets"]);
    expect(code).toBe(0);
    expect(stdout).toContain("1 unchanged, 0 unmanaged.");
    expect(tokens()).toBe(1);
  });

  test("another one is an update, shown without either", async () => {
    const { run } = await account([web(B)]);
    const shown = await run(["plan", "--verify-secrets"]);
    expect(shown.stdout).toContain("~ tunnel_secret: (secret), differs");
    const { code, stdout, stderr } = await run(["drift", "--verify-secrets"]);
    expect(code).toBe(2);
    expect(stdout).toContain("the declared tunnel_secret is not the one in force");
    expect(stdout + stderr).not.toContain(A);
    expect(stdout + stderr).not.toContain(B);
  });

  test("apply puts the declared one in force, and the next plan is empty", async () => {
    const { run, sandbox } = await account([web(B)]);
    expect((await run(["apply", "--verify-secrets", "--yes"])).code).toBe(0);
    expect(sandbox.simulator.tunnel(ID)?.secret).toBe(A);
    expect((await run(["plan", "--verify-secrets", "--detailed-exitcode"])).code).toBe(0);
  });

  test("without it, no token is read and no value is needed", async () => {
    const { run, tokens } = await account([web(B)]);
    const { code } = await run(["drift"], { env: { WEB_SECRET: "" } });
    expect({ code, tokens: tokens() }).toEqual({ code: 0, tokens: 0 });
  });

  test("each value is read before anything is sent", async () => {
    const { run, sandbox } = await account([web(B)]);
    for (const WEB_SECRET of ["", "not base64!", "c2hvcnQ="]) {
      const { code, stderr } = await run(["plan", "--verify-secrets"], { env: { WEB_SECRET } });
      expect(code).toBe(1);
      expect(stderr).toContain("env WEB_SECRET");
    }
    expect(sandbox.simulator.traffic.counts().requests).toBe(0);
  });

  test("a token that arrives as raw text is read as well", async () => {
    const { run, sandbox } = await account([web(A)]);
    sandbox.simulator.setSwitches({ token_body: "text" });
    expect((await run(["drift", "--require-secrets"])).code).toBe(0);
  });

  test("bytes are compared, and not their spelling", async () => {
    const bytes = Buffer.alloc(33, 0xfb);
    const { run } = await account([web(bytes.toString("base64"))]);
    const env = { WEB_SECRET: bytes.toString("base64") };
    expect((await run(["drift", "--require-secrets"], { env })).code).toBe(0);
    const longer = { WEB_SECRET: Buffer.concat([bytes, Buffer.from([0])]).toString("base64") };
    expect((await run(["drift", "--verify-secrets"], { env: longer })).code).toBe(2);
  });
});

describe("which tunnel an entry means", () => {
  const cases: readonly [string, string, readonly SeedTunnel[]][] = [
    [
      "pinned, under another name",
      `  web:\n    id: ${ID}\n    tunnel_secret: { env: WEB_SECRET }\n`,
      [{ ...web(B), name: "site" }],
    ],
    [
      "renamed",
      "  web:\n    renamed_from: site\n    tunnel_secret: { env: WEB_SECRET }\n",
      [{ ...web(B), name: "site" }],
    ],
    [
      "pinned, beside a namesake",
      `  web:\n    id: ${ID}\n    tunnel_secret: { env: WEB_SECRET }\n`,
      [web(B), { ...web(A), id: OTHER_ID }],
    ],
  ];

  test.each(cases)("%s", async (_, entry, tunnels) => {
    const { run, sandbox } = await account(tunnels, `version: 1\ncfd_tunnel:\n${entry}`);
    const { code, stdout } = await run(["plan", "--verify-secrets", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [{ action: "update", id: ID, fields: expect.arrayContaining(["tunnel_secret"]) }],
    });
    expect((await run(["apply", "--verify-secrets", "--yes"])).code).toBe(0);
    expect(sandbox.simulator.tunnel(ID)).toMatchObject({ name: "web", secret: A });
  });

  test("an absent one is created, and one of two namesakes is blocked: nothing is compared", async () => {
    const absent = await account([]);
    expect((await absent.run(["plan", "--verify-secrets", "--json"])).code).toBe(0);
    expect(absent.tokens()).toBe(0);
    const twice = await account([web(A), { ...web(A), id: OTHER_ID }]);
    expect((await twice.run(["plan", "--verify-secrets"])).code).toBe(3);
    expect(twice.tokens()).toBe(0);
  });

  test("with --target, only its secrets are read and compared", async () => {
    const yaml = `${YAML}  api:\n    tunnel_secret: { env: UNSET }\n`;
    const { run, tokens } = await account(
      [web(B), { kind: "cfd_tunnel", name: "api", id: OTHER_ID, tunnel_secret: B }],
      yaml,
    );
    expect((await run(["plan", "--verify-secrets"])).code).toBe(1);
    const { code, stdout } = await run(["plan", "--verify-secrets", "--target", "cfd_tunnel/web", "--json"]);
    expect({ code, tokens: tokens() }).toEqual({ code: 0, tokens: 1 });
    expect(JSON.parse(stdout)).toMatchObject({ changes: [{ name: "web" }] });
  });
});

describe("what cannot be compared", () => {
  test("is unknown: shown and counted, neither drift nor agreement", async () => {
    const { run, reader } = await account([web(B)]);
    const text = await run(["drift", "--verify-secrets"], { env: reader });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain("? cfd_tunnel web");
    expect(text.stdout).toContain("1 unknown.");
    expect(text.stdout).toContain("write permission");
    const json = await run(["drift", "--verify-secrets", "--json"], { env: reader });
    expect(JSON.parse(json.stdout)).toMatchObject({
      changes: [],
      unknown: [{ kind: "cfd_tunnel", name: "web", id: ID, attribute: "tunnel_secret" }],
      summary: { unknown: 1 },
    });
  });

  test.each([
    ["drift", 1],
    ["plan", 1],
    ["apply", 1],
  ])("%s --require-secrets: exit %d", async (command, expected) => {
    const { run, reader, sandbox } = await account([web(B)]);
    const { code, stderr } = await run([command, "--require-secrets"], { env: reader });
    expect(code).toBe(expected);
    expect(stderr).toContain("--require-secrets");
    const json = await run([command, "--require-secrets", "--json"], { env: reader });
    expect(JSON.parse(json.stdout)).toMatchObject({ errors: [{ code: "secrets_unknown" }] });
    expect(sandbox.simulator.tunnel(ID)?.secret).toBe(B);
  });

  test("a difference beside it is still drift; and apply --require-secrets changes nothing", async () => {
    const { run, hook, sandbox } = await account(
      [web(B), { kind: "cfd_tunnel", name: "api", id: OTHER_ID, tunnel_secret: B }],
      `${YAML}  api:\n    tunnel_secret: { env: WEB_SECRET }\n`,
    );
    hook.intercept = ({ path }) =>
      path.includes(OTHER_ID) && path.endsWith("/token")
        ? {
            type: "answer",
            acts: false,
            status: 401,
            body: '{"success":false,"errors":[{"code":1001,"message":"Not authorized"}]}',
          }
        : undefined;
    expect((await run(["drift", "--require-secrets"])).code).toBe(2);
    expect((await run(["plan", "--require-secrets"])).code).toBe(1);
    expect((await run(["apply", "--require-secrets", "--yes"])).code).toBe(1);
    expect(sandbox.simulator.tunnel(ID)?.secret).toBe(B);
    expect((await run(["apply", "--verify-secrets", "--yes"])).code).toBe(0);
    expect(sandbox.simulator.tunnel(ID)?.secret).toBe(A);
  });

  test.each([
    ["of another tunnel", { a: "ACCOUNT", t: OTHER_ID, s: A }],
    ["of another account", { a: "0".repeat(32), t: ID, s: A }],
    ["without a secret", { a: "ACCOUNT", t: ID }],
  ])("a token %s is believed in nothing", async (_, parts) => {
    const { run, hook, sandbox } = await account([web(A)]);
    const text = JSON.stringify(parts).replace("ACCOUNT", sandbox.accountId);
    hook.intercept = ({ path }) =>
      path.endsWith("/token")
        ? { type: "answer", acts: false, status: 200, body: Buffer.from(text).toString("base64") }
        : undefined;
    const { code, stdout } = await run(["drift", "--verify-secrets"]);
    expect(code).toBe(0);
    expect(stdout).toContain("1 unknown.");
  });

  test("an API that fails is no unknown secret, but an error", async () => {
    const { run, hook } = await account([web(A)]);
    hook.intercept = ({ path }) =>
      path.endsWith("/token") ? { type: "answer", acts: false, status: 400, body: "" } : undefined;
    expect((await run(["drift", "--verify-secrets"])).code).toBe(1);
  });
});

test("as many tokens as there are secrets, and no more at once than --concurrency", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `t-${index}`);
  const yaml = `version: 1\ncfd_tunnel:\n${names
    .map((name) => `  ${name}:\n    tunnel_secret: { env: WEB_SECRET }\n`)
    .join("")}`;
  const { run, sandbox, tokens } = await account(
    names.map((name) => ({ kind: "cfd_tunnel", name, tunnel_secret: A })),
    yaml,
  );
  expect((await run(["drift", "--require-secrets", "--concurrency", "3"])).code).toBe(0);
  expect(tokens()).toBe(40);
  expect(sandbox.simulator.traffic.counts().most_in_flight).toBeLessThanOrEqual(3);
});
