import type { ResourceKind } from "../../engine/model/kind.ts";
import { attributesOf, methodsOf } from "../network/rows.ts";

/**
 * A range of addresses of its own, in which routes lie. An account has one default network: promoting another demotes
 * it, and it is neither demoted nor deleted by itself.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/virtual_networks/
 */
export const virtualNetwork: ResourceKind & Required<Pick<ResourceKind, "delete">> = {
  kind: "virtual_network",
  immutable: [],
  defaultBy: "is_default_network",
  card: {
    noun: "virtual network",
    paths: ["/teamnet"],
    permission: "Account > Cloudflare One Networks",
    keeps: ["id", "routes"],
    defaults: { comment: "", is_default_network: false },
    initial: { name: "default", spec: { comment: "", is_default_network: true } },
    givesToken: false,
  },
  forbids: (actual, wanted) => {
    const demotes = wanted === null || wanted["is_default_network"] === false;
    return actual?.spec["is_default_network"] === true && demotes
      ? { code: "default_network", id: actual.id, name: actual.name }
      : null;
  },
  ...methodsOf({
    kind: "virtual_network",
    noun: "virtual network",
    path: "/teamnet/virtual_networks",
    paging: "whole",
    isNamed: true,
    name: ({ name }) => (typeof name === "string" && name !== "" ? name : null),
    // Older servers know the older spelling alone.
    spec: ({ comment, is_default_network, is_default }) =>
      attributesOf(
        { comment, is_default_network: is_default_network ?? is_default },
        { comment: "string", is_default_network: "boolean" },
      ),
    filters: ({ name }) => ({ name }),
    isFound: (resource, { name }) => resource.name === name,
  }),
};
