import type { ApiMessage, Hint } from "./error.ts";

/** What a hint is guessed from. */
export interface Symptoms {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly errors: readonly ApiMessage[];
  readonly accountId: string;
  /** Whether the API refused more than one collection of this account, and granted none. */
  readonly nothingGranted: boolean;
}

/**
 * The likely cause of a refusal, where one is known. The codes are those that users have reported; the API's numbers
 * are not unique, so the status and the path count as well.
 */
export function hintFor(symptoms: Symptoms): Hint | null {
  const { status, errors } = symptoms;
  if (status === null || status >= 500) {
    return null;
  }
  const has = (...codes: readonly number[]) =>
    errors.some(({ code }) => code !== null && codes.includes(code));

  // The header of the credential is malformed, as when a global key is sent as a token, or a token as a key.
  if (has(6003, 6103, 6111)) {
    return "key_used_as_token";
  }
  if (status === 401 && has(1001) && symptoms.path.endsWith("/token")) {
    return "token_needs_write";
  }
  if (has(9109)) {
    return status === 401 || says(errors, /invalid access token/i) ? "bad_credentials" : "missing_permission";
  }
  if (has(7003)) {
    return "wrong_account";
  }
  if (has(10000) && (status === 401 || status === 403)) {
    return symptoms.nothingGranted || !/^[0-9a-f]{32}$/i.test(symptoms.accountId)
      ? "wrong_account"
      : "missing_permission";
  }
  if (status === 401) {
    return "bad_credentials";
  }
  if (status === 403) {
    return "missing_permission";
  }
  // No one has seen the code of a full account.
  if (symptoms.method === "POST" && status >= 400 && status !== 429 && says(errors, QUOTA)) {
    return "quota";
  }
  return null;
}

const QUOTA =
  /quota|limit (?:of \d+|reached|exceeded)|(?:reached|exceeded|hit)\b.{0,40}\b(?:limit|maximum)\b(?! length)|maximum number|too many tunnels/i;

function says(errors: readonly ApiMessage[], pattern: RegExp): boolean {
  return errors.some(({ message }) => pattern.test(message));
}
