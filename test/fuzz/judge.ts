import { loadDesiredState } from "../../src/config/load.ts";
import { problemsJson, renderProblems } from "../../src/render/text/problem.ts";

/** No name of a variable, and part of no word of ours: a secret that must not show, however it is written. */
export const CANARY = "CANARY/7+";

/** What came of an input. */
export type Verdict = "state" | "problems";

/**
 * Loads a text and prints what is wrong with it. Throws unless that ends in a desired state, or in problems that each
 * have a place in the text, print on lines of their own, show no secret and leave no trace in the process.
 */
export async function judge(text: string | Uint8Array): Promise<Verdict> {
  const result = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
  demand(Object.keys(Object.prototype).length === 0 && !("polluted" in {}), "a prototype was changed");
  if (result.ok) {
    return "state";
  }

  const { problems } = result;
  demand(problems.length > 0, "neither a state nor a problem");
  const lines = (typeof text === "string" ? text : Buffer.from(text).toString("utf8")).split("\n");
  for (const { location, excerpt } of problems) {
    const line = lines[location.line - 1];
    // One column behind the line is where something is missing, and a byte order mark is no column.
    demand(
      line !== undefined && location.column >= 1 && location.column <= line.length + 2,
      `no such place: ${location.line}:${location.column}`,
    );
    if (excerpt === null) {
      continue;
    }
    demand(excerpt.caret >= 0 && excerpt.caret <= excerpt.text.length, "a caret outside of its line");
    demand(excerpt.length >= 1, "a caret of no length");
  }
  const shown = renderProblems(problems);
  const json = problemsJson(problems);
  demand(json.length === problems.length, "a problem is missing in the JSON");
  demand(
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u.test(shown.replaceAll("\n", "")),
    "a hidden character is printed",
  );
  const everything = shown + JSON.stringify(json) + JSON.stringify(problems);
  demand(!secretsOf(lines).some((secret) => everything.includes(secret)), "a secret is shown");
  return "problems";
}

/** Only what `secretFiles` puts into a text counts. */
function secretsOf(lines: readonly string[]): readonly string[] {
  return lines.some((line) => line.includes(CANARY)) ? ["CANARY"] : [];
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) {
    throw new Error(otherwise);
  }
}
