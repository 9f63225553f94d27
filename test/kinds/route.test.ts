import { route } from "../../src/kinds/route/index.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { describeKind } from "./contract.ts";
import { defaultNetwork, ID, withTunnels } from "./hanging.ts";

/** A network for each name: `t-7` is `10.0.7.0/24`. */
function networkOf(name: string): string {
  const number = name === "web" ? 5_000 : Number(/[0-9]+$/.exec(name)?.[0] ?? 6_000);
  return `10.${String(number >> 8)}.${String(number & 255)}.0/24`;
}

function identity(simulator: Simulator, name: string) {
  withTunnels(simulator);
  return {
    network: networkOf(name),
    tunnel_id: ID.web,
    virtual_network_id: defaultNetwork(simulator),
  };
}

describeKind(route, {
  by: {
    identity,
    shown: networkOf,
    filters: ["network_subset", "network_superset"],
    row: { network: "10.1.0.0/16", tunnel_id: ID.web, virtual_network_id: ID.api },
    needs: "network",
  },
  spec: { comment: "lab" },
  reported: { comment: "lab" },
  listing: "GET /teamnet/routes?is_deleted=false&page=1&per_page=1000",
  seed: (simulator, name, isDeleted = false) => {
    const [row] = simulator.add("routes", [identity(simulator, name)]);
    if (isDeleted) {
      simulator.drop("routes", row?.id ?? "");
    }
  },
  wrong: [
    ["has no tunnel", { tunnel_id: undefined }, /no tunnel_id/],
    ["has no virtual network", { virtual_network_id: undefined }, /no virtual_network_id/],
  ],
});
