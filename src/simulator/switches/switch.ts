/** One thing that no public source settles, or that the API is known to do in more than one way. */
export interface Switch<T> {
  readonly default: T;
  /** The values it takes, for a person who set another one. */
  readonly takes: string;
  accepts(value: unknown): value is T;
}

/** The first value is the default. */
export function oneOf<const T extends string>(first: T, ...others: readonly T[]): Switch<T> {
  const values: readonly unknown[] = [first, ...others];
  return {
    default: first,
    takes: values.join(" | "),
    accepts: (value): value is T => values.includes(value),
  };
}

export function count(initial: number): Switch<number> {
  return { default: initial, takes: "a whole number from 0", accepts: isCount };
}

export function countOrNull(initial: number | null): Switch<number | null> {
  return {
    default: initial,
    takes: "a whole number from 0, or null",
    accepts: (value): value is number | null => value === null || isCount(value),
  };
}

export function flag(initial: boolean): Switch<boolean> {
  return {
    default: initial,
    takes: "true | false",
    accepts: (value): value is boolean => typeof value === "boolean",
  };
}

export function words(): Switch<readonly string[]> {
  return {
    default: [],
    takes: "a list of strings",
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.every((word) => typeof word === "string"),
  };
}

export function quota(): Switch<number | "documented" | null> {
  return {
    default: "documented",
    takes: "documented, a whole number from 0, or null",
    accepts: (value): value is number | "documented" | null =>
      value === "documented" || value === null || isCount(value),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
