import type { Clock } from "../../src/base/clock.ts";
import { Sleepers } from "../support/sleepers.ts";

/**
 * A clock whose time passes only when nothing else can run. Sleeps end one at a time, in the order of their ends and,
 * where these are equal, in the order they began.
 *
 * Nothing else can run once the queue of promise jobs is empty, and that is when Node calls what `process.nextTick`
 * was given from within a promise job. So a run needs no turn of the event loop, and takes the same course on every
 * version of Node, however many promise jobs a call takes there. What is simulated must not wait for anything else:
 * no timer, no socket, no file.
 */
export class VirtualClock implements Clock {
  #now: number;
  #scheduled = false;
  #stopped = false;
  readonly #sleepers = new Sleepers();
  readonly #idle: () => void;

  /** `idle` is called when nothing can run and nobody sleeps. */
  constructor(now: number, idle: () => void = () => {}) {
    this.#now = now;
    this.#idle = idle;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const woken = this.#sleepers.add(this.#now + Math.max(0, ms), signal);
    this.#schedule();
    return woken;
  }

  /** From now on nobody wakes. */
  stop(): void {
    this.#stopped = true;
    this.#sleepers.clear();
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) {
      return;
    }
    this.#scheduled = true;
    queueMicrotask(() => process.nextTick(() => this.#jump()));
  }

  #jump(): void {
    this.#scheduled = false;
    if (this.#stopped) {
      return;
    }
    const next = this.#sleepers.first();
    if (next === null) {
      this.#idle();
      return;
    }
    this.#now = Math.max(this.#now, next.at);
    next.wake?.();
    this.#schedule();
  }
}
