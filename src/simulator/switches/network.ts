import { count, countOrNull, oneOf } from "./switch.ts";

/** What is not known of virtual networks and routes. */
export const networkSwitches = {
  /** PATCH of the default network with `is_default_network: false`: refused, or without effect. */
  demote_default_network: oneOf("refused", "ignored"),
  /** The error code where a virtual network cannot be deleted or demoted. */
  network_refusal_code: count(1047),
  /** Most live routes, CIDR and hostname ones together; null for no limit. */
  route_quota: countOrNull(1000),
  /** The error code of a route over the quota. */
  route_quota_code: count(1054),
  /** DELETE of a route that is already deleted: 404/1015, or 200 with the row. */
  delete_deleted_route: oneOf("not_found", "ok"),
  /** DELETE of a tunnel that hostname routes lead to: they go with it, or 400/1023. */
  delete_with_hostname_routes: oneOf("allowed", "refused"),
  /** The error code of a hostname that is routed already. */
  hostname_conflict_code: count(1014),
};
