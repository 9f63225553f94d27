import type { RandomBytes } from "./random.ts";
import type { Reference } from "./state/references.ts";
import type { Lag } from "./state/store.ts";
import type { Kept, Table } from "./state/table.ts";
import type { Tables } from "./state/tables.ts";
import type { Switches } from "./switches.ts";
import type { Refusal } from "./wire/envelope.ts";

/** What every endpoint works on. */
export interface Account {
  readonly id: string;
  readonly tables: Tables;
  /** What needs what, over all kinds. */
  readonly references: readonly Reference[];
  readonly switches: Switches;
  readonly now: () => number;
  readonly random: RandomBytes;
  /** Rows as JSON, kept while neither the record nor a switch that shows changes: a page of a thousand costs little. */
  readonly rowTexts: WeakMap<Kept, string>;
  /** Names that a deleted tunnel still holds, and for how many more attempts. */
  readonly heldNames: Map<string, number>;
  /** Tunnels with a connector that waits to come back. */
  readonly returning: Set<string>;
}

/** How late readers are to see what is written now. */
export function lagOf({ switches }: Account): Lag {
  return { lists: switches.list_lag, reads: switches.read_lag };
}

/** Why the record cannot be deleted while others need it; null where nothing is in the way. */
export function whatNeeds(account: Account, table: string, id: string): Refusal | null {
  for (const reference of account.references) {
    const refusal = reference.to === table ? reference.refusal(account.tables, id, account.switches) : null;
    if (refusal) {
      return refusal;
    }
  }
  return null;
}

/** Deletes a record and what goes along with it; with `all`, also what `whatNeeds` speaks of. */
export function deleteRecord<Row extends Kept, Index extends string>(
  account: Account,
  table: Table<Row, Index>,
  row: Row,
  { all = false, lag = lagOf(account) }: { readonly all?: boolean; readonly lag?: Lag } = {},
): Row {
  const { switches } = account;
  const now = account.now();
  const deleted = { ...row, deleted_at: now };
  account.tables.of(table).put(deleted, lag);
  for (const reference of account.references) {
    if (reference.to === table.name) {
      reference.release(account.tables, row.id, { switches, now, lag, all });
    }
  }
  return deleted;
}
