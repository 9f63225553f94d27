import type { Adopted, BaseComparison, Released } from "../../engine/compare/baseline.ts";
import type { Blocked, Change, Note, Plan, Unknown } from "../../engine/model/change.ts";
import type { ChangeOrigin } from "../../engine/compare/origin.ts";
import type { ActualResource, Location } from "../../engine/model/resource.ts";
import { type AttributeChange, attributeChanges } from "../attributes.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { adoptedWords, conflictsOf, originsByKey, originWords, releasedWords } from "../words/baseline.ts";
import { blockedWords } from "../words/blocked.ts";
import { factWords } from "../words/shown.ts";
import { blockedHeadline, headline, place, SIGN } from "../headline.ts";
import { noteWords, unknownWords } from "../words/note.ts";
import { connectorWarning, reasonWords } from "../words/reason.ts";
import { toText } from "../words/sentence.ts";
import type { Style } from "./style.ts";
import { noChangesWords, summaryWords } from "../summary.ts";
import { showName } from "../visible.ts";

/** How a plan is shown. */
export interface PlanOptions {
  readonly style: Style;
  /** Lists what is unmanaged; otherwise it is only counted. */
  readonly showUnmanaged: boolean;
  /** Says where each change comes from, and what is adopted. */
  readonly base?: BaseComparison | null;
}

/** From this many changes on, what a plan deletes is said once more at its end. */
const LONG_PLAN = 10;

/**
 * The plan for people: a block for each change in the plan's order, then what is worth knowing, then what is blocked,
 * and the counts in the last line. Ends with a line feed.
 */
export function renderPlan(plan: Plan, { style, showUnmanaged, base = null }: PlanOptions): string {
  const noChanges = noChangesWords(plan);
  const origins = originsByKey(base);
  const blocks = [
    ...conflictsOf(base).map((origin) => conflictBlock(origin, style)),
    ...plan.changes.map((change) => changeBlock(change, origins, style)),
    ...(base?.adopted ?? []).map((adopted) => adoptedBlock(adopted, style)),
    ...(base?.released ?? []).map((released) => releasedBlock(released, style)),
    ...(showUnmanaged ? unmanagedBlock(plan.unmanaged, style) : []),
    ...plan.notes.map((note) => noteBlock(note, style)),
    ...plan.unknown.map((unknown) => unknownBlock(unknown, style)),
    ...plan.blocked.map((blocked) => blockedBlock(blocked, origins, style)),
    ...deletesAgain(plan, style),
    ...(noChanges === null ? [] : [noChanges]),
    style.bold(`Plan: ${summaryWords(plan)}.`),
  ];
  return `${blocks.join("\n\n")}\n`;
}

type Origins = ReadonlyMap<string, ChangeOrigin>;

function conflictBlock(origin: ChangeOrigin, style: Style): string {
  const { kind, name } = origin;
  const subject = headline({ kind, name, id: null });
  return `${style.blocked(`Conflict: ${subject}`)}\n    ${toText(originWords(origin))}`;
}

function originLine(kind: string, name: string, origins: Origins): readonly string[] {
  const origin = origins.get(keyOf(kind, name));
  return origin === undefined ? [] : [`    origin: ${toText(originWords(origin))}`];
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

function changeBlock(change: Change, origins: Origins, style: Style): string {
  const warning = connectorWarning(change);
  return [
    style[change.action](`${SIGN[change.action]} ${headline(change)}`),
    ...attributeChanges(change).flatMap((attribute) => attributeLines(attribute, style)),
    ...(change.action === "delete" || change.action === "replace" ? [stateLine(change.before)] : []),
    ...(warning === null ? [] : [`    ${style.bold("warning:")} ${toText(warning)}`]),
    `    reason: ${toText(reasonWords(change))}`,
    ...originLine(change.kind, change.name, origins),
    sourceLine(change.source, style),
  ].join("\n");
}

function attributeLines(change: AttributeChange, style: Style): readonly string[] {
  const { sign, attribute, before, after, lines, remark } = change;
  const paint = sign === "+" ? style.create : sign === "-" ? style.delete : style.update;
  const values = [before, after].filter((value) => value !== null).join(" -> ");
  return [
    `    ${paint(sign)} ${attribute}:${values === "" ? "" : ` ${values}`}${remark}`,
    ...lines.map(({ sign, text }) => {
      const line = `        ${sign} ${text}`.trimEnd();
      return sign === "+" ? style.create(line) : sign === "-" ? style.delete(line) : line;
    }),
  ];
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

function blockedBlock(blocked: Blocked, origins: Origins, style: Style): string {
  return [
    style.blocked(`! ${blockedHeadline(blocked)}`),
    ...(blocked.before === null ? [] : [stateLine(blocked.before)]),
    `    ${style.bold("blocked:")} ${toText(blockedWords(blocked))}`,
    ...(blocked.kind === null ? [] : originLine(blocked.kind, blocked.name, origins)),
    ...(blocked.source === null ? [] : [sourceLine(blocked.source, style)]),
  ].join("\n");
}

function deletesAgain(plan: Plan, style: Style): readonly string[] {
  const deleting = plan.changes.filter(({ action }) => action === "delete" || action === "replace");
  if (plan.changes.length < LONG_PLAN || deleting.length === 0) {
    return [];
  }
  const lines = deleting.map(
    (change) => `    ${style[change.action](`${SIGN[change.action]} ${headline(change)}`)}`,
  );
  return [[style.bold("Deleted or replaced by this plan:"), ...lines].join("\n")];
}

function stateLine(actual: ActualResource): string {
  return `    state: ${toText(factWords(actual))}`;
}

function sourceLine(source: Location, style: Style): string {
  return `    ${style.faint(`source: ${place(source)}`)}`;
}
