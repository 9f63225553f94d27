import type { Advice, Problem } from "../config/problem.ts";

/** The codes of the contract; each command returns one. */
export const EXIT = { done: 0, failed: 1, differences: 2, refused: 3, interrupted: 130 } as const;

/** What a command ends with. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Something outside the YAML files that the user must mend: an option, a variable of the environment, a file that
 * cannot be read. The message is a sentence that says what to do.
 */
export class UserError extends Error {
  override readonly name = "UserError" as const;
  readonly code: string;
  readonly file: string | null;
  /** Null: 1, or 130 where the run was interrupted. */
  readonly exitCode: ExitCode | null;

  constructor(code: string, message: string, options: { file?: string; exitCode?: ExitCode } = {}) {
    super(message);
    this.code = code;
    this.file = options.file ?? null;
    this.exitCode = options.exitCode ?? null;
  }
}

/** The run was interrupted while it only read. */
export class Interrupted extends Error {
  override readonly name = "Interrupted" as const;

  constructor() {
    super("Interrupted. Nothing was changed.");
  }
}

/** Everything that is wrong with the user's files. */
export class FileProblems extends Error {
  override readonly name = "FileProblems" as const;
  readonly problems: readonly Problem[];
  readonly advice: Advice;

  constructor(problems: readonly Problem[], { warnings, notes }: Advice) {
    super(`${problems.length} problems in the files`);
    this.problems = problems;
    this.advice = { warnings, notes };
  }
}
