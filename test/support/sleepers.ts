/** One who sleeps on a clock of the tests. */
export interface Sleeper {
  readonly at: number;
  readonly order: number;
  /** Null once awake. */
  wake: (() => void) | null;
}

/**
 * Those who sleep on a clock, in the order of their ends and, where these are equal, in the order they began. A binary
 * heap: runs with tens of thousands of requests set as many timers.
 */
export class Sleepers {
  readonly #heap: Sleeper[] = [];
  #order = 0;

  /** How many still sleep. */
  get count(): number {
    return this.#heap.filter(({ wake }) => wake !== null).length;
  }

  /** Resolves when the new sleeper is woken, or when `signal` is aborted. */
  add(at: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const sleeper: Sleeper = { at, order: this.#order++, wake: null };
      const wake = () => {
        sleeper.wake = null;
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      sleeper.wake = wake;
      signal?.addEventListener("abort", wake);
      push(this.#heap, sleeper);
    });
  }

  /** The first to be woken; null when nobody sleeps. */
  first(): Sleeper | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.wake !== null) {
        return first;
      }
      shift(this.#heap);
    }
    return null;
  }

  /** Nobody wakes any more. */
  clear(): void {
    this.#heap.length = 0;
  }
}

function comesBefore(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Sleeper[], item: Sleeper): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !comesBefore(item, above)) {
      break;
    }
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

/** Takes the first one away. */
function shift(heap: Sleeper[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) {
    return;
  }
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    if (left === undefined) {
      break;
    }
    const useRight = right !== undefined && comesBefore(right, left);
    const child = useRight ? right : left;
    if (!comesBefore(child, last)) {
      break;
    }
    heap[index] = child;
    index = 2 * index + (useRight ? 2 : 1);
  }
  heap[index] = last;
}
