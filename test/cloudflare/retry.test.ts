import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Failed } from "../../src/cloudflare/envelope.ts";
import {
  fullJitter,
  MAX_ATTEMPTS,
  mayRepeat,
  PATIENCE,
  type Situation,
  waitBeforeRetry,
} from "../../src/cloudflare/wire/retry.ts";
import { failureOf, networkError, refusal, rig, script, success } from "./support.ts";

const SERVER: Failed = {
  failure: "server",
  status: 503,
  errors: [],
  what: "",
  mayHaveActed: true,
  transient: true,
};
const LIMITED: Failed = { ...SERVER, failure: "rate_limited", status: 429, mayHaveActed: false };
const READ: Situation = {
  method: "GET",
  failed: SERVER,
  attempts: 1,
  limitedFor: 0,
  retryAfter: null,
  longest: PATIENCE,
  patience: PATIENCE,
  isSilent: false,
};
const half = () => 0.5;

describe("mayRepeat", () => {
  test.each<[string, Partial<Failed>, boolean]>([
    ["GET", {}, true],
    ["GET", { transient: false }, false],
    ["POST", {}, false],
    ["PATCH", {}, false],
    ["DELETE", {}, false],
    ["POST", { mayHaveActed: false }, true],
    ["PATCH", { mayHaveActed: false }, true],
    ["DELETE", { mayHaveActed: false }, true],
    ["POST", { mayHaveActed: false, transient: false }, false],
  ])("%s %j: %s", (method, failed, expected) => {
    expect(mayRepeat(method, { ...SERVER, ...failed })).toBe(expected);
  });
});

describe("waitBeforeRetry", () => {
  test.each<[string, Partial<Situation>, number | null]>([
    ["half of the first bound", {}, 250],
    ["half of the third bound", { attempts: 3 }, 1_000],
    ["the last attempt", { attempts: MAX_ATTEMPTS - 1 }, 4_000],
    ["no more", { attempts: MAX_ATTEMPTS }, null],
    ["a write that may have been done", { method: "POST" }, null],
    ["what the API asks for", { retryAfter: 20_000 }, 20_000],
    ["more than the API asks for", { retryAfter: 1 }, 250],
    ["the longest wait", { retryAfter: PATIENCE }, PATIENCE],
    ["longer than that: never shortened", { retryAfter: PATIENCE + 1 }, null],
    ["an answer, after a long silence of others", { isSilent: true }, 250],
    ["no answer, after a long silence", { isSilent: true, failed: { ...SERVER, status: null } }, null],
    ["past the deadline", { longest: 249 }, null],
    ["after the deadline", { longest: -1 }, null],
    ["a rate limit, which the gate waits for", { failed: LIMITED, attempts: 99, retryAfter: 300_000 }, 0],
    ["a rate limit of a write", { failed: LIMITED, method: "POST" }, 0],
    ["a rate limit as long as we are patient", { failed: LIMITED, limitedFor: PATIENCE }, 0],
    ["a rate limit for too long", { failed: LIMITED, limitedFor: PATIENCE + 1 }, null],
  ])("%s", (_, situation, wait) => {
    expect(waitBeforeRetry({ ...READ, ...situation }, half)).toBe(wait);
  });

  test("is never shorter than what the API asks for", () => {
    fc.assert(
      fc.property(
        fc.nat(600_000),
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retryAfter, attempts, roll) => {
          const wait = waitBeforeRetry({ ...READ, retryAfter, attempts }, () => roll);
          return wait === null || wait >= retryAfter;
        },
      ),
    );
  });
});

test("the jitter is full, its bound doubles, and it has a cap", () => {
  expect([1, 2, 3, 6, 7, 8, 50].map((attempts) => fullJitter(attempts, () => 1))).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect(fullJitter(3, () => 0)).toBe(0);
});

test("a client tells each wait before another try as it begins and as it ends", async () => {
  const told: unknown[] = [];
  const answers = script(networkError("ECONNRESET"), refusal(503, 0, ""), success([]));
  const { client, clock } = rig(answers, { onRetry: (retry, phase) => told.push({ ...retry, phase }) });
  const start = clock.now();
  await client.get("/cfd_tunnel");
  const first = { method: "GET", attempt: 2, until: start + 250, failure: "network" };
  const second = { method: "GET", attempt: 3, until: start + 750, failure: "server" };
  expect(told).toEqual([
    { ...first, phase: "begins" },
    { ...first, phase: "ends" },
    { ...second, phase: "begins" },
    { ...second, phase: "ends" },
  ]);
});

test("where nothing has been answered for a minute, no try is repeated until something is", async () => {
  let up = false;
  const { client, clock, seen } = rig(
    ({ signal }) =>
      up
        ? success([])
        : new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Error("cut")))),
    { timeoutMs: 25_000 },
  );
  const start = clock.now();
  const first = await Promise.all([1, 2, 3, 4].map((n) => failureOf(client.get(`/${n}`))));
  expect(first.map(({ failure }) => failure)).toEqual(Array(4).fill("timeout"));
  // Three of each: after the second all have been silent for less than a minute.
  expect([seen.length, clock.now() - start]).toEqual([12, 75_750]);
  await failureOf(client.get("/5"));
  expect(seen).toHaveLength(13);
  up = true;
  await client.get("/6");
  up = false;
  await failureOf(client.get("/7"));
  expect(seen).toHaveLength(14 + 3);
});
