import type { Clock } from "../base/clock.ts";
import type { PageInfo } from "./envelope.ts";
import { ApiError } from "./error.ts";
import type { Query } from "./message.ts";

/** One page as it was answered. */
export interface Page {
  readonly rows: readonly unknown[];
  readonly info: PageInfo;
}

/** Reads one page of a list; throws `ApiError`. */
export type ReadPage = (path: string, query: Query) => Promise<Page>;

/**
 * How a list is offered: page by page; likewise, in pages of at most 50 rows; or whole in one answer, without the
 * parameters of pages.
 */
export type Paging = "pages" | "small_pages" | "whole";

type PagedBy = Exclude<Paging, "whole">;

/** What a row is turned into; null for one that is passed over. */
type Parse<T> = (row: unknown) => T | null;

export interface ListOptions {
  readonly clock: Clock;
  /** Aborted: no reading is made again. */
  readonly halt: AbortSignal;
}

/** `list` and `find` as `CloudflareClient` promises them. */
export interface Lists {
  readonly list: <T extends Row>(
    path: string,
    query: Query,
    parse: Parse<T>,
    paging?: Paging,
  ) => Promise<readonly T[]>;
  readonly find: <T extends Identified>(path: string, query: Query, parse: Parse<T>) => Promise<readonly T[]>;
}

interface Identified {
  readonly id: string;
}

interface Row extends Identified {
  readonly name?: string;
}

/** What to ask for: the largest page that the API documents, and smaller ones where it refuses. */
const PAGE_SIZES = [1_000, 100, 50, 20] as const;
const SMALL_PAGE = PAGE_SIZES.indexOf(50);
const MAX_READINGS = 5;
const FIRST_WAIT = 250;
/** Pages are asked for side by side in groups of this many, so that a total that is a lie costs no more. */
const GROUP = 32;
/** How many pages may still come once there are more rows than the API counts. */
const PAGES_BEYOND = 32;
/** At 20 rows a page, twenty times the tunnels that an account may have by default. */
const MAX_PAGES = 1_000;

/** What going through the pages once came to. */
interface Reading<T> {
  /** The live rows, each id once. */
  readonly rows: readonly T[];
  /** What the API counts, if it does. */
  readonly total: number | null;
  /** `reached`: there can be no more rows. `repeated`: a page held only what had been there. `none`: more came and came. */
  readonly end: "reached" | "repeated" | "none";
  /** Whether the pages contradict each other: something came or went while they were read. */
  readonly moved: boolean;
}

/** Reads lists page by page, and lets out only what is surely whole. */
export function createLists(readPage: ReadPage, options: ListOptions): Lists {
  /** Where in `PAGE_SIZES` the size stands that the API is known to take: of ordinary lists, and of those in small pages. */
  const sizeIndex = { pages: 0, small_pages: SMALL_PAGE };

  async function readFirstPage(
    path: string,
    query: Query,
    paging: PagedBy,
  ): Promise<{ size: number; first: Page }> {
    for (const [index, size] of [...PAGE_SIZES.entries()].slice(sizeIndex[paging])) {
      try {
        const first = await readPage(path, { ...query, page: 1, per_page: size });
        sizeIndex[paging] = Math.max(sizeIndex[paging], index);
        return { size, first };
      } catch (error) {
        if (index === PAGE_SIZES.length - 1 || !refusesPageSize(error)) {
          throw error;
        }
      }
    }
    throw new Error("Internal error: no page size left");
  }

  async function read<T extends Identified>(
    path: string,
    query: Query,
    parse: Parse<T>,
    { sideBySide, paging }: { readonly sideBySide: boolean; readonly paging: PagedBy },
  ): Promise<Reading<T>> {
    const { size, first } = await readFirstPage(path, query, paging);
    const rows = new Map<string, T>();
    const seen = new Set<unknown>();
    const { total } = first.info;
    const expected = sideBySide && isFull(first) ? pagesOf(first) : 1;
    let pages = 1;
    let beyond = 0;
    let fresh = collect(first, parse, rows, seen);
    let moved = fresh < first.rows.length;
    let reached = isLast(first, rows.size);
    // A server that knows no pages gives the same rows for ever; another one may always find new ones.
    while (!reached && fresh > 0 && pages < MAX_PAGES && beyond <= PAGES_BEYOND) {
      // Beyond the expected end, and where nothing is expected, each page decides about the next one.
      const count = Math.max(1, Math.min(GROUP, expected - pages));
      const numbers = Array.from({ length: count }, (_, index) => pages + 1 + index);
      const group = await Promise.all(
        numbers.map((page) => readPage(path, { ...query, page, per_page: size })),
      );
      pages += count;
      fresh = 0;
      for (const page of group) {
        const added = collect(page, parse, rows, seen);
        moved ||= added < page.rows.length || !sameCounts(page, first);
        fresh += added;
        reached = isLast(page, rows.size);
        beyond += total !== null && rows.size > total ? 1 : 0;
      }
    }
    const end = reached ? "reached" : fresh === 0 ? "repeated" : "none";
    return { rows: [...rows.values()], total, end, moved };
  }

  async function list<T extends Row>(
    path: string,
    query: Query,
    parse: Parse<T>,
    paging: Paging = "pages",
  ): Promise<readonly T[]> {
    if (paging === "whole") {
      return readWhole(path, query, parse);
    }
    let before: Reading<T> | null = null;
    for (let count = 1; ; count++) {
      const reading: Reading<T> = await read(path, query, parse, { sideBySide: true, paging });
      if (isBelievable(reading) || (before !== null && agree(before, reading))) {
        return reading.rows;
      }
      if (count === MAX_READINGS || reading.end === "none") {
        throw incomplete(path, whyIncomplete(reading));
      }
      before = reading;
      await wait(path, count);
    }
  }

  /** The one answer is a list of one moment, so only its own total can contradict it, or a row that stands in it twice. */
  async function readWhole<T extends Row>(
    path: string,
    query: Query,
    parse: Parse<T>,
  ): Promise<readonly T[]> {
    const answer = await readPage(path, query);
    const rows = new Map<string, T>();
    const distinct = collect(answer, parse, rows, new Set());
    const { total } = answer.info;
    if (distinct < answer.rows.length || (total !== null && total > distinct)) {
      const counted = total === null ? "" : ` where the API counts ${total}`;
      throw incomplete(path, `one answer should hold the whole list, and it has ${distinct} rows${counted}`);
    }
    return [...rows.values()];
  }

  /** Before a list is read again. */
  async function wait(path: string, count: number): Promise<void> {
    await options.clock.sleep(FIRST_WAIT * 2 ** (count - 1), options.halt);
    if (options.halt.aborted) {
      throw interrupted(path);
    }
  }

  async function find<T extends Identified>(
    path: string,
    query: Query,
    parse: Parse<T>,
  ): Promise<readonly T[]> {
    for (let count = 1; ; count++) {
      const reading = await read(path, query, parse, { sideBySide: false, paging: "pages" });
      if (isSteady(reading)) {
        return reading.rows;
      }
      // Where the filter is ignored, the pages may move like those of any list.
      if (count === MAX_READINGS || reading.end === "none") {
        throw incomplete(path, whyIncomplete(reading));
      }
      await wait(path, count);
    }
  }

  return { list, find };
}

/** Adds a page's live rows, and returns how many of all its rows were not seen before. */
function collect<T extends Identified>(
  page: Page,
  parse: Parse<T>,
  rows: Map<string, T>,
  seen: Set<unknown>,
): number {
  const before = seen.size;
  for (const raw of page.rows) {
    const row = parse(raw);
    // What is passed over counts as well when it comes to whether the pages go on.
    seen.add(row?.id ?? idOf(raw) ?? raw);
    if (row !== null) {
      rows.set(row.id, row);
    }
  }
  return seen.size - before;
}

/** A row that is passed over is known by its id, and one without by itself: it may be nested too deep to be written. */
function idOf(raw: unknown): string | null {
  const id = typeof raw === "object" && raw !== null && "id" in raw ? raw.id : null;
  return typeof id === "string" ? id : null;
}

function isFull({ rows, info }: Page): boolean {
  return info.perPage !== null && rows.length >= info.perPage;
}

/**
 * Whether no page can follow, with so many live rows so far. A page that is not full does not tell by itself: a server
 * may put fewer rows on each than it says. So the total must agree, or else the next page is asked for and is empty.
 */
function isLast(page: Page, rowsSoFar: number): boolean {
  const { perPage, total } = page.info;
  return page.rows.length === 0 || (perPage !== null && !isFull(page) && total === rowsSoFar);
}

/** How many pages the total makes: the last one is not full, if only because it is empty. */
function pagesOf({ info }: Page): number {
  return info.total === null || info.perPage === null ? 1 : Math.floor(info.total / info.perPage) + 1;
}

function sameCounts(a: Page, b: Page): boolean {
  return a.info.total === b.info.total && a.info.perPage === b.info.perPage;
}

function isSteady({ end, moved }: Reading<unknown>): boolean {
  return end === "reached" && !moved;
}

function isBelievable(reading: Reading<unknown>): boolean {
  return isSteady(reading) && reading.rows.length === reading.total;
}

/** Two readings whose pages moved in the same way miss the same rows, so neither may have moved. */
function agree<T extends Row>(a: Reading<T>, b: Reading<T>): boolean {
  if (!isSteady(a) || !isSteady(b) || a.rows.length !== b.rows.length) {
    return false;
  }
  const names = new Map(a.rows.map(({ id, name }) => [id, name]));
  return b.rows.every(({ id, name }) => names.get(id) === name);
}

/** 1030 is "could not parse input", of any kind. */
function refusesPageSize(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status === 400 &&
    error.errors.some(({ code, message }) => code === 1030 || /per_?page|page.?size/i.test(message))
  );
}

function incomplete(path: string, why: string): ApiError {
  return new ApiError(why, { failure: "incomplete", method: "GET", path });
}

function whyIncomplete({ rows, total, end }: Reading<unknown>): string {
  const counts = total === null ? "" : ` where the API counts ${total}`;
  switch (end) {
    case "reached":
      return `the list did not come out the same twice in ${MAX_READINGS} readings; the last one found ${rows.length}${counts}`;
    case "repeated":
      return "the list has no end: page after page holds the same rows";
    case "none":
      return `the list has no end: ${rows.length} rows came${counts === "" ? "" : `,${counts}`}`;
  }
}

function interrupted(path: string): ApiError {
  return new ApiError("interrupted while the list was read", {
    failure: "interrupted",
    method: "GET",
    path,
  });
}
