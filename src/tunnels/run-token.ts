import { isObject } from "../base/json.ts";
import type { Secret } from "../base/secret.ts";

/** What a run token is to a tunnel: its own; that of another tunnel or account; or in a form that nobody knows. */
export type RunToken =
  | { readonly is: "own"; readonly secret: Buffer }
  | { readonly is: "of_another" }
  | { readonly is: "of_unknown_form" };

/**
 * Looks into a run token: base64 of JSON with the account `a`, the tunnel `t` and the secret `s`, itself base64. One
 * that names another account or tunnel is theirs, whatever else it lacks.
 */
export function openRunToken(token: unknown, accountId: string, id: string): RunToken {
  const parts =
    typeof token === "string" ? parse(Buffer.from(token.trim(), "base64").toString("utf8")) : null;
  if (!isObject(parts)) {
    return { is: "of_unknown_form" };
  }
  const { a: account, t: tunnel, s: secret } = parts;
  if (isOtherId(account, accountId) || isOtherId(tunnel, id)) {
    return { is: "of_another" };
  }
  return typeof account === "string" && typeof tunnel === "string" && typeof secret === "string"
    ? { is: "own", secret: Buffer.from(secret, "base64") }
    : { is: "of_unknown_form" };
}

/** Whether a secret and the bytes in a token are the same ones, told in a time that says nothing of where they differ. */
export async function isSameSecret(secret: Secret, held: Buffer): Promise<boolean> {
  const bytes = Buffer.from(secret.reveal(), "base64");
  // Slow to load, and most commands compare no secret.
  const { timingSafeEqual } = await import("node:crypto");
  return bytes.length === held.length && timingSafeEqual(bytes, held);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isOtherId(written: unknown, id: string): boolean {
  return typeof written === "string" && written.toLowerCase() !== id.toLowerCase();
}
