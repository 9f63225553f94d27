import { createHash } from "node:crypto";

/** Deeper than anything that warren writes. */
const DEEPEST = 200;

/**
 * `sha256:` and the digest of plain data. Equal data give equal digests, however their keys are ordered and their
 * text is laid out. Throws a `RangeError` for data that are nested too deeply to be ours.
 */
export function digestOf(data: unknown): string {
  return `sha256:${createHash("sha256").update(canonical(data, 0)).digest("hex")}`;
}

/** JSON without spaces, keys sorted by code unit; what JSON does not know is left out, as JSON leaves it out. */
function canonical(value: unknown, depth: number): string {
  if (depth > DEEPEST) {
    throw new RangeError("nested too deeply");
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonical(item ?? null, depth + 1)).join(",")}]`;
  }
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member, depth + 1)}`);
  return `{${members.join(",")}}`;
}
