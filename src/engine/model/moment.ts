/** A time that the API gave: its own text, and milliseconds since the epoch. */
export interface Moment {
  readonly text: string;
  readonly time: number;
}

/** Without its zone, a time would be read as one of the place where warren runs. */
const ZONED = /(?:Z|[+-]\d\d:\d\d)$/i;

/** The latest of some times; null where there is none, or where one cannot be read: it could be the latest. */
export function latest(texts: readonly string[]): Moment | null {
  let found: Moment | null = null;
  for (const text of texts) {
    const time = ZONED.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) {
      return null;
    }
    if (found === null || time > found.time) {
      found = { text, time };
    }
  }
  return found;
}
