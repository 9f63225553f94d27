import { fileKinds, rootSchema } from "./schema.ts";
import { nearest } from "../../base/spelling.ts";
import type { Entry, MapTree, Tree } from "../yaml/tree.ts";

/** A file's values with its mistyped keys put right, and which those were. */
export interface Meant {
  readonly tree: Tree;
  readonly mistyped: readonly Entry[];
}

/**
 * Reads a mistyped key of the first level as the one that was meant, so that what is wrong below it is found in the
 * same run. The entries of a kind that stands there twice are put together.
 */
export function asMeant(root: Tree): Meant {
  if (root.type !== "map") {
    return { tree: root, mistyped: [] };
  }
  const known = Object.keys(rootSchema.properties ?? {});
  const entries = new Map([...root.entries].filter(([key]) => known.includes(key)));
  const mistyped: Entry[] = [];
  const again = new Map<string, Tree[]>();
  for (const [key, entry] of root.entries) {
    if (known.includes(key)) {
      continue;
    }
    const meant = nearest(key, known);
    const there = meant === null ? undefined : entries.get(meant);
    if (meant !== null && there === undefined) {
      entries.set(meant, { ...entry, key: meant });
      mistyped.push(entry);
    } else if (meant !== null && fileKinds.includes(meant)) {
      const others = again.get(meant) ?? [];
      others.push(entry.value);
      again.set(meant, others);
      mistyped.push(entry);
    } else {
      entries.set(key, entry);
    }
  }
  for (const [kind, others] of again) {
    const there = entries.get(kind);
    if (there !== undefined) {
      entries.set(kind, { ...there, value: together(there.value, others) });
    }
  }
  return { tree: { ...root, entries, data: null }, mistyped };
}

/** Of several entries with one name the first is kept. In one pass: a file may mistype a kind any number of times. */
function together(first: Tree, others: readonly Tree[]): Tree {
  if (first.type !== "map") {
    return first;
  }
  const entries = new Map(first.entries);
  for (const other of others) {
    for (const [name, entry] of other.type === "map" ? other.entries : []) {
      if (!entries.has(name)) {
        entries.set(name, entry);
      }
    }
  }
  return { ...first, entries, data: null } satisfies MapTree;
}
