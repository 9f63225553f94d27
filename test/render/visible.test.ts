import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUnsafe, quoted, showName, visible, visibleJson } from "../../src/render/visible.ts";
import { HIDDEN } from "./hostile.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("\\", "x", "1", "b", "u", "{", "}", "#", "[", ":", " ", "\u001b", '"'),
    maxLength: 12,
  }),
  fc.string({ unit: "binary" }).map((text) => `${text}\ud800`),
);

describe("visible", () => {
  test.each([
    ["plain-name_1.x", "plain-name_1.x"],
    ["\u001b[31mred\u001b[0m", String.raw`\x1b[31mred\x1b[0m`],
    ["a\r\nb\tc\u0000\u007f", String.raw`a\x0d\x0ab\x09c\x00\x7f`],
    ["\u009b31m", String.raw`\x9b31m`],
    ["ev\u202eil\u2066\u200f", String.raw`ev\u{202e}il\u{2066}\u{200f}`],
    ["\u200b\u200d\ufeff\u00ad\u2060", String.raw`\u{200b}\u{200d}\u{feff}\xad\u{2060}`],
    ["a\u2028b\u2029", String.raw`a\u{2028}b\u{2029}`],
    ["no\u00a0break\u3000wide\u2003em", String.raw`no\xa0break\u{3000}wide\u{2003}em`],
    ["\ud800 alone \udc00", String.raw`\u{d800} alone \u{dc00}`],
    [
      "tag\u{e0041}s, fe0f\ufe0f, filler\u3164, braille\u2800",
      String.raw`tag\u{e0041}s, fe0f\u{fe0f}, filler\u{3164}, braille\u{2800}`,
    ],
    ["ünïcödé 日本 🚇", "ünïcödé 日本 🚇"],
    // Backslashes: doubled only where they could be taken for ours.
    [String.raw`C:\folder\file`, String.raw`C:\folder\file`],
    [String.raw`\x1b`, String.raw`\\x1b`],
    [String.raw`\\u{202e}`, String.raw`\\\\u{202e}`],
    ["\\\u001b", String.raw`\\\x1b`],
    // CI commands.
    ["::error::x", String.raw`\x3a:error::x`],
    ["  ::set-env", String.raw`  \x3a:set-env`],
    [":", String.raw`\x3a`],
    ["a::b", "a::b"],
    ["x ##[error]y", String.raw`x \x23#[error]y`],
    ["##vso[task.setvariable]", String.raw`\x23#vso[task.setvariable]`],
    ["##TeamCity[message]", String.raw`\x23#TeamCity[message]`],
    ["###[", String.raw`#\x23#[`],
    ["c##", String.raw`c\x23#`],
    ["#12, ## heading", "#12, ## heading"],
  ])("%j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("different texts stay different, and can be told back", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decode(visible(text))).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });

  test("so they do in quotes", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decodeQuoted(quoted(text))).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });

  test("nothing hidden is left, in any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const shown of [visible(text), quoted(text), showName(text)]) {
          expect(shown).not.toMatch(HIDDEN);
          expect(shown).not.toMatch(/^ *::|##[a-z]*\[/i);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("isUnsafe says whether anything has to be escaped", () => {
    expect(isUnsafe("fine: a\\b #1")).toBe(false);
    expect(isUnsafe("not\u200bfine")).toBe(true);
  });
});

describe("showName", () => {
  test.each([
    ["prod-web", "prod-web"],
    ["a_b.c/d+e@f", "a_b.c/d+e@f"],
    ["2026-11-20T06:30:00.5Z", "2026-11-20T06:30:00.5Z"],
    ["", '""'],
    ["two words", '"two words"'],
    ["-n", '"-n"'],
    ["(secret)", '"(secret)"'],
    ['a"b', String.raw`"a\"b"`],
    ["a\\b", String.raw`"a\\b"`],
    ["naïve", '"naïve"'],
  ])("%j", (text, shown) => {
    expect(showName(text)).toBe(shown);
  });
});

describe("visibleJson", () => {
  test("stays the same document, with nothing hidden in it", () => {
    fc.assert(
      fc.property(anyText, anyText, (key, value) => {
        const document = { [key]: [value] };
        const json = visibleJson(JSON.stringify(document, null, 2));
        expect(JSON.parse(json)).toEqual(document);
        expect(json.replaceAll("\n", "")).not.toMatch(HIDDEN);
        expect(json).not.toMatch(/##[a-z]*\[/i);
      }),
      { numRuns: 5000 },
    );
  });
});

/** The text that `visible` was given. */
function decode(shown: string): string {
  return shown.replace(
    /(\\+)(x([0-9a-f]{2})|u\{([0-9a-f]+)\})/gi,
    (_, slashes: string, rest: string, byte?: string, code?: string) => {
      const half = "\\".repeat(Math.floor(slashes.length / 2));
      return slashes.length % 2 === 0
        ? half + rest
        : half + String.fromCodePoint(parseInt(byte ?? code ?? "", 16));
    },
  );
}

function decodeQuoted(shown: string): string {
  return shown
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-f]{2})|u\{([0-9a-f]+)\}|(["\\]))/g,
      (_, byte?: string, code?: string, plain?: string) =>
        plain === undefined ? String.fromCodePoint(parseInt(byte ?? code ?? "", 16)) : plain,
    );
}
