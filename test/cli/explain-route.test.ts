import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

const FILE = `version: 1
virtual_network:
  prod: { is_default_network: true }
  lab:
cfd_tunnel:
  web:
    routes:
      - 10.0.0.0/8
      - { network: 10.1.0.0/16, virtual_network: prod, comment: nearer }
      - { network: 10.1.2.0/24, virtual_network: lab }
      - { network: 10.1.2.3/32, state: absent }
      - fd00::/8
    hostname_routes: [corp.internal, "*.db.corp.internal"]
warp_connector:
  branch:
    routes: [10.1.2.0/25]
    hostname_routes: [printer.corp.internal]
`;
const explain = (...argv: readonly string[]) =>
  runCli(["explain", ...argv], { files: { "tunnels.yaml": FILE } });

describe("explain, for an address", () => {
  it("says which route leads there, which it shadows, and what other networks have", async () => {
    expect(await explain("10.1.2.3")).toEqual({
      code: 0,
      stderr: "",
      stdout: `10.1.2.3
  served by warp_connector/branch, route 10.1.2.0/25 (tunnels.yaml:16)
  shadows 10.1.0.0/16 in prod (tunnels.yaml:9) of cfd_tunnel/web
  shadows 10.0.0.0/8 (tunnels.yaml:8) of cfd_tunnel/web
  note: in the virtual network lab it is 10.1.2.0/24 of cfd_tunnel/web
`,
    });
    expect((await explain("FD00:0::1")).stdout).toContain("served by cfd_tunnel/web, route fd00::/8");
    expect((await explain("10.1.2.200")).stdout).toContain("served by cfd_tunnel/web, route 10.1.0.0/16");
  });

  it("ends with 1 where none does", async () => {
    const { code, stdout } = await explain("192.0.2.1");
    expect([code, stdout]).toEqual([
      1,
      "192.0.2.1\n  nothing serves it: no route of the files leads there\n",
    ]);
    expect(JSON.parse((await explain("::1", "--json")).stdout)).toMatchObject({
      route: null,
      tunnel: null,
      served: false,
    });
  });

  it("prints a document with --json", async () => {
    const { code, stdout } = await explain("10.1.2.3", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      url: "10.1.2.3",
      tunnel: "warp_connector/branch",
      rule: null,
      route: {
        network: "10.1.2.0/25",
        virtual_network: null,
        source: { line: 16 },
        shadows: [{ network: "10.1.0.0/16", virtual_network: "prod" }, { network: "10.0.0.0/8" }],
      },
      served: true,
      notes: [{ code: "other_network" }],
    });
  });

  it("expects a tunnel", async () => {
    expect((await explain("10.1.2.3", "--expect", "warp_connector/branch")).code).toBe(0);
    const other = await explain("10.1.2.3", "--expect", "cfd_tunnel/web");
    expect(other).toMatchObject({
      code: 1,
      stderr: "Expected cfd_tunnel/web, and warp_connector/branch serves it.\n",
    });
    expect((await explain("192.0.2.1", "--expect", "x")).stderr).toContain("and nothing serves it");
  });
});

describe("explain, for a private name", () => {
  it.each([
    ["printer.corp.internal", "warp_connector/branch, route printer.corp.internal"],
    ["PRINTER.corp.internal.", "warp_connector/branch, route printer.corp.internal"],
    ["corp.internal", "cfd_tunnel/web, route corp.internal"],
    ["wiki.corp.internal", "cfd_tunnel/web, route corp.internal"],
    ["a.db.corp.internal", "cfd_tunnel/web, route db.corp.internal"],
  ])("%s is served by %s", async (host, answer) => {
    const { code, stdout } = await explain(host);
    expect(code).toBe(0);
    expect(stdout).toContain(`served by ${answer} (`);
  });

  it("covers one level, and shadows the name above", async () => {
    expect((await explain("printer.corp.internal")).stdout).toContain(
      "shadows corp.internal (tunnels.yaml:13)",
    );
    const two = await explain("b.a.db.corp.internal");
    expect(two).toMatchObject({ code: 1, stderr: expect.stringContaining("no rules to ask") });
  });
});
