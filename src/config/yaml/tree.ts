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

interface ListTree extends AnyTree {
  readonly type: "list";
  readonly items: readonly Tree[];
  /** Where an alias stands for an item, which itself stands elsewhere, by position. */
  readonly aliases: ReadonlyMap<number, Span>;
}

export interface MapTree extends AnyTree {
  readonly type: "map";
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Tree;
}

/**
 * The values alone, as JSON Schema sees them. `__proto__` is a key like any other; what an alias repeats is the same
 * object again.
 */
export function toData(tree: Tree): JsonValue {
  const maps = new Map<MapTree, JsonValue>();
  return convert(tree);

  function convert(tree: Tree): JsonValue {
    switch (tree.type) {
      case "scalar":
        return tree.value;
      case "list":
        return tree.items.map(convert);
      case "map":
        return maps.get(tree) ?? convertMap(tree);
    }
  }

  function convertMap(tree: MapTree): JsonValue {
    const data: Record<string, JsonValue> = {};
    for (const { key, value } of tree.entries.values()) {
      const converted = convert(value);
      if (key === "__proto__") {
        Object.defineProperty(data, key, {
          value: converted,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      } else {
        data[key] = converted;
      }
    }
    maps.set(tree, data);
    return data;
  }
}
