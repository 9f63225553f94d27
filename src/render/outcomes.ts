import type { Outcome, Report, SkipReason } from "../engine/model/outcome.ts";
import { cardOf } from "../kinds/cards.ts";
import { commandLine } from "./shell.ts";
import { failureWords } from "./words/failure.ts";
import { list, say, type Sentence, toText } from "./words/sentence.ts";

/** How many outcomes of each sort. */
export function countOutcomes({ outcomes }: Report): { readonly [status in Outcome["status"]]: number } {
  const count = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
  return { applied: count("applied"), failed: count("failed"), skipped: count("skipped") };
}

/** More of what was skipped for one reason than this are counted. */
const MOST_SKIPPED = 3;

/** What was skipped, a sentence for each reason: how many, the first of them, and why. */
export function skippedWords({ outcomes }: Report): readonly Sentence[] {
  const groups = new Map<string, { readonly because: SkipReason; readonly addresses: string[] }>();
  for (const outcome of outcomes) {
    if (outcome.status === "skipped") {
      const { because, change } = outcome;
      const reason = toText(failureWords(because));
      const group = groups.get(reason) ?? { because, addresses: [] };
      groups.set(reason, group);
      group.addresses.push(`${change.kind}/${change.name}`);
    }
  }
  return [...groups.values()].map(
    ({ because, addresses }) =>
      say`${String(addresses.length)} skipped (${list(addresses, MOST_SKIPPED)}): ${failureWords(because)}`,
  );
}

/** More tokens to fetch than this are counted. */
const MOST_TOKENS = 3;

/**
 * The commands that give connectors their tokens after an apply, and how many more there would be. `sameAccount` are the
 * options that make another command act on the same account.
 */
export function tokenCommands(
  { outcomes }: Report,
  sameAccount: readonly string[],
): { readonly commands: readonly string[]; readonly more: number } {
  const made = outcomes.filter(({ status, change }) => status === "applied" && givesToken(change));
  const commands = made
    .slice(0, MOST_TOKENS)
    .map(({ change: { kind, name, after } }) =>
      commandLine(["warren", "token", `${kind}/${after?.name ?? name}`, ...sameAccount]),
    );
  return { commands, more: made.length - commands.length };
}

/** Whether connectors need to be given a token after this change. */
function givesToken({ action, kind, after }: Outcome["change"]): boolean {
  if (!cardOf(kind).givesToken || after === null) {
    return false;
  }
  return action !== "update" || Object.keys(after.secrets).length > 0;
}
