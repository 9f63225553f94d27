import type { Tunnel } from "./tunnel.ts";

/** How long readers of each sort keep seeing what was there before a write. */
export interface Lag {
  readonly lists: number;
  readonly reads: number;
}

interface Late {
  readonly before: Tunnel | null;
  lists: number;
  reads: number;
}

/** The tunnels of one account, deleted ones included. */
export class Store {
  readonly #tunnels = new Map<string, Tunnel>();
  /** Live ids by kind and lower-case name; several where tunnels were seeded so. */
  readonly #names = new Map<string, Set<string>>();
  readonly #live = new Map<string, number>();
  readonly #late = new Map<string, Late>();
  #all: readonly Tunnel[] | null = null;
  #revision = 0;

  constructor(tunnels: readonly Tunnel[]) {
    for (const tunnel of tunnels) {
      this.put(tunnel);
    }
  }

  /** Rises with every write. */
  get revision(): number {
    return this.#revision;
  }

  /** Oldest first, as they truly are. The same list until the next write. */
  all(): readonly Tunnel[] {
    this.#all ??= [...this.#tunnels.values()];
    return this.#all;
  }

  get(id: string): Tunnel | undefined {
    return this.#tunnels.get(id);
  }

  /** Live tunnels of a kind whose name is this one when case is set aside. */
  liveNamesakes(kind: string, name: string): readonly Tunnel[] {
    const ids = this.#names.get(nameKey(kind, name));
    if (!ids) {
      return [];
    }
    return [...ids].flatMap((id) => this.#tunnels.get(id) ?? []);
  }

  liveCount(kind: string): number {
    return this.#live.get(kind) ?? 0;
  }

  /** Adds a tunnel, or puts a new record in place of the one with its id. */
  put(tunnel: Tunnel, lag?: Lag): void {
    const before = this.#tunnels.get(tunnel.id);
    if (before) {
      this.#index(before, false);
    }
    this.#index(tunnel, true);
    this.#tunnels.set(tunnel.id, tunnel);
    this.#all = null;
    this.#revision += 1;
    if (lag && lag.lists + lag.reads > 0) {
      const seen = this.#late.get(tunnel.id);
      this.#late.set(tunnel.id, { before: seen ? seen.before : (before ?? null), ...lag });
    }
  }

  /** Puts these in the place of everything, seen by all at once. */
  restore(tunnels: readonly Tunnel[]): void {
    for (const index of [this.#tunnels, this.#names, this.#live, this.#late]) {
      index.clear();
    }
    this.#all = null;
    this.#revision += 1;
    for (const tunnel of tunnels) {
      this.put(tunnel);
    }
  }

  /** What a list sees: `all`, save for what a write changed too lately. Counts as one list. */
  list(): readonly Tunnel[] {
    if (this.#late.size === 0) {
      return this.all();
    }
    const seen: Tunnel[] = [];
    for (const tunnel of this.all()) {
      const late = this.#late.get(tunnel.id);
      if (!late || late.lists === 0) {
        seen.push(tunnel);
        continue;
      }
      late.lists -= 1;
      if (late.before) {
        seen.push(late.before);
      }
      this.#forget(tunnel.id, late);
    }
    return seen;
  }

  /** What a read by id sees. Counts as one read. */
  read(id: string): Tunnel | undefined {
    const tunnel = this.#tunnels.get(id);
    const late = this.#late.get(id);
    if (!late || late.reads === 0) {
      return tunnel;
    }
    late.reads -= 1;
    this.#forget(id, late);
    return late.before ?? undefined;
  }

  #forget(id: string, late: Late): void {
    if (late.lists === 0 && late.reads === 0) {
      this.#late.delete(id);
    }
  }

  #index(tunnel: Tunnel, isThere: boolean): void {
    if (tunnel.deleted_at !== null) {
      return;
    }
    this.#live.set(tunnel.kind, this.liveCount(tunnel.kind) + (isThere ? 1 : -1));
    const key = nameKey(tunnel.kind, tunnel.name);
    const ids = this.#names.get(key) ?? new Set();
    if (isThere) {
      ids.add(tunnel.id);
    } else {
      ids.delete(tunnel.id);
    }
    if (ids.size > 0) {
      this.#names.set(key, ids);
    } else {
      this.#names.delete(key);
    }
  }
}

function nameKey(kind: string, name: string): string {
  return `${kind} ${name.toLowerCase()}`;
}
