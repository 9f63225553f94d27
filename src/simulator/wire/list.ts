import type { Kept } from "../state/table.ts";
import type { Switches } from "../switches.ts";
import type { Call } from "./endpoint.ts";
import { unreadable, type Refusal, type Reply } from "./envelope.ts";

type Test<Row> = (row: Row) => boolean;

/** Makes a test of a parameter's value. One that cannot read its value gives null. */
export type Filter<Row> = (value: string, call: Call) => Test<Row> | null;

export interface Listing<Row> {
  /** Oldest first. Not asked for a query that is refused: such a list has seen nothing. */
  rows(): readonly Row[];
  /** By parameter. Any other parameter is ignored; one that is repeated is read as if its values stood after commas. */
  readonly filters: { readonly [parameter: string]: Filter<Row> };
  /** The row as JSON text. */
  show(row: Row): string;
  /** Where they are not the usual ones; null: the API knows no pages of this list. */
  readonly pageSize?: PageSize | null;
  /** Whether a row must pass one filter at least, and not each. */
  readonly isAny?: boolean;
  /** What the query asks for; without it the order is the switch's. */
  readonly order?: ((a: Row, b: Row) => number) | null;
  /** Whether the answer says how many pages there are. */
  readonly countsPages?: boolean;
}

interface PageSize {
  readonly initial: number;
  readonly least: number;
  readonly most: number;
}

/** One page of rows. */
export function listRows<Row extends Kept>(call: Call, listing: Listing<Row>): Reply {
  const { switches } = call.account;
  const query = heeded(call.query, switches);
  const tests = readFilters(query, listing.filters, call);
  if ("ok" in tests) {
    return tests;
  }
  const size = listing.pageSize === undefined ? usualSize(switches) : listing.pageSize;
  const page = size && readPage(query, size, switches);
  if (page && "ok" in page) {
    return page;
  }
  const rows = listing.rows();
  // A list that knows no deleted rows never shows one.
  const showsDeleted =
    "is_deleted" in listing.filters && (query.has("is_deleted") || switches.is_deleted_default === "both");
  const passes = (row: Row): boolean =>
    listing.isAny && tests.length > 0 ? tests.some((test) => test(row)) : tests.every((test) => test(row));
  const found = inOrder(
    rows.filter((row) => (showsDeleted || row.deleted_at === null) && passes(row)),
    listing.order ?? null,
    switches,
  );
  const onPage = page ? Math.min(page.per_page, switches.page_cap ?? page.per_page) : 0;
  const shown = page ? found.slice((page.page - 1) * onPage, page.page * onPage) : found;
  const result = `[${shown.map((row) => listing.show(row)).join(",")}]`;
  if (!page || switches.result_info === "absent") {
    return { ok: true, result };
  }
  const total = { filtered: found.length, unfiltered: rows.length, short: Math.max(0, found.length - 1) };
  return {
    ok: true,
    result,
    result_info: {
      count: shown.length,
      ...page,
      total_count: total[switches.total_count],
      ...(listing.countsPages && { total_pages: Math.ceil(total[switches.total_count] / page.per_page) }),
    },
  };
}

/** What of the query is not ignored by a switch. */
function heeded(query: URLSearchParams, { ignored_filters: ignored }: Switches): URLSearchParams {
  if (ignored.length === 0) {
    return query;
  }
  return new URLSearchParams(
    [...query].filter(([name]) => !ignored.includes(name) && !ignored.includes("*")),
  );
}

function readFilters<Row extends Kept>(
  query: URLSearchParams,
  filters: Listing<Row>["filters"],
  call: Call,
): readonly Test<Row>[] | Refusal {
  const tests: Test<Row>[] = [];
  for (const parameter of new Set(query.keys())) {
    const filter = Object.hasOwn(filters, parameter) ? filters[parameter] : undefined;
    if (!filter) {
      continue;
    }
    const test = filter(query.getAll(parameter).join(","), call);
    if (!test) {
      return unreadable(`Query deserialize error: invalid value for \`${parameter}\``);
    }
    tests.push(test);
  }
  return tests;
}

function usualSize({ per_page_default, per_page_max }: Switches): PageSize {
  return { initial: per_page_default, least: 1, most: per_page_max };
}

function readPage(
  query: URLSearchParams,
  size: PageSize,
  { page_check }: Switches,
): { readonly page: number; readonly per_page: number } | Refusal {
  const first = { initial: 1, least: 1, most: Number.MAX_SAFE_INTEGER };
  const page = readNumber(query.get("page"), first, page_check);
  const per_page = readNumber(query.get("per_page"), size, page_check);
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
  { initial, least, most }: PageSize,
  check: Switches["page_check"],
): number | null {
  if (text === null) {
    return initial;
  }
  const number = /^-?\d+$/.test(text) ? Number(text) : null;
  if (number !== null && number >= least && number <= most) {
    return number;
  }
  if (check === "strict") {
    return null;
  }
  return number === null ? initial : Math.min(most, Math.max(least, number));
}

function inOrder<Row extends Kept>(
  oldestFirst: readonly Row[],
  asked: ((a: Row, b: Row) => number) | null,
  { order, order_seed }: Switches,
): readonly Row[] {
  if (asked) {
    return oldestFirst.toSorted(asked);
  }
  switch (order) {
    case "oldest_first":
      return oldestFirst;
    case "newest_first":
      return oldestFirst.toReversed();
    case "shuffled": {
      const ranks = new Map(oldestFirst.map((row) => [row, rank(row.id, order_seed)]));
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
