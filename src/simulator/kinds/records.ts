import { deleteRecord, type Account } from "../account.ts";
import type { Kept } from "../state/table.ts";
import { kinds, type RowOf, type SeedOf, type TableName } from "./index.ts";
import type { AnyKind } from "./kind.ts";

/** Records of any table as the outside world sees and changes them: at once, and whatever the rules of the API. */
export interface Records {
  /** All, deleted ones included, oldest first. The same list until the next write. */
  rows<T extends TableName>(table: T): readonly RowOf<T>[];
  /** Puts records there as if they had always been. Throws an `Error` for one that makes no sense. */
  add<T extends TableName>(table: T, seeds: readonly SeedOf<T>[]): readonly RowOf<T>[];
  /** Changes one as someone else would. */
  edit<T extends TableName>(table: T, id: string, change: Partial<RowOf<T>>): void;
  /** Deletes one, and what goes along with it, likewise. */
  drop(table: TableName, id: string): void;
}

/** `accountNow` gives the account as it is when it is asked. */
export function recordsOf(accountNow: () => Account): Records {
  const kindOf = (table: TableName): AnyKind => kinds[table];
  const storeOf = (table: TableName) => accountNow().tables.of(kindOf(table).table);
  const known = (table: TableName, id: string): Kept => {
    const row = storeOf(table).get(id);
    if (!row) {
      throw new Error(`The sandbox has no ${id} among its ${table}.`);
    }
    return row;
  };
  return {
    rows: <T extends TableName>(table: T) => storeOf(table).all() as readonly RowOf<T>[], // Rows of its own kind only.
    add: <T extends TableName>(table: T, seeds: readonly SeedOf<T>[]) =>
      seeds.map((each) => kindOf(table).seed(accountNow(), each) as RowOf<T>),
    edit: (table, id, change) => {
      const next = { ...known(table, id), ...change };
      const kind = kindOf(table);
      if (kind.put) {
        kind.put(accountNow(), next);
      } else {
        storeOf(table).put(next);
      }
    },
    drop: (table, id) => {
      deleteRecord(accountNow(), kindOf(table).table, known(table, id), { lag: NO_LAG });
    },
  };
}

const NO_LAG = { lists: 0, reads: 0 };
