import { describe, expect, test } from "vitest";
import { fileProblem, type Excerpt, type Problem } from "../../src/config/problem.ts";
import { loadDesiredState } from "../../src/config/load.ts";
import { problemsJson, renderProblems } from "../../src/render/problem.ts";
import { sourceFrame } from "../../src/render/source-frame.ts";
import { visibleForTests } from "../config/visible.ts";

const same = (text: string) => text;

function bytes(...codes: readonly number[]): Uint8Array {
  return Uint8Array.from(codes);
}

function problemsOf(text: string, path = "a.yaml"): readonly Problem[] {
  const result = loadDesiredState([{ path, text }], { env: {} });
  return result.ok ? [] : result.problems;
}

function unknownKeys(count: number): readonly Problem[] {
  return problemsOf(`version: 1\n${Array.from({ length: count }, (_, at) => `x${at}: 1\n`).join("")}`);
}

describe("renderProblems", () => {
  test("gives place, sentence, line and caret", () => {
    expect(renderProblems(problemsOf("version: 1\nlimit: {}"), same)).toBe(
      ['a.yaml:2:1: unknown key "limit"; did you mean "limits"?', "  2 | limit: {}", "    | ^^^^^", ""].join(
        "\n",
      ),
    );
  });

  test.each([
    [1, null],
    [50, null],
    [51, "and 1 more problem"],
    [62, "and 12 more problems"],
  ])("of %i problems shows the first 50 and says how many more", (count, last) => {
    const lines = renderProblems(unknownKeys(count), same).trimEnd().split("\n");
    expect(lines.filter((line) => line.includes("unknown key"))).toHaveLength(Math.min(count, 50));
    expect(lines.at(-1)?.startsWith("and ") ? lines.at(-1) : null).toBe(last);
  });

  test("a problem of a whole file has no line", () => {
    const problem = fileProblem("-", { code: "file_missing" });
    expect(renderProblems([problem], same)).toBe("<stdin>:1:1: there is no such file\n");
  });

  test("what is wrong with a file as a whole", async () => {
    const texts: readonly (readonly [string, string | Uint8Array])[] = [
      ["deep.yaml", "[".repeat(5_000)],
      ["image.png", bytes(0x89, 0x50, 0x4e, 0x47, 0)],
      ["large.yaml", " ".repeat(10_000_001)],
      ["latin1.yaml", bytes(0x61, 0x0a, 0x62, 0xe9, 0x0a)],
      ["nul.yaml", "a: 1\nb: \0"],
      ["twice.yaml", "version: 1"],
      ["twice.yaml", "version: 1"],
      ["utf16.yaml", bytes(0xff, 0xfe, 0x61, 0)],
    ];
    const result = loadDesiredState(
      texts.map(([path, text]) => ({ path, text })),
      { env: {} },
    );
    const unread = [
      fileProblem("gone.yaml", { code: "file_missing" }),
      fileProblem("folder", { code: "file_unreadable", why: "it is a folder" }),
    ];
    const text = renderProblems([...(result.ok ? [] : result.problems), ...unread], visibleForTests);
    await expect(text).toMatchFileSnapshot("golden/whole-files.txt");
  });

  test("the user's text is escaped wherever it appears", () => {
    const path = "\u202ea\u001b[31m.yaml";
    const problems = problemsOf(
      'version: 1\n"\\e[31m": 1\ncfd_tunnel: { "\\r": { "\u202e": "\u0007" } }\n',
      path,
    );
    const text = renderProblems(problems, visibleForTests);
    expect(problems).toHaveLength(2);
    expect(text).toContain("\\u{202e}a\\u{1b}[31m.yaml:2:1");
    expect(text).toContain('unknown key "\\u{1b}[31m"');
    expect(text).toBe(text.split("\n").map(visibleForTests).join("\n"));
  });

  test("a long name is cut", () => {
    const text = renderProblems(problemsOf(`version: 1\ncfd_tunnel: { "${"🚇".repeat(300)}": }`), same);
    expect(text).toContain(`"${"🚇".repeat(80)}…" is longer than 255 characters`);
  });
});

describe("problemsJson", () => {
  test("holds every problem as plain data", () => {
    const json = problemsJson(unknownKeys(62), same);
    expect(json).toHaveLength(62);
    expect(json[0]).toEqual({
      code: "unknown_key",
      message:
        'unknown key "x0"; expected one of version, account_id, prune, limits, protected, cfd_tunnel, warp_connector',
      file: "a.yaml",
      line: 2,
      column: 1,
    });
  });
});

const excerpt = (text: string, caret: number, length = 1, cut = false): Excerpt => ({
  text,
  caret,
  length,
  cut_before: cut,
  cut_after: cut,
});

describe("sourceFrame", () => {
  test.each<readonly [string, Excerpt, string, string]>([
    ["plain", excerpt("a: b", 3), "7 | a: b", "  |    ^"],
    ["a stretch", excerpt("a: bcd", 3, 3), "7 | a: bcd", "  |    ^^^"],
    ["cut at both ends", excerpt("a: b", 3, 1, true), "7 | …a: b…", "  |     ^"],
    ["behind the end", excerpt("a:", 2), "7 | a:", "  |   ^"],
    ["an empty line", excerpt("", 0), "7 |", "  | ^"],
    ["behind a tab", excerpt("\ta: b", 4), "7 |     a: b", "  |        ^"],
    ["at a tab", excerpt("\ta", 0), "7 |     a", "  | ^^^^"],
    ["behind wide characters", excerpt("東京: b", 4), "7 | 東京: b", "  |       ^"],
    ["behind an emoji", excerpt("🚇: b", 4), "7 | 🚇: b", "  |     ^"],
    ["behind a combining mark", excerpt("e\u0301: b", 4), "7 | e\u0301: b", "  |    ^"],
    ["behind an escaped character", excerpt("\u202ea: b", 4), "7 | \\u{202e}a: b", "  |            ^"],
  ])("%s", (_, excerpt, line, carets) => {
    expect(sourceFrame(7, excerpt, visibleForTests)).toBe(`  ${line}\n  ${carets}`);
  });
});
