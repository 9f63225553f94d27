/** One thing that no public source settles, or that the API is known to do in more than one way. */
interface Switch<T> {
  readonly default: T;
  /** The values it takes, for a person who set another one. */
  readonly takes: string;
  accepts(value: unknown): value is T;
}

/** The first value is the default. */
function oneOf<const T extends string>(first: T, ...others: readonly T[]): Switch<T> {
  const values: readonly unknown[] = [first, ...others];
  return {
    default: first,
    takes: values.join(" | "),
    accepts: (value): value is T => values.includes(value),
  };
}

function count(initial: number): Switch<number> {
  return { default: initial, takes: "a whole number from 0", accepts: isCount };
}

function countOrNull(initial: number | null): Switch<number | null> {
  return {
    default: initial,
    takes: "a whole number from 0, or null",
    accepts: (value): value is number | null => value === null || isCount(value),
  };
}

function flag(initial: boolean): Switch<boolean> {
  return {
    default: initial,
    takes: "true | false",
    accepts: (value): value is boolean => typeof value === "boolean",
  };
}

function words(): Switch<readonly string[]> {
  return {
    default: [],
    takes: "a list of strings",
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.every((word) => typeof word === "string"),
  };
}

function quota(): Switch<number | "documented" | null> {
  return {
    default: "documented",
    takes: "documented, a whole number from 0, or null",
    accepts: (value): value is number | "documented" | null =>
      value === "documented" || value === null || isCount(value),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Every switch, its default and its values. `docs/sandbox.md` says for each which source it stands for. */
const table = {
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

  /** Page size where the request names none. */
  per_page_default: count(20),
  per_page_max: count(1000),
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
  /** Rows of `GET /tunnels`: all kinds, or those that the credential may read. */
  tunnels_rows: oneOf("permitted", "all"),
  /** Whether a credential that may read WARP connectors only may ask `GET /tunnels`. */
  tunnels_for_warp_only: oneOf("refused", "allowed"),

  /** The retired `connections` field of a tunnel. */
  connections_field: oneOf("empty", "absent", "full"),
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
  /** HTTP status of 10000, "Authentication error". */
  forbidden_status: count(403),
  /** `result` of a failure, and of a DELETE of connections. */
  empty_result: oneOf("null", "object"),
  /** Whether a 409 carries `x-should-retry: false`, which the official SDK obeys. */
  should_retry_header: flag(false),
  /** A connector that was asked to come back does so this long after its connections were cut. Milliseconds. */
  reconnect_ms: count(0),

  /** Requests allowed in a window; null turns the limit, and the `Ratelimit` headers, off. */
  rate_limit: countOrNull(null),
  rate_window_s: count(300),
  /** How long everything is refused once the limit is passed. */
  rate_block_s: count(300),
  retry_after: oneOf("seconds", "date", "absent"),
  rate_limit_body: oneOf("json", "text"),
};

type Table = typeof table;

/** How this sandbox answers where the sources are silent or disagree. */
export type Switches = {
  readonly [K in keyof Table]: Table[K] extends Switch<infer T> ? T : never;
};

/** What the sources say, or the likeliest reading of them. */
export const defaultSwitches = Object.fromEntries(
  Object.entries(table).map(([name, each]) => [name, each.default]),
) as Switches; // Every name of the table is there, with a value of its switch.

/** The defaults, or `current`, with some switches set anew. Throws an `Error` that names what is wrong. */
export function withSwitches(
  change: { readonly [name: string]: unknown },
  current: Switches = defaultSwitches,
): Switches {
  const switches: { [name: string]: unknown } = { ...current };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) {
      continue;
    }
    const each: Switch<unknown> | undefined = Object.hasOwn(table, name)
      ? table[name as keyof Table] // The line before has just looked.
      : undefined;
    if (!each) {
      throw new Error(`There is no switch "${name}".`);
    }
    if (!each.accepts(value)) {
      throw new Error(`Switch "${name}" takes ${each.takes}.`);
    }
    switches[name] = value;
  }
  return switches as Switches; // Every name of the table is there, with a value that its switch accepts.
}
