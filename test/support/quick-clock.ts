import type { Clock } from "../../src/base/clock.ts";

/** A clock for tests on real sockets: short sleeps end at once and let the time pass; long ones end when they are aborted. */
export class QuickClock implements Clock {
  readonly sleeps: number[] = [];
  readonly #longest: number;
  #now: number;

  /** Sleeps of more than `longest` are taken for time limits of requests, which real sockets need: 30 s by default. */
  constructor(now: number, longest = 20_000) {
    this.#now = now;
    this.#longest = longest;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) {
      return;
    }
    if (ms > this.#longest) {
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
      return;
    }
    this.sleeps.push(ms);
    this.#now += ms;
  }
}
