import type { JsonValue } from "../../engine/model/resource.ts";
import type { Span } from "./source.ts";

/** A value of the file with its place. What an alias stands for is the same node again. */
export type Tree = ScalarTree | ListTree | MapTree;

interface AnyTree {
  /** Where the value stands; for a value that is left out, its key. */
  readonly span: Span;
  /** How many nodes a walk would meet, aliases followed; a long text counts for several. */
  readonly size: number;
  /** Whether this may be a secret, which no message may show. */
  hidden: boolean;
}

interface ScalarTree extends AnyTree {
  readonly type: "scalar";
  readonly value: string | number | boolean | null;
  /** As written, for what is not text: `0x10`, `~`. */
  readonly written: string;
}

export interface ListTree extends AnyTree {
  readonly type: "list";
  readonly items: readonly Tree[];
  /** Where an alias stands for an item, which itself stands elsewhere, by position. */
  readonly aliases: ReadonlyMap<number, Span>;
  /** What `toData` made of it; null before. */
  data: JsonValue | null;
}

export interface MapTree extends AnyTree {
  readonly type: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  /** As that of a list. */
  data: JsonValue | null;
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Tree;
}

/**
 * The values alone, as JSON Schema sees them. `__proto__` is a key like any other; what an alias repeats is the same
 * object again, and so is what is asked for twice: nobody may change it.
 */
export function toData(tree: Tree): JsonValue {
  switch (tree.type) {
    case "scalar":
      return tree.value;
    case "list":
      tree.data ??= tree.items.map(toData);
      return tree.data;
    case "map":
      tree.data ??= mapData(tree);
      return tree.data;
  }
}

function mapData({ entries }: MapTree): JsonValue {
  const data: Record<string, JsonValue> = {};
  for (const { key, value } of entries.values()) {
    if (key === "__proto__") {
      Object.defineProperty(data, key, {
        value: toData(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      data[key] = toData(value);
    }
  }
  return data;
}
