import { describe, expect, test } from "vitest";
import { excerptOf } from "../../src/config/secret/excerpt.ts";
import { sourceOf } from "../../src/config/yaml/source.ts";
import { overlapping, united } from "../../src/config/yaml/span.ts";

/** The excerpt of the stretch between `[` and `]`, with what lies between `<` and `>` hidden. */
function excerpt(marked: string) {
  const plain = marked.replace(/[[\]<>]/g, "");
  const at = (mark: string) => marked.slice(0, marked.indexOf(mark)).replace(/[[\]<>]/g, "").length;
  const secrets = marked.includes("<") ? [{ start: at("<"), end: at(">") }] : [];
  const { text, caret, length, ...cuts } = excerptOf(
    sourceOf("f", plain),
    { start: at("["), end: at("]") },
    secrets,
  );
  const shown = `${text.slice(0, caret)}[${text.slice(caret, caret + length)}]${text.slice(caret + length)}`;
  return { shown, ...cuts };
}

const long = "0123456789".repeat(20);

describe("excerptOf", () => {
  test.each([
    ["first: 1\nse[con]d: 2\nthird", "se[con]d: 2"],
    ["a: [b]", "a: [b]"],
    ["[a]: b\r\nc", "[a]: b"],
    ["a: [b\nc: d\ne]: f", "a: [b]"],
    ["a: b[\n]c", "a: b[]"],
    ["a: [<b>]", "a: [(secret)]"],
    ["a: [<b>] c", "a: [(secret)] c"],
    ["[a]: <bcd> e", "[a]: (secret) e"],
    ["a: <bcd> [e]", "a: (secret) [e]"],
    ["a: <b[c]d> e", "a: [(secret)] e"],
    ["a: <b\nc> [d]", "(secret) [d]"],
    ["a: <b\nc[d]e\nf>", "[(secret)]"],
    ["[a]: <b\nc>", "[a]: (secret)"],
    ["<a\n>[b]", "[b]"],
  ])("%j", (marked, shown) => {
    const found = excerpt(marked);
    // Nothing to underline is underlined by one caret, behind the line's end.
    expect(found.shown).toBe(shown);
    expect([found.cut_before, found.cut_after]).toEqual([false, false]);
  });

  test("of a long line is the piece around the place", () => {
    expect(excerpt(`${long}[x]${long}`)).toEqual({
      shown: `${long.slice(-40)}[x]${long.slice(0, 59)}`,
      cut_before: true,
      cut_after: true,
    });
    expect(excerpt(`${long.slice(0, 40)}[x]${long.slice(0, 59)}`)).toMatchObject({
      cut_before: false,
      cut_after: false,
    });
  });

  test("never cuts a character in two", () => {
    const { shown } = excerpt(`${"🚇".repeat(60)}a[x]b${"🚇".repeat(60)}`);
    expect(/\p{Surrogate}/u.test(shown)).toBe(false);
  });

  test("of a secret that begins before the piece and ends behind it shows nothing of it", () => {
    expect(excerpt(`a: <${long}[x]${long}>`).shown).toBe("[(secret)]");
  });
});

describe("stretches", () => {
  test("that touch are united", () => {
    const spans = [
      { start: 5, end: 6 },
      { start: 1, end: 3 },
      { start: 2, end: 4 },
      { start: 4, end: 5 },
      { start: 8, end: 9 },
      { start: 8, end: 8 },
    ];
    expect(united(spans)).toEqual([
      { start: 1, end: 6 },
      { start: 8, end: 9 },
    ]);
  });

  test.each([
    [0, 1, []],
    [0, 2, [1]],
    [3, 4, [1]],
    [4, 6, []],
    [3, 7, [1, 2]],
    [0, 99, [1, 2, 3]],
    [9, 10, [3]],
    [10, 11, []],
  ])("from %i to %i share a part with %j", (start, end, expected) => {
    const spans = [
      { start: 1, end: 4 },
      { start: 6, end: 7 },
      { start: 8, end: 10 },
    ];
    expect(overlapping(spans, { start, end })).toEqual(expected.map((at) => spans[at - 1]));
  });
});
