import { count, countOrNull, oneOf, words } from "./switch.ts";

/** What is not known of lists. */
export const listSwitches = {
  /** Page size where the request names none. */
  per_page_default: count(20),
  per_page_max: count(1000),
  /** At most so many rows on a page, whatever `per_page` the answer names; null for no cap. */
  page_cap: countOrNull(null),
  /** `page` or `per_page` out of range, or no number: 400/1030, or the nearest value that is allowed. */
  page_check: oneOf("strict", "clamp"),
  /** `total_count`: of what the filters leave, of all tunnels of the list's kinds, or one too few. */
  total_count: oneOf("filtered", "unfiltered", "short"),
  result_info: oneOf("present", "absent"),
  order: oneOf("newest_first", "oldest_first", "shuffled"),
  /** What `order: shuffled` is shuffled by. The order stays the same from page to page. */
  order_seed: count(1),
  /** What a list without `is_deleted` shows; `both` is what it was before December 2025. */
  is_deleted_default: oneOf("live", "both"),
  /** Query parameters of lists that are ignored, as a mistyped one is; `*` ignores all, `page` included. */
  ignored_filters: words(),
  /** A time in a filter that was encoded twice, as the specification's own example of `existed_at` is. */
  encoded_times: oneOf("accepted", "refused"),
  /** After a write, so many lists still show what was before it. */
  list_lag: count(0),
  /** After a write, so many reads by id still show what was before it. */
  read_lag: count(0),
};
