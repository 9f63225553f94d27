/** What one answer says about the rate limits that it counts against. */
export interface RateNews {
  /** What is left of each limit, as `Ratelimit` says: `"default";r=50;t=30`. */
  readonly left: readonly RateLeft[];
  /** The size of each limit, as `Ratelimit-Policy` says: `"burst";q=100;w=60`. */
  readonly policies: readonly RatePolicy[];
}

interface RateLeft {
  readonly name: string;
  /** Requests left. */
  readonly requests: number;
  /** Milliseconds until the limit is whole again. */
  readonly resetIn: number;
}

interface RatePolicy {
  readonly name: string;
  readonly quota: number;
}

type Header = (name: string) => string | null;

/** A header that is longer says nothing that we would trust. */
const MAX_HEADER = 2_000;
/** About 30 years: beyond it a wait is no date any more. */
const MAX_WAIT = 1e12;

/** Reads `Ratelimit` and `Ratelimit-Policy`. What is malformed is passed over. */
export function readRateNews(header: Header): RateNews {
  return {
    left: items(header("ratelimit")).flatMap(({ name, parameters }) => {
      const requests = parameters.get("r");
      const seconds = parameters.get("t");
      return requests === undefined || seconds === undefined
        ? []
        : [{ name, requests, resetIn: seconds * 1_000 }];
    }),
    policies: items(header("ratelimit-policy")).flatMap(({ name, parameters }) => {
      const quota = parameters.get("q");
      return quota === undefined ? [] : [{ name, quota }];
    }),
  };
}

/**
 * How long the API asks to wait, in milliseconds: `Retry-After` in seconds or as a date, or `retry-after-ms`; the
 * longer one where both stand. A date counts from the answer's own, and from `now` only where it has none. Null when
 * it does not ask, or asks for nonsense.
 */
export function readRetryAfter(header: Header, now: number): number | null {
  const waits = [
    milliseconds(header("retry-after"), 1_000) ??
      untilDate(header("retry-after"), httpDate(header("date")) ?? now),
    milliseconds(header("retry-after-ms"), 1),
  ].filter((wait) => wait !== null);
  return waits.length === 0 ? null : Math.min(Math.max(...waits), MAX_WAIT);
}

function milliseconds(text: string | null, unit: number): number | null {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Math.ceil(Number(text) * unit) : null;
}

function untilDate(text: string | null, from: number): number | null {
  const date = httpDate(text);
  return date === null ? null : Math.max(0, date - from);
}

/** Only the form of HTTP dates: `Date.parse` alone would make a date of almost anything. */
function httpDate(text: string | null): number | null {
  if (text === null || !/^\s*[A-Za-z]+, .*\d\d:\d\d:\d\d GMT\s*$/.test(text)) {
    return null;
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : date;
}

interface Item {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, number>;
}

/** A list of Structured Fields (RFC 9651), as far as these two headers use it: names with whole-number parameters. */
function items(text: string | null): readonly Item[] {
  if (text === null || text.length > MAX_HEADER) {
    return [];
  }
  return splitOutsideQuotes(text, ",").flatMap((item) => {
    const [first = "", ...rest] = splitOutsideQuotes(item, ";");
    const name = /^(?:"([^"\\]+)"|([A-Za-z*][\w*:/.-]*))$/.exec(first);
    if (name === null) {
      return [];
    }
    const parameters = new Map<string, number>();
    for (const parameter of rest) {
      const match = /^([a-z*][a-z0-9_.*-]*)=(\d{1,15})$/.exec(parameter);
      if (match?.[1] !== undefined) {
        parameters.set(match[1], Number(match[2]));
      }
    }
    return [{ name: name[1] ?? name[2] ?? "", parameters }];
  });
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const character of text) {
    if (character === '"') {
      quoted = !quoted;
    }
    if (character === separator && !quoted) {
      parts.push(part.trim());
      part = "";
    } else {
      part += character;
    }
  }
  parts.push(part.trim());
  return parts;
}
