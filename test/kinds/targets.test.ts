import { describe, expect, it } from "vitest";
import { wayRound } from "../../src/engine/decide/way-round.ts";
import type { Plan } from "../../src/engine/model/change.ts";
import { createRig, type Rig, type RigOptions } from "../support/rig.ts";

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const [WEB, API, OLD, BRANCH, GONE] = [id(1), id(2), id(3), id(4), id(5)];
const cname = (tunnel: string) => ({
  type: "CNAME",
  content: `${tunnel}.cfargotunnel.com`,
  proxied: true,
});
const RULES = `ingress: [{ hostname: app.example.com, service: "http://localhost:1" }, { service: "http_status:404" }]`;

function account(options: RigOptions = {}): Rig {
  const rig = createRig(options);
  rig.simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: WEB, config_src: "cloudflare" },
    { kind: "cfd_tunnel", name: "api", id: API, config_src: "cloudflare" },
    { kind: "cfd_tunnel", name: "old", id: OLD, config_src: "local" },
    { kind: "warp_connector", name: "branch", id: BRANCH },
  ]);
  return rig;
}

const file = (text: string) => `version: 1\n${text}`;
const changesOf = ({ changes }: Plan) => changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`);
const blockedOf = ({ blocked }: Plan) =>
  blocked.map(({ kind, name, reason }) => `${kind}/${name} ${reason.code}`);
const offered = (plan: Plan) => wayRound(plan).targets.map(({ kind, name }) => `${kind}/${name}`);

describe("a target with what hangs on a tunnel", () => {
  it("takes along the configuration that serves a name", async () => {
    const yaml = file(`cfd_tunnel: { web: { ${RULES}, routes: [10.1.0.0/16], dns: [app.example.com] } }`);
    expect(changesOf(await account().plan(yaml, "dns_record/app.example.com"))).toEqual([
      "create cfd_tunnel_configuration/web",
      "create dns_record/app.example.com",
    ]);
  });

  it("reads the zone of what is written in it", async () => {
    const rig = account();
    rig.simulator.add("dns_records", [{ name: "app.example.com", ...cname(WEB) }]);
    const yaml = file("cfd_tunnel: { web: { dns: [app.example.com] }, api: { dns: [www.example.net] } }");
    rig.requests();
    expect(changesOf(await rig.plan(yaml, "cfd_tunnel/web"))).toEqual([]);
    expect(rig.requests().filter((request) => request.includes("/dns_records"))).toHaveLength(1);
  });

  it("reads the kind from whose tunnel something moves", async () => {
    const rig = account();
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: BRANCH }]);
    const yaml = file("cfd_tunnel: { web: { routes: [10.1.0.0/16] } }\nwarp_connector: { branch: }");
    const plan = await rig.plan(yaml, "route/10.1.0.0/16");
    expect([changesOf(plan), blockedOf(plan)]).toEqual([["update route/10.1.0.0/16"], []]);
  });

  it("moves away what another entry claims before its tunnel is deleted", async () => {
    const rig = account();
    rig.simulator.add("dns_records", [{ name: "app.example.com", ...cname(OLD) }]);
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: OLD }]);
    const yaml = file(
      "cfd_tunnel: { web: { routes: [10.1.0.0/16], dns: [app.example.com] }, old: { state: absent } }",
    );
    expect(changesOf(await rig.plan(yaml, "cfd_tunnel/old"))).toEqual([
      "delete cfd_tunnel/old",
      "update dns_record/app.example.com",
      "update route/10.1.0.0/16",
    ]);
  });

  it("does not delete the tunnel while the claim is blocked", async () => {
    const rig = account();
    rig.simulator.add("dns_records", [{ name: "app.example.com", ...cname(OLD) }]);
    const yaml = file(
      `cfd_tunnel: { web: { id: ${GONE}, dns: [app.example.com] }, old: { state: absent }, new: }`,
    );
    expect(blockedOf(await rig.plan(yaml, "cfd_tunnel/old"))).toEqual([
      "cfd_tunnel/web id_gone",
      "dns_record/app.example.com reference_blocked",
    ]);
    expect(offered(await rig.plan(yaml))).toEqual(["cfd_tunnel/new"]);
  });

  it("leads a name away before its rule goes", async () => {
    const rig = account();
    const rules = (host: string) =>
      `ingress: [{ hostname: ${host}, service: "http://localhost:1" }, { service: "http_status:404" }]`;
    const both = (web: string, api: string, names: string) =>
      file(`cfd_tunnel: { web: { ${rules(web)} }, api: { ${rules(api)}, dns: [${names}] } }`);
    await rig.apply(both("app.example.com", "api.example.com", "api.example.com"));
    rig.simulator.add("dns_records", [{ name: "app.example.com", ...cname(WEB) }]);
    const next = both("other.example.com", "app.example.com", "app.example.com");
    expect(changesOf(await rig.plan(next, "cfd_tunnel_configuration/web"))).toEqual([
      "update cfd_tunnel_configuration/api",
      "update cfd_tunnel_configuration/web",
      "update dns_record/app.example.com",
    ]);
  });
});

describe("what is offered where something is blocked", () => {
  it("leaves out a tunnel in whose entry it is written", async () => {
    const rig = account();
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: API }]);
    const yaml = file(`cfd_tunnel:
  new: { routes: [10.1.0.0/16, 10.2.0.0/16] }
  other: { hostname_routes: [db.corp.internal] }`);
    const plan = await rig.plan(yaml);
    expect(blockedOf(plan)).toEqual(["route/10.1.0.0/16 route_taken"]);
    const targets = offered(plan);
    expect(targets).toEqual(["cfd_tunnel/other", "hostname_route/db.corp.internal", "route/10.2.0.0/16"]);
    expect(blockedOf(await rig.plan(yaml, ...targets))).toEqual([]);
  });

  it("leaves out what drags a replacement over the limit", async () => {
    const rig = account();
    const [record] = rig.simulator.add("dns_records", [
      { name: "app.example.com", type: "A", content: "192.0.2.1" },
    ]);
    const yaml = file(`limits: { max_deletes: 0 }
cfd_tunnel: { new: { dns: [{ name: app.example.com, replace: ${record?.id} }] }, other: }`);
    const plan = await rig.plan(yaml);
    expect(blockedOf(plan)).toEqual(["null/null max_deletes"]);
    expect(offered(plan)).toEqual(["cfd_tunnel/other"]);
  });

  it("leaves out a network from which only prunes lead away", async () => {
    const rig = account();
    const [network] = rig.simulator.add("virtual_networks", [{ name: "prod-lab" }]);
    rig.simulator.rename(WEB, "prod-web");
    rig.simulator.add("routes", [
      { network: "10.1.0.0/16", tunnel_id: WEB, virtual_network_id: network?.id ?? "", created_at: 0 },
    ]);
    const yaml = file(`prune: { prefix: prod- }
virtual_network: { prod-lab: { state: absent }, prod-test: }
cfd_tunnel: { prod-web: { id: ${WEB}, routes: [] }, prod-api: { id: ${GONE} } }`);
    const plan = await rig.plan(yaml);
    expect(changesOf(plan)).toEqual([
      "delete route/10.1.0.0/16@prod-lab",
      "delete virtual_network/prod-lab",
      "create virtual_network/prod-test",
    ]);
    expect(offered(plan)).toEqual(["virtual_network/prod-test"]);
  });
});

it("a record whose configuration is blocked is blocked as well", async () => {
  const yaml = file(`cfd_tunnel: { old: { ${RULES}, dns: [app.example.com] } }`);
  expect(blockedOf(await account().plan(yaml))).toEqual([
    "cfd_tunnel/old immutable_attribute",
    "cfd_tunnel_configuration/old reference_blocked",
    "dns_record/app.example.com reference_blocked",
  ]);
});
