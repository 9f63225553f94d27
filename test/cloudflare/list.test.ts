import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/cloudflare/error.ts";
import { createLists, type Page, type ReadPage } from "../../src/cloudflare/list.ts";
import type { Query } from "../../src/cloudflare/message.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { answer, failureOf, refusal, rig, success } from "./support.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly deleted?: true;
}

function rowsOf(count: number, prefix = "t"): readonly Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, name: `name ${index}` }));
}

/** How a kind reads a row, in short. */
function parse(raw: unknown): Row | null {
  const row = raw as Partial<Row>;
  if (row.id === undefined || row.name === undefined) {
    throw new ApiError("a row without id or name", {
      failure: "unreadable",
      method: "GET",
      path: "/cfd_tunnel",
    });
  }
  return row.deleted ? null : { id: row.id, name: row.name };
}

/** A page of what the account holds at this moment. */
function pageOf(
  rows: readonly Row[],
  query: Query,
  change: { readonly total?: number | null; readonly perPage?: number | null } = {},
): Page {
  const page = Number(query["page"]);
  const perPage = typeof change.perPage === "number" ? change.perPage : Number(query["per_page"]);
  return {
    rows: rows.slice((page - 1) * perPage, page * perPage),
    info: {
      perPage: change.perPage === null ? null : perPage,
      total: change.total === undefined ? rows.length : change.total,
    },
  };
}

/** Reads a list from `answer`, which gets the query and the number of the request. */
async function readWith(
  answer: (query: Query, count: number) => Page,
  how: "list" | "find" = "list",
  halt = new AbortController().signal,
) {
  const clock = new FakeClock();
  const queries: Query[] = [];
  const readPage: ReadPage = async (_, query) => {
    queries.push(query);
    return answer(query, queries.length);
  };
  const lists = createLists(readPage, { clock, halt });
  const read = how === "list" ? lists.list<Row> : lists.find<Row>;
  const result = await read("/cfd_tunnel", { is_deleted: false }, parse).then(
    (rows) => ({ rows, failure: null, message: "" }),
    (error: unknown) => {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      return { rows: null, failure: error.failure, message: error.message };
    },
  );
  return {
    ...result,
    ids: result.rows === null ? null : new Set(result.rows.map(({ id }) => id)),
    pages: queries.map((query) => query["page"]),
    sleeps: clock.sleeps,
    queries,
  };
}

describe("a list that stands still", () => {
  test.each([
    [0, [1]],
    [1, [1]],
    [999, [1]],
    // A full page is not the last one, whatever the total says.
    [1_000, [1, 2]],
    [1_001, [1, 2]],
    [2_500, [1, 2, 3]],
  ])("of %i is read once, with as few pages as can be", async (count, pages) => {
    const rows = rowsOf(count);
    const result = await readWith((query) => pageOf(rows, query));
    expect(result.rows).toHaveLength(count);
    expect(result.pages).toEqual(pages);
    expect(result.sleeps).toEqual([]);
  });

  test("is asked for by 1,000, with the caller's own query", async () => {
    const { queries } = await readWith((query) => pageOf(rowsOf(1), query));
    expect(queries).toEqual([{ is_deleted: false, page: 1, per_page: 1_000 }]);
  });

  test("is paged by what the answer says, not by what was asked", async () => {
    const rows = rowsOf(55);
    const result = await readWith((query) => pageOf(rows, query, { perPage: 20 }));
    expect(result.rows).toHaveLength(55);
    expect(result.pages).toEqual([1, 2, 3]);
  });

  test("without per_page ends with an empty page, and is read twice for want of a total", async () => {
    const rows = rowsOf(1_500);
    const result = await readWith((query) => pageOf(rows, query, { perPage: null, total: null }));
    expect(result.rows).toHaveLength(1_500);
    expect(result.pages).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test.each([0, 1, 4_000, 1e15])(
    "with a total of %i that is wrong is believed when it comes out the same twice",
    async (total) => {
      const rows = rowsOf(1_500);
      const result = await readWith((query) => pageOf(rows, query, { total }));
      expect(result.rows).toHaveLength(1_500);
      expect(result.sleeps).toEqual([250]);
    },
  );

  test("passes over a deleted row that is nested too deep to be written", async () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 200_000; depth += 1) {
      deep = [deep];
    }
    const gone = { id: "gone", name: "gone", deleted: true, deep } as unknown as Row;
    const result = await readWith((query) => pageOf([gone, ...rowsOf(3)], query));
    expect(result).toMatchObject({ rows: rowsOf(3) });
  });

  test("passes deleted rows over, and then needs two readings", async () => {
    const deleted = rowsOf(5, "gone").map((row) => ({ ...row, deleted: true as const }));
    const result = await readWith((query) => pageOf([...deleted, ...rowsOf(3)], query, { perPage: 3 }));
    expect(result.ids).toEqual(new Set(["t0", "t1", "t2"]));
    expect(result.pages).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  test.each<[string, number | null]>([
    ["too many", 5],
    ["too few", 2],
    ["none", null],
  ])("takes one more request where the total says %s", async (_, total) => {
    const result = await readWith((query) => pageOf(rowsOf(3), query, { total }));
    expect(result.rows).toHaveLength(3);
    expect(result.pages).toEqual([1, 2, 1, 2]);
  });

  test("without per_page is not asked for by what the total makes of it", async () => {
    const rows = rowsOf(1_500);
    const result = await readWith((query) => pageOf(rows, query, { perPage: null }));
    expect(result.pages).toEqual([1, 2, 3]);
  });

  test("a row that stands twice on the first page is never believed", async () => {
    const rows = [...rowsOf(2), ...rowsOf(1)];
    const result = await readWith((query) => pageOf(rows, query, { total: 2 }));
    expect(result.failure).toBe("incomplete");
  });

  test("whose pages are filtered after they were cut is read to its true end", async () => {
    const rows = rowsOf(3_500);
    const result = await readWith((query) => {
      const page = pageOf(rows, query);
      return query["page"] === 2 ? { ...page, rows: page.rows.slice(5) } : page;
    });
    expect(result.rows).toHaveLength(3_495);
  });
});

/** As `pageOf`, by a server that puts at most `cap` rows on a page, and still answers the page size that was asked. */
function cappedPageOf(rows: readonly Row[], query: Query, cap: number, total: number | null): Page {
  const { rows: onPage } = pageOf(rows, query, { perPage: cap });
  return { rows: onPage, info: { perPage: Number(query["per_page"]), total } };
}

describe("a server that cuts pages short and does not say so", () => {
  test("is read to the API's total, and then believed at once", async () => {
    const result = await readWith((query) => cappedPageOf(rowsOf(250), query, 100, 250));
    expect(result.rows).toHaveLength(250);
    expect(result.pages).toEqual([1, 2, 3]);
    expect(result.sleeps).toEqual([]);
  });

  test.each<[string, number | null]>([
    ["counts too many", 300],
    ["counts too few", 249],
    ["counts fewer than a page holds", 7],
    ["does not count", null],
  ])("and %s is read until a page brings nothing, twice", async (_, total) => {
    const result = await readWith((query) => cappedPageOf(rowsOf(250), query, 100, total));
    expect(result.rows).toHaveLength(250);
    expect(result.pages).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  test("and puts deleted rows first is read beyond them", async () => {
    const deleted = rowsOf(100, "gone").map((row) => ({ ...row, deleted: true as const }));
    const result = await readWith((query) => cappedPageOf([...deleted, ...rowsOf(100)], query, 100, 100));
    expect(result.rows).toHaveLength(100);
    expect(result.pages).toEqual([1, 2]);
  });

  test("and moves its rows meanwhile is read again", async () => {
    let rows = rowsOf(250);
    const result = await readWith((query, count) => {
      if (count === 2) {
        rows = [...rowsOf(1, "new"), ...rows];
      }
      return cappedPageOf(rows, query, 100, rows.length);
    });
    expect(result.ids).toEqual(new Set(rows.map(({ id }) => id)));
  });

  test("and knows no pages is never believed", async () => {
    const result = await readWith((query) => cappedPageOf(rowsOf(250), { ...query, page: 1 }, 100, 250));
    expect(result.failure).toBe("incomplete");
    expect(result.pages).toHaveLength(10);
  });

  test("is followed by find as well, where the total is that of the whole list", async () => {
    const result = await readWith((query) => cappedPageOf(rowsOf(250), query, 100, 9_999), "find");
    expect(result.rows).toHaveLength(250);
    expect(result.pages).toEqual([1, 2, 3, 4]);
  });
});

describe("pages without end", () => {
  const endless = (total: number | null, how: "list" | "find" = "list") =>
    readWith((_, count) => ({ rows: rowsOf(10, `${count}-`), info: { perPage: 10, total } }), how);

  test.each([0, 15, 100])("are given up soon after the rows pass a total of %i, for good", async (total) => {
    const result = await endless(total);
    expect(result.failure).toBe("incomplete");
    expect(result.message).toMatch(
      /^GET \/cfd_tunnel: the list has no end: \d+ rows came, where the API counts \d+$/,
    );
    expect(result.pages.length).toBeLessThanOrEqual(total / 10 + 34);
  });

  test.each(["list", "find"] as const)("without a total are given up some time (%s)", async (how) => {
    const result = await endless(null, how);
    expect(result.message).toBe("GET /cfd_tunnel: the list has no end: 10000 rows came");
    expect(result.pages).toHaveLength(1_000);
  });
});

describe("a list that moves", () => {
  /** Which reading a request belongs to, where each takes a page and an empty one. */
  const readingOf = (count: number) => Math.ceil(count / 2);

  test.each<[string, (rows: readonly Row[]) => readonly Row[]]>([
    ["a row comes at the front", (rows) => [...rowsOf(1, "new"), ...rows]],
    ["a row goes from the front", (rows) => rows.slice(1)],
    ["the order changes", (rows) => rows.toReversed()],
    ["many go", (rows) => rows.slice(0, 900)],
  ])("%s between two pages: what stands in the end is read", async (_, change) => {
    let rows = rowsOf(1_500);
    const result = await readWith((query, count) => {
      if (count === 2) {
        rows = change(rows);
      }
      return pageOf(rows, query);
    });
    expect(result.ids).toEqual(new Set(rows.map(({ id }) => id)));
    expect(result.pages.length).toBeGreaterThan(2);
  });

  test("without end fails, and says what it saw", async () => {
    const result = await readWith((query, count) =>
      pageOf(rowsOf(10 + readingOf(count)), query, { total: 7 }),
    );
    expect(result.failure).toBe("incomplete");
    expect(result.message).toBe(
      "GET /cfd_tunnel: the list did not come out the same twice in 5 readings; the last one found 15 where the API counts 7",
    );
    expect(result.sleeps).toEqual([250, 500, 1_000, 2_000]);
  });

  test("without a total either", async () => {
    const result = await readWith((query, count) =>
      pageOf(rowsOf(10 + readingOf(count)), query, { total: null }),
    );
    expect(result.message).toMatch(/the last one found 15$/);
  });

  test("one row that stays vouches for no other", async () => {
    const result = await readWith((query, count) =>
      pageOf([...rowsOf(1), ...rowsOf(1, `x${count}`)], query, { total: 7 }),
    );
    expect(result.failure).toBe("incomplete");
  });

  test("a reading that found less does not agree with one that found more", async () => {
    const result = await readWith((query, count) =>
      pageOf(rowsOf(readingOf(count) === 1 ? 2 : 1), query, { total: 7 }),
    );
    expect(result).toMatchObject({ ids: new Set(["t0"]), pages: [1, 2, 1, 2, 1, 2] });
  });

  test("a reading that moved agrees with none", async () => {
    const result = await readWith((query, count) =>
      pageOf(rowsOf(3), query, { perPage: 2, total: count === 2 ? 8 : 7 }),
    );
    expect(result.pages.filter((page) => page === 1)).toHaveLength(3);
  });

  test("a page size that differs between pages: read again", async () => {
    const rows = rowsOf(1_500);
    const result = await readWith((query, count) => {
      const page = pageOf(rows, query);
      return count === 2 ? { ...page, info: { ...page.info, perPage: 900 } } : page;
    });
    expect(result.pages).toEqual([1, 2, 1, 2]);
  });

  test("a name that changes is a difference as well", async () => {
    const result = await readWith((query, count) =>
      pageOf([{ id: "a", name: `n${count}` }], query, { total: 2 }),
    );
    expect(result.failure).toBe("incomplete");
  });

  test("the same total, but rows twice: read again", async () => {
    const rows = rowsOf(1_500);
    const result = await readWith((query, count) =>
      count === 2 ? pageOf(rows.toReversed(), query) : pageOf(rows, query),
    );
    expect(result.rows).toHaveLength(1_500);
    expect(result.pages).toEqual([1, 2, 1, 2]);
  });

  test("a total that differs between pages: read again", async () => {
    const rows = rowsOf(1_500);
    const result = await readWith((query, count) =>
      pageOf(rows, query, { total: count === 2 ? 1_501 : 1_500 }),
    );
    expect(result.pages).toEqual([1, 2, 3, 1, 2]);
  });
});

describe("a server that knows no pages", () => {
  test.each([1_000, 1_001, 5_000, 1e15, null])(
    "total %s: never believed, and no endless loop",
    async (total) => {
      const rows = rowsOf(1_000);
      const result = await readWith((query) => pageOf(rows, { ...query, page: 1 }, { total }));
      expect(result.failure).toBe("incomplete");
      expect(result.pages.length).toBeLessThanOrEqual(5 * 33);
    },
  );

  test("without per_page: likewise, also when all rows are deleted", async () => {
    for (const deleted of [false, true]) {
      const rows = rowsOf(3).map((row) => (deleted ? { ...row, deleted: true as const } : row));
      const result = await readWith((query) =>
        pageOf(rows, { ...query, page: 1 }, { total: null, perPage: null }),
      );
      expect(result.failure).toBe("incomplete");
      expect(result.pages.length).toBe(10);
    }
  });

  test("is no trouble while a page holds everything", async () => {
    const result = await readWith((query) => pageOf(rowsOf(999), { ...query, page: 1 }));
    expect(result.rows).toHaveLength(999);
  });
});

describe("what fails a reading", () => {
  test("a row that cannot be read", async () => {
    const result = await readWith(() => ({ rows: [{ id: "a" }], info: { perPage: 1_000, total: 1 } }));
    expect(result.failure).toBe("unreadable");
    expect(result.pages).toEqual([1]);
  });

  test("an interruption before it is read again", async () => {
    const stop = new AbortController();
    const result = await readWith(
      (query) => {
        stop.abort();
        return pageOf(rowsOf(3), query, { total: 4 });
      },
      "list",
      stop.signal,
    );
    expect(result).toMatchObject({
      failure: "interrupted",
      message: "GET /cfd_tunnel: interrupted while the list was read",
      pages: [1, 2],
    });
  });
});

describe("find", () => {
  test.each([
    [0, [1]],
    [3, [1, 2]],
    [1_000, [1, 2]],
    [2_500, [1, 2, 3, 4]],
  ])(
    "follows the pages of %i to an empty one, where the total is of the whole list",
    async (count, pages) => {
      const result = await readWith((query) => pageOf(rowsOf(count), query, { total: 9_999 }), "find");
      expect(result.rows).toHaveLength(count);
      expect(result.pages).toEqual(pages);
    },
  );

  test.each([
    [3, [1]],
    [2_500, [1, 2, 3]],
  ])("ends with the page that makes %i, where that is the total", async (count, pages) => {
    const result = await readWith((query) => pageOf(rowsOf(count), query), "find");
    expect(result.rows).toHaveLength(count);
    expect(result.pages).toEqual(pages);
  });

  test("without per_page ends with an empty page", async () => {
    const result = await readWith(
      (query) => pageOf(rowsOf(1), query, { perPage: null, total: null }),
      "find",
    );
    expect(result.pages).toEqual([1, 2]);
  });

  test("reads again where the pages moved, so that the second one held nothing new", async () => {
    let rows = rowsOf(4);
    const result = await readWith((query, count) => {
      if (count === 2) {
        rows = [...rowsOf(2, "new"), ...rows];
      }
      return pageOf(rows, query, { perPage: 2 });
    }, "find");
    expect(result.ids).toEqual(new Set(rows.map(({ id }) => id)));
    expect([result.pages, result.sleeps]).toEqual([[1, 2, 1, 2, 3, 4], [250]]);
  });

  test("never takes pages on which a row stands twice for an answer: another one may be missing", async () => {
    const rows = [...rowsOf(1_000), ...rowsOf(1)];
    const result = await readWith((query) => pageOf(rows, query), "find");
    expect(result.failure).toBe("incomplete");
    expect(result.pages.filter((page) => page === 1)).toHaveLength(5);
  });

  test("never takes pages without end for an answer", async () => {
    const result = await readWith((query) => pageOf(rowsOf(1_000), { ...query, page: 1 }), "find");
    expect(result.failure).toBe("incomplete");
    expect(result.pages).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
    expect(result.message).toContain("the list has no end");
  });
});

describe("a page size that is refused", () => {
  test.each([
    ["1030", refusal(400, 1030, "Could not parse input")],
    ["words", refusal(400, 7, "per_page must be at most 100")],
    ["other words", refusal(400, 7, "invalid perpage")],
    ["yet others", refusal(400, 7, "Page size too large")],
    ["one word", refusal(400, 7, "pagesize")],
    [
      "one of several errors",
      answer(400, {
        success: false,
        errors: [
          { code: 1, message: "no" },
          { code: 1030, message: "no" },
        ],
      }),
    ],
  ])("by %s is asked for smaller, and the smaller one is kept", async (_, refused) => {
    const { client, seen } = rig(({ query }) =>
      Number(query.get("per_page")) > 50
        ? refused
        : success([{ id: "a", name: "b" }], { per_page: 50, total_count: 1 }),
    );
    expect(await client.list("/cfd_tunnel", {}, parse)).toHaveLength(1);
    expect(await client.find("/warp_connector", {}, parse)).toHaveLength(1);
    expect(seen.map(({ query }) => query.get("per_page"))).toEqual(["1000", "100", "50", "50"]);
  });

  test("down to 20, and no further", async () => {
    const { client, seen } = rig(() => refusal(400, 1030, "Could not parse input"));
    expect(await failureOf(client.list("/cfd_tunnel", {}, parse))).toMatchObject({
      status: 400,
      failure: "refused",
    });
    expect(seen.map(({ query }) => query.get("per_page"))).toEqual(["1000", "100", "50", "20"]);
  });

  test.each([
    ["another 400", refusal(400, 1, "no")],
    ["a 403", refusal(403, 1030, "no")],
  ])("is not %s", async (_, refused) => {
    const { client, seen } = rig(() => refused);
    await failureOf(client.list("/cfd_tunnel", {}, parse));
    expect(seen).toHaveLength(1);
  });
});

test("later pages are read side by side, within the client's bound", async () => {
  const rows = rowsOf(40);
  const { client, clock, mostInFlight, seen } = rig(
    async ({ query }) => {
      await clock.sleep(100);
      const page = pageOf(rows, { page: Number(query.get("page")) }, { perPage: 2 });
      return success(page.rows, { per_page: 2, total_count: 40 });
    },
    { concurrency: 4 },
  );
  const start = clock.now();
  expect(await client.list("/cfd_tunnel", {}, parse)).toHaveLength(40);
  expect({ requests: seen.length, most: mostInFlight() }).toEqual({ requests: 21, most: 4 });
  expect(clock.now() - start).toBe((1 + 20 / 4) * 100);
});

test("a result that is no list is asked for again, and never read as empty", async () => {
  const { client, seen } = rig(() => success(null));
  expect(await failureOf(client.list("/cfd_tunnel", {}, parse))).toMatchObject({
    failure: "unreadable",
    status: 200,
  });
  expect(seen).toHaveLength(6);
});

test("two readings that moved in the same way do not vouch for each other", async () => {
  let rows = rowsOf(20);
  const result = await readWith((query, request) => {
    // The order is turned round in the middle of the first two readings: both miss the same half.
    if ([2, 3, 5].includes(request)) {
      rows = rows.toReversed();
    }
    return pageOf(rows, query, { perPage: 10 });
  });
  expect(result.rows).toHaveLength(20);
});

test("whatever moves, the list is whole or an error", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(12), what: fc.constantFrom("add", "drop", "shuffle") }), {
        maxLength: 6,
      }),
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom(3, 5, 10),
      fc.constantFrom("honest", "capped"),
      async (changes, count, perPage, server) => {
        let rows = rowsOf(count);
        /** The ids that lived the whole time. */
        const always = new Set(rows.map(({ id }) => id));
        const result = await readWith((query, request) => {
          for (const { at, what } of changes) {
            if (at !== request) {
              continue;
            }
            if (what === "add") {
              rows = [{ id: `new${request}`, name: "x" }, ...rows];
            } else if (what === "shuffle") {
              rows = rows.toReversed();
            } else {
              const [dropped, ...rest] = rows;
              if (dropped !== undefined) {
                always.delete(dropped.id);
              }
              rows = rest;
            }
          }
          return server === "honest"
            ? pageOf(rows, query, { perPage })
            : cappedPageOf(rows, query, perPage, rows.length);
        });
        if (result.ids === null) {
          return result.failure === "incomplete";
        }
        // One change in, one change out, and both between the same two pages: the one case that no total shows.
        const balanced =
          changes.some(({ what }) => what === "add") && changes.some(({ what }) => what === "drop");
        return balanced || [...always].every((id) => result.ids?.has(id));
      },
    ),
    { numRuns: 500 },
  );
});

describe("a list that comes whole", () => {
  const read = (result: readonly object[], info?: object) => {
    const { client, seen } = rig(() => success(result, info));
    const parseNetwork = (row: unknown) =>
      (row as { deleted?: true }).deleted ? null : (row as { id: string });
    return { rows: client.list("/teamnet/virtual_networks", {}, parseNetwork, "whole"), seen };
  };

  test.each([
    ["nothing is counted", undefined],
    ["the total is right", { total_count: 3 }],
    ["the total leaves something out", { total_count: 1 }],
  ])("takes one request without pages, names or not, where %s", async (_, info) => {
    const { rows, seen } = read([{ id: "a" }, { id: "b", name: "b" }, { id: "c", deleted: true }], info);
    expect(await rows).toEqual([{ id: "a" }, { id: "b", name: "b" }]);
    expect(seen.map(({ path }) => path)).toEqual(["/teamnet/virtual_networks"]);
  });

  test.each([
    ["the API counts more", [{ id: "a" }], { total_count: 2 }, "it has 1 rows where the API counts 2"],
    ["a row stands twice", [{ id: "a" }, { id: "a" }], undefined, "it has 1 rows"],
  ])("is not believed where %s", async (_, result, info, words) => {
    const error = await failureOf(read(result, info).rows);
    expect(error.failure).toBe("incomplete");
    expect(error.message).toContain(words);
  });
});
