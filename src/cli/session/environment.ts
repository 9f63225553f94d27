import { Secret } from "../../base/secret.ts";
import { parseBaseUrl, PUBLIC_BASE_URL } from "../../cloudflare/base-url.ts";
import type { Credentials } from "../../cloudflare/client.ts";
import { UserError } from "../user-error.ts";

/** How Cloudflare's credentials begin since 2026: a global key, a user's token and an account's. */
const GLOBAL_KEY = "cfk_";
const TOKENS = ["cfut_", "cfat_"] as const;

type Env = { readonly [name: string]: string | undefined };

/** A variable that is set to nothing counts as not set, as in a CI that has no value for it. */
function read(env: Env, name: string): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === "" ? null : value;
}

/**
 * An API token, or the account's global key with its e-mail address. With both the token is taken, and a note says
 * so. Throws `UserError` when there is neither, or one stands in the other's place.
 */
export function readCredentials(env: Env): {
  readonly credentials: Credentials;
  readonly note: string | null;
} {
  const token = read(env, "CLOUDFLARE_API_TOKEN");
  const key = read(env, "CLOUDFLARE_API_KEY");
  const email = read(env, "CLOUDFLARE_EMAIL");
  if (token !== null) {
    if (token.startsWith(GLOBAL_KEY)) {
      throw new UserError(
        "wrong_credentials",
        "CLOUDFLARE_API_TOKEN holds a global API key (cfk_…). A key goes into CLOUDFLARE_API_KEY, with CLOUDFLARE_EMAIL; better, make an API token.",
      );
    }
    const note =
      key === null
        ? null
        : "Both CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_KEY are set; the token is used and the key is not.";
    return { credentials: { token: new Secret(token) }, note };
  }
  if (key !== null && TOKENS.some((prefix) => key.startsWith(prefix))) {
    throw new UserError(
      "wrong_credentials",
      "CLOUDFLARE_API_KEY holds an API token (cfut_… or cfat_…). A token goes into CLOUDFLARE_API_TOKEN, and needs no CLOUDFLARE_EMAIL.",
    );
  }
  if (key !== null && email !== null) {
    return { credentials: { key: new Secret(key), email }, note: null };
  }
  if (key !== null) {
    throw new UserError(
      "no_credentials",
      "CLOUDFLARE_API_KEY is set, but CLOUDFLARE_EMAIL is not. A global key needs the e-mail address of its user; better, make an API token and set CLOUDFLARE_API_TOKEN.",
    );
  }
  throw new UserError(
    "no_credentials",
    "No credentials. Set CLOUDFLARE_API_TOKEN to an API token (README says which permissions it needs), or try everything without an account: --sandbox.",
  );
}

/** The base URL as it was set, under the SDKs' name or wrangler's; the public one when neither is. */
export function readBaseUrl(env: Env): string {
  const url = read(env, "CLOUDFLARE_BASE_URL");
  const wrangler = read(env, "CLOUDFLARE_API_BASE_URL");
  if (url !== null && wrangler !== null && !isSameServer(url, wrangler)) {
    throw new UserError(
      "base_url_conflict",
      "CLOUDFLARE_BASE_URL and CLOUDFLARE_API_BASE_URL are set to different values. Unset one of them.",
    );
  }
  return url ?? wrangler ?? PUBLIC_BASE_URL;
}

/** Whether two base URLs lead to the same place, however they are spelt. */
function isSameServer(a: string, b: string): boolean {
  const [one, other] = [a, b].map((url) => parseBaseUrl(url, { insecure: true }));
  return a === b || (one?.ok === true && other?.ok === true && one.url === other.url);
}

/** Whether `--account-id` or the environment names an account. */
export function namesAccount(fromOption: string | null, env: Env): boolean {
  return fromOption !== null || read(env, "CLOUDFLARE_ACCOUNT_ID") !== null;
}

/**
 * The account that the file, the option and the environment agree on. Throws `UserError` when they do not, or none says.
 * No message repeats an id: the file's may have come from any variable of the environment.
 */
export function chooseAccount(fromFile: string | null, fromOption: string | null, env: Env): string {
  const sources = [
    { from: "the file (account_id)", id: fromFile },
    { from: "--account-id", id: fromOption },
    { from: "CLOUDFLARE_ACCOUNT_ID", id: read(env, "CLOUDFLARE_ACCOUNT_ID") },
  ].flatMap(({ from, id }) => (id === null ? [] : [{ from, id: id.toLowerCase() }]));
  const [first] = sources;
  if (first === undefined) {
    throw new UserError(
      "no_account",
      "No account. Set account_id in the file, --account-id, or CLOUDFLARE_ACCOUNT_ID.",
    );
  }
  const other = sources.find(({ id }) => id !== first.id);
  if (other !== undefined) {
    throw new UserError(
      "account_conflict",
      `${first.from} and ${other.from} name different accounts. Make them agree, so that no plan is ever made against the wrong account.`,
    );
  }
  if (!/^[0-9a-f]{32}$/.test(first.id)) {
    throw new UserError(
      "bad_account",
      `${first.from} is not an account id: those are 32 hexadecimal digits.`,
    );
  }
  return first.id;
}
