import type {
  Action,
  Blocked,
  BlockedReason,
  Change,
  NoteReason,
  Reason,
  Unknown,
  Wanted,
} from "../model/change.ts";
import { type DeleteRules, refuseDelete, refuseProtected } from "./guard.ts";
import type { ResourceKind, SecretComparison } from "../model/kind.ts";
import { isAsWanted } from "../model/as-wanted.ts";
import type { Match } from "../model/match.ts";
import {
  type ActualResource,
  compareText,
  type DesiredEntry,
  type JsonValue,
  type SecretReference,
  type SecretReferences,
} from "../model/resource.ts";

/** A declared write-only attribute of a live resource. */
export interface ComparableSecret {
  readonly kind: string;
  readonly id: string;
  readonly attribute: string;
  readonly reference: SecretReference;
}

/** What the comparison of a declared write-only attribute with the account gave. */
export interface ComparedSecret {
  readonly id: string;
  readonly attribute: string;
  readonly comparison: SecretComparison;
}

/** What becomes of one entry, as far as it can be told without looking at the others. */
export interface Verdict {
  readonly entry: DesiredEntry;
  readonly change: Change | null;
  readonly blocked: Blocked | null;
  readonly unknown: readonly Unknown[];
  readonly notes: readonly NoteReason[];
}

/** What an entry is judged by, beside its match. */
export interface JudgeOptions {
  readonly rules: DeleteRules;
  /** By `id/attribute`. */
  readonly secrets: ReadonlyMap<string, SecretComparison>;
}

/** Judges one entry against the resource it was matched with. */
export function judge(match: Match, kind: ResourceKind, options: JudgeOptions): Verdict {
  const { entry } = match;
  switch (match.state) {
    case "blocked":
      return blocked(entry, match.actual, null, match.reason);
    case "absent":
      return entry.state === "absent" ? unchanged(entry) : judgeCreate(entry, kind);
    case "moving":
      return judgeMove(entry, match.actual, kind, options);
    case "found":
      return entry.state === "absent"
        ? judgeTombstone(entry, match.actual, kind, options.rules)
        : judgeAttributes(entry, match.actual, kind, options);
  }
}

function judgeCreate(entry: DesiredEntry, kind: ResourceKind): Verdict {
  const forbidden = kind.forbids?.(null, entry.spec) ?? null;
  return forbidden === null ? changed(entry, creation(entry)) : blocked(entry, null, "create", forbidden);
}

function judgeTombstone(
  entry: DesiredEntry,
  actual: ActualResource,
  kind: ResourceKind,
  rules: DeleteRules,
): Verdict {
  const refusal = refuseDelete(actual, entry.name, kind, rules);
  return refusal === null
    ? // By the entry's name: what the API shows as a name need not be what the files call it.
      changed(entry, { ...deletion(actual, { code: "tombstone" }, entry.source), name: entry.name })
    : blocked(entry, actual, "delete", refusal);
}

/** A delete of what lives. For a prune, too. */
export function deletion(actual: ActualResource, reason: Reason, source: Change["source"]): Change {
  const { kind, name, id } = actual;
  return { action: "delete", kind, name, id, before: actual, after: null, fields: [], reason, source };
}

function judgeMove(
  entry: DesiredEntry,
  actual: ActualResource,
  kind: ResourceKind,
  options: JudgeOptions,
): Verdict {
  const refusal = refuseProtected([actual.name], options.rules);
  if (refusal !== null) {
    return blocked(entry, actual, "update", refusal);
  }
  const { immutable } = differences(entry, actual, kind);
  if (immutable.length > 0) {
    const { id, name: live_name } = actual;
    return entry.replace === id
      ? blocked(entry, actual, "replace", { code: "replace_while_renaming", id, live_name })
      : blocked(entry, actual, "update", { code: "immutable_attribute", id, attributes: immutable });
  }
  const reason: Reason =
    entry.id === null ? { code: "renamed_from", from: actual.name } : { code: "pinned", from: actual.name };
  return judgeUpdate(entry, actual, kind, options, reason);
}

function judgeAttributes(
  entry: DesiredEntry,
  actual: ActualResource,
  kind: ResourceKind,
  options: JudgeOptions,
): Verdict {
  const { id } = actual;
  const { mutable, immutable: fixed } = differences(entry, actual, kind);
  const immutable = [...fixed, ...(entry.replace === id ? swapped(mutable, kind) : [])];
  if (immutable.length === 0) {
    const verdict = judgeUpdate(entry, actual, kind, options, null);
    return entry.replace === id ? { ...verdict, notes: [{ code: "replace_has_no_effect", id }] } : verdict;
  }
  if (entry.replace !== id) {
    return blocked(entry, actual, "update", { code: "immutable_attribute", id, attributes: immutable });
  }
  if (entry.id !== null) {
    return blocked(entry, actual, "replace", { code: "replace_of_pinned", id });
  }
  const refusal = refuseDelete(actual, entry.name, kind, options.rules);
  if (refusal !== null) {
    return blocked(entry, actual, "replace", refusal);
  }
  const attributes = immutable.map(({ name }) => name);
  return changed(entry, {
    action: "replace",
    kind: entry.kind,
    name: entry.name,
    id,
    before: actual,
    after: wanted(entry, entry.secrets),
    fields: attributes,
    reason: { code: "replace_allowed", attributes },
    source: entry.source,
  });
}

/** What leads to another owner can be changed in place, and is replaced where the entry says so. */
function swapped(mutable: readonly Difference[], kind: ResourceKind): readonly Difference[] {
  const { ownedBy } = kind;
  return kind.swap === undefined ? [] : mutable.filter(({ name }) => name === ownedBy?.attribute);
}

/** An update of all that differs and can be changed in place; `renaming` is why the name is part of it, if it is. */
function judgeUpdate(
  entry: DesiredEntry,
  actual: ActualResource,
  kind: ResourceKind,
  options: JudgeOptions,
  renaming: Reason | null,
): Verdict {
  const forbidden = kind.forbids?.(actual, entry.spec) ?? null;
  if (forbidden !== null) {
    return blocked(entry, actual, "update", forbidden);
  }
  const { mutable } = differences(entry, actual, kind);
  const sent: { [attribute: string]: SecretReferences[string] } = {};
  const unknown: Unknown[] = [];
  for (const [attribute, reference] of Object.entries(entry.secrets)) {
    const comparison = options.secrets.get(secretKey(actual.id, attribute));
    if (comparison?.verdict === "differs") {
      sent[attribute] = reference;
    } else if (comparison?.verdict === "unknown") {
      const { kind, name, source } = entry;
      unknown.push({ kind, name, id: actual.id, attribute, why: comparison.why, source });
    }
  }
  const attributes = [...mutable.map(({ name }) => name), ...Object.keys(sent)].sort(compareText);
  const fields = renaming === null ? attributes : ["name", ...attributes].sort(compareText);
  if (fields.length === 0) {
    return { ...unchanged(entry), unknown };
  }
  const change: Change = {
    action: "update",
    kind: entry.kind,
    name: entry.name,
    id: actual.id,
    before: actual,
    after: wanted(entry, sent),
    via: null,
    fields,
    reason: renaming ?? { code: "differs", attributes },
    source: entry.source,
  };
  return { ...changed(entry, change), unknown };
}

interface Difference {
  readonly name: string;
  readonly live: JsonValue;
  readonly declared: JsonValue;
}

/** The written attributes that the API reported otherwise. What it did not report is unknown, never a difference. */
function differences(
  entry: DesiredEntry,
  actual: ActualResource,
  kind: ResourceKind,
): { readonly mutable: readonly Difference[]; readonly immutable: readonly Difference[] } {
  const mutable: Difference[] = [];
  const immutable: Difference[] = [];
  for (const [name, declared] of Object.entries(entry.spec)) {
    const live = actual.spec[name];
    if (live !== undefined && !isAsWanted(kind, name, actual.spec, entry.spec)) {
      (kind.immutable.includes(name) ? immutable : mutable).push({ name, live, declared });
    }
  }
  return { mutable, immutable };
}

function creation(entry: DesiredEntry): Change {
  const { kind, name, spec, secrets, source } = entry;
  return {
    action: "create",
    kind,
    name,
    id: null,
    before: null,
    after: wanted(entry, secrets),
    fields: [...new Set(["name", ...Object.keys(spec), ...Object.keys(secrets)])].sort(compareText),
    reason: { code: "declared" },
    source,
  };
}

function wanted({ name, spec }: DesiredEntry, secrets: SecretReferences): Wanted {
  return { name, spec, secrets };
}

/** The key of `JudgeOptions.secrets`. */
export function secretKey(id: string, attribute: string): string {
  return `${id}/${attribute}`;
}

function changed(entry: DesiredEntry, change: Change): Verdict {
  return { entry, change, blocked: null, unknown: [], notes: [] };
}

function unchanged(entry: DesiredEntry): Verdict {
  return { entry, change: null, blocked: null, unknown: [], notes: [] };
}

function blocked(
  entry: DesiredEntry,
  before: ActualResource | null,
  action: Action | null,
  reason: BlockedReason,
): Verdict {
  const { kind, name, source } = entry;
  const id = before?.id ?? entry.id;
  return { ...unchanged(entry), blocked: { action, kind, name, id, reason, before, source } };
}
