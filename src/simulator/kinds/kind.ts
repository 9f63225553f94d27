import type { Account } from "../account.ts";
import type { Reference } from "../state/references.ts";
import type { Kept, Table } from "../state/table.ts";
import type { Checks } from "../wire/checks.ts";
import type { Endpoint } from "../wire/endpoint.ts";

/** One sort of thing that the API keeps: a file of this folder, and a line in `index.ts`. */
export interface Kind<Row extends Kept, Seed> {
  readonly table: Table<Row>;
  readonly endpoints: readonly Endpoint[];
  /** What its records need of others. */
  readonly references?: readonly Reference[];
  /** What only the outside world does to it, below `/sandbox`. */
  readonly control?: readonly Endpoint[];
  /** What is there in an account from the start. */
  initial?(beginning: Beginning): readonly Row[];
  /**
   * Puts a record into the account as if it had always been there: no rule of the API about names, numbers or
   * permissions applies. Throws an `Error` where it makes no sense.
   */
  seed(account: Account, seed: Seed): Row;
  /** Puts a record as it is to be in the place of the one with its id; where nothing is said, that alone. */
  put?(account: Account, row: Row): void;
  /** What a seed takes, and what it cannot do without. */
  readonly seedFields: Checks;
  readonly seedNeeds: readonly string[];
  /** The record as the API shows it, as JSON text. */
  show(account: Account, row: Row): string;
}

/** How an account begins. */
export interface Beginning {
  readonly accountId: string;
  readonly now: number;
  /** The names of its zones. */
  readonly zones: readonly string[];
}

/** A kind of whatever records. */
export type AnyKind = Kind<Kept, object>;
