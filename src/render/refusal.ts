import type { Change, Plan } from "../engine/change.ts";
import type { ChangedFact } from "../engine/facts.ts";
import type { ChangedChange } from "../engine/same-changes.ts";
import { changedFactWords } from "./changed-fact.ts";
import { list, name, say, toText } from "./sentence.ts";
import { commandLine } from "./shell.ts";

/** Why `apply` refuses a plan, and what it would do instead. */
export interface Refusal {
  readonly code: "blocked" | "stale" | "other_account" | "not_as_planned" | "declined" | "no_consent";
  /** One line. */
  readonly message: string;
  /** What the message speaks of, one by one, a line each. */
  readonly details: readonly string[];
  /** The `--target` values that go round what is blocked, all of them. */
  readonly targets: readonly string[];
  /** For a terminal: the message, and the whole command below it. */
  readonly text: string;
}

/** A refusal that is a sentence and nothing more. */
export function refusal(code: Refusal["code"], message: string, details: readonly string[] = []): Refusal {
  const shown = details.slice(0, MOST_DETAILS).map((detail) => `    ${detail}\n`);
  const more = details.length - shown.length;
  const last = more > 0 ? `    and ${more} more\n` : "";
  return { code, message, details, targets: [], text: [`${message}\n`, ...shown, last].join("") };
}

/** More details than this are counted, in text. */
const MOST_DETAILS = 50;

/** The refusal of a saved plan whose facts have changed; null where all of them still hold. */
export function staleFactsRefusal(changed: readonly ChangedFact[]): Refusal | null {
  if (changed.length === 0) return null;
  const message =
    "Refused, and nothing was changed: the plan is stale, since facts that it rests on have changed. Plan again.";
  return refusal(
    "stale",
    message,
    changed.map((fact) => toText(changedFactWords(fact))),
  );
}

/**
 * The refusal of a saved plan whose changes are not those that the files ask for; null where they are the same.
 * `edited`: the files are not those that the plan was made from.
 */
export function notAsPlannedRefusal(
  changed: readonly ChangedChange[],
  { edited }: { readonly edited: boolean },
): Refusal | null {
  if (changed.length === 0) return null;
  const why = edited
    ? "the files are not those that the plan was made from"
    : "the account has changed since";
  return refusal(
    "not_as_planned",
    `Refused, and nothing was changed: the saved plan is not what the files ask for now (${why}). Plan again.`,
    changed.map(differenceText),
  );
}

/** The refusal of a plan that was made for another account, whose id is not told: it may have come from any variable. */
export function otherAccountRefusal(planned: string): Refusal {
  return refusal(
    "other_account",
    `Refused, and nothing was changed: the plan was made for account ${planned}, and this run is for another.`,
  );
}

function differenceText({ kind, name: of, earlier, later }: ChangedChange): string {
  const subject = say`${name(kind)} ${name(of)}`;
  const sides = [earlier?.action ?? "no change", later?.action ?? "no change"];
  return toText(
    sides[0] === sides[1]
      ? say`${subject}: ${String(sides[0])}, but not the same one`
      : say`${subject}: ${String(sides[0])} in the saved plan, ${String(sides[1])} by the files`,
  );
}

/** The refusal of a plan that is no longer the one that was shown; null where no change differs. */
export function staleRefusal(changed: readonly ChangedChange[]): Refusal | null {
  if (changed.length === 0) return null;
  const names = list(changed.map(({ kind, name }) => `${kind}/${name}`));
  return refusal(
    "stale",
    `Refused, and nothing was changed: the account is not what it was when the plan was shown (${toText(names)}). Plan again.`,
  );
}

/** More targets than this are counted. */
const MOST_TARGETS = 50;

/**
 * The refusal of a plan in which something is blocked; null for one that may be applied. `command` is the `apply` that
 * takes the targets, null where nobody knows which files it would have to read.
 */
export function refuse(plan: Plan, command: readonly string[] | null): Refusal | null {
  if (plan.blocked.length === 0) return null;
  const rest = targetable(plan);
  const targets = rest.map(({ kind, name }) => `${kind}/${name}`);
  const count = plan.blocked.length;
  const refused = `apply refuses this plan and changes nothing: ${count} blocked.`;
  if (targets.length === 0) {
    const message = `${refused} There is no other change that could be applied alone.`;
    return { code: "blocked", message, details: [], targets, text: `${message}\n` };
  }
  const way = command === null ? "plan again from its files with --target" : "name it with --target";
  const message = `${refused} To apply the rest alone, ${way}${leftOut(plan, rest)}`;
  return {
    code: "blocked",
    message,
    details: [],
    targets,
    text: `${message}\n    ${line(command ?? [], targets)}\n`,
  };
}

/**
 * What `--target` can apply although something else is blocked: every change of an entry. A prune is no entry's, and
 * of the replacements no more than the limit allows, where it is the limit that blocks.
 */
function targetable(plan: Plan): readonly Change[] {
  const limit = plan.blocked.find(({ reason }) => reason.code === "max_deletes")?.reason;
  const most = limit?.code === "max_deletes" ? limit.max_deletes : Number.POSITIVE_INFINITY;
  const replacements = plan.changes.filter(({ action }) => action === "replace").slice(0, most);
  return plan.changes.filter(
    (change) =>
      change.reason.code !== "prune" && (change.action !== "replace" || replacements.includes(change)),
  );
}

function leftOut(plan: Plan, rest: readonly Change[]): string {
  const prunes = plan.changes.filter(({ reason }) => reason.code === "prune").length;
  const others = plan.changes.length - prunes - rest.length;
  const parts = [
    ...(prunes === 0 ? [] : [`${prunes} to prune (--target names entries only)`]),
    ...(others === 0 ? [] : [`${others} to replace, over the limit`]),
  ];
  return parts.length === 0 ? ":" : `, without ${parts.join(" and ")}:`;
}

function line(command: readonly string[], targets: readonly string[]): string {
  const shown = targets.slice(0, MOST_TARGETS).flatMap((target) => ["--target", target]);
  const more = targets.length - MOST_TARGETS;
  return `${commandLine([...command, ...shown])}${more > 0 ? ` … and ${more} more --target` : ""}`;
}
