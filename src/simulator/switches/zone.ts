import { count, oneOf } from "./switch.ts";

/** What is not known of zones and their records. */
export const zoneSwitches = {
  /** `GET /zones` for a credential that may not read zones: 403/9109, or no zone at all. */
  zone_list_forbidden: oneOf("refused", "empty"),
  /** What the zones' plan allows: comments of 100 or 500 characters, batches of 200 or 3,500 operations, no tags or some. */
  zone_plan: oneOf("free", "paid"),
  /** The error code for a record that is there already, in just this form. */
  identical_record_code: count(81058),
  /** What a record without a comment shows. */
  empty_comment: oneOf("empty", "null"),
  dns_per_page_max: count(5_000_000),
};
