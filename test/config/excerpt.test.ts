import { describe, expect, test } from "vitest";
import { excerptOf } from "../../src/config/excerpt.ts";
import { sourceOf } from "../../src/config/source.ts";
import { overlapping, united } from "../../src/config/span.ts";

/** `[` and `]` enclose the place. */
function excerpt(marked: string, secrets: readonly (readonly [number, number])[] = []) {
  const start = marked.indexOf("[");
  const end = marked.indexOf("]") - 1;
  const text = marked.replace("[", "").replace("]", "");
  return excerptOf(
    sourceOf("f", text),
    { start, end },
    secrets.map(([start, end]) => ({ start, end })),
  );
}

const whole = { cut_before: false, cut_after: false };

describe("excerptOf", () => {
  test("takes the line of the place", () => {
    expect(excerpt("a: 1\nb: [22]\nc: 3")).toEqual({ text: "b: 22", caret: 3, length: 2, ...whole });
    expect(excerpt("a: [1]\r\nb: 2\r\n")).toEqual({ text: "a: 1", caret: 3, length: 1, ...whole });
    expect(excerpt("a: 1\n[]")).toEqual({ text: "", caret: 0, length: 1, ...whole });
  });

  test("underlines no further than the line", () => {
    expect(excerpt("a: [|\n  text\n]b: 1")).toEqual({ text: "a: |", caret: 3, length: 1, ...whole });
  });

  test("cuts a long line around the place", () => {
    const { text, caret, length, ...cut } = excerpt(`${"<".repeat(500)}[x]${">".repeat(500)}`);
    expect(text).toBe(`${"<".repeat(40)}x${">".repeat(59)}`);
    expect([caret, length, cut]).toEqual([40, 1, { cut_before: true, cut_after: true }]);
  });

  test("does not cut a character in two", () => {
    const { text } = excerpt(`${"🚇".repeat(50)}x[y]${"z".repeat(58)}🚇🚇`);
    expect(text).toBe(`${"🚇".repeat(20)}xy${"z".repeat(58)}`);
  });

  test.each<readonly [string, string, readonly (readonly [number, number])[], string, number, number]>([
    ["before the place", "s: 123, [x]: 1", [[3, 6]], "s: (secret), x: 1", 13, 1],
    ["behind the place", "[s]: 123", [[3, 6]], "s: (secret)", 0, 1],
    ["at the place", "s: [123]", [[3, 6]], "s: (secret)", 3, 8],
    ["around the place", "s: 1[2]3", [[3, 6]], "s: (secret)", 3, 8],
    ["inside the place", "[s: 123 ]", [[3, 6]], "s: (secret) ", 0, 12],
    ["from the line before", "s: 1\n2[3] x", [[3, 7]], "(secret) x", 0, 8],
    ["to the line behind", "s: [1]\n23", [[3, 7]], "s: (secret)", 3, 8],
    [
      "twice",
      "a: 12 b: 34 [c]",
      [
        [3, 5],
        [9, 11],
      ],
      "a: (secret) b: (secret) c",
      24,
      1,
    ],
  ])("hides a secret %s", (_, marked, secrets, text, caret, length) => {
    expect(excerpt(marked, secrets)).toEqual({ text, caret, length, ...whole });
  });

  test("a secret that is cut by the end of the excerpt stays hidden", () => {
    const { text } = excerpt(`${"s".repeat(100)}[x]`, [[0, 100]]);
    expect(text).toBe("(secret)x");
  });
});

const spans = (...list: readonly (readonly [number, number])[]) =>
  list.map(([start, end]) => ({ start, end }));

describe("spans", () => {
  test("unite where they touch", () => {
    expect(united(spans([5, 7], [0, 2], [2, 3], [6, 6], [9, 9]))).toEqual(spans([0, 3], [5, 7], [9, 9]));
    expect(united([])).toEqual([]);
  });

  test.each([
    [0, 2, spans()],
    [0, 3, spans([2, 4])],
    [3, 4, spans([2, 4])],
    [4, 6, spans()],
    [4, 7, spans([6, 8])],
    [0, 99, spans([2, 4], [6, 8])],
  ])("overlap from %i to %i", (start, end, expected) => {
    expect(overlapping(spans([2, 4], [6, 8]), { start, end })).toEqual(expected);
  });
});
