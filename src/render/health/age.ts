import { visible } from "../visible.ts";

/** `3 min`, `5 h`, `12 d`: how long ago a time of the API was; null where it is no time, or has not come yet. */
export function ageWords(time: string, now: number): string | null {
  const seconds = Math.floor((now - Date.parse(time)) / 1_000);
  // The API's clock is known to the second, and a little late: what has just been is never ahead of it.
  if (!(seconds >= -SLACK)) {
    return null;
  }
  const { size, unit } = UNITS.find((each) => seconds >= 2 * each.size) ?? { size: 1, unit: "s" };
  return `${Math.max(0, Math.floor(seconds / size))} ${unit}`;
}

/** `12 d ago`; as the API gave it where there is no clock to tell (`now` null), or no age. `-` where it gave none. */
export function agoWords(time: string | null, now: number | null): string {
  const age = time === null || now === null ? null : ageWords(time, now);
  return age === null ? (time === null ? "-" : visible(time)) : `${age} ago`;
}

/** From two of a unit on, it is exact enough. Seconds. */
const UNITS = [
  { size: 86_400, unit: "d" },
  { size: 3_600, unit: "h" },
  { size: 60, unit: "min" },
] as const;

/** Seconds. */
const SLACK = 2;
