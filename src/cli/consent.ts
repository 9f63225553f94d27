import type { Io } from "./io.ts";

/** How a command that writes came by its consent, or why it has none. */
export type Consent = "given" | "answered" | "declined" | "cannot_ask";

export interface ConsentOptions {
  /** `--yes`. */
  readonly yes: boolean;
  /** Standard input was read as a file, so nobody can answer on it. */
  readonly stdinTaken: boolean;
}

/** Asks on a terminal; takes nothing but `yes` for a yes. Elsewhere only `--yes` is consent. */
export async function askConsent(question: string, options: ConsentOptions, io: Io): Promise<Consent> {
  if (options.yes) {
    return "given";
  }
  if (options.stdinTaken || !io.stdin.isTTY || !io.stderr.isTTY) {
    return "cannot_ask";
  }
  const answer = await io.stdin.ask(`${question} Only "yes" is a yes: `);
  return answer?.trim() === "yes" ? "answered" : "declined";
}
