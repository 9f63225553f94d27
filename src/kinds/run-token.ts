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
  if (!isRow(parts) || parts["a"] !== accountId || parts["t"] !== id || typeof parts["s"] !== "string") {
    return null;
  }
  return Buffer.from(parts["s"], "base64");
}
