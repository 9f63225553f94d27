import type { Overtaken } from "../model/kind.ts";

/**
 * Whether more than one version lies between what the last look before a write showed (`was`; null: nothing was there)
 * and what is there: then somebody else wrote as well, or an earlier try of ours acted late. A first version is 0 or 1.
 */
export function overtaken(was: string | null, is: string | null): Overtaken | null {
  const last = Number(was ?? 0) + 1;
  return is === null || Number(is) <= last
    ? null
    : { code: "overtaken", expected: was === null ? "0" : String(last), found: is, written: true };
}
