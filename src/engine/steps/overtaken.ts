import type { Overtaken } from "../model/kind.ts";

/**
 * Whether more versions lie between what a plan rests on (`was`; null: nothing was there) and what is there than were
 * sent: then somebody else wrote as well. A first version is 0 or 1.
 */
export function overtaken(was: string | null, is: string | null, sent: number): Overtaken | null {
  const last = Number(was ?? 0) + sent;
  return is === null || Number(is) <= last
    ? null
    : { code: "overtaken", expected: was === null ? "0" : String(last), found: is, written: true };
}
