import type { Difference, Laggard, Outcome, Report, Silent } from "../../engine/model/outcome.ts";
import { differenceWords, failureWords, verificationWords } from "../words/failure.ts";
import { silentOf } from "../words/rollout.ts";
import { SIGN } from "../headline.ts";
import { subject } from "./items.ts";
import { rolloutItem } from "./rollout.ts";
import { fit, sizeOf } from "./room.ts";
import { inert, toMarkdown } from "./text.ts";
import { countOutcomes, skippedWords, tokenCommands } from "../outcomes.ts";
import type { ReportOptions } from "../text/report.ts";

/** GitHub takes 65,536 characters in a comment. */
const LIMIT = 60_000;

/**
 * What an apply did, for a comment or a job's summary: what failed and what was not begun come first and are not
 * folded. Never over 60,000 characters; what is left out is counted. No name or value in it can act as markup.
 */
export function renderMarkdownReport(report: Report, options: Pick<ReportOptions, "sameAccount">): string {
  const { applied, failed, skipped } = countOutcomes(report);
  const of = (status: Outcome["status"]) => report.outcomes.filter((outcome) => outcome.status === status);
  const head = [`### Applied: ${applied}, failed: ${failed}, skipped: ${skipped}`];
  const verification = verificationLines(report);
  let room = LIMIT - sizeOf([...head, ...verification]);
  const failures = section(`Failed (${failed})`, of("failed"), outcomeItem, room / 2);
  room -= sizeOf(failures);
  const skips = section(
    `Not begun (${skipped})`,
    skippedWords(report),
    (words) => `- ${toMarkdown(words)}`,
    room / 2,
    " reasons",
  );
  room -= sizeOf(skips);
  const next = nextLines(report, options);
  room -= sizeOf(next);
  const done = section(`Applied (${applied})`, of("applied"), outcomeItem, room);
  return [...head, ...failures, ...skips, ...verification, ...done, ...next]
    .map((line) => `${line}\n`)
    .join("");
}

function section<T>(
  title: string,
  items: readonly T[],
  itemOf: (item: T) => string,
  room: number,
  what = "",
): readonly string[] {
  if (items.length === 0) {
    return [];
  }
  const head = ["", `#### ${title}`, ""];
  return [
    ...head,
    ...fit(
      items,
      (item) => [itemOf(item)],
      room - sizeOf(head),
      (count) => `- **… and ${count} more${what}**`,
    ),
  ];
}

function outcomeItem(outcome: Outcome): string {
  const { change } = outcome;
  const { kind, name, action } = change;
  const about = `- \`${SIGN[action]}\` ${action} ${subject({ kind, name, id: outcome.id ?? change.id })}`;
  return outcome.status === "failed"
    ? `${about}: ${toMarkdown(failureWords(outcome.failure))}`
    : `${about}${outcome.status === "applied" && outcome.confirmed ? " (confirmed by reading back)" : ""}`;
}

function verificationLines({ verification }: Report): readonly string[] {
  const words = ["", toMarkdown(verificationWords(verification))];
  const all: readonly (Difference | Laggard | Silent)[] = [
    ...("differences" in verification ? verification.differences : []),
    ...silentOf(verification),
  ];
  if (all.length === 0) {
    return words;
  }
  const items = fit(
    all,
    (one) => [
      one.code === "not_told" ? rolloutItem(one) : `- ${subject(one)}: ${toMarkdown(differenceWords(one))}`,
    ],
    LIMIT / 4,
    (count) => `- … and ${count} more`,
  );
  return [...words, "", ...items];
}

function nextLines(report: Report, options: Pick<ReportOptions, "sameAccount">): readonly string[] {
  const { commands, more } = tokenCommands(report, options.sameAccount);
  return commands.length === 0
    ? []
    : [
        "",
        "Next, for each connector, its token:",
        "",
        ...commands.map((command) => `- ${inert(command)}`),
        ...(more > 0 ? [`- and ${more} more`] : []),
      ];
}
