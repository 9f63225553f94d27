/** Chance that depends on a seed alone. */
export interface Draw {
  /** From 0 up to 1. */
  fraction(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** The items in another order. */
  shuffle<T>(items: readonly T[]): readonly T[];
}

/** One stream of draws for each purpose, so that a draw more in one place moves nothing in another (mulberry32). */
export function drawFrom(seed: number, purpose: string): Draw {
  let state = (Math.imul(seed, 0x9e3779b1) ^ hashOf(purpose)) >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    between,
    chance: (probability) => fraction() < probability,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) {
        throw new Error("Nothing to pick from");
      }
      return item;
    },
    shuffle: (items) => {
      const left = [...items];
      return items.map(() => left.splice(between(0, left.length - 1), 1)).flat();
    },
  };
}

/** FNV-1a over UTF-16 units, going on from `hash`. */
export function hashOf(text: string, hash = 2166136261): number {
  let next = hash;
  for (let at = 0; at < text.length; at += 1) {
    next = Math.imul(next ^ text.charCodeAt(at), 16777619);
  }
  return next >>> 0;
}
