/** Nanoseconds of each unit, as Go's `time.ParseDuration` knows them. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const DURATION = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PIECE = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;

/** No more than this many digits are read: nobody writes them, and they would take their time. */
const LONGEST = 64;

/** Go keeps a duration in 64 bits. */
const MOST = 2n ** 63n;

/**
 * The nanoseconds that a duration as in config.yml stands for (`30s`, `1m30s`, `-1.5h`, `0`), or null where Go's
 * `time.ParseDuration` would not take it.
 */
export function parseDuration(text: string): bigint | null {
  if (text.length > LONGEST) {
    return null;
  }
  if (/^[+-]?0$/.test(text)) {
    return 0n;
  }
  const [, sign, pieces] = DURATION.exec(text) ?? [];
  if (pieces === undefined) {
    return null;
  }
  let sum = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of pieces.matchAll(PIECE)) {
    const size = UNITS.get(unit) ?? 0n;
    sum += BigInt(whole) * size + (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  const negative = sign === "-";
  return sum > MOST || (sum === MOST && !negative) ? null : negative ? -sum : sum;
}

/** The whole seconds that a duration as in config.yml stands for; null where it is none, or not whole. */
export function wholeSeconds(text: string): number | null {
  const nanoseconds = parseDuration(text);
  return nanoseconds === null || nanoseconds % SECOND !== 0n ? null : Number(nanoseconds / SECOND);
}

const SECOND = 1_000_000_000n;
