import { describe, expect, test } from "vitest";
import { decode, locate, MAX_FILE_BYTES, sourceOf } from "../../src/config/yaml/source.ts";

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );
}

describe("decode", () => {
  test.each<readonly [string, Uint8Array, unknown]>([
    [
      "NUL",
      bytes("a: 1\nb: \0"),
      { code: "not_text", why: "nul", location: { file: "f", line: 2, column: 4 } },
    ],
    [
      "a stray byte",
      bytes("é\né: ", [0xff], "x"),
      { code: "not_text", why: "bad_utf8", location: { line: 2, column: 4 } },
    ],
    [
      "a cut character",
      bytes("a\nb", [0xe2, 0x82]),
      { code: "not_text", why: "bad_utf8", location: { line: 2, column: 2 } },
    ],
    [
      "an encoded surrogate",
      bytes("ab", [0xed, 0xa0, 0x80]),
      { code: "not_text", why: "bad_utf8", location: { line: 1, column: 3 } },
    ],
    [
      "Latin-1",
      bytes("name: caf", [0xe9], "\n"),
      { code: "not_text", why: "bad_utf8", location: { line: 1, column: 10 } },
    ],
    [
      "UTF-16, little end first",
      bytes([0xff, 0xfe, 0x76, 0]),
      { code: "not_text", why: "utf16", location: { line: 1, column: 1 } },
    ],
    ["UTF-16, big end first", bytes([0xfe, 0xff, 0, 0x76]), { code: "not_text", why: "utf16" }],
    ["the first byte of a mark alone", bytes([0xff, 0x76]), { code: "not_text", why: "bad_utf8" }],
    ["the other first byte alone", bytes([0xfe, 0x76]), { code: "not_text", why: "bad_utf8" }],
    ["the second byte of a mark", bytes([0x76, 0xff]), { code: "not_text", why: "bad_utf8" }],
    ["a mark in the midst", bytes("a: \ufeffé"), { text: "a: \ufeffé" }],
    [
      "a program",
      bytes([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0]),
      { code: "not_text", why: "nul", location: { line: 1, column: 8 } },
    ],
    ["too much", new Uint8Array(MAX_FILE_BYTES + 1), { code: "file_too_large", limit: 10_000_000 }],
    ["text", bytes("\ufeffa: é"), { text: "a: é" }],
    ["as much as may be", new Uint8Array(MAX_FILE_BYTES).fill(0x20), { lineStarts: [0] }],
  ])("%s", (_, text, expected) => {
    expect(decode({ path: "f", text })).toMatchObject(expected as object);
  });

  test("a text is measured in bytes", () => {
    expect(decode({ path: "f", text: "é".repeat(MAX_FILE_BYTES / 2 + 1) })).toMatchObject({
      code: "file_too_large",
    });
    expect(decode({ path: "f", text: "\0" })).toMatchObject({ code: "not_text", why: "nul" });
  });
});

describe("locate", () => {
  const source = sourceOf("-", "ab\n\r\n🚇c\n");
  test.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [5, 3, 1],
    [7, 3, 3],
    [9, 4, 1],
  ])("offset %i is %i:%i", (offset, line, column) => {
    expect(locate(source, offset)).toEqual({ file: "<stdin>", line, column });
  });
});
