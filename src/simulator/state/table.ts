/** What every record has, whatever its sort. Times are milliseconds since the Unix epoch. */
export interface Kept {
  readonly id: string;
  readonly created_at: number;
  /** Deletes are soft: the record stays. */
  readonly deleted_at: number | null;
}

/** The key of a record in an index. Of a method's type, so that a table of one sort is one of any records, too. */
type KeyOf<Row> = { key(row: Row): string }["key"];

/** The records of one sort. */
export interface Table<Row extends Kept, Index extends string = string> {
  /** What the state file and the control path call them. */
  readonly name: string;
  /** By which live records are found. */
  readonly indexes: { readonly [index in Index]: KeyOf<Row> };
  /** Whether a value out of a state file is such a record. */
  readonly isRow: (value: unknown) => boolean;
}
