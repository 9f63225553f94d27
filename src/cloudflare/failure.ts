import { HIDDEN } from "../base/secret.ts";
import type { Failed } from "./envelope.ts";
import { ApiError } from "./error.ts";
import { hintFor } from "./hint.ts";
import { mask } from "./mask.ts";

/** A request that failed, and what else is known that helps to say why. */
export interface FailedCall {
  readonly method: string;
  readonly path: string;
  readonly failed: Failed;
  /** Secrets that were sent along, so that an echo of them is hidden. */
  readonly secrets: readonly string[];
  readonly accountId: string;
  /** Whether it was sent once at most, however it ended. */
  readonly atOnce: boolean;
  /** Whether, by now, the API refused more than one collection of this account, and granted none. */
  readonly nothingGranted: () => boolean;
}

/** An API that answers at length says the rest in vain. */
const MAX_ERRORS = 5;
const MAX_LENGTH = 300;

/** Makes the error that the rest of the program sees. Nothing in it can hold a credential. */
export function toApiError(failure: FailedCall): ApiError {
  const { method, path, failed } = failure;
  const errors = failed.errors.slice(0, MAX_ERRORS).map(({ code, message }) => ({
    code,
    message: shorten(mask(message, failure.secrets)),
  }));
  return new ApiError(failed.what, {
    failure: failed.failure,
    method,
    path,
    status: failed.status,
    errors,
    ambiguous: method !== "GET" && failed.mayHaveActed,
    repeatable: failure.atOnce && failed.transient && !failed.mayHaveActed,
    hint: () =>
      failed === BAD_CREDENTIALS
        ? "bad_credentials"
        : hintFor({ ...failure, status: failed.status, errors, nothingGranted: failure.nothingGranted() }),
  });
}

/**
 * A failure of a request that was never sent: interrupted, or rate limited until a time that is too far away, or that
 * is any time at all where the request is sent at once or not at all.
 */
export function heldBack(until: number | null, deadline: number | undefined, atOnce = false): Failed {
  const unsent = { status: null, errors: [], mayHaveActed: false, transient: atOnce } as const;
  if (until === null) {
    return {
      ...unsent,
      transient: false,
      failure: "interrupted",
      what: "not sent, because of an interruption",
    };
  }
  const why = atOnce
    ? "and it was not to be sent later"
    : deadline === undefined
      ? "and for longer than is worth waiting for"
      : "and past the deadline";
  return {
    ...unsent,
    failure: "rate_limited",
    // Not until when: a clock reading of ours has no place in a result. `WaitEvent` tells whoever listens.
    what: `rate limited, ${why}`,
  };
}

/** A failure of a request that was to be sent at once, and had to wait for others. */
export const OVERTAKEN: Failed = {
  failure: "rate_limited",
  status: null,
  errors: [],
  what: "held back by other requests, and it was not to be sent later",
  mayHaveActed: false,
  transient: true,
};

/** A failure of a request that cannot be sent, because of its credentials. */
export const BAD_CREDENTIALS: Failed = {
  failure: "refused",
  status: null,
  errors: [],
  what: "not sent: the credentials hold a character that no header can carry",
  mayHaveActed: false,
  transient: false,
};

/** Every value in a body that its key calls a secret. */
export function secretsIn(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null) {
    return [];
  }
  return Object.entries(body).flatMap(([key, value]) =>
    key.includes("secret") && typeof value === "string" && value !== HIDDEN ? [value] : [],
  );
}

function shorten(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}
