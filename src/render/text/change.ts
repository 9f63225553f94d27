import type { ChangeOrigin } from "../../engine/compare/origin.ts";
import type { Blocked, Change } from "../../engine/model/change.ts";
import type { ActualResource } from "../../engine/model/resource.ts";
import { type AttributeChange, attributeChanges } from "../attributes.ts";
import { cardOf, hangsOnAnother, saidByName } from "../../kinds/cards.ts";
import { address, place, SIGN } from "../headline.ts";
import { blockedWords } from "../words/blocked.ts";
import { movedWords, remedyWords } from "../words/drift.ts";
import { originWords } from "../words/baseline.ts";
import { connectorWarning, reasonWords } from "../words/reason.ts";
import { toText } from "../words/sentence.ts";
import { showName } from "../visible.ts";
import { factWords } from "../words/shown.ts";
import type { Style } from "./style.ts";

/** How a change is shown. */
export interface ChangeOptions {
  readonly style: Style;
  /** The reason and the source of every change, and not only where the line does not tell. */
  readonly reasons: boolean;
  readonly origin: ChangeOrigin | undefined;
}

/** A change: one line, and beneath it only what that line cannot say. */
export function changeLines(change: Change, { style, reasons, origin }: ChangeOptions): readonly string[] {
  const attributes = attributeChanges(change).filter(({ attribute }) => !isSaid(attribute, change));
  const isOnLine = change.action === "create" ? fitsTheLine : () => false;
  const set = attributes.filter(isOnLine).map(({ attribute, after }) => `${attribute}: ${after ?? ""}`);
  const id = change.id === null ? "" : ` (${showName(change.id)})`;
  const paint = style[change.action];
  const warning = connectorWarning(change);
  return [
    [
      paint(`${SIGN[change.action]} ${address(change)}${id}`),
      ...(set.length === 0 ? [] : [set.join(", ")]),
      style.faint(place(change.source)),
    ].join("  "),
    ...attributes.filter((attribute) => !isOnLine(attribute)).flatMap((one) => attributeLines(one, style)),
    ...(change.action === "delete" || change.action === "replace" ? [stateLine(change.before)] : []),
    ...(warning === null ? [] : [`    ${style.bold("warning:")} ${toText(warning)}`]),
    ...(reasons || !isPlain(change) ? [`    reason: ${toText(reasonWords(change))}`] : []),
    ...originLines(origin),
  ];
}

/** The same of drift: what has moved in the account, and the way back. */
export function driftLines(change: Change, { style, reasons, origin }: ChangeOptions): readonly string[] {
  const id = change.id === null ? "" : ` (${showName(change.id)})`;
  const warning = connectorWarning(change);
  // What has no place in the words is shown line by line, as it lives and as it is declared.
  const blocks =
    change.before === null || change.after === null
      ? []
      : attributeChanges(change).filter(({ lines }) => lines.length > 0);
  return [
    [
      style[change.action](`${SIGN[change.action]} ${address(change)}${id}`),
      toText(movedWords(change)),
      style.faint(place(change.source)),
    ].join("  "),
    ...blocks.flatMap((one) => attributeLines(one, style)),
    ...(change.action === "delete" || change.action === "replace" ? [stateLine(change.before)] : []),
    `    apply would ${toText(remedyWords(change))}`,
    ...(warning === null ? [] : [`    ${style.bold("warning:")} ${toText(warning)}`]),
    ...(reasons || !isPlain(change) ? [`    reason: ${toText(reasonWords(change))}`] : []),
    ...originLines(origin),
  ];
}

/** What is blocked: what it would be, why it is not, and the way out. */
export function blockedLines(
  blocked: Blocked,
  { style, origin }: Pick<ChangeOptions, "style" | "origin">,
): readonly string[] {
  const what =
    blocked.kind === null
      ? "the whole plan"
      : [...(blocked.action === null ? [] : [blocked.action]), address(blocked)].join(" ");
  const id = blocked.id === null ? "" : ` (${showName(blocked.id)})`;
  return [
    [
      style.blocked(`! ${what}${id}`),
      ...(blocked.source === null ? [] : [style.faint(place(blocked.source))]),
    ].join("  "),
    `    ${toText(blockedWords(blocked))}`,
    ...(blocked.before === null ? [] : [stateLine(blocked.before)]),
    ...originLines(origin),
  ];
}

/** The address says the name already, save where it becomes another one; what a new one goes by, and what it is by default. */
function isSaid(attribute: string, { action, kind, before, after }: Change): boolean {
  const isDefault = cardOf(kind).defaults?.[attribute] === after?.spec[attribute];
  return attribute === "name"
    ? before === null || before.name === after?.name
    : action === "create" && (saidByName(kind).has(attribute) || (hangsOnAnother(kind) && isDefault));
}

function fitsTheLine({ lines, remark, before }: AttributeChange): boolean {
  return lines.length === 0 && remark === "" && before === null;
}

/** Whether the line tells why: a create, a tombstone, an attribute that differs. */
function isPlain({ reason }: Change): boolean {
  return reason.code === "declared" || reason.code === "tombstone" || reason.code === "differs";
}

function attributeLines(change: AttributeChange, style: Style): readonly string[] {
  const { sign, attribute, before, after, lines, remark } = change;
  const paint = style[ACTIONS[sign]];
  const values = [before, after].filter((value) => value !== null).join(" -> ");
  return [
    `    ${paint(sign)} ${attribute}:${values === "" ? "" : ` ${values}`}${remark}`,
    ...lines.map(({ sign, text }) => {
      const line = `        ${sign} ${text}`.trimEnd();
      return sign === " " ? line : style[ACTIONS[sign]](line);
    }),
  ];
}

const ACTIONS = { "+": "create", "-": "delete", "~": "update" } as const;

function originLines(origin: ChangeOrigin | undefined): readonly string[] {
  return origin === undefined ? [] : [`    origin: ${toText(originWords(origin))}`];
}

function stateLine(actual: ActualResource): string {
  return `    state: ${toText(factWords(actual))}`;
}
