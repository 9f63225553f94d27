import type { Clock } from "../../src/base/clock.ts";

/** Longer sleeps are time limits of requests, which real sockets need; nobody waits for them here. */
const SHORT = 20_000;

/** A clock for tests on real sockets: short sleeps end at once and let the time pass; long ones end when they are aborted. */
export class QuickClock implements Clock {
  readonly sleeps: number[] = [];
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (ms > SHORT) {
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
      return;
    }
    this.sleeps.push(ms);
    this.#now += ms;
  }
}
