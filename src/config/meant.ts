import { kinds, rootSchema } from "./schema.ts";
import { nearest } from "./spelling.ts";
import type { Entry, MapTree, Tree } from "./tree.ts";

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
  if (root.type !== "map") return { tree: root, mistyped: [] };
  const known = Object.keys(rootSchema.properties ?? {});
  const entries = new Map([...root.entries].filter(([key]) => known.includes(key)));
  const mistyped: Entry[] = [];
  for (const [key, entry] of root.entries) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    const there = meant === null ? undefined : entries.get(meant);
    if (meant !== null && there === undefined) {
      entries.set(meant, { ...entry, key: meant });
      mistyped.push(entry);
    } else if (meant !== null && there !== undefined && kinds.includes(meant)) {
      entries.set(meant, { ...there, value: together(there.value, entry.value) });
      mistyped.push(entry);
    } else {
      entries.set(key, entry);
    }
  }
  return { tree: { ...root, entries }, mistyped };
}

/** Of two entries with one name the first is kept. */
function together(first: Tree, second: Tree): Tree {
  if (first.type !== "map" || second.type !== "map") return first;
  return { ...first, entries: new Map([...second.entries, ...first.entries]) } satisfies MapTree;
}
