import { expect, test } from "vitest";
import { loadPatterns } from "../../src/ingress/pattern.ts";
import { verdicts } from "./verdicts.ts";

const compile = await loadPatterns();

test.each(verdicts("patterns", "patterns"))(
  "$pattern on $subject: $go",
  ({ pattern, subject, go, go_error }) => {
    const compiled = compile(pattern);
    if ("why" in compiled) {
      expect(go).toBe("error");
      expect(go_error).toContain(compiled.at ?? "");
      expect(compiled.why).not.toMatch(/^(?:other|too_large)$/);
    } else {
      expect(compiled.test(whole(subject))).toBe(go);
    }
  },
);

test("a text gives the same pattern again", () => {
  expect(compile("^/a")).toBe(compile("^/a"));
});

test.each([
  ["nested deeper than Go allows", `${"(".repeat(2_000)}a${")".repeat(2_000)}`],
  ["deeper than the stack", `${"(".repeat(200_000)}a${")".repeat(200_000)}`],
  ["repeated more often than Go allows", "((a{100}){100}){100}"],
])("%s: is no pattern", (_, pattern) => {
  expect(compile(pattern)).toHaveProperty("why");
});

test("takes time that grows with the path alone", () => {
  const evil = compile("(a*)*(a*)*(a|aa)+$");
  expect("test" in evil && evil.test(`${"a".repeat(20_000)}b`)).toBe(false);
});

/** `aaaaaa…(1000)` stands for a thousand of that letter. */
function whole(subject: string): string {
  const [, letter, count] = /^(.)\1*…\((\d+)\)$/.exec(subject) ?? [];
  return letter === undefined ? subject : letter.repeat(Number(count));
}
