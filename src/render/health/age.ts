/** `3 min`, `5 h`, `12 d`: how long ago a time of the API was; null where it is no time, or has not come yet. */
export function ageWords(time: string, now: number): string | null {
  const seconds = Math.floor((now - Date.parse(time)) / 1_000);
  if (!(seconds >= 0)) {
    return null;
  }
  const { size, unit } = UNITS.find((each) => seconds >= 2 * each.size) ?? { size: 1, unit: "s" };
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** From two of a unit on, it is exact enough. Seconds. */
const UNITS = [
  { size: 86_400, unit: "d" },
  { size: 3_600, unit: "h" },
  { size: 60, unit: "min" },
] as const;
