import { describe, expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";
import { fileProblem, type Excerpt, type Problem } from "../../src/config/problem.ts";
import { problemsJson, renderProblems } from "../../src/render/text/problem.ts";
import { sourceFrame } from "../../src/render/text/source-frame.ts";

const unknown = (key: string, line = 1): Problem => ({
  code: "unknown_key",
  key,
  where: null,
  known: ["version"],
  nearest: null,
  belongs_to: [],
  location: { file: "a.yaml", line, column: 1 },
  excerpt: null,
});

const excerpt = (text: string, caret: number, length: number, cuts: Partial<Excerpt> = {}): Excerpt => ({
  text,
  caret,
  length,
  cut_before: false,
  cut_after: false,
  ...cuts,
});

describe("renderProblems", () => {
  test("shows place, sentence, line and caret", () => {
    const problem = { ...unknown("x", 7), excerpt: excerpt("  x: 1", 2, 1) };
    expect(renderProblems([problem, unknown("y")])).toBe(
      [
        'a.yaml:7:1: unknown key "x"; expected one of version',
        "  7 |   x: 1",
        "    |   ^",
        "",
        'a.yaml:1:1: unknown key "y"; expected one of version',
        "",
      ].join("\n"),
    );
  });

  test.each([
    [49, null],
    [50, null],
    [51, "and 1 more problem"],
    [152, "and 102 more problems"],
  ])("of %i shows the first 50 and says how many more there are", (count, more) => {
    const lines = renderProblems(Array.from({ length: count }, (_, at) => unknown(`k${at}`))).split("\n");
    expect(lines.filter((line) => line.startsWith("a.yaml"))).toHaveLength(Math.min(count, 50));
    expect(lines.find((line) => line.startsWith("and ")) ?? null).toBe(more);
    if (count > 50) {
      expect(lines.some((line) => line.includes('"k50"'))).toBe(false);
    }
  });

  test("says what is wrong with a file as a whole", async () => {
    const texts: readonly (readonly [string, string | Uint8Array])[] = [
      ["deep.yaml", "[".repeat(5_000)],
      ["image.png", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0])],
      ["large.yaml", " ".repeat(10_000_001)],
      ["latin1.yaml", Uint8Array.from([0x61, 0x0a, 0x62, 0xe9, 0x0a])],
      ["nul.yaml", "a: 1\nb: \0"],
      ["twice.yaml", "version: 1"],
      ["twice.yaml", "version: 1"],
      ["utf16.yaml", Uint8Array.from([0xff, 0xfe, 0x61, 0])],
    ];
    const result = await loadDesiredState(
      texts.map(([path, text]) => ({ path, text })),
      { env: {} },
    );
    const unread = [
      fileProblem("gone.yaml", { code: "file_missing" }),
      fileProblem("folder", { code: "file_unreadable", why: "it is a folder" }),
      fileProblem("-", { code: "file_missing" }),
    ];
    const text = renderProblems([...(result.ok ? [] : result.problems), ...unread]);
    await expect(text).toMatchFileSnapshot("golden/whole-files.txt");
  });

  test("makes a hostile file name and key harmless", () => {
    const hostile = unknown('::error::\n"\u001b[31m\u202e');
    const text = renderProblems([{ ...hostile, location: { file: "::error::\r", line: 1, column: 1 } }]);
    expect(text).toBe(
      '\\x3a:error::\\x0d:1:1: unknown key "::error::\\x0a\\"\\x1b[31m\\u{202e}"; expected one of version\n',
    );
  });

  test("cuts a long text at whole characters", () => {
    const text = renderProblems([unknown("🚇".repeat(200))]);
    expect(text).toContain(`"${"🚇".repeat(80)}…"`);
    expect(renderProblems([unknown("🚇".repeat(80))])).toContain(`"${"🚇".repeat(80)}"`);
  });
});

test("problemsJson holds all of them, with their places", () => {
  const problems = Array.from({ length: 60 }, (_, at) => unknown(`k${at}`, at + 1));
  const items = problemsJson(problems);
  expect(items).toHaveLength(60);
  expect(items[59]).toEqual({
    code: "unknown_key",
    message: 'unknown key "k59"; expected one of version',
    file: "a.yaml",
    line: 60,
    column: 1,
  });
});

describe("sourceFrame", () => {
  test.each<readonly [string, Excerpt, readonly string[]]>([
    ["a colon behind the place", excerpt("cfd_tunel:", 0, 9), ["cfd_tunel:", "^^^^^^^^^"]],
    ["a colon first", excerpt("  : x", 2, 1), ["  : x", "  ^"]],
    ["hashes last", excerpt("a: b ## c ##", 0, 1), ["a: b ## c ##", "^"]],
    ["a backslash", excerpt('a: "\\x41\\n"', 3, 8), ['a: "\\\\x41\\n"', "   ^^^^^^^^^"]],
    ["a command", excerpt("a: ##[error]x", 0, 1), ["a: \\x23#[error]x", "^"]],
    ["a place inside a command", excerpt("##vso[x", 2, 3), ["\\x23#vso[x", "     ^^^"]],
    ["a command before the place", excerpt("##[e]: x", 7, 1), ["\\x23#[e]: x", "          ^"]],
    ["a tab before the place", excerpt("\ta: 1", 1, 1), ["    a: 1", "    ^"]],
    ["a tab in the place", excerpt("\t\ta", 0, 2), ["        a", "^^^^^^^^"]],
    ["hidden characters", excerpt("\u202ea: \u001b", 1, 1), ["\\u{202e}a: \\x1b", "        ^"]],
    ["wide characters", excerpt("日本: 🚇", 4, 2), ["日本: 🚇", "      ^^"]],
    ["marks on characters", excerpt("e\u0301é: x", 5, 1), ["e\u0301é: x", "    ^"]],
    ["a place at the end", excerpt("a", 1, 1), ["a", " ^"]],
    ["spaces at the end", excerpt("a:   ", 0, 1), ["a:", "^"]],
    ["a cut line", excerpt("b: c", 3, 1, { cut_before: true, cut_after: true }), ["…b: c…", "    ^"]],
  ])("%s", (_, given, [line, carets]) => {
    expect(sourceFrame(12, given)).toBe(`  12 | ${line}\n     | ${carets}`);
  });
});
