import { count, countOrNull, oneOf, quota } from "./switch.ts";

/** What is not known of tunnels. */
export const tunnelSwitches = {
  /** Whether a name is taken by a live tunnel of its own kind only, or of any kind. */
  names: oneOf("per_kind", "shared"),
  /** Whether `Web` and `web` are the same name. */
  name_case: oneOf("sensitive", "insensitive"),
  /** Longest name accepted, in characters; null for no limit. */
  name_max_length: countOrNull(null),
  empty_name: oneOf("refused", "accepted"),
  /** A name that reads as a UUID. */
  uuid_name: oneOf("accepted", "refused"),
  /** A deleted tunnel still holds its name for so many creates and renames that want it. */
  name_lag: count(0),
  /** The error code of the 404 for an unknown tunnel. */
  not_found_code: count(1003),
  /** DELETE of a tunnel that is already deleted: 200 with the row, or 404. */
  delete_deleted: oneOf("ok", "not_found"),
  /** PATCH of a deleted tunnel: 404, or carried out. */
  edit_deleted: oneOf("not_found", "ok"),
  /** DELETE of a tunnel that has routes: they go with it, or 400/1023. */
  delete_with_routes: oneOf("allowed", "refused"),
  /** For so long after its last connection was lost, a tunnel is still refused with 1022. Milliseconds. */
  linger_ms: count(0),
  /** A tunnel_secret must be base64 and have 32 characters, or 32 bytes decoded; or nothing is checked. */
  secret_check: oneOf("characters", "bytes", "none"),
  /** `config_src` in a PATCH. */
  config_src_in_patch: oneOf("ignored", "refused", "applied"),
  /** A body field that the endpoint does not know. */
  unknown_fields: oneOf("ignored", "refused"),
  /** Most live tunnels of one kind that POST allows: the documented number, this number, or no limit (null). */
  quota: quota(),
  quota_status: count(400),
  quota_code: count(1053),
  /** Rows of `GET /tunnels`: all kinds, or those that the credential may read. */
  tunnels_rows: oneOf("permitted", "all"),
  /** Whether a credential that may read WARP connectors only may ask `GET /tunnels`. */
  tunnels_for_warp_only: oneOf("refused", "allowed"),
  /** The retired `connections` field of a tunnel. */
  connections_field: oneOf("empty", "absent", "full"),
  /** The status of a tunnel with connections: what they make it, or still what it was before the first of them. */
  status_on_read: oneOf("current", "late"),
  config_src_on_read: oneOf("present", "absent"),
  remote_config_on_read: oneOf("present", "absent", "contradicts"),
  /** `GET …/connections` and `…/connectors/{id}` of a WARP connector: as for cfd tunnels, or not offered (404). */
  warp_connections: oneOf("present", "absent"),
  /** `GET …/token` answers the envelope, or the token as bare text. */
  token_body: oneOf("json", "text"),
  /** Whether the answer to a PATCH of a WARP connector's secret holds the new `token`, as that of a cfd tunnel does. */
  warp_token_in_patch: oneOf("absent", "present"),
  /** Whose permission a WARP connector's token needs: its own kind's, or, as the specification says, cfd's. */
  warp_token_permission: oneOf("warp_connector", "cfd_tunnel"),
  /** A connector that was asked to come back does so this long after its connections were cut. Milliseconds. */
  reconnect_ms: count(0),
};
