import type { JsonValue, Spec } from "../../engine/model/resource.ts";
import type { Ingress } from "../../ingress/match.ts";
import type { ProblemDetail } from "../problem.ts";
import type { Reporter, Source, Span } from "../yaml/source.ts";
import { type Entry, toData, type Tree } from "../yaml/tree.ts";
import { textAt, type Written, type WrittenEntry } from "../written.ts";

/** What hangs on a tunnel, as one item of a list in that one's entry. */
export interface Item {
  readonly source: Source;
  /** The entry that the list stands in. */
  readonly owner: WrittenEntry;
  /** Where the item begins. */
  readonly start: number;
  /** A bare text is the attribute that the collection goes by. */
  readonly fields: ReadonlyMap<string, Entry>;
}

/** What an item says, in the form in which two are compared. */
export interface Meaning {
  /** How plans call it, after its kind. */
  readonly name: string;
  /** What makes two items of all files the same one. */
  readonly identity: string;
  readonly spec: Spec;
}

/** What the items of all files may depend on. */
export interface Surroundings {
  /** The virtual network that the files make the default; null where they leave it alone. */
  readonly defaultNetwork: string | null;
  /** The zones that the files name, as DNS compares names. */
  readonly zones: readonly string[];
}

/** A list in a tunnel's entry, each item of which is a resource of its own. */
export interface Collection {
  readonly key: string;
  readonly kind: string;
  /** The attribute that an item goes by. */
  readonly main: string;
  /** The attribute that says which tunnel it hangs on. */
  readonly owner: { readonly attribute: string; readonly output: string };
  /** A text that stands for others of the entry, alone or as an item; those are left out that an item names itself. */
  readonly stands?: {
    readonly word: string;
    /** Null where the entry does not write what it stands for. */
    for(owner: WrittenEntry): readonly Tree[] | null;
    keyOf(text: string): string;
  };
  /** Those of the names that no rule of their tunnel serves. */
  readonly notServed?: (ingress: Ingress, names: readonly string[]) => readonly string[];
  /** What the item says, or what is wrong with it and where. `main` is a text. */
  read(main: string, item: Item, surroundings: Surroundings): Meaning | Flaw;
}

/** What is wrong with an item; said of `at`, or of what it goes by. */
export interface Flaw {
  readonly flaw: ProblemDetail;
}

/** The items of a list, those apart that are of no form at all: the schema has reported them. */
export function itemsOf(
  list: Entry,
  { main, stands }: Collection,
  owner: WrittenEntry,
  report: Reporter,
): readonly Item[] {
  const isWord = (tree: Tree) => stands !== undefined && tree.type === "scalar" && tree.value === stands.word;
  const written = list.value.type === "list" ? list.value.items : isWord(list.value) ? [list.value] : [];
  const itemOf = (tree: Tree): readonly Item[] => {
    const fields = fieldsOf(tree, main);
    return fields === null ? [] : [{ source: owner.source, owner, start: tree.span.start, fields }];
  };
  const items = written.filter((tree) => !isWord(tree)).flatMap(itemOf);
  const word = written.find(isWord);
  if (stands === undefined || word === undefined) {
    return items;
  }
  const meant = stands.for(owner);
  if (meant === null) {
    report(owner.source, word.span, { code: "stands_for_nothing", word: stands.word });
    return items;
  }
  const keyOf = (item: Item) => stands.keyOf(textIn(item, main)?.value ?? "");
  const named = new Set(items.map(keyOf));
  return [...items, ...meant.flatMap(itemOf).filter((item) => !named.has(keyOf(item)))];
}

function fieldsOf(tree: Tree, main: string): ReadonlyMap<string, Entry> | null {
  if (tree.type === "map") {
    return tree.entries;
  }
  return tree.type === "scalar" && typeof tree.value === "string"
    ? new Map([[main, { key: main, keySpan: tree.span, value: tree }]])
    : null;
}

/** A text of an item, and where it stands. */
export function textIn({ fields }: Item, key: string): Written<string> | null {
  return textAt(fields.get(key));
}

/** Those of an item's attributes that are managed as they are written. */
export function attributesIn({ fields }: Item, keys: readonly string[]): Spec {
  return Object.fromEntries(
    keys.flatMap((key): readonly (readonly [string, JsonValue])[] => {
      const entry = fields.get(key);
      return entry === undefined ? [] : [[key, toData(entry.value)]];
    }),
  );
}

/** Where what an item goes by stands. */
export function spanOf(item: Item, main: string): Span {
  return textIn(item, main)?.span ?? { start: item.start, end: item.start + 1 };
}
