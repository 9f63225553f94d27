import type { ApiError, ApiMessage, Hint } from "../cloudflare/error.ts";
import { code, name, say, type Sentence, words } from "./sentence.ts";

/** What the API or the network said, and the likely cause where one is known. */
export function apiErrorWords(error: ApiError): Sentence {
  const hint = error.hint === null ? [] : say` ${hintWords(error.hint, error)}`;
  return say`${failureWords(error)}${hint}`;
}

function failureWords(error: ApiError): Sentence {
  const request = say`${words(error.method)} ${words(error.path)}`;
  const status = error.status === null ? "" : ` (HTTP ${error.status})`;
  switch (error.failure) {
    case "refused":
      return say`Cloudflare refused ${request}${status}: ${said(error)}`;
    case "server":
      return say`Cloudflare failed to answer ${request}${status}: ${said(error)}`;
    case "rate_limited":
      return say`Cloudflare allows no more requests for now: ${request}${status}: ${said(error)}`;
    case "network":
      return say`The network gave no whole answer to ${request}: ${said(error)}`;
    case "timeout":
      return say`${request} had no whole answer within the time limit: ${said(error)}`;
    case "unreadable":
      return say`The answer to ${request}${status} is not what the API promises: ${said(error)}`;
    case "incomplete":
      return say`The list ${request} never came out whole: ${said(error)} Nothing is planned from a part of it.`;
    case "interrupted":
      return say`${request} was not sent, because the run was interrupted.`;
  }
}

/** The API's own words, or else the client's. */
function said(error: ApiError): Sentence {
  if (error.errors.length === 0) return say`${words(fullStop(ownWords(error)))}`;
  return error.errors.flatMap((message, position) => [
    ...(position === 0 ? [] : [" "]),
    ...apiMessage(message),
  ]);
}

function apiMessage(message: ApiMessage): Sentence {
  const number = message.code === null ? "" : ` (code ${message.code})`;
  const text = message.message.trim();
  return number === "" ? say`${words(fullStop(text))}` : say`${words(text.replace(/\.$/, ""))}${number}.`;
}

/** The client's message without the request at its beginning, which our sentence names already. */
function ownWords({ message, method, path }: ApiError): string {
  const request = `${method} ${path}`;
  return message.startsWith(request)
    ? message.slice(request.length).replace(/^(?: \([^)]*\))?: */, "")
    : message;
}

function fullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function hintWords(hint: Hint, error: ApiError): Sentence {
  switch (hint) {
    case "missing_permission":
      return say`The token probably lacks the permission ${permission(error)}, or the account id is not one of its accounts (a zone id in its place gives this too).`;
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

/** The permission that a request needs, by its name in the dashboard. */
function permission(error: ApiError): Sentence {
  const level = error.method === "GET" && error.hint !== "token_needs_write" ? "Read" : "Edit";
  if (/^\/warp_connector\b/.test(error.path))
    return say`${name(`Account > Cloudflare One Connector: WARP: ${level}`)}`;
  if (/^\/(?:cfd_tunnel|tunnels)\b/.test(error.path))
    return say`${name(`Account > Cloudflare Tunnel: ${level}`)}`;
  return say`for this request (${level})`;
}
