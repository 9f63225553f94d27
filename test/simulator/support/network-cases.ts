import { expect } from "vitest";
import type { Switches } from "../../../src/simulator/switches.ts";
import type { networkSwitches } from "../../../src/simulator/switches/network.ts";
import { code, world, type Reading } from "./world.ts";

const outcome = (reading: Reading) => [reading.status, code(reading)];

function started(switches: Partial<Switches>) {
  const made = world({ switches });
  const { id } = made.create("cfd_tunnel", "web");
  return {
    ...made,
    id,
    route: (network: string) => made.call("POST", "/teamnet/routes", { network, tunnel_id: id }),
    hostnameRoute: (hostname: string) =>
      made.call("POST", "/zerotrust/routes/hostname", { hostname, tunnel_id: id }),
  };
}

/** One test a switch: the compiler asks for the missing ones. */
export const networkCases: { readonly [name in keyof typeof networkSwitches]: () => void } = {
  demote_default_network: () => {
    const made = world({ switches: { demote_default_network: "ignored" } });
    const [network] = made.simulator.rows("virtual_networks");
    const path = `/teamnet/virtual_networks/${network?.id}`;
    const demoted = made.call("PATCH", path, { is_default_network: false, comment: "x" });
    expect(demoted.json.result).toMatchObject({ is_default_network: true, comment: "x" });
    expect(world().call("PATCH", path, { is_default_network: false }).status).toBe(400);
  },
  network_refusal_code: () => {
    const made = world({ switches: { network_refusal_code: 1234 } });
    const [network] = made.simulator.rows("virtual_networks");
    expect(code(made.call("DELETE", `/teamnet/virtual_networks/${network?.id}`))).toBe(1234);
  },
  route_quota: () => {
    const few = started({ route_quota: 2 });
    expect([few.route("10.0.0.0/8").status, few.hostnameRoute("a.b").status]).toEqual([200, 200]);
    expect(outcome(few.route("11.0.0.0/8"))).toEqual([400, 1054]);
    expect(outcome(few.hostnameRoute("c.d"))).toEqual([400, 1054]);
    const unlimited = started({ route_quota: null });
    const seeds = Array.from({ length: 1000 }, (_, i) => ({
      network: `10.${i >> 8}.${i & 255}.0/24`,
      tunnel_id: unlimited.id,
    }));
    unlimited.simulator.add("routes", seeds);
    expect(unlimited.route("11.0.0.0/8").status).toBe(200);
    unlimited.simulator.setSwitches({ route_quota: 1000 });
    expect(unlimited.route("12.0.0.0/8").status).toBe(400);
  },
  route_quota_code: () => {
    expect(code(started({ route_quota: 0, route_quota_code: 1999 }).route("10.0.0.0/8"))).toBe(1999);
  },
  delete_deleted_route: () => {
    const twice = (delete_deleted_route: Switches["delete_deleted_route"]) => {
      const { route, call } = started({ delete_deleted_route });
      const { id } = route("10.0.0.0/8").json.result as { id: string };
      const [first, second] = [1, 2].map(() => call("DELETE", `/teamnet/routes/${id}`));
      return second?.status === 200 ? second.text === first?.text : second?.status;
    };
    expect([twice("not_found"), twice("ok")]).toEqual([404, true]);
  },
  delete_with_hostname_routes: () => {
    const removed = (delete_with_hostname_routes: Switches["delete_with_hostname_routes"], query = "") => {
      const { hostnameRoute, call, id, simulator } = started({ delete_with_hostname_routes });
      hostnameRoute("a.b");
      const answer = call("DELETE", `/cfd_tunnel/${id}${query}`);
      return [...outcome(answer), simulator.rows("hostname_routes")[0]?.deleted_at === null];
    };
    expect(removed("allowed")).toEqual([200, null, false]);
    expect(removed("refused")).toEqual([400, 1023, true]);
    expect(removed("refused", "?cascade=true")).toEqual([200, null, false]);
  },
  hostname_conflict_code: () => {
    const { hostnameRoute } = started({ hostname_conflict_code: 1062 });
    hostnameRoute("a.b");
    expect(outcome(hostnameRoute("a.b"))).toEqual([409, 1062]);
  },
};
