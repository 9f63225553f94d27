import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/engine/model/change.ts";
import { createRig, type Rig } from "../support/rig.ts";
import { defaultNetwork, ID, withTunnels } from "./hanging.ts";

const file = (text: string, head = "") => `version: 1\n${head}${text}`;
const tunnel = (name: string, keys: string) => `  ${name}:\n${keys.replace(/^/gm, "    ")}\n`;
const tunnels = (...entries: readonly string[]) => `cfd_tunnel:\n${entries.join("")}`;

function rigWithTunnels(): Rig {
  const rig = createRig();
  withTunnels(rig.simulator);
  return rig;
}

const changesOf = ({ changes }: Plan) =>
  changes.map(({ action, kind, name, fields }) => `${action} ${kind}/${name} ${fields.join(",")}`.trim());
const blockedOf = ({ blocked }: Plan) =>
  blocked.map(({ kind, name, reason }) => `${kind}/${name} ${reason.code}`);

const liveRoutes = ({ simulator }: Rig) =>
  simulator
    .rows("routes")
    .filter(({ deleted_at }) => deleted_at === null)
    .map(({ network, tunnel_id }) => `${network} ${simulator.tunnel(tunnel_id)?.name ?? "?"}`)
    .sort();

async function settles(rig: Rig, yaml: string): Promise<void> {
  const plan = await rig.plan(yaml);
  expect([changesOf(plan), blockedOf(plan)]).toEqual([[], []]);
}

describe("what an entry writes", () => {
  const yaml = file(`virtual_network: { prod-net: }
${tunnels(
  tunnel(
    "shop",
    `routes: [10.1.0.0/16, { network: 10.1.0.0/16, virtual_network: prod-net, comment: lab }, "fd00:0:0::/48"]
hostname_routes: [db.corp.internal, "*.Lab.internal."]`,
  ),
)}warp_connector:
  branch: { routes: [192.168.10.0/24] }`);

  it("goes from an empty account to an empty second plan", async () => {
    const rig = createRig();
    const { plan, outcomes, verification } = await rig.apply(yaml);
    expect(changesOf(plan)).toEqual([
      "create cfd_tunnel/shop name",
      "create hostname_route/db.corp.internal hostname,name,tunnel_id",
      "create hostname_route/lab.internal hostname,name,tunnel_id",
      "create route/10.1.0.0/16 name,network,tunnel_id,virtual_network_id",
      "create route/10.1.0.0/16@prod-net comment,name,network,tunnel_id,virtual_network_id",
      "create route/192.168.10.0/24 name,network,tunnel_id,virtual_network_id",
      "create route/fd00::/48 name,network,tunnel_id,virtual_network_id",
      "create virtual_network/prod-net name",
      "create warp_connector/branch name",
    ]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["applied"]));
    expect(verification).toEqual({ verified: true, because: "shown" });
    await settles(rig, yaml);
    // Reading a kind, and not more: tunnels of both sorts, networks, routes, hostname routes.
    rig.requests();
    await rig.plan(yaml);
    expect(rig.requests()).toHaveLength(5);
  });

  it("is made after what it hangs on and lies in, by their ids", async () => {
    const rig = createRig();
    await rig.apply(yaml);
    const posts = rig
      .requests()
      .filter((request) => request.startsWith("POST"))
      .map((request) => request.replace(/^POST /, ""));
    const first = posts.findIndex((path) => /routes/.test(path));
    expect(posts.slice(0, first).sort()).toEqual([
      "/cfd_tunnel",
      "/teamnet/virtual_networks",
      "/warp_connector",
    ]);
    expect(posts.slice(first)).toHaveLength(6);
  });

  it("asks for no permission that it does not need", async () => {
    const rig = rigWithTunnels();
    await rig.plan(file(tunnels(tunnel("web", "config_src: local"))));
    expect(rig.requests().some((path) => /teamnet|zerotrust/.test(path))).toBe(false);
    await rig.plan(file(tunnels(tunnel("web", "routes: []"))));
    expect(rig.requests().some((path) => /warp_connector|zerotrust/.test(path))).toBe(false);
  });
});

describe("what a tunnel holds", () => {
  const seeded = () => {
    const rig = rigWithTunnels();
    const virtual_network_id = defaultNetwork(rig.simulator);
    rig.simulator.add("routes", [
      { network: "10.1.0.0/16", tunnel_id: ID.web, virtual_network_id },
      { network: "10.9.0.0/16", tunnel_id: ID.byHand, virtual_network_id },
    ]);
    return rig;
  };

  it("is unmanaged beyond what is written, and counted", async () => {
    const rig = seeded();
    const { changes, unmanaged } = await rig.plan(file(tunnels(tunnel("web", "routes: []"))));
    expect(changes).toEqual([]);
    expect(unmanaged.filter(({ kind }) => kind === "route").map(({ name }) => name)).toEqual([
      "10.1.0.0/16",
      "10.9.0.0/16",
    ]);
  });

  it("leads to its tunnel by the name that this one will have, also where another takes over the old one", async () => {
    const rig = rigWithTunnels();
    const idOf = (name: string) => rig.simulator.tunnels.find((each) => each.name === name)?.id ?? "";
    const swapped = (name: string, old: string, more = "") =>
      tunnel(name, `renamed_from: ${old}\nid: ${idOf(old)}${more}`);
    const entries = tunnels(swapped("web", "api"), swapped("api", "web", "\nroutes: [10.7.0.0/16]"));
    const { changes } = await rig.plan(file(entries));
    expect(changes.find(({ kind }) => kind === "route")).toMatchObject({
      after: { spec: { tunnel_id: idOf("web") } },
      refers: { after: { tunnel_id: "cfd_tunnel/api" } },
    });
  });

  it("is pruned where its list is whole, and nothing else is", async () => {
    const rig = seeded();
    rig.clock.advance(7_200_000);
    const yaml = file(tunnels(tunnel("web", "routes: []")), "prune: { prefix: w }\n");
    const { plan } = await rig.apply(yaml);
    expect(changesOf(plan)).toEqual(["delete route/10.1.0.0/16"]);
    expect(liveRoutes(rig)).toEqual(["10.9.0.0/16 by-hand"]);
  });

  it("is not pruned while it is young, nor where its tunnel is protected, and counts as a delete", async () => {
    const rig = seeded();
    const yaml = file(tunnels(tunnel("web", "routes: []")), "prune: { prefix: w }\n");
    expect(blockedOf(await rig.plan(yaml))).toEqual(["route/10.1.0.0/16 recently_active"]);
    rig.clock.advance(7_200_000);
    expect(blockedOf(await rig.plan(`${yaml}protected: [web]\n`))).toEqual(["route/10.1.0.0/16 protected"]);
    const renamed = file(
      tunnels(tunnel("w-new", "renamed_from: web\nroutes: []")),
      "prune: { prefix: w }\nprotected: [w-new]\n",
    );
    expect(blockedOf(await rig.plan(renamed))).toEqual(["route/10.1.0.0/16 protected"]);
    expect(blockedOf(await rig.plan(`${yaml}limits: { max_deletes: 0 }\n`))).toEqual([
      "null/null max_deletes",
    ]);
  });

  it("goes by a tombstone, that of another tunnel does not", async () => {
    const rig = seeded();
    const absent = (network: string) => `{ network: ${network}, state: absent }`;
    const yaml = file(tunnels(tunnel("web", `routes: [${absent("10.1.0.0/16")}, ${absent("10.9.0.0/16")}]`)));
    const { plan } = await rig.apply(yaml);
    expect(changesOf(plan)).toEqual(["delete route/10.1.0.0/16"]);
    expect(plan.notes.map(({ name, reason }) => `${name} ${reason.code}`)).toEqual(["10.9.0.0/16 not_ours"]);
    expect(liveRoutes(rig)).toEqual(["10.9.0.0/16 by-hand"]);
  });

  it("moves between declared tunnels by one PATCH", async () => {
    const rig = seeded();
    const yaml = file(tunnels(tunnel("web", "routes: []"), tunnel("api", "routes: [10.1.0.0/16]")));
    const { plan } = await rig.apply(yaml);
    expect(changesOf(plan)).toEqual(["update route/10.1.0.0/16 tunnel_id"]);
    expect(rig.requests().filter((request) => !request.startsWith("GET"))).toHaveLength(1);
    expect(liveRoutes(rig)).toEqual(["10.1.0.0/16 api", "10.9.0.0/16 by-hand"]);
    await settles(rig, yaml);
  });

  it("does not leave a protected tunnel, nor one with connectors for one without", async () => {
    const rig = seeded();
    const yaml = file(tunnels(tunnel("web", "routes: []"), tunnel("api", "routes: [10.1.0.0/16]")));
    expect(blockedOf(await rig.plan(`${yaml}protected: [web]\n`))).toEqual(["route/10.1.0.0/16 protected"]);
    rig.simulator.connect(ID.web);
    expect(blockedOf(await rig.plan(yaml))).toEqual(["route/10.1.0.0/16 target_not_connected"]);
    rig.simulator.connect(ID.api);
    expect(changesOf(await rig.plan(yaml))).toEqual(["update route/10.1.0.0/16 tunnel_id"]);
  });

  it("is blocked where an undeclared tunnel has it, and taken over by its id", async () => {
    const rig = seeded();
    const taken = file(tunnels(tunnel("web", "routes: [10.9.0.0/16]")));
    const { blocked } = await rig.plan(taken);
    expect(blocked).toMatchObject([
      { reason: { code: "route_taken", owner: { name: "by-hand", id: ID.byHand } } },
    ]);
    const [, row] = rig.simulator.rows("routes");
    const byId = file(tunnels(tunnel("web", `routes: [{ network: 10.9.0.0/16, id: ${row?.id} }]`)));
    const { plan } = await rig.apply(byId);
    expect(changesOf(plan)).toEqual(["update route/10.9.0.0/16 tunnel_id"]);
    await settles(rig, taken);
  });

  it("is left alone where somebody moves it between plan and write", async () => {
    const rig = seeded();
    const yaml = file(tunnels(tunnel("web", "routes: [{ network: 10.1.0.0/16, state: absent }]")));
    const [row] = rig.simulator.rows("routes");
    rig.fault = ({ method, path }) => {
      if (method === "GET" && path.includes(`/routes/${row?.id}`)) {
        rig.simulator.edit("routes", row?.id ?? "", { tunnel_id: ID.byHand });
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(yaml);
    expect(outcomes).toMatchObject([
      { status: "failed", failure: { code: "owner_changed", found: ID.byHand } },
    ]);
    expect(liveRoutes(rig)).toContain("10.1.0.0/16 by-hand");
  });
});

describe("a tunnel that is deleted", () => {
  const yaml = file(tunnels("  web: { state: absent }\n"));

  it.each(["refused", "allowed"] as const)(
    "takes along what hangs on it, where its own delete is %s",
    async (how) => {
      const rig = rigWithTunnels();
      rig.simulator.setSwitches({ delete_with_routes: how });
      rig.simulator.add("routes", [
        { network: "10.1.0.0/16", tunnel_id: ID.web },
        { network: "10.2.0.0/16", tunnel_id: ID.web },
      ]);
      rig.simulator.add("hostname_routes", [{ hostname: "db.internal", tunnel_id: ID.web }]);
      const { plan, outcomes, verification } = await rig.apply(yaml);
      expect(changesOf(plan)).toEqual([
        "delete cfd_tunnel/web",
        "delete hostname_route/db.internal",
        "delete route/10.1.0.0/16",
        "delete route/10.2.0.0/16",
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied", "applied", "applied"]);
      expect(verification.verified).toBe(true);
      const deletes = rig.requests().filter((request) => request.startsWith("DELETE"));
      expect(deletes.at(-1)).toBe(`DELETE /cfd_tunnel/${ID.web}`);
    },
  );

  it("keeps all of it when it comes alive", async () => {
    const rig = rigWithTunnels();
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: ID.web }]);
    rig.fault = ({ method, path }) => {
      if (method === "GET" && path.endsWith(`/cfd_tunnel/${ID.web}`)) {
        rig.simulator.connect(ID.web);
        rig.fault = () => undefined;
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(yaml);
    expect(outcomes).toMatchObject([
      { status: "skipped", because: { code: "needs_failed", kind: "route" } },
      { status: "failed", failure: { code: "owner_stays", name: "web", cause: { code: "came_alive" } } },
    ]);
    expect(liveRoutes(rig)).toEqual(["10.1.0.0/16 web"]);
  });

  it("leaves what another entry claims, by a move", async () => {
    const rig = rigWithTunnels();
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: ID.web }]);
    const { plan } = await rig.apply(
      file(tunnels("  web: { state: absent }\n", tunnel("api", "routes: [10.1.0.0/16]"))),
    );
    expect(changesOf(plan)).toEqual(["delete cfd_tunnel/web", "update route/10.1.0.0/16 tunnel_id"]);
    expect(liveRoutes(rig)).toEqual(["10.1.0.0/16 api"]);
  });
});

describe("the default network", () => {
  const promoted = file(`virtual_network: { prod-net: { is_default_network: true } }
${tunnels(tunnel("web", "routes: [10.1.0.0/16, 10.2.0.0/16]"))}`);

  const seeded = () => {
    const rig = rigWithTunnels();
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: ID.web }]);
    return rig;
  };

  it.each(["made", "there"])(
    "is promoted last, once the routes that rest on it have moved, where it is %s",
    async (how) => {
      const rig = seeded();
      if (how === "there") {
        rig.simulator.add("virtual_networks", [{ name: "prod-net" }]);
      }
      const { plan, verification } = await rig.apply(promoted);
      expect(changesOf(plan).slice(0, 2)).toEqual([
        "update route/10.1.0.0/16 virtual_network_id",
        "create route/10.2.0.0/16 name,network,tunnel_id,virtual_network_id",
      ]);
      expect(verification.verified).toBe(true);
      const writes = rig.requests().filter((request) => !request.startsWith("GET"));
      expect(writes.at(-1)).toMatch(/^PATCH \/teamnet\/virtual_networks/);
      await settles(rig, promoted);
    },
  );

  it("takes along a route of another tunnel that an item has the id of", async () => {
    const rig = rigWithTunnels();
    const [route] = rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: ID.byHand }]);
    const yaml = file(`virtual_network: { prod-net: { is_default_network: true } }
${tunnels(tunnel("web", `routes: [{ network: 10.1.0.0/16, id: ${route?.id} }]`))}`);
    const { plan } = await rig.apply(yaml);
    expect(changesOf(plan)[0]).toBe("update route/10.1.0.0/16 tunnel_id,virtual_network_id");
    await settles(rig, yaml);
  });

  it("is not promoted where a route could not be moved, and is with the next apply", async () => {
    const rig = seeded();
    rig.fault = ({ method, path }) =>
      method === "PATCH" && path.includes("/routes/")
        ? { type: "answer", acts: false, status: 400 }
        : undefined;
    const { outcomes } = await rig.apply(promoted);
    const network = outcomes.find(({ change }) => change.kind === "virtual_network");
    expect(network).toMatchObject({
      status: "failed",
      failure: { code: "not_promoted", cause: { code: "needs_failed", name: "10.1.0.0/16" } },
    });
    rig.fault = () => undefined;
    await rig.apply(promoted);
    expect(liveRoutes(rig)).toEqual(["10.1.0.0/16 web", "10.2.0.0/16 web"]);
    await settles(rig, promoted);
  });

  it("promoted elsewhere leaves the old routes alone, and new ones are made", async () => {
    const rig = seeded();
    rig.simulator.add("virtual_networks", [{ name: "other", is_default_network: true }]);
    const { changes, unmanaged } = await rig.plan(file(tunnels(tunnel("web", "routes: [10.1.0.0/16]"))));
    expect(changes.map(({ action, name }) => `${action} ${name}`)).toEqual(["create 10.1.0.0/16"]);
    expect(unmanaged.map(({ name }) => name)).toContain("10.1.0.0/16@default");
  });

  it("named in one item and left out in another makes two of one", async () => {
    const rig = seeded();
    const items = "routes: [10.1.0.0/16, { network: 10.1.0.0/16, virtual_network: default }]";
    expect(blockedOf(await rig.plan(file(tunnels(tunnel("web", items)))))).toEqual([
      "route/10.1.0.0/16 claimed_twice",
      "route/10.1.0.0/16@default claimed_twice",
    ]);
  });
});

describe("a virtual network", () => {
  const seeded = () => {
    const rig = rigWithTunnels();
    const [network] = rig.simulator.add("virtual_networks", [{ name: "lab" }]);
    const virtual_network_id = network?.id ?? "";
    rig.simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id: ID.web, virtual_network_id }]);
    return rig;
  };
  const absent = "virtual_network: { lab: { state: absent } }\n";

  it("is not deleted while routes that stay lie in it", async () => {
    const rig = seeded();
    expect(blockedOf(await rig.plan(file(absent)))).toEqual(["virtual_network/lab network_in_use"]);
  });

  it("is deleted after the routes in it", async () => {
    const rig = seeded();
    const item = "routes: [{ network: 10.1.0.0/16, virtual_network: lab, state: absent }]";
    await rig.apply(file(`${absent}${tunnels(tunnel("web", item))}`));
    expect(liveRoutes(rig)).toEqual([]);
  });

  it("that is neither declared nor there blocks its routes", async () => {
    const rig = rigWithTunnels();
    const item = "routes: [{ network: 10.1.0.0/16, virtual_network: nowhere }]";
    expect(blockedOf(await rig.plan(file(tunnels(tunnel("web", item)))))).toEqual([
      "route/10.1.0.0/16@nowhere reference_missing",
    ]);
  });
});

it("refuses more routes than the account may hold, of both sorts, before any write", async () => {
  const rig = rigWithTunnels();
  rig.simulator.add("hostname_routes", [{ hostname: "db.internal", tunnel_id: ID.byHand }]);
  const yaml = (limit: number) =>
    file(tunnels(tunnel("web", "routes: [10.1.0.0/16]")), `limits: { max_routes: ${String(limit)} }\n`);
  expect((await rig.plan(yaml(1))).blocked).toMatchObject([
    { kind: null, reason: { code: "route_quota", live: 1, after: 2, max_routes: 1 } },
  ]);
  expect(blockedOf(await rig.plan(yaml(2)))).toEqual([]);
});
