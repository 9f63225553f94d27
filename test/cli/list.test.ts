import { NO_TUNNELS } from "../../src/cli/tunnel-commands.ts";
import { kinds } from "../../src/kinds/index.ts";
import { TUN_TYPES } from "../../src/tunnels/tunnel-row.ts";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Credential } from "../../src/simulator/wire/auth.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { environmentFor, runCli, servedSandbox } from "../support/cli.ts";

const CFD_ID = "11111111-1111-4111-8111-111111111111";
const WARP_ID = "22222222-2222-4222-8222-222222222222";
const DELETED_ID = "33333333-3333-4333-8333-333333333333";
const CREATED = Date.UTC(2026, 10, 1);

const TUNNELS: readonly SeedTunnel[] = [
  {
    kind: "cfd_tunnel",
    name: "web",
    id: CFD_ID,
    created_at: CREATED,
    config_src: "cloudflare",
    connectors: [{}, {}],
  },
  { kind: "cfd_tunnel", name: "api \u001B[31m", created_at: CREATED },
  { kind: "warp_connector", name: "branch", id: WARP_ID, created_at: CREATED },
  { kind: "cfd_tunnel", name: "old", id: DELETED_ID, created_at: CREATED, deleted_at: CREATED + 1_000 },
];

const credentials: readonly Credential[] = [
  { token: "cfd-only", permissions: { cfd_tunnel: "read" } },
  { token: "warp-only", permissions: { warp_connector: "read" } },
  { token: "nothing", permissions: {} },
];

async function seeded(tunnels = TUNNELS) {
  const sandbox = await servedSandbox({ credentials });
  sandbox.simulator.seed(tunnels);
  const names = async (...argv: string[]) => {
    const { code, stdout } = await runCli(["list", "--json", ...argv], { env: sandbox.env });
    expect(code).toBe(0);
    const { tunnels } = JSON.parse(stdout) as { tunnels: readonly { name: string }[] };
    return tunnels.map(({ name }) => name);
  };
  return { sandbox, names };
}

test("both kinds stand in one table, in one request, with nothing that acts on a terminal", async () => {
  const { sandbox } = await seeded();
  const { code, stdout, stderr } = await runCli(["list"], { env: sandbox.env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["KIND", "NAME", "ID", "STATUS", "CONNECTORS", "CREATED", "CONFIG"],
    [
      "cfd_tunnel",
      String.raw`"api \x1b[31m"`,
      expect.any(String),
      "inactive",
      "0",
      "2026-11-01T00:00:00.000000Z",
      "local",
    ],
    ["cfd_tunnel", "web", CFD_ID, "healthy", "-", "2026-11-01T00:00:00.000000Z", "cloudflare"],
    ["warp_connector", "branch", WARP_ID, "inactive", "0", "2026-11-01T00:00:00.000000Z", "-"],
    [""],
  ]);
  expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({ "GET /tunnels": 1 });
});

test("connectors are counted where a server still fills the retired field", async () => {
  const { sandbox } = await seeded();
  sandbox.simulator.setSwitches({ connections_field: "full" });
  const { stdout } = await runCli(["list", "--name", "web", "--json"], { env: sandbox.env });
  expect(JSON.parse(stdout)).toMatchObject({ tunnels: [{ name: "web", connectors: 2 }] });
});

test("the JSON document holds the row's fields, and no others", async () => {
  const { sandbox } = await seeded();
  const { stdout } = await runCli(["list", "--kind", "warp_connector", "--json"], { env: sandbox.env });
  expect(JSON.parse(stdout)).toEqual({
    format_version: "1.0",
    account_id: sandbox.accountId,
    tunnels: [
      {
        kind: "warp_connector",
        id: WARP_ID,
        name: "branch",
        status: "inactive",
        created_at: "2026-11-01T00:00:00.000000Z",
        deleted_at: null,
        conns_active_at: null,
        conns_inactive_at: "2026-11-01T00:00:00.000000Z",
        config_src: null,
        connectors: 0,
      },
    ],
    unreadable: [],
  });
});

describe("filters", () => {
  test.each([
    [["--name", "web"], ["web"]],
    [["--name", "we"], []],
    [["--prefix", "a"], ["api \u001B[31m"]],
    [
      ["--exclude-prefix", "a"],
      ["web", "branch"],
    ],
    [["--status", "healthy"], ["web"]],
    [["--id", WARP_ID], ["branch"]],
    [["--deleted"], ["old"]],
    [["--kind", "cfd_tunnel", "--exclude-prefix", "a"], ["web"]],
    [
      ["--kind", "warp_connector", "--kind", "cfd_tunnel", "--exclude-prefix", "a"],
      ["web", "branch"],
    ],
    [["--kind", "magic"], []],
    [["--existed-at", "2026-10-31T00:00:00Z"], []],
    [
      ["--existed-at", "2026-11-01T00:00:00Z"],
      ["api \u001B[31m", "web", "branch"],
    ],
    [["--existed-at", "2026-11-01T00:00:00.5Z", "--deleted"], ["old"]],
    [["--was-active-at", "2026-11-01T00:00:00Z"], []],
    [["--was-inactive-at", "2026-11-01T00:00:00Z", "--prefix", "w"], ["web"]],
  ])("%j", async (argv, expected) => {
    const { names } = await seeded();
    expect(await names(...argv)).toEqual(expected);
  });

  test("are held against each row, should the server ignore them", async () => {
    const { sandbox, names } = await seeded();
    sandbox.simulator.setSwitches({
      ignored_filters: [
        "name",
        "include_prefix",
        "exclude_prefix",
        "status",
        "uuid",
        "existed_at",
        "is_deleted",
      ],
      is_deleted_default: "both",
    });
    expect(await names("--name", "web")).toEqual(["web"]);
    expect(await names("--prefix", "b")).toEqual(["branch"]);
    expect(await names("--exclude-prefix", "a", "--status", "inactive")).toEqual(["branch"]);
    expect(await names("--id", CFD_ID)).toEqual(["web"]);
    expect(await names("--deleted")).toEqual(["old"]);
    expect(await names("--existed-at", "2026-10-31T00:00:00Z")).toEqual([]);
  });

  test.each([
    ["--kind", "wrap"],
    ["--status", "fine"],
    ["--id", "web"],
    ["--existed-at", "yesterday"],
    ["--existed-at", "2026-13-01T00:00:00Z"],
  ])("%s %s is an error of the command line", async (...option) => {
    const { code, stderr } = await runCli(["list", ...option]);
    expect(code).toBe(1);
    expect(stderr).toContain(option[0]);
  });
});

describe("kinds that are no tunnels", () => {
  async function networks() {
    const made = await seeded();
    made.sandbox.simulator.add("virtual_networks", [{ name: "blue", comment: "staging" }]);
    return made.sandbox;
  }

  test("are all on offer, save those that are parts of others", () => {
    const tunnels: readonly string[] = TUN_TYPES;
    const listed = kinds.filter(({ kind, partOf }) => partOf === undefined && !tunnels.includes(kind));
    expect(NO_TUNNELS).toEqual(listed.map(({ kind }) => kind));
  });

  test("stand in a table of their own, with their attributes", async () => {
    const env = environmentFor(await networks());
    const { code, stdout } = await runCli(["list", "--kind", "virtual_network"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^KIND +NAME +ID +COMMENT +IS_DEFAULT_NETWORK +CREATED\n/);
    expect(stdout).toMatch(/virtual_network +blue +[0-9a-f-]{36} +staging +false /);
    expect(stdout).toMatch(/virtual_network +default +[0-9a-f-]{36} +- +true /);
  });

  test("are DNS records as well, found by their ids, which have no hyphens", async () => {
    const { sandbox } = await seeded();
    const env = environmentFor(sandbox);
    const content = "00000000-0000-4000-8000-000000000001.cfargotunnel.com";
    const [row] = sandbox.simulator.add("dns_records", [
      { type: "CNAME", name: "app.example.com", content, proxied: true },
      { type: "CNAME", name: "www.example.com", content, proxied: true },
    ]);
    const { code, stdout } = await runCli(["list", "--kind", "dns_record", "--id", row?.id ?? ""], { env });
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]?.split(/ +/)).toEqual([
      "KIND",
      "NAME",
      "ID",
      "TYPE",
      "CONTENT",
      "PROXIED",
      "COMMENT",
      "CREATED",
    ]);
    expect(stdout).toContain("app.example.com");
    expect(stdout).not.toContain("www.example.com");
    const ofTunnel = await runCli(["list", "--id", row?.id ?? ""], { env });
    expect(ofTunnel).toMatchObject({ code: 1, stderr: expect.stringContaining("--kind dns_record") });
  });

  test("are filtered by name, and by nothing that only tunnels have", async () => {
    const env = environmentFor(await networks());
    const argv = ["list", "--json", "--kind", "virtual_network"];
    expect(JSON.parse((await runCli([...argv, "--prefix", "b"], { env })).stdout)).toMatchObject({
      listed: [{ name: "blue", comment: "staging" }],
    });
    expect(JSON.parse((await runCli([...argv, "--exclude-prefix", "b"], { env })).stdout)).toMatchObject({
      listed: [{ name: "default" }],
    });
    expect((await runCli(["list", "--kind", "virtual_network", "--name", "x"], { env })).stdout).toBe(
      "None.\n",
    );
    const several = await runCli(["list", "--json", "--kind", "virtual_network,route"], { env });
    expect(JSON.parse(several.stdout).listed).toHaveLength(2);
    for (const more of [["--status", "down"], ["--deleted"], ["--kind", "gre"]]) {
      expect(await runCli([...argv, ...more], { env })).toMatchObject({ code: 1 });
    }
  });
});

describe("what may not be read is never shown as none", () => {
  test("a token for cfd tunnels: the WARP list is asked once, cheaply, and the gap is said", async () => {
    const { sandbox } = await seeded();
    const env = environmentFor(sandbox, "cfd-only");
    const { code, stdout, stderr } = await runCli(["list", "--json"], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      tunnels: [{ name: "api \u001B[31m" }, { name: "web" }],
      unreadable: [{ kind: "warp_connector", status: 403 }],
    });
    expect(stderr).toContain("warp_connector");
    expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({
      "GET /tunnels": 1,
      "GET /warp_connector": 1,
    });
  });

  test("a token that even the common list refuses names the permission for WARP, and no wrong account", async () => {
    const refusal = {
      success: false,
      errors: [{ code: 10000, message: "Authentication error" }],
      result: null,
    };
    const sandbox = await servedSandbox({
      credentials,
      intercept: ({ path }) =>
        path.includes("/tunnels?")
          ? {
              type: "answer",
              acts: false,
              status: 403,
              headers: { "content-type": "application/json" },
              body: JSON.stringify(refusal),
            }
          : undefined,
    });
    sandbox.simulator.seed(TUNNELS);
    const { code, stdout, stderr } = await runCli(["list", "--json"], {
      env: environmentFor(sandbox, "cfd-only"),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ tunnels: [{}, { name: "web" }] });
    expect(stderr).toContain("WARP: Read");
    expect(stderr).not.toContain("account id is probably");
  });

  test("a token for WARP alone still lists those", async () => {
    const { sandbox } = await seeded();
    const { code, stdout } = await runCli(["list", "--json"], { env: environmentFor(sandbox, "warp-only") });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      tunnels: [{ name: "branch" }],
      unreadable: [{ kind: "cfd_tunnel", status: 403 }],
    });
  });

  test("a token for neither is an error", async () => {
    const { sandbox } = await seeded();
    const { code, stdout, stderr } = await runCli(["list"], { env: environmentFor(sandbox, "nothing") });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("error: Cloudflare refused");
  });

  test("no WARP tunnel at all: one cheap read tells, and nothing is said", async () => {
    const { sandbox } = await seeded(TUNNELS.slice(0, 1));
    const { stderr } = await runCli(["list"], { env: sandbox.env });
    expect(stderr).toBe("");
    expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({
      "GET /tunnels": 1,
      "GET /warp_connector": 1,
    });
  });
});

describe("on a terminal", () => {
  /** Colours take no room. */
  const linesOf = (stdout: string) => stripVTControlCharacters(stdout).trimEnd().split("\n");

  test("of 80 columns names are whole, ids are cut, and times are ages", async () => {
    // A day and a half ago, and a minute.
    const created_at = Date.now() - 129_660_000;
    const { sandbox } = await seeded([
      { kind: "cfd_tunnel", name: "a-name-of-25-characters-x", id: CFD_ID, created_at },
    ]);
    const options = { tty: true, env: sandbox.env };
    const lines = linesOf((await runCli(["list"], { ...options, columns: 80 })).stdout);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ["KIND", "NAME", "ID", "STATUS", "CONNECTORS", "CREATED"],
      ["cfd_tunnel", "a-name-of-25-characters-x", `${CFD_ID.slice(0, 8)}…`, "inactive", "0", "36 h ago"],
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);

    const wide = linesOf((await runCli(["list", "--wide"], { ...options, columns: 80 })).stdout);
    expect(wide[1]).toContain(CFD_ID);
    expect(wide[1]).toContain("36 h ago");
    expect(wide[0]).toMatch(/CONFIG$/);
    const json = await runCli(["list", "--json"], options);
    expect(JSON.parse(json.stdout)).toMatchObject({
      tunnels: [{ id: CFD_ID, created_at: new Date(created_at).toISOString().replace("Z", "000Z") }],
    });
  });

  test("of 80 columns, deleted tunnels show when they were deleted", async () => {
    const { sandbox } = await seeded();
    const options = { tty: true, env: sandbox.env, columns: 80 };
    const [titles] = linesOf((await runCli(["list", "--deleted"], options)).stdout);
    expect(titles).toMatch(/^KIND +NAME +ID +STATUS +DELETED/);
  });

  test("that is narrower still, columns go, and never a name", async () => {
    const name = "n".repeat(200);
    const { sandbox } = await seeded([{ kind: "cfd_tunnel", name, id: CFD_ID, created_at: CREATED }]);
    const { stdout } = await runCli(["list"], { tty: true, env: sandbox.env, columns: 60 });
    expect(linesOf(stdout)[1]).toContain(` ${name} `);
    expect(linesOf(stdout)[0]).not.toContain("CONNECTORS");
  });
});

test("an empty account has no tunnels", async () => {
  const { code, stdout } = await runCli(["list", "--sandbox"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "No tunnels.\n" });
});
