import type { Clock } from "../../src/base/clock.ts";
import { type Sleeper, Sleepers } from "./sleepers.ts";

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
  #pending = false;
  readonly #jumps: boolean;
  readonly #sleepers = new Sleepers();

  constructor(options: { readonly now?: number; readonly jumps?: boolean } = {}) {
    this.#now = options.now ?? Date.UTC(2026, 0, 1);
    this.#jumps = options.jumps ?? true;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    const woken = this.#sleepers.add(this.#now + Math.max(0, ms), signal);
    this.#schedule();
    return woken;
  }

  /** How many still sleep. */
  get sleeping(): number {
    return this.#sleepers.count;
  }

  /** Lets time pass, and ends the sleeps that end meanwhile. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#sleepers.first(); next !== null && next.at <= end; next = this.#sleepers.first()) {
      this.#wake(next);
    }
    this.#now = end;
  }

  #schedule(): void {
    if (this.#pending || !this.#jumps) {
      return;
    }
    this.#pending = true;
    // Two turns of the event loop: whoever only waits for the next turn is not asleep.
    setImmediate(() =>
      setImmediate(() => {
        this.#pending = false;
        const next = this.#sleepers.first();
        if (next === null) {
          return;
        }
        this.#wake(next);
        this.#schedule();
      }),
    );
  }

  #wake(sleeper: Sleeper): void {
    this.#now = Math.max(this.#now, sleeper.at);
    sleeper.wake?.();
  }
}
