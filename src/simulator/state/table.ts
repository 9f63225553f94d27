/** What every record has, whatever its sort. Times are milliseconds since the Unix epoch. */
export interface Kept {
  readonly id: string;
  readonly created_at: number;
  /** Deletes are soft: the record stays. */
  readonly deleted_at: number | null;
}

/** The records of one sort. */
export interface Table<Row extends Kept, Index extends string = string> {
  /** What the state file and the control path call them. */
  readonly name: string;
  /** The key of a record in each index, by which live records are found. */
  readonly indexes: { readonly [index in Index]: (row: Row) => string };
  /** Whether a value out of a state file is such a record. */
  readonly isRow: (value: unknown) => boolean;
}

/** A table of whatever records. */
export type AnyTable = Table<never>;
