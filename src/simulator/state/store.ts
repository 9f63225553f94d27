import type { Kept, Table } from "./table.ts";

/** How long readers of each sort keep seeing what was there before a write. */
export interface Lag {
  readonly lists: number;
  readonly reads: number;
}

interface Late<Row> {
  readonly before: Row | null;
  lists: number;
  reads: number;
}

/** The records of one table, deleted ones included. A record is never changed: a write puts a new one in its place. */
export class Store<Row extends Kept, Index extends string> {
  readonly #table: Table<Row, Index>;
  readonly #rows = new Map<string, Row>();
  /** Ids of live records by index and key; several of a key that should be unique where they were seeded so. */
  readonly #live = new Map<string, Set<string>>();
  readonly #late = new Map<string, Late<Row>>();
  #all: readonly Row[] | null = null;
  #revision = 0;

  constructor(table: Table<Row, Index>) {
    this.#table = table;
  }

  /** Rises with every write. */
  get revision(): number {
    return this.#revision;
  }

  /** Oldest first, as they truly are. The same list until the next write. */
  all(): readonly Row[] {
    this.#all ??= [...this.#rows.values()];
    return this.#all;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** The record, if there is one that is not deleted. */
  getLive(id: string): Row | undefined {
    const row = this.#rows.get(id);
    return row?.deleted_at === null ? row : undefined;
  }

  /** Live records that have this key in the index. */
  live(index: Index, key: string): readonly Row[] {
    const ids = this.#live.get(`${index} ${key}`);
    return ids ? [...ids].flatMap((id) => this.#rows.get(id) ?? []) : [];
  }

  liveCount(index: Index, key: string): number {
    return this.#live.get(`${index} ${key}`)?.size ?? 0;
  }

  /** Adds a record, or puts a new one in place of the one with its id. */
  put(row: Row, lag?: Lag): void {
    const before = this.#rows.get(row.id);
    if (before) {
      this.#index(before, false);
    }
    this.#index(row, true);
    this.#rows.set(row.id, row);
    this.#all = null;
    this.#revision += 1;
    if (lag && lag.lists + lag.reads > 0) {
      const seen = this.#late.get(row.id);
      this.#late.set(row.id, { before: seen ? seen.before : (before ?? null), ...lag });
    }
  }

  /** Puts these in the place of everything, seen by all at once. */
  restore(rows: readonly Row[]): void {
    for (const map of [this.#rows, this.#live, this.#late]) {
      map.clear();
    }
    this.#all = null;
    this.#revision += 1;
    for (const row of rows) {
      this.put(row);
    }
  }

  /** What a list sees: `all`, save for what a write changed too lately. Counts as one list. */
  list(): readonly Row[] {
    if (this.#late.size === 0) {
      return this.all();
    }
    const seen: Row[] = [];
    for (const row of this.all()) {
      const late = this.#late.get(row.id);
      if (!late || late.lists === 0) {
        seen.push(row);
        continue;
      }
      late.lists -= 1;
      if (late.before) {
        seen.push(late.before);
      }
      this.#forget(row.id, late);
    }
    return seen;
  }

  /** What a read by id sees. Counts as one read. */
  read(id: string): Row | undefined {
    const late = this.#late.get(id);
    if (!late || late.reads === 0) {
      return this.#rows.get(id);
    }
    late.reads -= 1;
    this.#forget(id, late);
    return late.before ?? undefined;
  }

  #forget(id: string, late: Late<Row>): void {
    if (late.lists === 0 && late.reads === 0) {
      this.#late.delete(id);
    }
  }

  #index(row: Row, isThere: boolean): void {
    if (row.deleted_at !== null) {
      return;
    }
    for (const [index, keyOf] of Object.entries<(row: Row) => string>(this.#table.indexes)) {
      const key = `${index} ${keyOf(row)}`;
      const ids = this.#live.get(key) ?? new Set();
      if (isThere) {
        ids.add(row.id);
      } else {
        ids.delete(row.id);
      }
      if (ids.size > 0) {
        this.#live.set(key, ids);
      } else {
        this.#live.delete(key);
      }
    }
  }
}
