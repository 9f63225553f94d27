import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(top(path), "utf8");

/** Each row of the page's tables that begins with codes. */
const rows = [...read("docs/troubleshooting.md").matchAll(/^\| (`.*) \|$/gm)].map(([, row = ""]) =>
  row.split(" | "),
);
const explained = rows.flatMap(([codes = ""]) => words(codes, /`(\w+)`/g));

function words(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, word = ""]) => word);
}

/** The codes in the declaration of a type: members `code`, or texts of a union. */
function codesOf(file: string, type: string): readonly string[] {
  const [, text = ""] =
    new RegExp(`^export (?:type|interface) ${type}\\b(.*?)(?=^export |$(?![^]))`, "ms").exec(
      read(`src/${file}`),
    ) ?? [];
  const members = words(text, /readonly code:\s*((?:"\w+"[\s|]*)+)/g).flatMap((each) =>
    words(each, /"(\w+)"/g),
  );
  return members.length > 0 ? members : words(text, /^ *\| "(\w+)"/gm);
}

const sources = readdirSync(top("src"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

/** Every code that a user can be shown, by where it comes from. */
const codes: { readonly [from: string]: readonly string[] } = {
  "what a command throws": sources.flatMap((file) =>
    words(read(`src/${file}`), /new UserError\(\s*"(\w+)"/g),
  ),
  "what reporting an error adds": words(read("src/cli/terminal/report-error.ts"), /errorItem\(\s*"(\w+)"/g),
  refusals: codesOf("render/words/refusal.ts", "Refusal"),
  "the API": codesOf("cloudflare/error.ts", "ApiFailure"),
  blocked: codesOf("engine/model/change.ts", "BlockedReason"),
  "a plan as a whole": codesOf("engine/model/change.ts", "PlanRefusal"),
  failures: codesOf("engine/model/outcome.ts", "Failure"),
  "what somebody else wrote": codesOf("engine/model/kind.ts", "Overtaken"),
  "what was skipped": codesOf("engine/model/outcome.ts", "SkipReason"),
  differences: codesOf("engine/model/outcome.ts", "Difference"),
  laggards: codesOf("engine/model/outcome.ts", "Laggard"),
  "problems of a file": codesOf("config/problem.ts", "ProblemDetail"),
  rejections: codesOf("ingress/finding.ts", "RejectionDetail"),
  "refused ingress": codesOf("ingress/finding.ts", "RefusalDetail"),
  warnings: codesOf("ingress/finding.ts", "WarningDetail"),
  notes: codesOf("ingress/finding.ts", "NoteDetail"),
};

describe("docs/troubleshooting.md", () => {
  it.each(Object.entries(codes))("has a row for each code of %s", (_, some) => {
    expect(some.length).toBeGreaterThan(0);
    expect([...new Set(some)].filter((code) => !explained.includes(code))).toEqual([]);
  });

  it("explains each code once, and none that there is not", () => {
    const real = new Set(Object.values(codes).flat());
    expect(explained.filter((code) => !real.has(code))).toEqual([]);
    expect(explained).toEqual([...new Set(explained)]);
  });

  it("says in each row what to do", () => {
    expect(rows.filter((row) => row.length < 2 || row.includes(""))).toEqual([]);
  });
});
