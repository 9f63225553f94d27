import { expect, test } from "vitest";
import { endingOf } from "../../src/action/ending.ts";

test.each([
  [0, null, 0],
  [3, null, 3],
  [null, "SIGINT", 130],
  [null, "SIGTERM", 130],
])("exit code %j, signal %j: %d, and nothing more to say", (code, signal, expected) => {
  expect(endingOf(code, signal)).toEqual({ code: expected, said: null });
});

test.each([
  ["SIGKILL", "warren was killed by SIGKILL, as a runner does that is out of memory."],
  ["SIGABRT", "warren was killed by SIGABRT."],
  [null, "warren was killed."],
])("killed by %j is a failure that is said", (signal, words) => {
  const { code, said } = endingOf(null, signal);
  expect(code).toBe(1);
  expect(said).toContain(words);
});
