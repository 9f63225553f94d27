import type { ApiError, ApiMessage, Hint } from "../../cloudflare/error.ts";
import { cardOfPath } from "../../kinds/cards.ts";
import { code, name, say, type Sentence, words } from "./sentence.ts";

/** What the API or the network said, and the likely cause where one is known. */
export function apiErrorWords(error: ApiError): Sentence {
  const hint = error.hint === null ? null : hintWords(error.hint, error);
  const cause =
    hint ?? (error.errors.some(({ code }) => code === ACTIVE_CONNECTIONS) ? stillConnected() : null);
  return cause === null ? failureWords(error) : say`${failureWords(error)} ${cause}`;
}

/** The API's own number for a delete that it refuses while connectors run. */
const ACTIVE_CONNECTIONS = 1022;

function failureWords(error: ApiError): Sentence {
  const status = error.status === null ? "" : ` (HTTP ${error.status})`;
  const request = say`${words(error.method)} ${words(error.path)}${status}`;
  switch (error.failure) {
    case "refused":
      return say`Cloudflare refused ${request}${said(error)}`;
    case "server":
      return say`Cloudflare failed to answer ${request}${said(error)}`;
    case "rate_limited":
      return say`Cloudflare allows no more requests for now; it refused ${request}${said(error)} With ${code("--deadline SECONDS")}, warren waits longer than it does by itself.`;
    case "network":
      return say`The network gave no whole answer to ${request}${said(error)}`;
    case "timeout":
      return say`No whole answer came within the time limit to ${request}${apiSaid(error) ?? "."}`;
    case "unreadable":
      return say`The answer is not what the API promises, to ${request}${said(error)}`;
    case "incomplete":
      return say`The list never came out whole, of ${request}${said(error)} Nothing is planned from a part of it.`;
    case "interrupted":
      return error.ambiguous
        ? say`The run was interrupted before the answer came, so Cloudflare may have done this: ${request}.`
        : say`The run was interrupted, so this was not sent: ${request}.`;
  }
}

/** The end of the sentence: the API's own words, or else the client's. */
function said(error: ApiError): Sentence {
  return apiSaid(error) ?? (error.what === "" ? say`.` : say`: ${words(fullStop(error.what))}`);
}

function apiSaid({ errors }: ApiError): Sentence | null {
  const messages = errors.filter(({ code, message }) => code !== null || message.trim() !== "");
  if (messages.length === 0) {
    return null;
  }
  return say`: ${messages.flatMap((message, position) => [...(position === 0 ? [] : [" "]), ...apiMessage(message)])}`;
}

function apiMessage({ code, message }: ApiMessage): Sentence {
  const text = message.trim();
  if (code === null) {
    return say`${words(fullStop(text))}`;
  }
  return text === ""
    ? say`code ${String(code)}.`
    : say`${words(text.replace(/\.$/, ""))} (code ${String(code)}).`;
}

function fullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function stillConnected(): Sentence {
  return say`Stop its connectors; they count as connected for some minutes more. Then run apply again.`;
}

function hintWords(hint: Hint, error: ApiError): Sentence {
  switch (hint) {
    case "missing_permission":
      return missingWords(error);
    case "wrong_account":
      return say`The account id is probably not one of the token's accounts. A zone id in its place gives this too: the account id stands in the dashboard's address, right after ${code("dash.cloudflare.com/")}.`;
    case "key_used_as_token":
      return say`A global API key seems to stand where a token belongs, or a token where a key does: tokens go into ${code("CLOUDFLARE_API_TOKEN")}, a global key into ${code("CLOUDFLARE_API_KEY")} with ${code("CLOUDFLARE_EMAIL")}.`;
    case "bad_credentials":
      return say`The credentials are not valid: mistyped, expired, rolled or revoked. Check ${code("CLOUDFLARE_API_TOKEN")} (or ${code("CLOUDFLARE_API_KEY")} with ${code("CLOUDFLARE_EMAIL")}).`;
    case "token_needs_write":
      return say`Reading a run token needs a permission to write: ${permission(error)}.`;
    case "quota":
      return say`The account seems to have as many of these as it may. Delete some that are not needed, or ask Cloudflare for a higher limit; then run apply again.`;
  }
}

function missingWords(error: ApiError): Sentence {
  const apart = cardOfPath(error.path)?.apart?.[error.path];
  return apart === undefined
    ? say`The token probably lacks the permission ${permission(error)}, or the account id is not one of its accounts (a zone id in its place gives this too).`
    : say`The token probably lacks the permission ${permission(error)}. ${words(apart.instead)}`;
}

/** The permission that a request needs, by its name in the dashboard. */
function permission(error: ApiError): Sentence {
  const level = error.method === "GET" && error.hint !== "token_needs_write" ? "Read" : "Edit";
  const card = cardOfPath(error.path);
  return card === undefined
    ? say`for this request (${level})`
    : say`${name(`${(card.apart?.[error.path] ?? card).permission}: ${level}`)}`;
}
