import type { Plan } from "../../engine/model/change.ts";
import { isRefused, type WayRound, wayRound } from "../../engine/decide/way-round.ts";
import type { ChangedChange } from "../../engine/compare/same-changes.ts";
import { blockedWords } from "./blocked.ts";
import { changedChangeWords } from "./changed-change.ts";
import { toText } from "./sentence.ts";
import { commandLine } from "../shell.ts";

/** Why `apply` refuses a plan, and what it would do instead. */
export interface Refusal {
  readonly code: "blocked" | "stale" | "other_account" | "not_as_planned" | "declined" | "no_consent";
  /** One line. */
  readonly message: string;
  /** What the message speaks of, one by one, a line each, save what the refused plan itself holds as blocked. */
  readonly details: readonly string[];
  /** The `--target` values that go round what is blocked, all of them. */
  readonly targets: readonly string[];
  /** For a terminal: the message, what it speaks of, and the whole command below it. */
  readonly text: string;
}

/** A refusal that is a sentence, and what it speaks of. */
export function plainRefusal(
  code: Refusal["code"],
  message: string,
  details: readonly string[] = [],
): Refusal {
  return { code, message, details, targets: [], text: `${message}\n${indented(details)}` };
}

/** More details than this are counted, in text. */
const MOST_DETAILS = 50;

function indented(details: readonly string[]): string {
  const more = details.length - MOST_DETAILS;
  const shown = details.slice(0, MOST_DETAILS);
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].map((detail) => `    ${detail}\n`).join("");
}

/** Why a plan may be another one than the one that was shown or saved. */
const WHY_CHANGED = {
  stale: "the plan is stale, since the account has changed",
  /** The saved plan holds, but what the files ask for is more, or less. */
  drifted: "the saved plan is not what the files ask for now (the account has changed since)",
  edited:
    "the saved plan is not what the files ask for now (the files are not those that the plan was made from)",
};

/**
 * The refusal of a plan that is not the one that was shown or saved, or in which something is blocked by now; null
 * where it may be applied. The text names each difference with its reason, since nobody has seen `plan` yet.
 */
export function changedRefusal(
  plan: Plan,
  changed: readonly ChangedChange[],
  { why, command }: { readonly why: keyof typeof WHY_CHANGED; readonly command: readonly string[] | null },
): Refusal | null {
  const lines = (some: readonly ChangedChange[]) => some.map((one) => toText(changedChangeWords(one)));
  if (isRefused(plan)) {
    const whole = plan.blocked.filter(({ kind }) => kind === null).map((one) => toText(blockedWords(one)));
    const details = lines(changed.filter(({ blocked }) => blocked === null));
    return refuseBlocked(plan, command, { details, unseen: [...lines(changed), ...whole] });
  }
  const code = why === "stale" ? why : "not_as_planned";
  const message = `Refused, and nothing was changed: ${WHY_CHANGED[why]}. Plan again.`;
  return changed.length === 0 ? null : plainRefusal(code, message, lines(changed));
}

/** The refusal of a plan that was made for another account, whose id is not told: it may have come from any variable. */
export function otherAccountRefusal(planned: string): Refusal {
  return plainRefusal(
    "other_account",
    `Refused, and nothing was changed: the plan was made for account ${planned}, and this run is for another.`,
  );
}

/** More targets than this are counted. */
const MOST_TARGETS = 50;

/**
 * The refusal of a plan in which something is blocked; null for one that may be applied. `command` is the `apply` that
 * takes the targets, null where nobody knows which files it would have to read.
 */
export function blockedRefusal(plan: Plan, command: readonly string[] | null): Refusal | null {
  return isRefused(plan) ? refuseBlocked(plan, command, { details: [], unseen: [] }) : null;
}

function refuseBlocked(
  plan: Plan,
  command: readonly string[] | null,
  { details, unseen }: { readonly details: readonly string[]; readonly unseen: readonly string[] },
): Refusal {
  const rest = wayRound(plan);
  const targets = rest.targets.map(({ kind, name }) => `${kind}/${name}`);
  const refused = `apply refuses this plan and changes nothing: ${plan.blocked.length} blocked.`;
  const by = command === null ? "plan again from its files with --target" : "name it with --target";
  const way =
    targets.length === 0
      ? "There is no other change that could be applied alone."
      : `To apply the rest alone, ${by}${leftOut(rest)}`;
  const shown = unseen.length === 0 ? `${refused} ${way}\n` : `${refused}\n${indented(unseen)}${way}\n`;
  const last = targets.length === 0 ? "" : `    ${line(command ?? [], targets)}\n`;
  return { code: "blocked", message: `${refused} ${way}`, details, targets, text: `${shown}${last}` };
}

function leftOut({ prunes, overLimit }: WayRound): string {
  const parts = [
    ...(prunes === 0 ? [] : [`${prunes} to prune (--target names entries only)`]),
    ...(overLimit === 0 ? [] : [`${overLimit} to replace, over the limit`]),
  ];
  return parts.length === 0 ? ":" : `, without ${parts.join(" and ")}:`;
}

function line(command: readonly string[], targets: readonly string[]): string {
  const shown = targets.slice(0, MOST_TARGETS).flatMap((target) => ["--target", target]);
  const more = targets.length - MOST_TARGETS;
  return `${commandLine([...command, ...shown])}${more > 0 ? ` … and ${more} more --target` : ""}`;
}
