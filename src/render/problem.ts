import type { Problem } from "../config/problem.ts";
import type { Escape } from "./problem-message.ts";
import { messageOf } from "./problem-message.ts";
import { sourceFrame } from "./source-frame.ts";

/** How many problems are shown as text. */
const SHOWN = 50;

/** A problem for machines. */
export interface ProblemJson {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Problems as text, in the order given: place, sentence, the user's line and a caret; the first 50, and how many
 * more there are. `escape` must make control and bidi characters visible.
 */
export function renderProblems(problems: readonly Problem[], escape: Escape): string {
  const blocks = problems.slice(0, SHOWN).map((problem) => renderProblem(problem, escape));
  const more = problems.length - blocks.length;
  if (more > 0) blocks.push(`and ${more} more ${more === 1 ? "problem" : "problems"}\n`);
  return blocks.join("\n");
}

/** Problems as plain data, all of them, in the order given. */
export function problemsJson(problems: readonly Problem[], escape: Escape): readonly ProblemJson[] {
  return problems.map((problem) => {
    const { file, line, column } = problem.location;
    return { code: problem.code, message: messageOf(problem, escape), file, line, column };
  });
}

function renderProblem(problem: Problem, escape: Escape): string {
  const { file, line, column } = problem.location;
  const head = `${escape(file)}:${line}:${column}: ${messageOf(problem, escape)}\n`;
  return problem.excerpt === null ? head : `${head}${sourceFrame(line, problem.excerpt, escape)}\n`;
}
