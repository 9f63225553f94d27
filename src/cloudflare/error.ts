/** One error of the API's envelope. */
export interface ApiMessage {
  readonly code: number | null;
  readonly message: string;
}

/** What went wrong, told apart by what a caller can do about it. */
export type ApiFailure =
  /** The API answered, and said no: an HTTP status of 4xx, or `success: false`. */
  | "refused"
  /** 5xx: the API or a gateway before it failed. */
  | "server"
  /** 429, and waiting was not possible or not worth it. */
  | "rate_limited"
  /** No whole answer: connection refused, cut, or a name that does not resolve. */
  | "network"
  /** No whole answer within the time limit. */
  | "timeout"
  /** An answer that is not what the API promises: not JSON, too large, no envelope, an unexpected row. */
  | "unreadable"
  /** The pages of a list never agreed. */
  | "incomplete"
  /** Not sent, because the run was interrupted. */
  | "interrupted";

/** The likely cause behind a failure, where one is known. `render/` words it. */
export type Hint =
  | "missing_permission"
  | "wrong_account"
  | "key_used_as_token"
  | "bad_credentials"
  | "token_needs_write"
  | "quota";

/**
 * The API or the network said no. Thrown by `cloudflare/` only. Holds no header, no body and no original error, so
 * that no credential can leak through it.
 *
 * Not this error: a mistake in the user's file (`Problem`), or one of ours (a plain `Error`).
 */
export class ApiError extends Error {
  override readonly name = "ApiError" as const;
  readonly failure: ApiFailure;
  /** What the client says of it beside `errors`; empty where these say it all. */
  readonly what: string;
  readonly method: string;
  /** Below the account, as `/cfd_tunnel/{id}`. */
  readonly path: string;
  readonly status: number | null;
  readonly errors: readonly ApiMessage[];
  /** Whether the API may have acted although no answer says so. Never true of a GET. */
  readonly ambiguous: boolean;
  /** Whether a request that was sent once at most surely did not act, and may do better another time. */
  readonly repeatable: boolean;
  readonly #hint: () => Hint | null;

  constructor(
    what: string,
    details: {
      readonly failure: ApiFailure;
      readonly method: string;
      readonly path: string;
      readonly status?: number | null;
      readonly errors?: readonly ApiMessage[];
      readonly hint?: Hint | null | (() => Hint | null);
      readonly ambiguous?: boolean;
      readonly repeatable?: boolean;
    },
  ) {
    const { status = null, errors = [] } = details;
    super(`${details.method} ${details.path}: ${wordsFor(what, status, errors)}`);
    this.what = what;
    this.failure = details.failure;
    this.method = details.method;
    this.path = details.path;
    this.status = status;
    this.errors = errors;
    const { hint = null } = details;
    this.#hint = typeof hint === "function" ? hint : () => hint;
    this.ambiguous = details.ambiguous ?? false;
    this.repeatable = details.repeatable ?? false;
  }

  /** As far as is known by now: what the API answered to others since may tell more. */
  get hint(): Hint | null {
    return this.#hint();
  }
}

function wordsFor(what: string, status: number | null, errors: readonly ApiMessage[]): string {
  const said = errors.map(({ code, message }) => {
    if (message === "") {
      return code === null ? "no message" : `error ${code}`;
    }
    return code === null ? message : `${message} (${code})`;
  });
  const words = [what, said.join("; ")].filter((word) => word !== "").join(": ");
  return [status ?? "", words].filter((word) => word !== "").join(", ");
}
