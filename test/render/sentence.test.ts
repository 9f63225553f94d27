import { describe, expect, test } from "vitest";
import { code, list, name, say, toText, value, words } from "../../src/render/words/sentence.ts";

describe("toText", () => {
  test.each([
    [say`plain`, "plain"],
    [say`a ${name("two words")} b`, 'a "two words" b'],
    [
      say`${value(true)}, ${value("true")}, ${value({ b: 1, a: "\u001b" })}`,
      String.raw`true, "true", {"a":"\u001b","b":1}`,
    ],
    [say`${words("API's words\n")}`, String.raw`API's words\x0a`],
    [say`write ${code("id: \u202e")}`, "write `id: \\u{202e}`"],
    [say`outer (${say`inner ${name("x")}`})`, "outer (inner x)"],
  ])("%j", (sentence, text) => {
    expect(toText(sentence)).toBe(text);
  });
});

describe("list", () => {
  test.each([
    [[], 10, ""],
    [["a"], 10, "a"],
    [["a", "b"], 10, "a and b"],
    [["a", "b", "c d"], 10, 'a, b and "c d"'],
    [["a", "b", "c", "d"], 2, "a, b and 2 more"],
  ])("%j, %i at most", (names, most, text) => {
    expect(toText(list(names, most))).toBe(text);
  });
});

test("a value that is very long is cut, and its length said", () => {
  const text = toText(say`${value("x".repeat(1000))}`);
  expect(text).toBe(`${"x".repeat(300)}… (1000 characters)`);
});
