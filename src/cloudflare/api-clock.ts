import type { Clock } from "../base/clock.ts";

/** What the `Date` of the API's answers tells of its clock. */
export interface ApiClock {
  /** To be called for each answer as it comes, with its `Date` in milliseconds. */
  saw(date: number): void;
  /** The `Date` of the latest answer, in milliseconds; null if none had one. */
  latest(): number | null;
  /**
   * The time that idleness is judged by: this machine's, or the API's where that is earlier, as far as its answers
   * show. An answer is under way for a while and its `Date` has whole seconds, so this may be early by as much, and never
   * late: a fast clock here prunes nothing that was in use a short while ago.
   */
  now(): number;
}

export function createApiClock(clock: Clock): ApiClock {
  let latest: number | null = null;
  /** How far the API's clock is ahead at least, by the answer that was under way for the shortest time. */
  let ahead = Number.NEGATIVE_INFINITY;
  return {
    saw: (date) => {
      latest = date;
      ahead = Math.max(ahead, date - clock.now());
    },
    latest: () => latest,
    now: () => clock.now() + (latest === null ? 0 : Math.min(0, ahead)),
  };
}
