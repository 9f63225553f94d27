import { describe, expect, it } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const WEB = "00000000-0000-4000-8000-000000000001";
const API = "00000000-0000-4000-8000-000000000002";

const FILE = `version: 1
virtual_network: { lab: }
cfd_tunnel:
  web:
    routes: [{ network: 10.2.0.0/16, virtual_network: lab }]
    hostname_routes: [db.corp.internal]
  api:
    routes: [10.1.0.0/16]
`;

/** An account with two tunnels, in which web holds the route that the file gives to api. */
async function account() {
  const sandbox = await servedSandbox();
  sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: WEB },
    { kind: "cfd_tunnel", name: "api", id: API },
  ]);
  const [row] = sandbox.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: WEB }]);
  const cwd = temporaryFolder();
  const run = (...argv: readonly string[]) =>
    runCli(argv, { env: sandbox.env, cwd, files: { "tunnels.yaml": FILE } });
  return { sandbox, run, id: row?.id ?? "" };
}

describe("what hangs on tunnels", () => {
  it("is shown by what it leads to, and not by ids", async () => {
    const { run, id } = await account();
    const { stdout } = await run("plan");
    expect(stdout.split("\n").slice(0, 7)).toEqual([
      "+ hostname_route/db.corp.internal  tunnel_id: cfd_tunnel/web  tunnels.yaml:6",
      "+ route/10.2.0.0/16@lab  tunnel_id: cfd_tunnel/web  tunnels.yaml:5",
      "+ virtual_network/lab  tunnels.yaml:2",
      "",
      `~ route/10.1.0.0/16 (${id})  tunnels.yaml:8`,
      "    ~ tunnel_id: cfd_tunnel/web -> cfd_tunnel/api",
      "",
    ]);
    expect((await run("drift")).stdout).toContain(
      "tunnel_id is that of cfd_tunnel/web, and declared that of cfd_tunnel/api",
    );
    const { changes } = JSON.parse((await run("plan", "--json")).stdout);
    expect(changes[2]).toMatchObject({
      name: "10.2.0.0/16@lab",
      after: { tunnel_id: WEB },
      after_unknown: ["virtual_network_id"],
      refers: { after: { tunnel_id: "cfd_tunnel/web", virtual_network_id: "virtual_network/lab" } },
    });
  });

  it("is a target by its address, with what must be made first, and by its tunnel's", async () => {
    const { run } = await account();
    const addresses = async (...targets: readonly string[]) => {
      const { stdout } = await run("plan", "--json", ...targets.flatMap((each) => ["--target", each]));
      return JSON.parse(stdout).changes.map(
        ({ kind, name }: { readonly kind: string; readonly name: string }) => `${kind}/${name}`,
      );
    };
    expect(await addresses("route/10.1.0.0/16")).toEqual(["route/10.1.0.0/16"]);
    expect(await addresses("route/10.2.0.0/16@lab")).toEqual([
      "route/10.2.0.0/16@lab",
      "virtual_network/lab",
    ]);
    expect(await addresses("cfd_tunnel/web")).toEqual([
      "hostname_route/db.corp.internal",
      "route/10.2.0.0/16@lab",
      "virtual_network/lab",
    ]);
    const { stderr } = await run("plan", "--target", "route/10.2.0.0/16");
    expect(stderr).toContain("the files declare no such entry");
  });

  it("is read for a target as it is for all, and a name comes with the rules that serve it", async () => {
    const { env } = await servedSandbox();
    const file = (rules: string) => `version: 1
cfd_tunnel:
  web:
    config_src: cloudflare
    ingress: [${rules}{ service: "http_status:404" }]
    dns: [app.example.com]
`;
    const rule = '{ hostname: app.example.com, service: "http://localhost:1" }, ';
    const on = async (target: string, text: string) => {
      const files = { "tunnels.yaml": text };
      const { stdout } = await runCli(["plan", "--json", "--target", target], { env, files });
      const { changes, summary } = JSON.parse(stdout);
      return {
        unchanged: summary.unchanged,
        changes: changes.map(({ action, kind }: Record<string, string>) => `${action} ${kind}`),
      };
    };
    const made = ["create cfd_tunnel_configuration", "create dns_record"];
    expect(await on("dns_record/app.example.com", file(rule))).toMatchObject({
      changes: expect.arrayContaining(made),
    });
    expect(await on("cfd_tunnel/web", file(rule))).toMatchObject({ changes: expect.arrayContaining(made) });
    const files = { "tunnels.yaml": file(rule) };
    expect(await runCli(["apply", "--yes"], { env, files })).toMatchObject({ code: 0 });
    expect(await on("cfd_tunnel/web", file(rule))).toEqual({ changes: [], unchanged: 3 });
    expect(await on("dns_record/app.example.com", file(""))).toEqual({
      changes: ["update cfd_tunnel_configuration"],
      unchanged: 1,
    });
    // A tombstone needs nobody to serve what goes.
    const gone = file("").replace("[app.example.com]", "[{ name: app.example.com, state: absent }]");
    expect(await on("dns_record/app.example.com", gone)).toEqual({
      changes: ["delete dns_record"],
      unchanged: 0,
    });
  });

  it("is applied from a saved plan as it was, and refused where somebody has moved it since", async () => {
    const { run, sandbox, id } = await account();
    expect(await run("plan", "--out", "plan.json")).toMatchObject({ code: 0 });
    sandbox.simulator.edit("routes", id, { tunnel_id: API });
    expect(await run("apply", "plan.json")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("route 10.1.0.0/16: update in the plan, no change now"),
    });
    sandbox.simulator.edit("routes", id, { tunnel_id: WEB });
    expect(await run("apply", "plan.json")).toMatchObject({ code: 0 });
    expect((await run("plan")).stdout).toContain("0 to create, 0 to update, 0 to delete, 6 unchanged");
  });

  it("that comes to a tunnel after its delete was planned is not taken along", async () => {
    const { run, sandbox, id } = await account();
    const file = "version: 1\ncfd_tunnel:\n  web: { state: absent }\n";
    const cwd = temporaryFolder();
    const plan = { env: sandbox.env, cwd, files: { "tunnels.yaml": file } };
    expect((await runCli(["plan", "--out", "plan.json"], plan)).stdout).toContain(
      `- route/10.1.0.0/16 (${id})`,
    );
    sandbox.simulator.add("routes", [{ network: "10.9.0.0/16", tunnel_id: WEB }]);
    expect(await runCli(["apply", "plan.json"], plan)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("10.9.0.0/16"),
    });
    expect((await run("list", "--kind", "route", "--json")).stdout).toContain("10.9.0.0/16");
  });

  it("moves to a second tunnel where one that is in use is to be replaced, and nothing of it is deleted", async () => {
    const { env, simulator } = await servedSandbox();
    const cwd = temporaryFolder();
    const apply = (...entries: readonly string[]) => {
      const text = ["version: 1", "cfd_tunnel:", ...entries].join("\n");
      return runCli(["apply", "--yes"], { env, cwd, files: { "tunnels.yaml": text } });
    };
    const tunnel = (more: string) =>
      `{ config_src: cloudflare, ingress: [{ hostname: app.example.com, service: "http://localhost:1" }, { service: "http_status:404" }]${more} }`;
    const held = ", routes: [10.1.0.0/16], dns: [app.example.com]";
    const rows = () => [
      ...simulator.rows("routes").map(({ id, deleted_at, tunnel_id: on }) => ({ id, deleted_at, on })),
      ...simulator.rows("dns_records").map(({ id, deleted_at, content: on }) => ({ id, deleted_at, on })),
    ];
    expect(await apply(`  web: ${tunnel(held)}`)).toMatchObject({ code: 0 });
    const before = rows();
    const old = simulator.tunnels.find(({ name }) => name === "web")?.id ?? "";
    const refused = await apply(`  web: { config_src: local, replace: ${old}, routes: [10.1.0.0/16] }`);
    expect(refused).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("a new one under another name"),
    });
    expect(await apply(`  web: ${tunnel(held)}`, `  web-2: ${tunnel("")}`)).toMatchObject({ code: 0 });
    expect(await apply(`  web: ${tunnel("")}`, `  web-2: ${tunnel(held)}`)).toMatchObject({ code: 0 });
    expect(await apply("  web: { state: absent }", `  web-2: ${tunnel(held)}`)).toMatchObject({ code: 0 });
    expect(await apply(`  web: ${tunnel(`${held}, renamed_from: web-2`)}`)).toMatchObject({ code: 0 });
    const live = simulator.tunnels.filter(({ deleted_at }) => deleted_at === null);
    expect(live).toMatchObject([{ name: "web" }]);
    expect(live[0]?.id).not.toBe(old);
    expect(rows()).toEqual(
      before.map(({ on, ...row }) => ({ ...row, on: on.replace(old, live[0]?.id ?? "") })),
    );
  });

  it("needs no permission for networks where none of it is written, and says which one where it is", async () => {
    const { run, sandbox } = await account();
    sandbox.simulator.setCredentials([
      { token: sandbox.env["CLOUDFLARE_API_TOKEN"] ?? "", permissions: { cfd_tunnel: "write" } },
    ]);
    expect(await run("plan")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Account > Cloudflare One Networks: Read"),
    });
    const plain = { env: sandbox.env, files: { "tunnels.yaml": "version: 1\ncfd_tunnel: { web: }\n" } };
    expect(await runCli(["plan"], plain)).toMatchObject({ code: 0 });
  });
});
