import type { Account } from "./account.ts";
import { collectionOf } from "./collections.ts";
import { unreadable, type Refusal, type Reply } from "./envelope.ts";
import { isUuid } from "./json.ts";
import { rowText } from "./rows.ts";
import type { Switches } from "./switches.ts";
import { existed, statusOf, wasActive, type Tunnel } from "./tunnel.ts";

type Test = (tunnel: Tunnel) => boolean;

/** A filter that cannot read its value gives null. */
type Filter = (value: string, switches: Switches) => Test | null;

/** The filters of the three lists. Any other parameter is ignored. */
const filters: { readonly [parameter: string]: Filter } = {
  name: (value) => (tunnel) => tunnel.name === value,
  is_deleted: (value) => {
    if (value !== "true" && value !== "false") {
      return null;
    }
    return (tunnel) => (tunnel.deleted_at !== null) === (value === "true");
  },
  uuid: (value) => (isUuid(value) ? (tunnel) => tunnel.id === value.toLowerCase() : null),
  existed_at: atTime(existed),
  was_active_at: atTime(wasActive),
  was_inactive_at: atTime((tunnel, time) => existed(tunnel, time) && !wasActive(tunnel, time)),
  include_prefix: (value) => (tunnel) => tunnel.name.startsWith(value),
  // cloudflared's spelling of the same.
  name_prefix: (value) => (tunnel) => tunnel.name.startsWith(value),
  exclude_prefix: (value) => (tunnel) => !tunnel.name.startsWith(value),
  status: (value) => (STATUSES.includes(value) ? (tunnel) => statusOf(tunnel) === value : null),
};

const STATUSES: readonly string[] = ["inactive", "degraded", "healthy", "down"];
const TUN_TYPES = ["cfd_tunnel", "warp_connector", "warp", "magic", "ip_sec", "gre", "cni"];

/** One page of the tunnels of these kinds. `takesTypes` is true of `GET /tunnels` alone. */
export function listTunnels(
  account: Account,
  kinds: readonly string[],
  query: URLSearchParams,
  takesTypes: boolean,
): Reply {
  const { switches } = account;
  const given = heeded(query, switches);
  const tests = readFilters(given, switches);
  if ("ok" in tests) {
    return tests;
  }
  const page = readPage(given, switches);
  if ("ok" in page) {
    return page;
  }
  const wanted = takesTypes ? readTypes(given, kinds) : kinds;
  if (!wanted) {
    return unreadable("Query deserialize error: invalid value for `tun_types`");
  }

  const ofKinds = account.store.list().filter((tunnel) => wanted.includes(tunnel.kind));
  const found = inOrder(
    ofKinds.filter((tunnel) => tests.every((test) => test(tunnel))),
    switches,
  );
  const rows = found.slice((page.page - 1) * page.per_page, page.page * page.per_page);
  const total = { filtered: found.length, unfiltered: ofKinds.length, short: Math.max(0, found.length - 1) };
  return {
    ok: true,
    result: `[${rows.map((tunnel) => rowText(account, tunnel)).join(",")}]`,
    ...(switches.result_info === "present" && {
      result_info: { count: rows.length, ...page, total_count: total[switches.total_count] },
    }),
  };
}

/** What of the query is not ignored by a switch. */
function heeded(query: URLSearchParams, switches: Switches): URLSearchParams {
  const ignored = switches.ignored_filters;
  if (ignored.length === 0) {
    return query;
  }
  return new URLSearchParams(
    [...query].filter(([name]) => !ignored.includes(name) && !ignored.includes("*")),
  );
}

function readFilters(query: URLSearchParams, switches: Switches): readonly Test[] | Refusal {
  const tests: Test[] = [];
  for (const [parameter, value] of query) {
    const filter = Object.hasOwn(filters, parameter) ? filters[parameter] : undefined;
    if (!filter) {
      continue;
    }
    const test = filter(value, switches);
    if (!test) {
      return unreadable(`Query deserialize error: invalid value for \`${parameter}\``);
    }
    tests.push(test);
  }
  if (switches.is_deleted_default === "live" && !query.has("is_deleted")) {
    tests.push((tunnel) => tunnel.deleted_at === null);
  }
  return tests;
}

function readPage(
  query: URLSearchParams,
  switches: Switches,
): { readonly page: number; readonly per_page: number } | Refusal {
  const page = readNumber(query.get("page"), 1, Number.MAX_SAFE_INTEGER, 1, switches);
  const per_page = readNumber(
    query.get("per_page"),
    switches.per_page_default,
    switches.per_page_max,
    1,
    switches,
  );
  if (page === null) {
    return unreadable("Query deserialize error: invalid value for `page`");
  }
  if (per_page === null) {
    return unreadable("Query deserialize error: invalid value for `per_page`");
  }
  return { page, per_page };
}

function readNumber(
  text: string | null,
  absent: number,
  most: number,
  least: number,
  { page_check }: Switches,
): number | null {
  if (text === null) {
    return absent;
  }
  const number = /^-?\d+$/.test(text) ? Number(text) : null;
  if (number !== null && number >= least && number <= most) {
    return number;
  }
  if (page_check === "strict") {
    return null;
  }
  return number === null ? absent : Math.min(most, Math.max(least, number));
}

/** Accepts both spellings in use: one comma-separated value, and the SDK's repeated keys. */
function readTypes(query: URLSearchParams, kinds: readonly string[]): readonly string[] | null {
  const types = query.getAll("tun_types").flatMap((value) => value.split(","));
  if (types.length === 0) {
    return kinds;
  }
  if (!types.every((type) => TUN_TYPES.includes(type) || collectionOf(type))) {
    return null;
  }
  return kinds.filter((kind) => types.includes(kind));
}

function inOrder(oldestFirst: readonly Tunnel[], { order, order_seed }: Switches): readonly Tunnel[] {
  switch (order) {
    case "oldest_first":
      return oldestFirst;
    case "newest_first":
      return oldestFirst.toReversed();
    case "shuffled": {
      const ranks = new Map(oldestFirst.map((tunnel) => [tunnel, rank(tunnel.id, order_seed)]));
      return oldestFirst.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
    }
  }
}

/** FNV-1a: an order that depends on nothing but the ids and the seed. */
function rank(id: string, seed: number): number {
  let hash = 2166136261 ^ seed;
  for (let at = 0; at < id.length; at++) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 16777619);
  }
  return hash >>> 0;
}

function atTime(holds: (tunnel: Tunnel, time: number) => boolean): Filter {
  return (value, { encoded_times }) => {
    const text =
      encoded_times === "accepted" ? value.replaceAll(/%3A/gi, ":").replaceAll(/%2B/gi, "+") : value;
    const isTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
    const time = isTime ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? null : (tunnel) => holds(tunnel, time);
  };
}
