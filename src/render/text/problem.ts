import { plural } from "../words/plural.ts";
import type { Advice, Problem } from "../../config/problem.ts";
import { messageOf } from "../problem/message.ts";
import { sourceFrame } from "./source-frame.ts";
import { visible } from "../visible.ts";

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
 * more there are.
 */
export function renderProblems(problems: readonly Problem[]): string {
  return render(problems, "problem", "");
}

/** Warnings and notes likewise, each line of a place with its grade. */
export function renderAdvice({ warnings, notes }: Advice): string {
  const blocks = [render(warnings, "warning", "warning: "), render(notes, "note", "note: ")];
  return blocks.filter((block) => block !== "").join("\n");
}

function render(problems: readonly Problem[], noun: string, grade: string): string {
  const blocks = problems.slice(0, SHOWN).map((problem) => renderProblem(problem, grade));
  const more = problems.length - blocks.length;
  if (more > 0) {
    blocks.push(`and ${plural(more, `more ${noun}`)}\n`);
  }
  return blocks.join("\n");
}

/** Problems as plain data, all of them, in the order given. */
export function problemsJson(problems: readonly Problem[]): readonly ProblemJson[] {
  return problems.map((problem) => {
    const { file, line, column } = problem.location;
    return { code: problem.code, message: messageOf(problem), file, line, column };
  });
}

function renderProblem(problem: Problem, grade: string): string {
  const { file, line, column } = problem.location;
  const head = `${visible(file)}:${line}:${column}: ${grade}${messageOf(problem)}\n`;
  return problem.excerpt === null ? head : `${head}${sourceFrame(line, problem.excerpt)}\n`;
}
