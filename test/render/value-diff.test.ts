import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/engine/model/resource.ts";
import { valueDiff } from "../../src/render/value-diff.ts";

const shown = (before: JsonValue | undefined, after: JsonValue | undefined) =>
  valueDiff(before, after).map(({ sign, text }) => sign + text);

describe("valueDiff", () => {
  test("keeps three lines around a change, and marks what is left out between two", () => {
    const before = Array.from({ length: 30 }, (_, number) => `line ${number}`);
    const after = before.map((line, number) => (number === 5 || number === 25 ? "new" : line));
    expect(shown(before.join("\n"), after.join("\n"))).toEqual([
      " line 2",
      " line 3",
      " line 4",
      "-line 5",
      "+new",
      " line 6",
      " line 7",
      " line 8",
      " …",
      " line 22",
      " line 23",
      " line 24",
      "-line 25",
      "+new",
      " line 26",
      " line 27",
      " line 28",
    ]);
  });

  test.each([
    [
      "a new value",
      undefined,
      { b: 1, a: [true] },
      ["+{", '+  "a": [', "+    true", "+  ],", '+  "b": 1', "+}"],
    ],
    ["a value that goes", "one\ntwo", undefined, ["-one", "-two"]],
    ["the order of keys is no difference", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["only the final line feed", "a", "a\n", [" a", "+"]],
    ["spaces at the end", "a", "a  ", ["-a", String.raw`+a\x20\x20`]],
    ["from one line to an object", "text", {}, ["-text", "+{}"]],
    ["controls", "a\n\u001b[2J", "a\n::error::", [" a", String.raw`-\x1b[2J`, String.raw`+\x3a:error::`]],
  ])("%s", (_, before, after, lines) => {
    expect(shown(before, after)).toEqual(lines);
  });

  test("long values with nothing in common are shown whole, cut, and counted, without a search", () => {
    const lines = shown(many("old"), many("new"));
    expect(lines).toHaveLength(201);
    expect(lines[0]).toBe("-old 0");
    expect(lines.at(-1)).toBe(" … 39800 more lines");
  });
});

function many(word: string): string {
  return Array.from({ length: 20_000 }, (_, number) => `${word} ${number}`).join("\n");
}
