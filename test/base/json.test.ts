import { expect, test } from "vitest";
import { isObject, isUuid } from "../../src/base/json.ts";

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ["{}", false],
])("%j is an object: %s", (value, expected) => {
  expect(isObject(value)).toBe(expected);
});

test.each([
  ["0192f0c1-7e57-7abc-8def-0123456789ab", true],
  ["0192F0C1-7E57-7ABC-8DEF-0123456789AB", true],
  ["0192f0c17e577abc8def0123456789ab", false],
  ["0192f0c1-7e57-7abc-8def-0123456789ab\n", false],
  ["g192f0c1-7e57-7abc-8def-0123456789ab", false],
  [null, false],
])("%j is a UUID: %s", (value, expected) => {
  expect(isUuid(value)).toBe(expected);
});
