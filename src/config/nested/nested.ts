import type { DesiredEntry, Location } from "../../engine/model/resource.ts";
import type { Ingress } from "../../ingress/match.ts";
import { entriesOf, once } from "../rules/rule.ts";
import { locate, type Reporter } from "../yaml/source.ts";
import { type Written, type WrittenEntry, type WrittenFile } from "../written.ts";
import { dnsNameOf } from "../../ingress/hostname.ts";
import { dns } from "./dns.ts";
import { hostnameRoutes } from "./hostname-routes.ts";
import {
  type Collection,
  type Item,
  itemsOf,
  type Meaning,
  spanOf,
  type Surroundings,
  textIn,
} from "./item.ts";
import { routes } from "./routes.ts";

const collections: readonly Collection[] = [routes, hostnameRoutes, dns];

/** The keys of an entry whose items are resources of their own. */
export const COLLECTION_KEYS: ReadonlySet<string> = new Set(collections.map(({ key }) => key));

/** What hangs on the tunnels of all files. */
export interface Nested {
  readonly entries: readonly DesiredEntry[];
  readonly collections: readonly WrittenCollection[];
}

/** That an entry writes a collection, also an empty one. */
export interface WrittenCollection {
  readonly kind: string;
  readonly owner: WrittenEntry;
}

interface Read extends Meaning {
  readonly item: Item;
  readonly collection: Collection;
}

/** Reads the collections of every entry, and reports what is wrong with their items. `rules` are those that entries write. */
export function readNested(
  files: readonly WrittenFile[],
  rules: readonly { readonly entry: WrittenEntry; readonly ingress: Ingress | null }[],
  report: Reporter,
): Nested {
  const ingresses = new Map(rules.map(({ entry, ingress }) => [entry, ingress]));
  const surroundings: Surroundings = {
    defaultNetwork: defaultNetworkOf(files),
    zones: files.flatMap(({ zones }) => zones.map(({ name }) => dnsNameOf(name))),
  };
  const entries: DesiredEntry[] = [];
  const written: WrittenCollection[] = [];
  for (const collection of collections) {
    const read: Read[] = [];
    for (const owner of entriesOf(files)) {
      const list = owner.absent ? undefined : owner.attributes.get(collection.key);
      if (list === undefined) {
        continue;
      }
      written.push({ kind: collection.kind, owner });
      const own = itemsOf(list, collection, owner, report).flatMap((item): readonly Read[] => {
        const meaning = readItem(item, collection, surroundings, report);
        return meaning === null ? [] : [{ ...meaning, item, collection }];
      });
      warnOfUnserved(own, collection, ingresses.get(owner) ?? null, report);
      read.push(...own);
    }
    onceEach(read, report);
    entries.push(...read.map(entryOf));
  }
  return { entries, collections: written };
}

function warnOfUnserved(
  items: readonly Read[],
  { main, notServed }: Collection,
  ingress: Ingress | null,
  report: Reporter,
): void {
  if (notServed === undefined || ingress === null) {
    return;
  }
  const present = items.filter(({ item }) => !isAbsent(item));
  const unserved = new Set(
    notServed(
      ingress,
      present.map(({ name }) => name),
    ),
  );
  for (const { item, name } of present) {
    if (unserved.has(name)) {
      report(item.source, spanOf(item, main), { code: "name_not_served", name }, "warning");
    }
  }
}

function readItem(
  item: Item,
  collection: Collection,
  surroundings: Surroundings,
  report: Reporter,
): Meaning | null {
  const { main } = collection;
  const text = textIn(item, main);
  if (text === null) {
    return null;
  }
  const meaning = collection.read(text.value, item, surroundings);
  if ("flaw" in meaning) {
    report(item.source, text.span, meaning.flaw, "error");
    return null;
  }
  if (isAbsent(item)) {
    absentTakesOnlyId(item, text, collection, report);
  }
  return meaning;
}

/** What is to be gone is told by its identity, and by nothing else. */
function absentTakesOnlyId(
  item: Item,
  { value }: Written<string>,
  { main }: Collection,
  report: Reporter,
): void {
  for (const { key, keySpan } of item.fields.values()) {
    if (![main, "virtual_network", "state", "id"].includes(key)) {
      report(item.source, keySpan, { code: "absent_with_attribute", attribute: key, name: value });
    }
  }
}

/** A place is one item's, whatever file it stands in; so is an id. */
function onceEach(read: readonly Read[], report: Reporter): void {
  const place = ({ item, collection: { main } }: Read) => ({ source: item.source, span: spanOf(item, main) });
  once(
    read.map((one) => ({ ...place(one), key: one.identity, one })),
    ({ one }, first) => itemTwice(one, first),
    report,
  );
  once(
    read.flatMap(({ item }) => {
      const id = textIn(item, "id");
      return id === null ? [] : [{ source: item.source, span: id.span, key: id.value.toLowerCase() }];
    }),
    ({ key }, first) => ({ code: "id_twice", id: key, first }),
    report,
  );
}

function itemTwice({ collection: { kind }, name }: Read, first: Location) {
  return { code: "declared_twice", kind, name, first } as const;
}

function entryOf({ item, collection, name, spec }: Read): DesiredEntry {
  const { kind, owner, main } = collection;
  const { kind: to, name: tunnel } = item.owner;
  return {
    kind,
    name,
    state: isAbsent(item) ? "absent" : "present",
    id: textIn(item, "id")?.value.toLowerCase() ?? null,
    renamed_from: null,
    replace: textIn(item, "replace")?.value.toLowerCase() ?? null,
    spec: { ...spec, [owner.attribute]: { $ref: { kind: to, name: tunnel, output: owner.output } } },
    secrets: {},
    source: locate(item.source, spanOf(item, main).start),
  };
}

function isAbsent(item: Item): boolean {
  return textIn(item, "state")?.value === "absent";
}

/** The virtual network that the files make the default; null where they leave it alone. */
export function defaultNetworkOf(files: readonly WrittenFile[]): string | null {
  const promoted = entriesOf(files).find(({ kind, absent, attributes }) => {
    const value = attributes.get("is_default_network")?.value;
    return kind === "virtual_network" && !absent && value?.type === "scalar" && value.value === true;
  });
  return promoted?.name ?? null;
}
