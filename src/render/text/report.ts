import type { Outcome, Report, Verification } from "../../engine/model/outcome.ts";
import { cardOf } from "../../kinds/cards.ts";
import { differenceWords, failureWords, verificationWords } from "../words/failure.ts";
import { headline, SIGN } from "../headline.ts";
import { commandLine } from "../shell.ts";
import { toText } from "../words/sentence.ts";
import type { Style } from "./style.ts";
import { showName } from "../visible.ts";

/** How a report is shown. */
export interface ReportOptions {
  readonly style: Style;
  /** The options that make another command act on the same account. */
  readonly sameAccount: readonly string[];
}

/** More tokens to fetch than this are counted. */
const MOST_TOKENS = 10;

/**
 * What apply did, for people: a line for each outcome (applied, then skipped, then failed), whether the account shows
 * it, the next steps, and the counts in the last line. Ends with a line feed.
 */
export function renderReport(report: Report, options: ReportOptions): string {
  const { style } = options;
  const { outcomes, verification } = report;
  const sorted = (["applied", "skipped", "failed"] as const).flatMap((status) =>
    outcomes.filter((outcome) => outcome.status === status),
  );
  const blocks = [
    sorted.map((outcome) => outcomeLine(outcome, style)),
    verificationLines(verification, style),
    nextSteps(report, options),
    [style.bold(countWords(report))],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** How many outcomes of each sort. */
export function countOutcomes({ outcomes }: Report): { readonly [status in Outcome["status"]]: number } {
  const count = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
  return { applied: count("applied"), failed: count("failed"), skipped: count("skipped") };
}

function countWords(report: Report): string {
  const { applied, failed, skipped } = countOutcomes(report);
  return `Applied: ${applied}, failed: ${failed}, skipped: ${skipped}.`;
}

function outcomeLine(outcome: Outcome, style: Style): string {
  const { kind, name, action, id: planned } = outcome.change;
  const id = outcome.id ?? planned;
  const replaced = planned === null || planned === id ? "" : `, in place of ${showName(planned)}`;
  const subject = `${SIGN[action]} ${headline({ kind, name, id })}${replaced}`;
  switch (outcome.status) {
    case "applied":
      return `${style[action](subject)}: applied${outcome.confirmed ? " (confirmed by reading back)" : ""}`;
    case "failed":
      return `${style[action](subject)}: ${style.failed("failed")}. ${toText(failureWords(outcome.failure))}`;
    case "skipped":
      return `${style[action](subject)}: ${style.bold("skipped")}. ${toText(failureWords(outcome.because))}`;
  }
}

function verificationLines(verification: Verification, style: Style): readonly string[] {
  const words = toText(verificationWords(verification));
  if (verification.verified) {
    return [words];
  }
  const differences = "differences" in verification ? verification.differences : [];
  return [
    style.failed(words),
    ...differences.map((difference) => `    ${headline(difference)}: ${toText(differenceWords(difference))}`),
  ];
}

/** The commands that give connectors their tokens after an apply, and how many more there would be. */
export function tokenCommands(
  { outcomes }: Report,
  { sameAccount }: Pick<ReportOptions, "sameAccount">,
): { readonly commands: readonly string[]; readonly more: number } {
  const made = outcomes.filter(({ status, change }) => status === "applied" && givesToken(change));
  const commands = made
    .slice(0, MOST_TOKENS)
    .map(({ change: { kind, name, after } }) =>
      commandLine(["warren", "token", `${kind}/${after?.name ?? name}`, ...sameAccount]),
    );
  return { commands, more: made.length - commands.length };
}

function nextSteps(report: Report, options: ReportOptions): readonly string[] {
  const { outcomes } = report;
  const { commands, more } = tokenCommands(report, options);
  const tokens = commands.map((command) => `    ${command}`);
  const unfinished = outcomes.some(({ status }) => status !== "applied");
  return [
    ...(tokens.length === 0 ? [] : ["Next, for each connector, its token:", ...tokens]),
    ...(more === 0 ? [] : [`    and ${more} more`]),
    ...(unfinished ? ["Running apply again is always safe: it begins with the account as it is then."] : []),
  ];
}

/** Whether connectors need to be given a token after this change. */
function givesToken({ action, kind, after }: Outcome["change"]): boolean {
  if (!cardOf(kind).givesToken || after === null) {
    return false;
  }
  return action !== "update" || Object.keys(after.secrets).length > 0;
}
