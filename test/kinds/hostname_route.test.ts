import { hostnameRoute } from "../../src/kinds/hostname_route/index.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { describeKind } from "./contract.ts";
import { ID, withTunnels } from "./hanging.ts";

const hostnameOf = (name: string) => `${name}.corp.internal`;

function identity(simulator: Simulator, name: string) {
  withTunnels(simulator);
  return { hostname: hostnameOf(name), tunnel_id: ID.web };
}

describeKind(hostnameRoute, {
  by: {
    identity,
    shown: hostnameOf,
    filters: ["hostname"],
    row: { hostname: "db.corp.internal", tunnel_id: ID.web },
    needs: "hostname",
  },
  spec: { comment: "lab" },
  reported: { comment: "lab" },
  listing: "GET /zerotrust/routes/hostname?is_deleted=false&page=1&per_page=1000",
  seed: (simulator, name, isDeleted = false) => {
    const [row] = simulator.add("hostname_routes", [identity(simulator, name)]);
    if (isDeleted) {
      simulator.drop("hostname_routes", row?.id ?? "");
    }
  },
  wrong: [["has no tunnel", { tunnel_id: undefined }, /no tunnel_id/]],
});
