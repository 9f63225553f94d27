import { describe, expect, test } from "vitest";
import { editDistance, nearest } from "../../src/base/spelling.ts";

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["abc", "abc", 0],
    ["abc", "abd", 1],
    ["abc", "ac", 1],
    ["ac", "abc", 1],
    ["env", "evn", 1],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
  ])("%j and %j: %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe("nearest", () => {
  const keys = ["id", "renamed_from", "state", "replace", "config_src"];
  test.each([
    ["confg_src", "config_src"],
    ["configSrc", "config_src"],
    ["CONFIG-SRC", "config_src"],
    ["rename_from", "renamed_from"],
    ["stat", "state"],
    ["name", null],
    ["x", null],
    ["", null],
    ["x".repeat(10_000), null],
  ])("%j: %j", (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  test("the first of several", () => {
    expect(nearest("aaab", ["aaac", "aaad"])).toBe("aaac");
  });
});
