import type { Location } from "../engine/resource.ts";

/** A value, or everything that is wrong. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Something in the user's files that the user must mend: a code with its arguments, and the place it concerns.
 * `render/problem.ts` makes the sentence.
 */
export interface Problem {
  readonly code: string;
  readonly location: Location;
}
