import type { Switches } from "../switches.ts";
import type { Refusal } from "../wire/envelope.ts";
import type { Lag } from "./store.ts";
import type { Tables } from "./tables.ts";

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
