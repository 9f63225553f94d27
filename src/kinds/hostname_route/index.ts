import { trimHostname } from "../../base/hostname.ts";
import type { ResourceKind } from "../../engine/model/kind.ts";
import type { JsonValue, Spec } from "../../engine/model/resource.ts";
import { cfdTunnel } from "../cfd_tunnel/index.ts";
import { attributesOf, methodsOf, text } from "../network/rows.ts";
import { virtualNetwork } from "../virtual_network/index.ts";
import { warpConnector } from "../warp_connector/index.ts";

/**
 * A private name that leads to a tunnel: unique in the account.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/hostname_routes/
 */
export const hostnameRoute: ResourceKind & Required<Pick<ResourceKind, "delete">> = {
  kind: "hostname_route",
  immutable: [],
  references: { tunnel_id: { to: [cfdTunnel.kind, warpConnector.kind], output: "id" } },
  ownedBy: {
    attribute: "tunnel_id",
    taken: "hostname_route_taken",
    facts: { kind: "tun_type", name: "tunnel_name" },
  },
  quota: "max_routes",
  card: {
    noun: "hostname route",
    paths: ["/zerotrust"],
    permission: virtualNetwork.card.permission,
    keeps: ["id"],
    defaults: { comment: "" },
    item: { main: "hostname", references: {}, attributes: ["comment"] },
    exportedAs: "hostname_routes",
    givesToken: false,
  },
  identityOf: ({ hostname }) => (typeof hostname === "string" ? hostname : null),
  normalise: (spec) => ({ ...spec, ...trimmed(spec["hostname"]) }),
  ...methodsOf({
    kind: "hostname_route",
    noun: "hostname route",
    path: "/zerotrust/routes/hostname",
    paging: "pages",
    isNamed: false,
    name: ({ hostname }) => (typeof hostname === "string" ? trimHostname(hostname) : null),
    spec: (row) => {
      const spec = attributesOf(row, { hostname: "string", tunnel_id: "string", comment: "string" });
      const { hostname, tunnel_id } = spec;
      if (typeof hostname !== "string" || typeof tunnel_id !== "string") {
        return typeof hostname === "string" ? "tunnel_id" : "hostname";
      }
      return { ...spec, ...trimmed(hostname), tunnel_id: tunnel_id.toLowerCase() };
    },
    // The filter finds parts of names, in any case.
    filters: ({ spec: { hostname } }) => ({ hostname: text(hostname) }),
    isFound: ({ spec }, wanted) => spec["hostname"] === wanted.spec["hostname"],
    facts: ["tunnel_name", "tun_type"],
  }),
};

function trimmed(hostname: JsonValue | undefined): Spec {
  return typeof hostname === "string" ? { hostname: trimHostname(hostname) } : {};
}
