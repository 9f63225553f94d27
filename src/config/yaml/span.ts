import type { Span } from "./source.ts";

/** Sorts stretches and unites those that touch. */
export function united(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && span.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else {
      result.push(span);
    }
  }
  return result;
}

/** Those of sorted stretches, apart from each other, that share a part with a piece. */
export function overlapping(secrets: readonly Span[], piece: Span): readonly Span[] {
  const result: Span[] = [];
  for (let index = firstBehind(secrets, piece.start); index < secrets.length; index++) {
    const secret = secrets[index];
    if (secret === undefined || secret.start >= piece.end) {
      break;
    }
    result.push(secret);
  }
  return result;
}

/** The first stretch that ends behind `offset`. */
function firstBehind(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
