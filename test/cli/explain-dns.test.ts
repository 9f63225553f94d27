import { describe, expect, it } from "vitest";
import { runCli, servedSandbox } from "../support/cli.ts";

const WEB = "00000000-0000-4000-8000-000000000001";
const rules = (host: string, port: number) =>
  `ingress: [{ hostname: "${host}", service: "http://localhost:${String(port)}" }, { service: "http_status:404" }]`;
const FILE = `version: 1
zones: { example.com: }
cfd_tunnel:
  web: { ${rules("app.example.com", 1)}, dns: ingress }
  api: { ${rules("*.api.example.com", 2)}, dns: ["*.api.example.com", v1.api.example.com] }
  bare: { dns: [bare.example.com] }
`;
const explain = (...argv: readonly string[]) =>
  runCli(["explain", ...argv], { files: { "tunnels.yaml": FILE } });

describe("a URL whose host is in the file's DNS", () => {
  it("is of the tunnel that the name leads to", async () => {
    const { code, stdout } = await explain("https://app.example.com/x");
    expect(code).toBe(0);
    expect(stdout).toContain("  by the name app.example.com (tunnels.yaml:4) to cfd_tunnel/web\n");
    const { dns, tunnel } = JSON.parse(
      (await explain("https://APP.example.com./", "--json", "--tunnel", "web")).stdout,
    );
    expect({ dns, tunnel }).toEqual({
      dns: {
        name: "app.example.com",
        zone: "example.com",
        tunnel: "cfd_tunnel/web",
        source: { file: "tunnels.yaml", line: 4 },
      },
      tunnel: "cfd_tunnel/web",
    });
  });

  it("may be covered by a wildcard, unless a nearer name is there", async () => {
    expect((await explain("https://a.b.api.example.com/")).stdout).toContain(
      `by the name "*.api.example.com"`,
    );
    // Nobody answers for what lies below a name that is there.
    expect(await explain("https://x.v1.api.example.com/")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no name in DNS for this host"),
    });
  });

  it("is noted where it is none of the names of a tunnel that writes some, or leads to another tunnel", async () => {
    const notes = async (url: string, tunnel: string) =>
      JSON.parse((await explain(url, "--tunnel", tunnel, "--json")).stdout).notes;
    expect(await notes("https://x.v1.api.example.com/", "api")).toEqual([
      { code: "host_without_name", message: expect.stringContaining("none of the names") },
    ]);
    expect(await notes("https://app.example.com/", "api")).toEqual([
      { code: "name_leads_elsewhere", message: expect.stringContaining("cfd_tunnel/web") },
    ]);
    expect(await notes("https://app.example.com/", "web")).toEqual([]);
  });

  it("is not asked for where the tunnel writes no names", async () => {
    const yaml = `version: 1\ncfd_tunnel:\n  web: { ${rules("app.example.com", 1)} }\n  api: { dns: [api.example.com] }\n`;
    const { stdout } = await runCli(["explain", "https://app.example.com/", "--json"], {
      files: { "tunnels.yaml": yaml },
    });
    expect(JSON.parse(stdout)).toMatchObject({ dns: null, notes: [] });
  });

  it("whose tunnel has no rules in the files is an error that says so", async () => {
    expect(await explain("https://bare.example.com/")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "bare.example.com leads to cfd_tunnel/bare, and the files write no rules for it.",
      ),
    });
  });
});

describe("--live looks at the record", () => {
  const account = async () => {
    const sandbox = await servedSandbox();
    const { simulator } = sandbox;
    simulator.seed([
      { kind: "cfd_tunnel", name: "web", id: WEB, config_src: "cloudflare", connectors: [{}] },
    ]);
    const ingress = [
      { hostname: "app.example.com", service: "http://localhost:1" },
      { service: "http_status:404" },
    ];
    simulator.add("configurations", [{ tunnel_id: WEB, config: { ingress } }]);
    const record = (change: object) =>
      simulator.add("dns_records", [
        {
          type: "CNAME",
          name: "app.example.com",
          content: `${WEB}.cfargotunnel.com`,
          proxied: true,
          ...change,
        },
      ]);
    const live = async (...argv: readonly string[]) => {
      const options = { env: sandbox.env, files: { "tunnels.yaml": FILE } };
      const { code, stdout } = await runCli(
        ["explain", "https://app.example.com/", "--live", "--json", ...argv],
        options,
      );
      const found = JSON.parse(stdout).live;
      return {
        code,
        record: found.record,
        differences: found.differences.map(({ code }: { readonly code: string }) => code),
      };
    };
    return { sandbox, record, live };
  };

  it("that is as the files have it", async () => {
    const { record, live } = await account();
    record({});
    expect(await live()).toMatchObject({
      code: 0,
      record: { type: "CNAME", proxied: true },
      differences: [],
    });
  });

  it.each([
    ["is not there", null, ["no_record"]],
    ["leads elsewhere", { content: "elsewhere.example.org" }, ["other_record"]],
    ["is not proxied", { proxied: false }, ["not_proxied"]],
  ])("that %s: nobody is served", async (_, change, differences) => {
    const { record, live } = await account();
    if (change !== null) {
      record(change);
    }
    expect(await live()).toMatchObject({ code: 1, differences });
  });

  it("that may not be read: the rest is told all the same", async () => {
    const { sandbox, live } = await account();
    sandbox.simulator.setCredentials([
      { token: sandbox.env["CLOUDFLARE_API_TOKEN"] ?? "", permissions: { cfd_tunnel: "read" } },
    ]);
    expect(await live()).toMatchObject({ code: 1, record: null, differences: ["record_unread"] });
  });
});
