import { cardOf } from "../../kinds/cards.ts";
import { ruleChanges } from "../../ingress/compare.ts";
import { HIDDEN } from "../../base/secret.ts";
import type { BaseComparison } from "../../engine/compare/baseline.ts";
import type { Blocked, Change, Note, Unknown } from "../../engine/model/change.ts";
import { referenceIn } from "../../engine/model/reference.ts";
import type { ActualResource, JsonValue } from "../../engine/model/resource.ts";
import { adoptedWords, originWords, releasedWords } from "../words/baseline.ts";
import { blockedWords } from "../words/blocked.ts";
import { noteWords, unknownWords } from "../words/note.ts";
import { connectorWarning, reasonWords } from "../words/reason.ts";
import { type Sentence, toText } from "../words/sentence.ts";

/** A member of `changes`. */
export function changeItem(change: Change): object {
  const { action, kind, name, id, fields, reason, source } = change;
  return {
    action,
    kind,
    name,
    id,
    before: change.before === null ? null : flat(change.before),
    after: change.after === null ? null : wantedItem(change.after),
    ...afterUnknown(change),
    ...(change.refers === undefined ? {} : { refers: change.refers }),
    fields,
    ...rulesItem(change),
    via: change.action === "update" ? change.via : null,
    reason: toText(reasonWords(change)),
    reason_code: reason.code,
    warning: textOrNull(connectorWarning(change)),
    source,
  };
}

/** `rules`: of a list of rules that becomes another, which of them and how; those that stay as they are left out. */
function rulesItem({ kind, before, after, fields }: Change): object {
  const { rules } = cardOf(kind);
  return rules === undefined || before === null || after === null || !fields.includes(rules)
    ? {}
    : { rules: ruleChanges(before.spec, after.spec).filter(({ change }) => change !== "same") };
}

/** The attributes that are known only after apply, where there are any. */
function afterUnknown({ after }: Change): object {
  const unknown = Object.keys(after?.spec ?? {}).filter((attribute) => isPending(after?.spec[attribute]));
  return unknown.length === 0 ? {} : { after_unknown: unknown.sort() };
}

function isPending(value: JsonValue | undefined): boolean {
  return referenceIn(value) !== null;
}

function wantedItem({ name, spec, secrets }: NonNullable<Change["after"]>): object {
  const hidden = Object.keys(secrets).map((attribute) => [attribute, HIDDEN] as const);
  const known = Object.entries(spec).filter(([, value]) => !isPending(value));
  return fields(name, [...known, ...hidden]);
}

/** What the API reported of a resource, attributes and facts side by side. */
function flat({ name, spec, facts }: ActualResource): object {
  return fields(name, [...Object.entries(facts), ...Object.entries(spec)]);
}

/** The name first, and then nothing else by that key. Keys become own properties, whatever they are called. */
function fields(name: string, others: readonly (readonly [string, JsonValue])[]): object {
  return Object.fromEntries([["name", name], ...others.filter(([key]) => key !== "name")]);
}

/** A member of `blocked`. */
export function blockedItem(blocked: Blocked): object {
  const { action, kind, name, id, reason, before, source } = blocked;
  const message = toText(blockedWords(blocked));
  return { action, kind, name, id, code: reason.code, message, before: before && flat(before), source };
}

/** A member of `unmanaged`. */
export function unmanagedItem(actual: ActualResource): object {
  return { ...flat(actual), kind: actual.kind, id: actual.id };
}

/** A member of `notes`. */
export function noteItem(note: Note): object {
  const { kind, name, id, reason, source } = note;
  return { kind, name, id, code: reason.code, message: toText(noteWords(note)), source };
}

/** A member of `unknown`. */
export function unknownItem(unknown: Unknown): object {
  const { kind, name, id, attribute, source } = unknown;
  return { kind, name, id, attribute, message: toText(unknownWords(unknown)), source };
}

/** `base`. */
export function baseItem({ origins, adopted, released }: BaseComparison): object {
  return {
    changes: origins.map((origin) => ({ ...origin, message: toText(originWords(origin)) })),
    adopted: adopted.map((one) => ({ ...one, message: toText(adoptedWords(one)) })),
    released: released.map((one) => ({ ...one, message: toText(releasedWords(one)) })),
  };
}

function textOrNull(sentence: Sentence | null): string | null {
  return sentence === null ? null : toText(sentence);
}
