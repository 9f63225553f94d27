import type { Switches } from "../switches.ts";
import type { Refusal } from "../wire/envelope.ts";
import type { Lag } from "./store.ts";
import type { Kept, Table } from "./table.ts";
import type { Tables } from "./tables.ts";

/** What the DELETE of a record comes to for those that need it: they go along, stay, or are in the way. */
type OnDelete = "goes" | "stays" | Refusal;

/** That the records of one table need one of another, `to`. */
export interface Reference {
  readonly to: string;
  /** Why the record cannot be deleted now; null where nothing is in the way. */
  refusal(tables: Tables, id: string, switches: Switches): Refusal | null;
  /** Deletes what goes along with the record; with `all`, also what would have been in the way. */
  release(tables: Tables, id: string, how: Release): void;
}

export interface Release {
  readonly switches: Switches;
  readonly now: number;
  readonly lag: Lag;
  readonly all: boolean;
}

/** Live records of `from`, found by `index`, need the one of `to` whose id is their key. */
export function reference<Row extends Kept, Index extends string>(
  from: Table<Row, Index>,
  index: Index,
  to: string,
  onDelete: (switches: Switches) => OnDelete,
): Reference {
  return {
    to,
    refusal: (tables, id, switches) => {
      const effect = onDelete(switches);
      return typeof effect === "object" && tables.of(from).liveCount(index, id) > 0 ? effect : null;
    },
    release: (tables, id, { switches, now, lag, all }) => {
      const effect = onDelete(switches);
      if (effect === "stays" || (effect !== "goes" && !all)) {
        return;
      }
      const store = tables.of(from);
      for (const row of store.live(index, id)) {
        store.put({ ...row, deleted_at: now }, lag);
      }
    },
  };
}
