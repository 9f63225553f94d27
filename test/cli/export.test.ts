import { EXPORTED } from "../../src/cli/tunnel-commands.ts";
import { kinds } from "../../src/kinds/index.ts";
import { TUNNEL_KINDS } from "../../src/tunnels/tunnel-row.ts";
import { modeline } from "../../src/cli/files/modeline.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { badNameOf } from "../../src/config/attribute.ts";
import { type Sandbox, serveSandbox } from "../../src/simulator/serve.ts";
import type { Json } from "../../src/simulator/wire/json.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { environmentFor, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const A = "aaaaaaaa-0000-4000-8000-000000000000";
const B = "bbbbbbbb-0000-4000-8000-000000000000";
const C = "11111111-1111-4111-8111-111111111111";

async function account(...tunnels: readonly SeedTunnel[]) {
  const sandbox = await servedSandbox({
    credentials: [
      { token: "cfd-only", permissions: { cfd_tunnel: "read" } },
      { token: "tunnels-only", permissions: { cfd_tunnel: "read", warp_connector: "read" } },
    ],
  });
  sandbox.simulator.seed(tunnels);
  const run = (...argv: string[]) => runCli(["export", ...argv], { env: sandbox.env });
  return { sandbox, run };
}

const TUNNELS: readonly SeedTunnel[] = [
  { kind: "warp_connector", name: "branch", id: C },
  { kind: "cfd_tunnel", name: "web", id: B, config_src: "cloudflare" },
  { kind: "cfd_tunnel", name: "api", id: A },
  { kind: "cfd_tunnel", name: "gone", deleted_at: 1 },
];

test("a file that is sorted, and whose editor knows its schema", async () => {
  const { run } = await account(...TUNNELS);
  expect(await run()).toEqual({
    code: 0,
    stderr: "",
    stdout: `${modeline(temporaryFolder())}
version: 1

cfd_tunnel:
  api:
    config_src: local
  web:
    config_src: cloudflare

warp_connector:
  branch:
`,
  });
});

test("--pin-ids, --kind and --prefix", async () => {
  const { run, sandbox } = await account(...TUNNELS);
  const pinned = await run("--pin-ids", "--prefix", "web");
  expect(pinned.stdout).toContain(`  web:\n    id: ${B}\n    config_src: cloudflare\n`);
  expect(pinned.stdout).not.toContain("api");
  sandbox.simulator.traffic.reset();
  const warp = await run("--kind", "warp_connector", "--pin-ids");
  expect(warp.stdout).toContain(`warp_connector:\n  branch:\n    id: "${C}"\n`);
  expect(warp.stdout).not.toContain("cfd_tunnel");
  expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({ "GET /warp_connector": 1 });
});

test("a kind that may not be read is an error, and never an account without it", async () => {
  const { sandbox } = await account(...TUNNELS);
  const env = environmentFor(sandbox, "cfd-only");
  const { code, stdout, stderr } = await runCli(["export"], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("WARP: Read");
  expect((await runCli(["export", "--kind", "cfd_tunnel"], { env })).code).toBe(0);
});

describe("virtual networks", () => {
  async function networks() {
    const made = await account(...TUNNELS);
    made.sandbox.simulator.add("virtual_networks", [
      { name: "blue", comment: "staging", is_default_network: true },
      { name: "green" },
    ]);
    return made;
  }

  test("are exported too, without what the API makes them anyway", async () => {
    const { run, sandbox } = await networks();
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain(
      "\nvirtual_network:\n  blue:\n    comment: staging\n    is_default_network: true\n  default:\n  green:\n",
    );
    const plan = await runCli(["plan"], { env: sandbox.env, files: { "tunnels.yaml": stdout } });
    expect(plan.stdout).toContain("0 to create, 0 to update, 0 to delete");
  });

  test("alone are not what --kind asks for", async () => {
    const { run } = await networks();
    expect((await run("--kind", "cfd_tunnel")).stdout).not.toContain("virtual_network");
    expect((await run("--kind", "cfd_tunnel", "--with", "virtual_network")).stdout).toContain("  blue:\n");
  });

  test("that may not be read are left out, with a comment in their place", async () => {
    const { sandbox } = await networks();
    const token = "tunnels-only";
    const env = environmentFor(sandbox, token);
    const { code, stdout, stderr } = await runCli(["export"], { env });
    expect(code).toBe(0);
    expect(stdout).toContain("\n# virtual_network: left out. The virtual networks could not be read.");
    expect(stderr).toContain("Account > Cloudflare One Networks: Read");
    expect((await runCli(["export", "--with", "virtual_network"], { env })).code).toBe(1);
    const json = JSON.parse((await runCli(["export", "--json"], { env })).stdout) as {
      left_out: readonly object[];
    };
    expect(json.left_out).toMatchObject(
      ["hostname_route", "route", "virtual_network"].map((kind) => ({ kind, reason: "unread" })),
    );
  });
});

test("an empty account is a file that declares nothing", async () => {
  const { run } = await account();
  expect((await run()).stdout).toMatch(/^# yaml-language-server: .*\nversion: 1\n$/);
});

test("an attribute that the API did not report is not written", async () => {
  const { run, sandbox } = await account(...TUNNELS);
  sandbox.simulator.setSwitches({ config_src_on_read: "absent", remote_config_on_read: "absent" });
  expect((await run()).stdout).not.toContain("config_src");
});

describe("what no file can declare", () => {
  test("is left out, said, and exits 1", async () => {
    const { run } = await account(
      { kind: "cfd_tunnel", name: "web", id: A },
      { kind: "cfd_tunnel", name: "web", id: B },
      { kind: "cfd_tunnel", name: C, id: C },
      { kind: "cfd_tunnel", name: "n".repeat(256) },
      { kind: "warp_connector", name: "web" },
    );
    const { code, stdout, stderr } = await run();
    expect(code).toBe(1);
    expect(stdout).not.toContain("cfd_tunnel");
    expect(stdout).toContain("warp_connector:\n  web:\n");
    expect(stderr.split("\n").filter((line) => line.startsWith("left out: "))).toHaveLength(3);
    expect(stderr).toContain(A);
    expect(stderr).toContain(B);
    const json = await run("--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      left_out: [{ reason: "uuid" }, { reason: "too_long" }, { reason: "shared", ids: [A, B] }],
    });
  });
});

const ODD_NAMES = [
  ..."yes no on off y N null ~ true 1e3 0x1F 0o7 012 1_000 .inf .nan 1 -1 1.5 2026-11-25 12:30:45 <<".split(
    " ",
  ),
  ..."- -- ? : , [] {} & * ! | > % @ ` # #a a#b key: :value a:b a:\u0020b --- ... ' '' \" \\ \\x41 \\u{41}".split(
    " ",
  ),
  "__proto__",
  "constructor",
  "id",
  "cfd_tunnel",
  "cfd_tunnel/web",
  "a/b",
  "\u0024{HOME}",
  " lead",
  "trail ",
  "  ",
  "a # b",
  "a: b",
  "ü",
  "日本",
  "👩‍👩‍👧",
  "e\u0301",
  "\u00E9",
  "\u202Eevil",
  "\uFEFFbom",
  "tab\there",
  "line\nfeed",
  "\r\n",
  "\u2028",
  "\u0085",
  "\u001B[31m",
  "\u007F",
  "::error::x",
  "##[group]",
  "\u{E0041}".repeat(255),
  "\u0001".repeat(255),
  "n".repeat(255),
  "A",
  "a",
];

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_NAMES) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme-composite", minLength: 200, maxLength: 255 }) },
  { weight: 1, arbitrary: fc.uuid() },
);

const tunnel: fc.Arbitrary<SeedTunnel> = fc.oneof(
  fc.record({
    kind: fc.constant("cfd_tunnel"),
    name,
    config_src: fc.constantFrom("local" as const, "cloudflare" as const),
  }),
  fc.record({ kind: fc.constant("warp_connector"), name, ha: fc.boolean() }),
);

describe("round trip", () => {
  test("every odd name at once", async () => {
    const tunnels = [...new Set(ODD_NAMES)].map((name) => ({ kind: "cfd_tunnel", name }));
    const { sandbox } = await account(...tunnels);
    await expectRoundTrip(sandbox, tunnels, []);
  });

  test("of any account: the file is valid, plans to nothing, and misses only what it says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(tunnel, { maxLength: 12 }),
        fc.subarray(["--pin-ids"]),
        async (tunnels, options) => {
          const sandbox = await serveSandbox();
          try {
            sandbox.simulator.seed(tunnels);
            await expectRoundTrip(sandbox, tunnels, options);
          } finally {
            await sandbox.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

async function expectRoundTrip(
  sandbox: Sandbox,
  tunnels: readonly SeedTunnel[],
  options: readonly string[],
): Promise<void> {
  const env = environmentFor(sandbox);
  const exported = await runCli(["export", ...options], { env });
  const times = new Map<string, number>();
  for (const { kind, name } of tunnels) {
    times.set(`${kind}/${name}`, (times.get(`${kind}/${name}`) ?? 0) + 1);
  }
  const writable = tunnels.filter(
    ({ kind, name }) => times.get(`${kind}/${name}`) === 1 && badNameOf(name) === null,
  );
  expect(exported.code).toBe(writable.length === tunnels.length ? 0 : 1);
  expect(exported.stdout).toMatch(/^[\x0a\x20-\u{10FFFF}]*$/u);

  const files = { "tunnels.yaml": exported.stdout };
  const planned = await runCli(["plan", "--json", "--detailed-exitcode"], { env, files });
  expect(planned.code).toBe(0);
  expect(JSON.parse(planned.stdout)).toMatchObject({
    changes: [],
    blocked: [],
    notes: expect.any(Array),
    summary: { unchanged: writable.length },
  });
  // The same account gives the same file.
  expect((await runCli(["export", ...options], { env })).stdout).toBe(exported.stdout);
}

describe("configurations", () => {
  const ID = "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70";
  const APP = { hostname: "app.example.com", service: "http://localhost:8080" };
  const LAST = { service: "http_status:404" };
  async function withConfiguration(config: Json, source: "cloudflare" | "local" = "cloudflare") {
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "web", id: ID, config_src: "cloudflare" }]);
    simulator.add("configurations", [{ tunnel_id: ID, config, source }]);
    return env;
  }

  test("are written into the entries of their tunnels, and plan to nothing", async () => {
    const originRequest = { connectTimeout: 10, tlsTimeout: null };
    const env = await withConfiguration({ ingress: [{ ...APP, originRequest }, LAST], novelty: 1 });
    const { code, stdout } = await runCli(["export"], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(`  web:
    config_src: cloudflare
    ingress:
      - {"hostname":"app.example.com","service":"http://localhost:8080","originRequest":{"connectTimeout":10}}
      - {"service":"http_status:404"}
`);
    const drift = await runCli(["drift"], { env, files: { "tunnels.yaml": stdout } });
    expect(drift.code).toBe(0);
    expect((await runCli(["export", "--kind", "cfd_tunnel"], { env })).stdout).not.toContain("ingress");
    expect((await runCli(["export", "--kind", "cfd_tunnel", "--with", "ingress"], { env })).stdout).toBe(
      stdout,
    );
  });

  test.each([
    ["of a password", { ingress: [{ service: "http://me:hunter2@localhost" }] }],
    ["of a key that nobody knows", { ingress: [{ ...LAST, novelty: 1 }] }],
  ])("that no file may hold are left out with a comment, because %s", async (_, config) => {
    const env = await withConfiguration(config);
    const { code, stdout, stderr } = await runCli(["export"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {4}# left out: cfd_tunnel_configuration\/web .*`validate` refuses in a file/);
    expect(stdout + stderr).not.toContain("hunter2");
    expect(stderr).toMatch(/^left out: cfd_tunnel_configuration\/web/);
    expect((await runCli(["drift"], { env, files: { "tunnels.yaml": stdout } })).code).toBe(0);
    expect((await runCli(["export", "--with", "ingress"], { env })).code).toBe(1);
  });

  test("that connectors do not follow, or that have no rules, are not written", async () => {
    for (const env of [
      await withConfiguration({ ingress: [LAST] }, "local"),
      await withConfiguration({ originRequest: { tlsTimeout: 5 } }),
    ]) {
      expect((await runCli(["export"], { env })).stdout).toMatch(/web:\n {4}config_src: cloudflare\n$/);
    }
  });
});

test("what hangs on tunnels is written into their entries, and plans to nothing", async () => {
  const { run, sandbox } = await account(...TUNNELS);
  const [lab] = sandbox.simulator.add("virtual_networks", [{ name: "lab" }]);
  const tunnel_id = sandbox.simulator.tunnels.find(({ name }) => name === "web")?.id ?? "";
  sandbox.simulator.add("routes", [
    { network: "10.1.0.0/16", tunnel_id },
    { network: "10.1.0.0/16", tunnel_id, virtual_network_id: lab?.id ?? "", comment: "lab" },
  ]);
  sandbox.simulator.add("hostname_routes", [{ hostname: "db.corp.internal", tunnel_id }]);
  const { stdout } = await run();
  expect(stdout).toContain(
    [
      "    hostname_routes:",
      "      - db.corp.internal",
      "    routes:",
      '      - "10.1.0.0/16"',
      '      - {"network":"10.1.0.0/16","virtual_network":"lab","comment":"lab"}',
    ].join("\n"),
  );
  const plan = await runCli(["plan"], { env: sandbox.env, files: { "tunnels.yaml": stdout } });
  expect(plan.stdout).toContain("Plan: 0 to create, 0 to update, 0 to delete");
  expect((await run("--with", "routes")).stdout).not.toMatch(/virtual_network:|hostname_routes/);
});

test("all that hangs on tunnels is on offer", () => {
  const extras = kinds.filter(({ kind }) => !TUNNEL_KINDS.some((tunnel) => tunnel === kind));
  const words = extras.map(({ kind, card }) => card.exportedAs ?? kind);
  expect([...EXPORTED].sort()).toEqual([...words].sort());
});

describe("DNS records", () => {
  async function named() {
    const made = await account(...TUNNELS);
    const { simulator } = made.sandbox;
    const record = (name: string, more = {}) => ({
      type: "CNAME",
      name,
      content: `${B}.cfargotunnel.com`,
      proxied: true,
      ...more,
    });
    simulator.add("dns_records", [
      record("app.example.com"),
      record("www.example.com", { comment: "marketing" }),
      record("bare.example.com", { proxied: false }),
      record("app.example.net"),
    ]);
    return made;
  }

  test("are written where they are asked for, and plan to nothing", async () => {
    const { run, sandbox } = await named();
    expect((await run()).stdout).not.toContain("dns:");
    expect((await run("--with", "ingress,dns")).stdout).toContain("      - app.example.com\n");
    const { code, stdout, stderr } = await run("--with", "dns");
    expect(stdout).toContain(
      [
        "    dns:",
        "      - app.example.com",
        "      - app.example.net",
        '      - {"name":"www.example.com","comment":"marketing"}',
      ].join("\n"),
    );
    // One that is not proxied would be changed by a plan.
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("bare.example.com") });
    const plan = await runCli(["plan"], { env: sandbox.env, files: { "tunnels.yaml": stdout } });
    expect(plan.stdout).toContain("Plan: 0 to create, 0 to update, 0 to delete");
  });

  test("are read of the zones that are named, and of no other", async () => {
    const { run } = await named();
    expect((await run("--with", "dns", "--zone", "example.net")).stdout).toContain(
      "dns:\n      - app.example.net\n",
    );
    expect(await run("--with", "dns", "--zone", "example.org")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The account has no zone example.org"),
    });
  });
});
