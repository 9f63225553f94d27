import { describe, expect, test } from "vitest";
import { parseDuration } from "../../src/ingress/duration.ts";
import { inSeconds } from "../../src/ingress/normalise.ts";

describe("parseDuration reads what Go reads", () => {
  test.each([
    ["30s", 30_000_000_000n],
    ["1m30s", 90_000_000_000n],
    ["1.5h", 5_400_000_000_000n],
    [".5m", 30_000_000_000n],
    ["1.s", 1_000_000_000n],
    ["-2ms", -2_000_000n],
    ["+1us2µs3μs4ns", 6_004n],
    ["0", 0n],
    ["-0", 0n],
    ["0.1ns", 0n],
    ["-9223372036854775808ns", -(2n ** 63n)],
    ["9223372036854775808ns", null],
    ["30", null],
    ["", null],
    ["-", null],
    ["s", null],
    [".s", null],
    ["1d", null],
    ["1 s", null],
    ["1S", null],
    [`${"1".repeat(100)}s`, null],
  ])("%s", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });
});

test("inSeconds touches nothing but whole seconds, and only where a duration belongs", () => {
  const odd = {
    connectTimeout: "500ms",
    tlsTimeout: "soon",
    httpHostHeader: "30s",
    unknown: "30s",
    access: null,
  };
  expect(
    inSeconds({
      ingress: [{ service: "30s", originRequest: { connectTimeout: "1m30s", keepAliveTimeout: 5 } }, 7, null],
      originRequest: odd,
      "warp-routing": { tcpKeepAlive: "1h", connectTimeout: "-5s", maxActiveFlows: "30s" },
      other: "30s",
    }),
  ).toEqual({
    ingress: [{ service: "30s", originRequest: { connectTimeout: 90, keepAliveTimeout: 5 } }, 7, null],
    originRequest: odd,
    "warp-routing": { tcpKeepAlive: 3_600, connectTimeout: -5, maxActiveFlows: "30s" },
    other: "30s",
  });
});

test.each([null, 7, "30s", [], { ingress: {}, originRequest: [] }])("inSeconds gives back %j", (document) => {
  expect(inSeconds(document)).toEqual(document);
});
