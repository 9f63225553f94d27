import { fileKinds } from "./schema/schema.ts";
import { isUuid } from "../base/json.ts";
import { badNameOf } from "./attribute.ts";
import type { Source, Span } from "./yaml/source.ts";
import type { Entry, Tree } from "./yaml/tree.ts";

/** A value of the right form, and where it stands. */
export interface Written<T> {
  readonly value: T;
  readonly span: Span;
}

/** One entry as it is written. What is not of the right form counts as not written; the schema has reported it. */
export interface WrittenEntry {
  readonly source: Source;
  readonly kind: string;
  readonly name: string;
  readonly nameSpan: Span;
  readonly attributes: ReadonlyMap<string, Entry>;
  /** Lower case. */
  readonly id: Written<string> | null;
  readonly renamed_from: Written<string> | null;
  readonly absent: boolean;
}

/** One file as it is written. */
export interface WrittenFile {
  readonly source: Source;
  readonly kinds: readonly string[];
  readonly entries: readonly WrittenEntry[];
  readonly account_id: Written<string> | null;
  readonly prefix: Written<string> | null;
  readonly max_deletes: Written<number> | null;
  readonly max_routes: Written<number> | null;
  /** Milliseconds. */
  readonly min_idle: Written<number> | null;
  readonly protected: readonly string[];
  readonly zones: readonly WrittenZone[];
}

/** A zone that a file names. */
export interface WrittenZone {
  readonly name: string;
  readonly span: Span;
  /** Lower case. */
  readonly id: string | null;
}

/** Picks out of a file what the rules and the desired state need. A file that is no mapping holds nothing. */
export function readWritten(source: Source, root: Tree | null): WrittenFile {
  const top = entriesOf(root ?? undefined);
  const limits = entriesOf(top.get("limits")?.value);
  const present = fileKinds.filter((kind) => top.get(kind)?.value.type === "map");
  return {
    source,
    kinds: present,
    entries: present.flatMap((kind) =>
      [...entriesOf(top.get(kind)?.value).values()].map((entry) => readEntry(source, kind, entry)),
    ),
    account_id: textAt(top.get("account_id")),
    prefix: written(textAt(entriesOf(top.get("prune")?.value).get("prefix")), (text) => text || null),
    max_deletes: countAt(limits.get("max_deletes")),
    max_routes: countAt(limits.get("max_routes")),
    min_idle: durationAt(limits.get("min_idle")),
    protected: textsOf(top.get("protected")?.value),
    zones: [...entriesOf(top.get("zones")?.value).values()].map(({ key, keySpan, value }) => ({
      name: key,
      span: keySpan,
      id: textAt(entriesOf(value).get("id"))?.value.toLowerCase() ?? null,
    })),
  };
}

function readEntry(source: Source, kind: string, entry: Entry): WrittenEntry {
  const attributes = entriesOf(entry.value);
  return {
    source,
    kind,
    name: entry.key,
    nameSpan: entry.keySpan,
    attributes,
    id: uuidAt(attributes.get("id")),
    renamed_from: written(textAt(attributes.get("renamed_from")), (text) =>
      badNameOf(text) === null ? text : null,
    ),
    absent: textAt(attributes.get("state"))?.value === "absent",
  };
}

/** A UUID in lower case; null when there is none. */
export function uuidAt(entry: Entry | undefined): Written<string> | null {
  return written(textAt(entry), (text) => (isUuid(text) ? text.toLowerCase() : null));
}

/** What stands in a mapping; nothing where it is none. */
export function entriesOf(tree: Tree | undefined): ReadonlyMap<string, Entry> {
  return tree?.type === "map" ? tree.entries : new Map();
}

/** A text, and where it stands; null where there is none. */
export function textAt(entry: Entry | undefined): Written<string> | null {
  const tree = entry?.value;
  return tree?.type === "scalar" && typeof tree.value === "string"
    ? { value: tree.value, span: tree.span }
    : null;
}

function countAt(entry: Entry | undefined): Written<number> | null {
  const tree = entry?.value;
  return tree?.type === "scalar" && typeof tree.value === "number"
    ? { value: tree.value, span: tree.span }
    : null;
}

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

function durationAt(entry: Entry | undefined): Written<number> | null {
  const count = countAt(entry);
  if (count !== null) {
    return written(count, (value) => (value === 0 ? 0 : null));
  }
  return written(textAt(entry), (text) => {
    if (text === "0") {
      return 0;
    }
    const [, digits, unit] = /^([0-9]{1,8})([smhd])$/.exec(text) ?? [];
    const milliseconds = MILLISECONDS.get(unit ?? "");
    return milliseconds === undefined ? null : Number(digits) * milliseconds;
  });
}

function textsOf(tree: Tree | undefined): readonly string[] {
  if (tree?.type !== "list") {
    return [];
  }
  return tree.items.flatMap((item) =>
    item.type === "scalar" && typeof item.value === "string" ? [item.value] : [],
  );
}

function written<A, B>(from: Written<A> | null, convert: (value: A) => B | null): Written<B> | null {
  if (from === null) {
    return null;
  }
  const value = convert(from.value);
  return value === null ? null : { value, span: from.span };
}
