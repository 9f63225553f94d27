import { expect, test } from "vitest";
import { matcherOf } from "../../src/engine/decide/glob.ts";

test.each([
  ["prod-core", "prod-core", true],
  ["prod-core", "prod-core2", false],
  ["prod-core", "a-prod-core", false],
  ["prod-*", "prod-", true],
  ["prod-*", "prod-web", true],
  ["prod-*", "my-prod-web", false],
  ["*-db", "prod-db", true],
  ["*-db", "prod-db-1", false],
  ["*", "", true],
  ["*", "anything at all\n", true],
  ["**", "x", true],
  ["a*b*c", "abc", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "aba", false],
  ["ab*ba", "abba", true],
  ["a*bc*c", "abc", false],
  ["a*bc*c", "abcc", true],
  ["a.c", "abc", false],
  ["[a]?", "a", false],
  ["(x+)+", "xxx", false],
  ["", "", true],
  ["", "a", false],
  ["Prod", "prod", false],
] as const)("%j against %j: %j", (pattern, name, matches) => {
  expect(matcherOf([pattern])(name)).toBe(matches ? pattern : null);
});

test("the name itself is told where it is listed, else the first of several globs", () => {
  expect(matcherOf(["*", "p-a"])("p-a")).toBe("p-a");
  expect(matcherOf(["x", "p-*", "*"])("p-a")).toBe("p-*");
  expect(matcherOf([])("p-a")).toBeNull();
});

test("a pattern of many stars takes no time to fail", () => {
  const begin = performance.now();
  expect(matcherOf([`${"*a".repeat(100)}*b`])("a".repeat(255))).toBeNull();
  expect(performance.now() - begin).toBeLessThan(200);
});
