import { referenceIn } from "../engine/model/reference.ts";
import { HIDDEN } from "../base/secret.ts";
import type { Change } from "../engine/model/change.ts";
import { cardOf } from "../kinds/cards.ts";
import { compareText, type JsonValue, type Spec } from "../engine/model/resource.ts";
import { showValue, isBlock } from "./value.ts";
import { type ValueLine, valueDiff } from "./value-diff.ts";
import { ruleLines } from "./rule-diff.ts";
import { showName } from "./visible.ts";

/** One attribute that a change sets, changes or removes. All text is safe to print. */
export interface AttributeChange {
  readonly sign: "+" | "~" | "-";
  readonly attribute: string;
  /** On one line; null where there is none, and for a value that `lines` shows. */
  readonly before: string | null;
  readonly after: string | null;
  /** A value of many lines. */
  readonly lines: readonly ValueLine[];
  /** What else is to be known, after the values; else empty. */
  readonly remark: string;
}

/** What a change does to each attribute: the name first, the others sorted. A secret is `(secret)`. */
export function attributeChanges(change: Change): readonly AttributeChange[] {
  const secrets = Object.keys(change.after?.secrets ?? {});
  const attributes = [...new Set([...change.fields, ...secrets])].sort(nameFirst);
  return attributes.map((attribute) =>
    secrets.includes(attribute) ? secretChange(change, attribute) : valueChange(change, attribute),
  );
}

function secretChange(change: Change, attribute: string): AttributeChange {
  const update = change.action === "update";
  const remark = update ? ", differs" : "";
  return {
    sign: update ? "~" : "+",
    attribute: showName(attribute),
    before: null,
    after: HIDDEN,
    lines: [],
    remark,
  };
}

function valueChange(change: Change, attribute: string): AttributeChange {
  const before = valueOf(change.before, attribute);
  const after = valueOf(change.after, attribute);
  // A name of several lines is one that somebody wants to be misread.
  const block =
    attribute !== "name" && [before, after].some((value) => value !== undefined && isBlock(value));
  return {
    sign: before === undefined ? "+" : after === undefined ? "-" : "~",
    attribute: showName(attribute),
    before: block || before === undefined ? null : shown(before, change.refers?.before[attribute]),
    after: block || after === undefined ? null : shown(after, change.refers?.after[attribute]),
    lines: block ? linesOf(change, attribute, before, after) : [],
    remark: remarkOf(change, attribute),
  };
}

/** What an attribute leads to, where that is known: its address says more than an id. */
function shown(value: JsonValue, address: string | undefined): string {
  const pending = referenceIn(value) === null ? "" : " (known after apply)";
  return address === undefined ? showValue(value) : `${showName(address)}${pending}`;
}

/** Of a list of rules that becomes another, rule by rule. */
function linesOf(
  { kind, before, after }: Change,
  attribute: string,
  old: JsonValue | undefined,
  now: JsonValue | undefined,
): readonly ValueLine[] {
  return attribute === cardOf(kind).rules && before !== null && after !== null
    ? ruleLines(before.spec, after.spec)
    : valueDiff(old, now);
}

function remarkOf(change: Change, attribute: string): string {
  if (attribute !== "name" || change.action !== "update" || change.via === null) {
    return "";
  }
  return `, by way of ${showName(change.via)}, since the renames form a cycle`;
}

function valueOf(
  side: { readonly name: string; readonly spec: Spec } | null,
  attribute: string,
): JsonValue | undefined {
  if (side === null) {
    return undefined;
  }
  return attribute === "name" ? side.name : side.spec[attribute];
}

function nameFirst(a: string, b: string): number {
  return Number(b === "name") - Number(a === "name") || compareText(a, b);
}
