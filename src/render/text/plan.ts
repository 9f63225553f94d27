import type { Adopted, BaseComparison, Released } from "../../engine/compare/baseline.ts";
import type { Action, Note, Plan, Unknown } from "../../engine/model/change.ts";
import type { ChangeOrigin } from "../../engine/compare/origin.ts";
import type { ActualResource, Location } from "../../engine/model/resource.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { adoptedWords, conflictsOf, originsByKey, originWords, releasedWords } from "../words/baseline.ts";
import type { Rollout } from "../../engine/model/outcome.ts";
import { factWords } from "../words/shown.ts";
import { headline, place } from "../headline.ts";
import { noteWords, unknownWords } from "../words/note.ts";
import { toText } from "../words/sentence.ts";
import { blockedLines, changeLines, driftLines } from "./change.ts";
import { rolloutLines } from "./rollout.ts";
import type { Style } from "./style.ts";
import { wrap } from "./wrap.ts";
import { noChangesWords, noDriftWords, countsWords } from "../plan-counts.ts";
import { showName } from "../visible.ts";

/** How a plan is shown. */
export interface PlanOptions {
  readonly style: Style;
  /** Lists what is unmanaged; otherwise it is only counted. */
  readonly showUnmanaged: boolean;
  /** Gives the reason and the source of every change. */
  readonly reasons: boolean;
  /** The columns of the terminal; null, where it is none, wraps nothing. */
  readonly width: number | null;
  /** Speaks of what has moved in the account, and of the way back. */
  readonly drift?: boolean;
  /** Says where each change comes from, and what is adopted. */
  readonly base?: BaseComparison | null;
  /** How far connectors have got, where they were asked. */
  readonly rollout?: Rollout | null;
}

/** In this order: what is lost comes last, right before what is refused. */
export const GROUPS: readonly Action[] = ["create", "update", "replace", "delete"];

/**
 * The plan for people: grouped by action, a line for each change and beneath it only what the line cannot say, then what
 * is blocked, what is worth knowing, and the counts in the last line. Ends with a line feed.
 */
export function renderPlan(plan: Plan, options: PlanOptions): string {
  const { style, showUnmanaged, reasons, width, base = null, rollout = null, drift = false } = options;
  const noChanges = drift ? noDriftWords(plan, rollout) : noChangesWords(plan);
  const origins = originsByKey(base);
  const originOf = ({ kind, name }: { readonly kind: string | null; readonly name: string | null }) =>
    kind === null || name === null ? undefined : origins.get(keyOf(kind, name));
  const linesOf = drift ? driftLines : changeLines;
  const groups = GROUPS.map((action) =>
    plan.changes
      .filter((change) => change.action === action)
      .flatMap((change) => linesOf(change, { style, reasons, origin: originOf(change) })),
  );
  const blocked = plan.blocked.flatMap((one) => blockedLines(one, { style, origin: originOf(one) }));
  const blocks = [
    ...conflictsOf(base).map((origin) => conflictBlock(origin, style)),
    ...[...groups, blocked].filter((lines) => lines.length > 0).map((lines) => lines.join("\n")),
    ...(base?.adopted ?? []).map((adopted) => adoptedBlock(adopted, style)),
    ...(base?.released ?? []).map((released) => releasedBlock(released, style)),
    ...(showUnmanaged ? unmanagedBlock(plan.unmanaged, style) : []),
    ...plan.notes.map((note) => noteBlock(note, style)),
    ...plan.unknown.map((unknown) => unknownBlock(unknown, style)),
    ...(noChanges === null ? [] : [noChanges]),
    ...(rollout === null ? [] : [rolloutLines(rollout, style).join("\n")]),
    style.bold(`${drift ? "Drift" : "Plan"}: ${countsWords(plan)}.`),
  ];
  const lines = blocks.join("\n\n").split("\n");
  return `${lines.flatMap((line) => wrap(line, width)).join("\n")}\n`;
}

function conflictBlock(origin: ChangeOrigin, style: Style): string {
  const { kind, name } = origin;
  const subject = headline({ kind, name, id: null });
  return `${style.blocked(`Conflict: ${subject}`)}\n    ${toText(originWords(origin))}`;
}

function adoptedBlock(adopted: Adopted, style: Style): string {
  return [
    style.bold(`Adopted: ${headline(adopted)}`),
    `    ${toText(adoptedWords(adopted))}`,
    sourceLine(adopted.source, style),
  ].join("\n");
}

function releasedBlock(released: Released, style: Style): string {
  return `${style.bold(`Released: ${headline(released)}`)}\n    ${toText(releasedWords(released))}`;
}

function unmanagedBlock(unmanaged: readonly ActualResource[], style: Style): readonly string[] {
  if (unmanaged.length === 0) {
    return [];
  }
  const lines = unmanaged.map((actual) => `    ${headline(actual)}: ${toText(factWords(actual))}`);
  return [[style.bold("Unmanaged, and left alone:"), ...lines].join("\n")];
}

function noteBlock(note: Note, style: Style): string {
  const { kind, name, id } = note;
  const subject = name === null ? showName(kind) : headline({ kind, name, id });
  return [
    style.bold(`Note: ${subject}`),
    `    ${toText(noteWords(note))}`,
    ...(note.source === null ? [] : [sourceLine(note.source, style)]),
  ].join("\n");
}

function unknownBlock(unknown: Unknown, style: Style): string {
  return [
    style.bold(`? ${headline(unknown)}`),
    `    ${toText(unknownWords(unknown))}`,
    sourceLine(unknown.source, style),
  ].join("\n");
}

function sourceLine(source: Location, style: Style): string {
  return `    ${style.faint(`source: ${place(source)}`)}`;
}
