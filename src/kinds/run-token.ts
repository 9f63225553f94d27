import { isRow } from "./row.ts";

/**
 * The bytes of the secret in a run token of this account and tunnel; null for anything else. Such a token is base64
 * of JSON with the account `a`, the tunnel `t` and the secret `s`, itself base64.
 */
export function secretOfRunToken(token: unknown, accountId: string, id: string): Buffer | null {
  if (typeof token !== "string") {
    return null;
  }
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token.trim(), "base64").toString("utf8"));
  } catch {
    return null;
  }
  if (!isRow(parts)) {
    return null;
  }
  const { a: account, t: tunnel, s: secret } = parts;
  const isOfTunnel = isSameId(account, accountId) && isSameId(tunnel, id);
  return isOfTunnel && typeof secret === "string" ? Buffer.from(secret, "base64") : null;
}

function isSameId(written: unknown, id: string): boolean {
  return typeof written === "string" && written.toLowerCase() === id.toLowerCase();
}
