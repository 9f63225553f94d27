import { describe, expect, test } from "vitest";
import {
  type AnswerNews,
  createGate,
  type Leave,
  type Ticket,
  type WaitEvent,
} from "../../src/cloudflare/wire/pacing.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { type LimitOptions, RateLimitedServer } from "./rate-limited-server.ts";
import { failureOf, rig, success } from "./support.ts";

const START = new FakeClock().now();

/** Sends requests through a client until all are done, and says how long that took. */
async function run(
  count: number,
  options: Partial<LimitOptions> & {
    readonly concurrency?: number;
    readonly latency?: number;
    readonly others?: number;
  },
) {
  const clock = new FakeClock();
  const server = new RateLimitedServer(clock, options);
  let lastOther = clock.now();
  const world = rig(
    async () => {
      await clock.sleep(options.latency ?? 50);
      // Somebody else, who sends a request so many milliseconds apart.
      if (options.others !== undefined && clock.now() - lastOther >= options.others) {
        lastOther = clock.now();
        server.take();
      }
      const response = server.take();
      await clock.sleep(options.latency ?? 50);
      return response;
    },
    { clock, concurrency: options.concurrency ?? 8 },
  );
  const ends = await Promise.allSettled(
    Array.from({ length: count }, () => world.client.get("/cfd_tunnel/x")),
  );
  return {
    ...world,
    server,
    failed: ends.filter(({ status }) => status === "rejected").length,
    seconds: (clock.now() - START) / 1_000,
  };
}

describe("a run at 1,200 requests in 300 s", { timeout: 60_000 }, () => {
  test.each<[string, number, Partial<LimitOptions> & { readonly concurrency?: number }]>([
    ["a fixed window", 11_000, {}],
    ["a sliding window", 4_000, { counts: "sliding" }],
    ["seconds rounded down", 4_000, { round: Math.floor }],
    ["64 at a time", 4_000, { concurrency: 64 }],
    ["1 at a time", 4_000, { concurrency: 1 }],
  ])("%s, %i requests: not one 429, and within 5 %% of the floor", async (_, count, options) => {
    const { server, failed, seconds, waits } = await run(count, {
      ...options,
      latency: options.concurrency === 1 ? 5 : 50,
    });
    // 1,080 of 1,200 may be used in each window, so the last ones are sent when so many have passed.
    const floor = Math.floor((count - 1) / 1_080) * 300;
    expect({ failed, refused: server.refused, accepted: server.accepted }).toEqual({
      failed: 0,
      refused: 0,
      accepted: count,
    });
    expect(seconds).toBeGreaterThanOrEqual(floor);
    expect(seconds).toBeLessThan(floor * 1.05);
    // One wait for all, and not one for each worker.
    expect(waits.filter(({ type }) => type === "wait_begins").length).toBeLessThan(30);
  });

  test("somebody else uses the margin: still not one 429", async () => {
    const { server, failed } = await run(5_000, { others: 5_000 });
    expect({ failed, refused: server.refused }).toEqual({ failed: 0, refused: 0 });
  });

  test("without headers, the lock-out is met and waited out once for all", async () => {
    const { server, failed, waits } = await run(3_000, { headers: false });
    expect(failed).toBe(0);
    // Those that were in flight when the lock-out began, in each of two windows.
    expect(server.refused).toBeLessThanOrEqual(2 * 8);
    expect(waits.filter(({ type }) => type === "wait_begins")).toHaveLength(2);
  });

  test("without Retry-After either, one request at a time asks whether it is over", async () => {
    const { server, failed } = await run(1_300, { headers: false, retryAfter: false });
    expect(failed).toBe(0);
    // Eight in flight, then 1, 2, 4, 8, 16, 32, 60, 60, 60, 60 s later.
    expect(server.refused).toBeLessThanOrEqual(8 + 10);
  });
});

test("nothing is slowed down while plenty is left", async () => {
  const { seconds, waits } = await run(1_000, {});
  expect(waits).toEqual([]);
  expect(seconds).toBe((1_000 / 8) * 0.1);
});

function gateOf(options: { readonly deadline?: number; readonly halt?: AbortSignal } = {}) {
  const clock = new FakeClock({ jumps: false });
  const waits: WaitEvent[] = [];
  const gate = createGate({
    clock,
    halt: options.halt ?? new AbortController().signal,
    deadline: options.deadline,
    onWait: (event) => waits.push(event),
  });
  return { clock, gate, waits };
}

const plain: AnswerNews = { limited: false, retryAfter: null, rate: { left: [], policies: [] } };

function limited(retryAfter: number | null): AnswerNews {
  return { ...plain, limited: true, retryAfter };
}

function left(requests: number, resetIn: number, quota = 100): AnswerNews {
  return { ...plain, rate: { left: [{ name: "a", requests, resetIn }], policies: [{ name: "a", quota }] } };
}

function ticketOf(entry: Leave): Ticket {
  if (!entry.may) {
    throw new Error("turned away");
  }
  return entry.ticket;
}

async function stateOf(entry: Promise<Leave>): Promise<"waits" | "may" | "may not"> {
  const turn = new Promise<null>((resolve) => {
    setImmediate(() => resolve(null));
  });
  const now = await Promise.race([entry, turn]);
  return now === null ? "waits" : now.may ? "may" : "may not";
}

describe("the gate", () => {
  test("a 429 stops everybody until its Retry-After, then one goes ahead", async () => {
    const { clock, gate, waits } = gateOf();
    const first = ticketOf(await gate.enter());
    first.settle(limited(10_000));
    const entries = [gate.enter(), gate.enter(), gate.enter()] as const;
    clock.advance(9_999);
    expect(await Promise.all(entries.map(stateOf))).toEqual(["waits", "waits", "waits"]);
    clock.advance(1);
    expect(await Promise.all(entries.map(stateOf))).toEqual(["may", "waits", "waits"]);
    ticketOf(await entries[0]).settle(plain);
    expect(await Promise.all(entries.map(stateOf))).toEqual(["may", "may", "may"]);
    expect(waits).toEqual([{ type: "wait_begins", until: START + 10_000 }, { type: "wait_ends" }]);
  });

  test("one that goes ahead and is lost lets the next one go ahead", async () => {
    const { clock, gate } = gateOf();
    ticketOf(await gate.enter()).settle(limited(1_000));
    const entries = [gate.enter(), gate.enter()] as const;
    clock.advance(1_000);
    ticketOf(await entries[0]).settle(null);
    expect(await stateOf(entries[1])).toBe("may");
  });

  test("a longer Retry-After that comes later is heeded", async () => {
    const { clock, gate } = gateOf();
    const [a, b] = [ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    a.settle(limited(1_000));
    b.settle(limited(5_000));
    const entry = gate.enter();
    clock.advance(4_999);
    expect(await stateOf(entry)).toBe("waits");
    clock.advance(1);
    expect(await stateOf(entry)).toBe("may");
  });

  test("without Retry-After the wait doubles with each block, not with each 429, up to a minute", async () => {
    const { clock, gate, waits } = gateOf();
    const burst = [ticketOf(await gate.enter()), ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    for (const ticket of burst) {
      ticket.settle(limited(null));
    }
    for (let count = 0; count < 9; count++) {
      const entry = gate.enter();
      clock.advance(60_000);
      ticketOf(await entry).settle(limited(count === 4 ? 0 : null));
    }
    const begins = waits.flatMap((event) => (event.type === "wait_begins" ? [event.until] : []));
    expect(begins.map((until, index) => until - START - index * 60_000)).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000),
    );
  });

  test("a success ends a series of blocks", async () => {
    const { clock, gate } = gateOf();
    ticketOf(await gate.enter()).settle(limited(null));
    const second = gate.enter();
    clock.advance(1_000);
    ticketOf(await second).settle(plain);
    ticketOf(await gate.enter()).settle(limited(null));
    const third = gate.enter();
    clock.advance(1_000);
    expect(await stateOf(third)).toBe("may");
  });

  test("what is left, less a tenth of the quota and what is in flight, may be sent", async () => {
    const { clock, gate } = gateOf();
    const others = [ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    ticketOf(await gate.enter()).settle(left(15, 30_000));
    // 15 left, 10 are the margin, 2 may not have been counted yet.
    const entries = Array.from({ length: 4 }, () => gate.enter());
    expect(await Promise.all(entries.map(stateOf))).toEqual(["may", "may", "may", "waits"]);
    // An answer to a request that was sent before does not give anything back.
    others[0]?.settle(left(99, 30_000));
    expect(await Promise.all([entries[3] ?? gate.enter(), gate.enter()].map(stateOf))).toEqual([
      "waits",
      "waits",
    ]);
    clock.advance(30_000);
    expect(await stateOf(entries[3] ?? gate.enter())).toBe("may");
  });

  test("an answer to the newest request that was sent by then gives nothing back, a later one does", async () => {
    const { gate } = gateOf();
    const [a, b] = [ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    a.settle(left(13, 30_000));
    b.settle(left(99, 30_000));
    // 13 less the other one in flight.
    const next = ticketOf(await gate.enter());
    const last = ticketOf(await gate.enter());
    expect(await stateOf(gate.enter())).toBe("waits");
    next.settle(left(99, 30_000));
    expect(await stateOf(gate.enter())).toBe("may");
    last.settle(null);
  });

  test("an answer to an older request can take away", async () => {
    const { gate } = gateOf();
    const [a, b] = [ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    b.settle(left(99, 30_000));
    expect(await stateOf(gate.enter())).toBe("may");
    a.settle(left(10, 30_000));
    expect(await stateOf(gate.enter())).toBe("waits");
  });

  test("what is sent at once or not at all may use the margin, and no more", async () => {
    const { gate } = gateOf();
    ticketOf(await gate.enter()).settle(left(2, 30_000));
    expect(await stateOf(gate.enter())).toBe("waits");
    expect(await gate.enter(true)).toMatchObject({ may: true });
    expect(await gate.enter(true)).toMatchObject({ may: true });
    expect(await gate.enter(true)).toEqual({ may: false, until: START + 30_000 });
  });

  test("what is sent at once or not at all waits for none that goes ahead", async () => {
    const { clock, gate } = gateOf();
    ticketOf(await gate.enter()).settle(limited(1_000));
    clock.advance(1_000);
    const ahead = ticketOf(await gate.enter());
    expect(await gate.enter(true)).toEqual({ may: false, until: START + 1_000 });
    ahead.settle(plain);
    expect(await gate.enter(true)).toMatchObject({ may: true });
  });

  test("one goes ahead after a block also where nobody waited for its end", async () => {
    const { clock, gate } = gateOf();
    ticketOf(await gate.enter()).settle(limited(1_000));
    clock.advance(1_000);
    expect(await Promise.all([gate.enter(), gate.enter()].map(stateOf))).toEqual(["may", "waits"]);
  });

  test("a 429 without Retry-After that was under way makes a block no longer", async () => {
    const { clock, gate } = gateOf();
    const [a, b] = [ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    a.settle(limited(null));
    clock.advance(900);
    b.settle(limited(null));
    clock.advance(100);
    expect(await stateOf(gate.enter())).toBe("may");
  });

  test("a wait that turns out to last an hour is left when that is known", async () => {
    const { clock, gate } = gateOf();
    const [a, b] = [ticketOf(await gate.enter()), ticketOf(await gate.enter())];
    a.settle(limited(1_000));
    const entry = gate.enter();
    b.settle(limited(3_600_000));
    clock.advance(1_000);
    expect(await stateOf(entry)).toBe("may not");
  });

  test("policies of other names count for nothing where there are several", async () => {
    const { gate } = gateOf();
    const rate = {
      left: [{ name: "c", requests: 50, resetIn: 1_000 }],
      policies: [
        { name: "a", quota: 1_000 },
        { name: "b", quota: 10 },
      ],
    };
    ticketOf(await gate.enter()).settle({ ...plain, rate });
    expect(await stateOf(gate.enter())).toBe("may");
  });

  test("the tightest of several limits counts", async () => {
    const { clock, gate } = gateOf();
    const rate = {
      left: [
        { name: "a", requests: 500, resetIn: 300_000 },
        { name: "b", requests: 1, resetIn: 2_000 },
      ],
      policies: [
        { name: "a", quota: 1_000 },
        { name: "b", quota: 10 },
      ],
    };
    ticketOf(await gate.enter()).settle({ ...plain, rate });
    const entry = gate.enter();
    clock.advance(1_999);
    expect(await stateOf(entry)).toBe("waits");
    clock.advance(1);
    expect(await stateOf(entry)).toBe("may");
  });

  test("a policy of another name counts when it is the only one", async () => {
    const { gate } = gateOf();
    const rate = {
      left: [{ name: "default", requests: 10, resetIn: 1_000 }],
      policies: [{ name: "burst", quota: 100 }],
    };
    ticketOf(await gate.enter()).settle({ ...plain, rate });
    expect(await stateOf(gate.enter())).toBe("waits");
  });

  test("without a policy the most that was ever left counts as the quota", async () => {
    const { gate } = gateOf();
    for (const requests of [100, 11, 10]) {
      const rate = { left: [{ name: "a", requests, resetIn: 1_000 }], policies: [] };
      const entry = gate.enter();
      expect(await stateOf(entry)).toBe("may");
      ticketOf(await entry).settle({ ...plain, rate });
    }
    expect(await stateOf(gate.enter())).toBe("waits");
  });

  test("no time left is looked at again after a second", async () => {
    const { clock, gate } = gateOf();
    ticketOf(await gate.enter()).settle(left(0, 0));
    const entry = gate.enter();
    clock.advance(999);
    expect(await stateOf(entry)).toBe("waits");
    clock.advance(1);
    expect(await stateOf(entry)).toBe("may");
  });

  test("a wait past the deadline is not begun; one that ends with it is", async () => {
    const { gate, waits } = gateOf({ deadline: START + 10_000 });
    ticketOf(await gate.enter()).settle(limited(10_001));
    expect(await gate.enter()).toEqual({ may: false, until: START + 10_001 });
    expect(waits).toEqual([{ type: "wait_refused", until: START + 10_001 }]);
    expect(await gate.enter(true)).toEqual({ may: false, until: START + 10_001 });
    expect(waits).toHaveLength(1);
    const other = gateOf({ deadline: START + 10_000 });
    ticketOf(await other.gate.enter()).settle(limited(10_000));
    expect(await stateOf(other.gate.enter())).toBe("waits");
  });

  test("without a deadline the API's five minutes are waited for, and no hour", async () => {
    const { gate } = gateOf();
    ticketOf(await gate.enter()).settle(limited(301_000));
    expect(await stateOf(gate.enter())).toBe("waits");
    const other = gateOf();
    ticketOf(await other.gate.enter()).settle(limited(3_600_000));
    expect(await stateOf(other.gate.enter())).toBe("may not");
  });

  test("an interruption ends the wait; what must still be sent may use the margin, but not a block", async () => {
    const stop = new AbortController();
    const { gate, waits } = gateOf({ halt: stop.signal });
    ticketOf(await gate.enter()).settle(left(10, 30_000));
    const entry = gate.enter();
    expect(await stateOf(entry)).toBe("waits");
    stop.abort();
    expect(await stateOf(entry)).toBe("may");
    expect(waits.map(({ type }) => type)).toEqual(["wait_begins", "wait_ends"]);
    ticketOf(await entry).settle(limited(5_000));
    expect(await gate.enter()).toEqual({ may: false, until: null });
  });
});

test("a wait that would pass the deadline fails at once", async () => {
  const { client, seen } = rig(() => success({}, undefined, { ratelimit: '"a";r=0;t=60' }), {
    deadline: START + 59_000,
  });
  await client.get("/cfd_tunnel/x");
  const error = await failureOf(client.get("/cfd_tunnel/x"));
  expect(error).toMatchObject({ failure: "rate_limited", status: null, ambiguous: false });
  expect(error.message).toContain("rate limited, and past the deadline");
  expect(seen).toHaveLength(1);
});
