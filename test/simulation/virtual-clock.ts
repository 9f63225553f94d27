import type { Clock } from "../../src/base/clock.ts";

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
  #order = 0;
  #scheduled = false;
  #stopped = false;
  readonly #sleepers: Sleeper[] = [];
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
      push(this.#sleepers, sleeper);
      this.#schedule();
    });
  }

  /** From now on nobody wakes. */
  stop(): void {
    this.#stopped = true;
    this.#sleepers.length = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    queueMicrotask(() => process.nextTick(() => this.#jump()));
  }

  #jump(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    let next = shift(this.#sleepers);
    while (next !== undefined && next.wake === null) next = shift(this.#sleepers);
    if (next === undefined) {
      this.#idle();
      return;
    }
    this.#now = Math.max(this.#now, next.at);
    next.wake?.();
    this.#schedule();
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

/** Into a binary heap. */
function push(heap: Sleeper[], item: Sleeper): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !comesBefore(item, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

function shift(heap: Sleeper[]): Sleeper | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    if (left === undefined) break;
    const useRight = right !== undefined && comesBefore(right, left);
    const child = useRight ? right : left;
    if (!comesBefore(child, last)) break;
    heap[index] = child;
    index = 2 * index + (useRight ? 2 : 1);
  }
  heap[index] = last;
  return first;
}
