import { count, oneOf } from "./switch.ts";

/** What is not known of virtual networks and routes. */
export const networkSwitches = {
  /** PATCH of the default network with `is_default_network: false`: refused, or without effect. */
  demote_default_network: oneOf("refused", "ignored"),
  /** The error code where a virtual network cannot be deleted or demoted. */
  network_refusal_code: count(1047),
};
