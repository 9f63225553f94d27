import { whyOver } from "../../base/limits.ts";
import type { Io } from "../io.ts";
import type { Session } from "../session/session.ts";
import { EXIT, Interrupted, UserError } from "../user-error.ts";

/** How a command that writes came by its consent, or why it has none. */
export type Consent = "given" | "answered" | "declined" | "cannot_ask";

export interface ConsentOptions {
  /** `--yes`. */
  readonly yes: boolean;
  /** Standard input was read as a file, so nobody can answer on it. */
  readonly stdinTaken: boolean;
}

/** Whether a question would find somebody to answer it. */
export function canAsk({ yes, stdinTaken }: ConsentOptions, io: Io): boolean {
  return !yes && !stdinTaken && io.stdin.isTTY && io.stderr.isTTY;
}

/**
 * Asks on a terminal; takes nothing but `yes` for a yes. Elsewhere only `--yes` is consent. Throws `Interrupted` where
 * the run has been stopped by then.
 */
export async function askConsent(question: string, options: ConsentOptions, io: Io): Promise<Consent> {
  const consent = await consentTo(question, options, io);
  if (io.stop.aborted) {
    throw new Interrupted();
  }
  return consent;
}

async function consentTo(question: string, options: ConsentOptions, io: Io): Promise<Consent> {
  if (options.yes) {
    return "given";
  }
  if (!canAsk(options, io)) {
    return "cannot_ask";
  }
  const answer = await io.stdin.ask(`${question} Only "yes" is a yes: `);
  return answer?.trim() === "yes" ? "answered" : "declined";
}

/**
 * The same for a command that has nothing to show for a refusal: throws where there is no consent, or no time left. An
 * answer may have taken any time.
 */
export async function requireConsent(
  question: string,
  options: ConsentOptions,
  { limits }: Pick<Session, "limits">,
  io: Io,
): Promise<"given" | "answered"> {
  const refused = { exitCode: EXIT.refused };
  const consent = await askConsent(question, options, io);
  switch (consent) {
    case "given":
    case "answered":
      if (whyOver(limits) === "deadline") {
        throw new UserError(
          "deadline",
          "The time that --deadline allows was over before this was begun. Nothing was changed.",
        );
      }
      return consent;
    case "declined":
      throw new UserError("declined", "The answer was not yes. Nothing was changed.", refused);
    case "cannot_ask":
      throw new UserError(
        "no_consent",
        "There is nobody to ask here, so consent must be given with --yes. Nothing was changed.",
        refused,
      );
  }
}
