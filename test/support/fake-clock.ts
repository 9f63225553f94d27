import type { Clock } from "../../src/base/clock.ts";

/**
 * A clock whose time passes only when everybody sleeps: as soon as the event loop has nothing else to do, it jumps
 * to the end of the earliest sleep. Sleeps end in the order of their times, and in the order they began.
 *
 * It does not wait for sockets: with real ones, use `{ jumps: false }` and `advance`.
 */
export class FakeClock implements Clock {
  /** Every wait that was asked for, in order. */
  readonly sleeps: number[] = [];
  #now: number;
  #order = 0;
  #pending = false;
  readonly #jumps: boolean;
  readonly #sleepers = new Heap();

  constructor(options: { readonly now?: number; readonly jumps?: boolean } = {}) {
    this.#now = options.now ?? Date.UTC(2026, 0, 1);
    this.#jumps = options.jumps ?? true;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), order: this.#order++, wake: null };
      const wake = () => {
        sleeper.wake = null;
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      sleeper.wake = wake;
      signal?.addEventListener("abort", wake);
      this.#sleepers.push(sleeper);
      this.#schedule();
    });
  }

  /** How many still sleep. */
  get sleeping(): number {
    return this.#sleepers.items.filter(({ wake }) => wake !== null).length;
  }

  /** Lets time pass, and ends the sleeps that end meanwhile. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(); next !== null && next.at <= end; next = this.#earliest())
      this.#wake(next);
    this.#now = end;
  }

  #schedule(): void {
    if (this.#pending || !this.#jumps) return;
    this.#pending = true;
    // Two turns of the event loop: whoever only waits for the next turn is not asleep.
    setImmediate(() =>
      setImmediate(() => {
        this.#pending = false;
        const next = this.#earliest();
        if (next === null) return;
        this.#wake(next);
        this.#schedule();
      }),
    );
  }

  #earliest(): Sleeper | null {
    for (;;) {
      const first = this.#sleepers.items[0];
      if (first === undefined) return null;
      if (first.wake !== null) return first;
      this.#sleepers.shift();
    }
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.shift();
    this.#now = Math.max(this.#now, sleeper.at);
    sleeper.wake?.();
  }
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  /** Null once awake. */
  wake: (() => void) | null;
}

function comesBefore(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A binary heap: runs with tens of thousands of requests set as many timers. */
class Heap {
  readonly items: Sleeper[] = [];

  push(item: Sleeper): void {
    const { items } = this;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !comesBefore(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  /** Takes the first one away. */
  shift(): void {
    const { items } = this;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let index = 0;
    for (;;) {
      const left = items[2 * index + 1];
      const right = items[2 * index + 2];
      if (left === undefined) break;
      const useRight = right !== undefined && comesBefore(right, left);
      const child = useRight ? right : left;
      if (!comesBefore(child, last)) break;
      items[index] = child;
      index = 2 * index + (useRight ? 2 : 1);
    }
    items[index] = last;
  }
}
