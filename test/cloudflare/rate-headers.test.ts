import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRateNews, readRetryAfter } from "../../src/cloudflare/wire/rate-headers.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

function headers(values: { readonly [name: string]: string }) {
  return (name: string) => values[name] ?? null;
}

describe("Ratelimit", () => {
  test.each([
    ['"default";r=50;t=30', [{ name: "default", requests: 50, resetIn: 30_000 }]],
    ["default; r=50 ;t=30", [{ name: "default", requests: 50, resetIn: 30_000 }]],
    [
      '"default";r=50;t=30, "per, ip";t=1;r=0;pk=:YQ==:',
      [
        { name: "default", requests: 50, resetIn: 30_000 },
        { name: "per, ip", requests: 0, resetIn: 1_000 },
      ],
    ],
    ['garbage, "ok";r=1;t=2', [{ name: "ok", requests: 1, resetIn: 2_000 }]],
    ['"default" x;r=50;t=30', []],
    ['x "default";r=50;t=30', []],
    ['"default"; xr=1 ;r=50;t=30', [{ name: "default", requests: 50, resetIn: 30_000 }]],
    ['"default";-r=1;t=30', []],
    ['"default";r=50', []],
    ['"default";t=30', []],
    ['"default";r=-1;t=30', []],
    ['"default";r=1e3;t=30', []],
    ['"default";r=99999999999999999999;t=30', []],
    ['"default;r=50;t=30', []],
    [";r=50;t=30", []],
    ["", []],
    [`"${"x".repeat(3_000)}";r=1;t=1`, []],
  ])("%s", (text, left) => {
    expect(readRateNews(headers({ ratelimit: text })).left).toEqual(left);
  });

  test("its policies", () => {
    const text = '"burst";q=100;w=60, "default";q=1200;w=300, "odd";w=1';
    expect(readRateNews(headers({ "ratelimit-policy": text })).policies).toEqual([
      { name: "burst", quota: 100 },
      { name: "default", quota: 1_200 },
    ]);
  });

  test("any text is read without an error", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ";", ",", "=", "r", "t", "1", " ", "\\", "é") }),
        (text) => {
          const { left } = readRateNews(headers({ ratelimit: text, "ratelimit-policy": text }));
          return left.every(({ requests, resetIn }) => requests >= 0 && resetIn >= 0);
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  test.each([
    ["1", 1_000],
    [" 300 ", 300_000],
    ["0", 0],
    ["1.5", 1_500],
    ["1.25", 1_250],
    [" Thu, 01 Jan 2026 12:01:00 GMT ", 60_000],
    ["x Thu, 01 Jan 2026 12:01:00 GMT", null],
    ["Thu, 01 Jan 2026 12:01:00 GMT+1", null],
    ["Thu, 01 Jan 2026 12:01:00 GMT", 60_000],
    ["Thursday, 01-Jan-26 12:01:00 GMT", 60_000],
    ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
    ["9".repeat(400), 1e12],
    ["-1", null],
    ["soon", null],
    ["2026-01-01T12:01:00Z", null],
    ["Xyz, 99 Foo 2026 12:01:00 GMT", null],
    ["1 minute", null],
    ["", null],
  ])("%s", (text, wait) => {
    expect(readRetryAfter(headers({ "retry-after": text }), NOW)).toBe(wait);
  });

  test.each([
    ["an hour slow", "Thu, 01 Jan 2026 13:00:00 GMT", "Thu, 01 Jan 2026 13:00:05 GMT", 5_000],
    ["an hour fast", "Thu, 01 Jan 2026 11:00:00 GMT", "Thu, 01 Jan 2026 11:00:05 GMT", 5_000],
    ["right, and the answer's is no date", "soon", "Thu, 01 Jan 2026 12:00:05 GMT", 5_000],
  ])("a date counts from the answer's own: our clock is %s", (_, date, until, wait) => {
    expect(readRetryAfter(headers({ date, "retry-after": until }), NOW)).toBe(wait);
  });

  test("also in milliseconds; the longer of two counts", () => {
    expect(readRetryAfter(headers({ "retry-after-ms": "250" }), NOW)).toBe(250);
    expect(readRetryAfter(headers({ "retry-after-ms": "250", "retry-after": "1" }), NOW)).toBe(1_000);
    expect(readRetryAfter(headers({ "retry-after-ms": "2500", "retry-after": "x" }), NOW)).toBe(2_500);
    expect(readRetryAfter(headers({}), NOW)).toBe(null);
  });
});
