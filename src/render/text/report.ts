import type { Outcome, Report, Verification } from "../../engine/model/outcome.ts";
import { address, SIGN } from "../headline.ts";
import { countOutcomes, skippedWords, tokenCommands } from "../outcomes.ts";
import { showName } from "../visible.ts";
import { differenceWords, failureWords, verificationWords } from "../words/failure.ts";
import { silentOf } from "../words/rollout.ts";
import { toText } from "../words/sentence.ts";
import { GROUPS } from "./plan.ts";
import { silentLines } from "./rollout.ts";
import type { Style } from "./style.ts";
import { wrap } from "./wrap.ts";

/** How a report is shown. */
export interface ReportOptions {
  readonly style: Style;
  /** The columns of the terminal; null, where it is none, wraps nothing. */
  readonly width: number | null;
  /** The options that make another command act on the same account. */
  readonly sameAccount: readonly string[];
}

/**
 * What apply did, for people: a line for each change that was applied, one for each reason for which some were skipped,
 * and one for each that failed; then whether the account shows it, the next steps, and the counts in the last line. Ends
 * with a line feed.
 */
export function renderReport(report: Report, options: ReportOptions): string {
  const { style, width } = options;
  const ordered = GROUPS.flatMap((action) =>
    report.outcomes.filter(({ change }) => change.action === action),
  );
  const ends = [
    ...ordered.flatMap((outcome) => (outcome.status === "applied" ? [outcomeLine(outcome, style)] : [])),
    ...skippedWords(report).map(toText),
    ...ordered.flatMap((outcome) => (outcome.status === "failed" ? [outcomeLine(outcome, style)] : [])),
  ];
  const fitting = (lines: readonly string[]) => lines.flatMap((line) => wrap(line, width));
  const blocks = [
    fitting(ends),
    fitting(verificationLines(report.verification, style)),
    // Commands, to be copied whole.
    nextSteps(report, options),
    [style.bold(countWords(report))],
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function countWords(report: Report): string {
  const { applied, failed, skipped } = countOutcomes(report);
  return `Applied: ${applied}, failed: ${failed}, skipped: ${skipped}.`;
}

function outcomeLine(outcome: Exclude<Outcome, { readonly status: "skipped" }>, style: Style): string {
  const { change } = outcome;
  const id = outcome.id ?? change.id;
  const subject = [
    `${SIGN[change.action]} ${address(change)}`,
    ...(id === null ? [] : [` (${showName(id)})`]),
    ...(change.id === null || change.id === id ? [] : [`, in place of ${showName(change.id)}`]),
  ].join("");
  const end =
    outcome.status === "failed"
      ? `${style.failed("failed:")} ${toText(failureWords(outcome.failure))}`
      : outcome.confirmed
        ? "applied (confirmed by reading back)"
        : "applied";
  return `${style[change.action](subject)}  ${end}`;
}

function verificationLines(verification: Verification, style: Style): readonly string[] {
  const words = toText(verificationWords(verification));
  const silent = silentLines(silentOf(verification));
  if (verification.verified) {
    return [words, ...silent];
  }
  const differences = "differences" in verification ? verification.differences : [];
  return [
    style.failed(words),
    ...differences.map(
      (difference) =>
        `    ${address(difference)} (${showName(difference.id)}): ${toText(differenceWords(difference))}`,
    ),
    ...silent,
  ];
}

function nextSteps(report: Report, { sameAccount }: ReportOptions): readonly string[] {
  const { commands, more } = tokenCommands(report, sameAccount);
  const tokens = commands.map((command) => `    ${command}`);
  const unfinished = report.outcomes.some(({ status }) => status !== "applied");
  return [
    ...(tokens.length === 0 ? [] : ["Next, for each connector, its token:", ...tokens]),
    ...(more === 0 ? [] : [`    and ${more} more`]),
    ...(unfinished ? ["Running apply again is always safe: it begins with the account as it is then."] : []),
  ];
}
