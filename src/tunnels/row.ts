import { ApiError } from "../cloudflare/error.ts";

/** An answer's object before anybody has checked it. */
export type Row = { readonly [field: string]: unknown };

export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a value is the text of a UUID, in either case: the form of every id of the tunnel API. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && UUID.test(value);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The error for an answer that is not what the API promises. */
export function unreadable(method: string, path: string, what: string, ambiguous = false): ApiError {
  return new ApiError(`${method} ${path}: ${what}`, { failure: "unreadable", method, path, ambiguous });
}

/** No answer can be taken for this one, also not a `null`. */
export const GONE = Symbol("gone");

/**
 * The answer, or `GONE` where the API says that there is no such thing: in its own words, with a code. Without one, a
 * 404 may come from any gateway on the way.
 */
export async function unlessGone(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404 && error.errors.some(({ code }) => code !== null)) {
      return GONE;
    }
    throw error;
  }
}
