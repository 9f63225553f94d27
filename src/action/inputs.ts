/** What the workflow's `with` asks for. */
export interface Inputs {
  readonly command: "validate" | "plan" | "apply" | "drift";
  readonly files: readonly string[];
  readonly base: readonly string[];
  /** Null where none is given. */
  readonly planFile: string | null;
  readonly comment: boolean;
  readonly issue: boolean;
  /** Whether each connector is asked which version it has. */
  readonly rollout: boolean;
  readonly summary: boolean;
  /** Counts in place of what the plan holds, wherever it is shown. */
  readonly summaryOnly: boolean;
  readonly failOnDrift: boolean;
  readonly workingDirectory: string;
  readonly version: string | null;
  readonly token: string | null;
  readonly author: string;
}

/** Something in `with` that the author of the workflow must mend. */
export class InputError extends Error {
  override readonly name = "InputError" as const;
}

const COMMANDS = ["validate", "plan", "apply", "drift"] as const;

/** Reads the inputs as the runner hands them over. Throws `InputError`. */
export function readInputs(env: { readonly [name: string]: string | undefined }): Inputs {
  const text = (name: string): string | null => {
    const value = env[`INPUT_${name.toUpperCase()}`]?.trim() ?? "";
    return value === "" ? null : value;
  };
  const lines = (name: string): readonly string[] =>
    (text(name) ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  const flag = (name: string, fallback: boolean): boolean => {
    const value = text(name);
    if (value === null) {
      return fallback;
    }
    if (value !== "true" && value !== "false") {
      throw new InputError(`${name} must be true or false, not ${JSON.stringify(value)}.`);
    }
    return value === "true";
  };
  const command = COMMANDS.find((each) => each === text("command"));
  if (command === undefined) {
    throw new InputError(
      `command must be one of ${COMMANDS.join(", ")}, not ${JSON.stringify(text("command") ?? "")}.`,
    );
  }
  const base = lines("base");
  if (base.length > 0 && command !== "plan" && command !== "drift") {
    throw new InputError("base is for plan and drift.");
  }
  const issue = flag("issue", false);
  if (issue && command !== "drift") {
    throw new InputError("issue is for drift.");
  }
  const rollout = flag("rollout", false);
  if (rollout && command !== "drift") {
    throw new InputError("rollout is for drift.");
  }
  const summaryOnly = flag("summary-only", false);
  if (summaryOnly && command !== "plan" && command !== "drift") {
    throw new InputError("summary-only is for plan and drift.");
  }
  return {
    command,
    files: lines("files"),
    base,
    planFile: text("plan-file"),
    comment: flag("comment", false),
    issue,
    rollout,
    summary: flag("summary", true),
    summaryOnly,
    failOnDrift: flag("fail-on-drift", true),
    workingDirectory: text("working-directory") ?? ".",
    version: text("version"),
    token: text("token"),
    author: text("author") ?? "github-actions[bot]",
  };
}
