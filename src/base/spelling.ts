/** Longer words are not compared: nobody mistypes them into a key. */
const LONGEST = 64;

/** The candidate that was likely meant, or null when none is near. The first of several equally near ones. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > LONGEST) {
    return null;
  }
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    // So many letters must be put in or left out at least.
    if (Math.abs(word.length - candidate.length) > allowed(word, candidate)) {
      continue;
    }
    const distance = editDistance(fold(word), fold(candidate));
    if (distance <= allowed(word, candidate) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Case and the choice between `-` and `_` are never more than a slip. */
function fold(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

function allowed(word: string, candidate: string): number {
  return Math.floor(Math.max(word.length, candidate.length) / 3);
}

/**
 * How many letters must be put in, left out, changed or swapped with their neighbour (optimal string alignment).
 * Grows with the product of the lengths: for short words.
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, substituted);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(beforePrevious, column - 2) + 1);
      }
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
