import { count, countOrNull, flag, oneOf } from "./switch.ts";

/** What is not known of answers in general, and of the limit on requests. */
export const wireSwitches = {
  /** How long each request waits before it is carried out. */
  delay_ms: count(0),
  /** HTTP status of 10000, "Authentication error". */
  forbidden_status: count(403),
  /** `result` of a failure, and of a DELETE of connections. */
  empty_result: oneOf("null", "object"),
  /** Whether a 409 carries `x-should-retry: false`, which the official SDK obeys. */
  should_retry_header: flag(false),
  /** Requests allowed in a window; null turns the limit, and the `Ratelimit` headers, off. */
  rate_limit: countOrNull(null),
  rate_window_s: count(300),
  /** How long everything is refused once the limit is passed. */
  rate_block_s: count(300),
  retry_after: oneOf("seconds", "date", "absent"),
  rate_limit_body: oneOf("json", "text"),
};
