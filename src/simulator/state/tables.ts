import { Store } from "./store.ts";
import type { Kept, Table } from "./table.ts";

/** Every record of an account, deleted ones included, by table, oldest first. */
export type Contents = { readonly [table: string]: readonly Kept[] };

/** A store of whatever records. */
interface AnyStore {
  readonly revision: number;
  all(): readonly Kept[];
  restore(rows: readonly Kept[]): void;
}

/** All that an account holds, one store a table. */
export class Tables {
  readonly #stores: ReadonlyMap<string, AnyStore>;
  #contents: { readonly revision: number; readonly contents: Contents } | null = null;

  constructor(tables: readonly Table<Kept>[], contents: Contents) {
    this.#stores = new Map(tables.map((table) => [table.name, new Store(table)]));
    this.restore(contents);
  }

  of<Row extends Kept, Index extends string>(table: Table<Row, Index>): Store<Row, Index> {
    const store: unknown = this.#stores.get(table.name);
    return store as Store<Row, Index>; // Made from this very table.
  }

  /** Rises with every write. */
  get revision(): number {
    let revision = 0;
    for (const store of this.#stores.values()) {
      revision += store.revision;
    }
    return revision;
  }

  /** The same value until the next write. */
  contents(): Contents {
    const { revision } = this;
    if (this.#contents?.revision !== revision) {
      const contents = Object.fromEntries([...this.#stores].map(([name, store]) => [name, store.all()]));
      this.#contents = { revision, contents };
    }
    return this.#contents.contents;
  }

  /** Puts this in the place of everything, seen by all at once. */
  restore(contents: Contents): void {
    for (const [name, store] of this.#stores) {
      store.restore(contents[name] ?? []);
    }
  }
}
