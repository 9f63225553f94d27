import { ApiError } from "../cloudflare/error.ts";

/** An answer's object before anybody has checked it. */
export type Row = { readonly [field: string]: unknown };

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The time that says that there is none, in servers written in Go. */
const ZERO_TIME = /^0001-01-01T00:00:00(?:\.0*)?Z$/;

/** A time as the API wrote it; null where there is none. */
export function timeOrNull(value: unknown): string | null {
  return typeof value === "string" && !ZERO_TIME.test(value) ? value : null;
}

/** The error for an answer that is not what the API promises. */
export function unreadable(method: string, path: string, what: string, ambiguous = false): ApiError {
  return new ApiError(what, { failure: "unreadable", method, path, ambiguous });
}

/** No answer can be taken for this one, also not a `null`. */
export const GONE = Symbol("gone");

/** The API's code for a path that it does not know: it says nothing about what is there. */
const NO_ROUTE = 7003;

/**
 * The answer, or `GONE` where the API says that there is no such thing: in its own words, with a code. Without one, or
 * with the one of its router, a 404 says only that nobody was there to be asked.
 */
export function unlessGone(answer: Promise<unknown>): Promise<unknown> {
  return unless404(answer, (codes) => !codes.includes(NO_ROUTE));
}

/** As `unlessGone`, and a path that the API does not know counts as well: not every server offers what is asked for. */
export function unlessNotOffered(answer: Promise<unknown>): Promise<unknown> {
  return unless404(answer, () => true);
}

async function unless404(
  answer: Promise<unknown>,
  meansGone: (codes: readonly (number | null)[]) => boolean,
): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const codes =
      error instanceof ApiError && error.status === 404 ? error.errors.map(({ code }) => code) : [];
    if (codes.some((code) => code !== null) && meansGone(codes)) {
      return GONE;
    }
    throw error;
  }
}
