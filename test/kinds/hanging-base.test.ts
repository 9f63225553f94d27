import { describe, expect, it } from "vitest";
import { compareWithBase } from "../../src/engine/compare/baseline.ts";
import { planAccount } from "../../src/engine/plan-account.ts";
import { kinds } from "../../src/kinds/index.ts";
import { createRig, load, type Rig } from "../support/rig.ts";
import { ID, withTunnels } from "./hanging.ts";

const file = (entries: string, head = "") => `version: 1\n${head}cfd_tunnel:\n${entries}`;
const HELD = file(
  "  web: { routes: [10.1.0.0/16], hostname_routes: [db.corp], dns: [app.example.com] }\n  api:\n",
);
const MOVED = file(
  "  web:\n  api: { routes: [10.1.0.0/16], hostname_routes: [db.corp], dns: [app.example.com] }\n",
);

/** An account that is as HELD has it. */
async function held(): Promise<Rig> {
  const rig = createRig();
  withTunnels(rig.simulator);
  await rig.apply(HELD);
  rig.clock.advance(7_200_000);
  return rig;
}

/** One line for each change: where it comes from, and what is proposed, drifted and contested. */
async function originsOf(rig: Rig, base: string, yaml: string): Promise<readonly string[]> {
  const desired = await load(yaml);
  const { client, clock } = rig;
  const secret = () => {
    throw new Error("no secret is declared");
  };
  const made = await planAccount({ desired, targets: [] }, [], {
    client,
    kinds,
    secret,
    now: () => clock.now(),
  });
  const { origins } = compareWithBase(await load(base), desired, made, kinds);
  return origins.map(
    ({ kind, name, origin, proposed, drifted, contested }) =>
      `${kind}/${name} ${origin}: ${[proposed, drifted, contested].map((list) => list.join(",") || "-").join(" ")}`,
  );
}

const edit = ({ simulator }: Rig, table: "routes" | "hostname_routes" | "dns_records", change: object) => {
  for (const { id } of simulator.rows(table)) {
    simulator.edit(table, id, change);
  }
};

describe("what hangs on tunnels, against a base", () => {
  it("is moved by this change where the account has it as the base does", async () => {
    expect(await originsOf(await held(), HELD, MOVED)).toEqual([
      "dns_record/app.example.com this_change: content - -",
      "hostname_route/db.corp this_change: tunnel_id - -",
      "route/10.1.0.0/16 this_change: tunnel_id - -",
    ]);
  });

  it("has drifted in what the account has otherwise, and in nothing else", async () => {
    const rig = await held();
    edit(rig, "dns_records", { proxied: false });
    edit(rig, "routes", { tunnel_id: ID.api });
    expect(await originsOf(rig, HELD, HELD)).toEqual([
      "dns_record/app.example.com drift: - proxied -",
      "route/10.1.0.0/16 drift: - tunnel_id -",
    ]);
  });

  it("is contested where both have moved it, and not to the same tunnel", async () => {
    const rig = await held();
    edit(rig, "hostname_routes", { tunnel_id: ID.byHand });
    const taken = (id: string) => MOVED.replace("[db.corp]", `[{ hostname: db.corp, id: ${id} }]`);
    const [row] = rig.simulator.rows("hostname_routes");
    expect(await originsOf(rig, HELD, taken(row?.id ?? ""))).toContain(
      "hostname_route/db.corp conflict: id,tunnel_id tunnel_id tunnel_id",
    );
  });

  it("goes on where its tunnel has another name", async () => {
    const renamed = HELD.replace("  web: { routes", "  site: { renamed_from: web, routes").replace(
      "16]",
      "16, 10.2.0.0/16]",
    );
    expect(await originsOf(await held(), HELD, renamed)).toEqual([
      "cfd_tunnel/site this_change: name - -",
      "route/10.2.0.0/16 this_change: state - -",
    ]);
  });

  it("is pruned by this change where the base wrote it, and else was to go already", async () => {
    const rig = await held();
    const pruned = file("  web: { routes: [], hostname_routes: [db.corp] }\n", "prune: { prefix: w }\n");
    expect(await originsOf(rig, HELD, pruned)).toEqual(["route/10.1.0.0/16 this_change: state - -"]);
    expect(await originsOf(rig, pruned, pruned)).toEqual(["route/10.1.0.0/16 drift: - state -"]);
    expect(await originsOf(rig, file("  web:\n"), pruned)).toEqual([
      "route/10.1.0.0/16 this_change: state - -",
    ]);
  });

  it("goes with its tunnel for the reason that that one goes", async () => {
    const rig = await held();
    const gone = file("  web: { state: absent }\n");
    expect(await originsOf(rig, HELD, gone)).toEqual([
      "cfd_tunnel/web this_change: state - -",
      "hostname_route/db.corp this_change: state - -",
      "route/10.1.0.0/16 this_change: state - -",
    ]);
    expect(await originsOf(rig, gone, gone)).toEqual([
      "cfd_tunnel/web drift: - state -",
      "hostname_route/db.corp drift: - state -",
      "route/10.1.0.0/16 drift: - state -",
    ]);
  });
});
