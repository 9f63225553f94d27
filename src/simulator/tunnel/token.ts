import type { Account } from "../account.ts";
import { newUuid } from "../random.ts";
import { isObject, parseJson } from "../wire/json.ts";
import type { Tunnel } from "./tunnel.ts";

/** What `cloudflared tunnel run --token` takes: base64 of JSON with account, tunnel and secret. */
export function runToken(accountId: string, tunnel: Tunnel): string {
  const parts = { a: accountId, t: tunnel.id, s: tunnel.secret };
  return Buffer.from(JSON.stringify(parts)).toString("base64");
}

/** The tunnel and secret inside a run token; null for a text that is none. */
export function readRunToken(token: string): { readonly tunnel: string; readonly secret: string } | null {
  const parts = parseJson(Buffer.from(token, "base64").toString());
  if (!isObject(parts) || typeof parts["t"] !== "string" || typeof parts["s"] !== "string") {
    return null;
  }
  return { tunnel: parts["t"], secret: parts["s"] };
}

/** A management token: in the form of a JWT, good for an hour, signed by nobody. */
export function managementToken(account: Account, tunnel: Tunnel, resources: readonly string[]): string {
  const issued = Math.floor(account.now() / 1000);
  const claims = {
    tun: { id: tunnel.id, account_tag: account.id },
    res: resources,
    iat: issued,
    exp: issued + 3600,
    jti: newUuid(account.random),
  };
  const signature = Buffer.from(account.random(32)).toString("base64url");
  return `${jwtPart({ alg: "ES256", typ: "JWT" })}.${jwtPart(claims)}.${signature}`;
}

function jwtPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Why the API refuses a tunnel secret; null when it takes it. */
export function secretFault(secret: string, check: "characters" | "bytes" | "none"): string | null {
  if (check === "none") {
    return null;
  }
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(secret) || secret.length % 4 !== 0) {
    return "tunnel_secret is not base64";
  }
  const size = check === "characters" ? secret.length : Buffer.from(secret, "base64").length;
  return size < 32 ? `tunnel_secret must have at least 32 ${check}` : null;
}
