import { cidrText, parseCidr } from "../../base/cidr.ts";
import type { ResourceKind } from "../../engine/model/kind.ts";
import type { JsonValue, Spec } from "../../engine/model/resource.ts";
import { cfdTunnel } from "../cfd_tunnel/index.ts";
import { attributesOf, methodsOf, text } from "../network/rows.ts";
import { virtualNetwork } from "../virtual_network/index.ts";
import { warpConnector } from "../warp_connector/index.ts";

/**
 * Private addresses that lead to a tunnel: unique in the account by network and virtual network, whatever the tunnel.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/routes/
 */
export const route: ResourceKind & Required<Pick<ResourceKind, "delete">> = {
  kind: "route",
  immutable: [],
  references: {
    tunnel_id: { to: [cfdTunnel.kind, warpConnector.kind], output: "id" },
    virtual_network_id: { to: [virtualNetwork.kind], output: "id", inUse: "network_in_use" },
  },
  ownedBy: { attribute: "tunnel_id", taken: "route_taken", facts: { kind: "tun_type", name: "tunnel_name" } },
  quota: "max_routes",
  card: {
    noun: "route",
    paths: ["/teamnet"],
    permission: virtualNetwork.card.permission,
    keeps: ["id"],
    defaults: { comment: "" },
    item: { main: "network", references: { virtual_network_id: "virtual_network" }, attributes: ["comment"] },
    exportedAs: "routes",
    givesToken: false,
  },
  identityOf: ({ network, virtual_network_id }) =>
    typeof network === "string" && typeof virtual_network_id === "string"
      ? `${network}@${virtual_network_id}`
      : null,
  nameOf: ({ network }, { virtual_network_id: lies }) =>
    lies === undefined ? null : `${text(network)}${lies.isDefault ? "" : `@${lies.name}`}`,
  normalise: (spec) => ({ ...spec, ...canonical(spec["network"]) }),
  ...methodsOf({
    kind: "route",
    noun: "route",
    path: "/teamnet/routes",
    paging: "pages",
    isNamed: false,
    name: ({ network }) => (typeof network === "string" ? networkText(network) : null),
    spec: (row) => {
      const spec = attributesOf(row, {
        network: "string",
        tunnel_id: "string",
        virtual_network_id: "string",
        comment: "string",
      });
      const lacks = ["network", "tunnel_id", "virtual_network_id"].find((attribute) => !(attribute in spec));
      return lacks ?? { ...lowerCase(spec), ...canonical(spec["network"]) };
    },
    filters: ({ spec: { network, virtual_network_id } }) => ({
      network_subset: text(network),
      network_superset: text(network),
      virtual_network_id: text(virtual_network_id),
    }),
    isFound: ({ spec }, wanted) =>
      spec["network"] === wanted.spec["network"] &&
      spec["virtual_network_id"] === wanted.spec["virtual_network_id"],
    facts: ["tunnel_name", "tun_type", "virtual_network_name"],
  }),
};

/** Both sides are compared in one spelling. What is no network stays as it is: nobody else's row may fail a reading. */
function canonical(network: JsonValue | undefined): Spec {
  return typeof network === "string" ? { network: networkText(network) } : {};
}

function networkText(network: string): string {
  const cidr = parseCidr(network);
  return cidr === null ? network : cidrText(cidr);
}

function lowerCase(spec: Spec): Spec {
  return Object.fromEntries(
    Object.entries(spec).map(([attribute, value]): [string, JsonValue] => [
      attribute,
      attribute.endsWith("_id") && typeof value === "string" ? value.toLowerCase() : value,
    ]),
  );
}
