import type { Secret } from "../../base/secret.ts";

/** The fewest bytes that Cloudflare asks of a tunnel secret. */
const MIN_BYTES = 32;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Why a value cannot be a tunnel's secret, in words that do not show it; null when it can. */
export function tunnelSecretFlaw(secret: Secret): string | null {
  const value = secret.reveal();
  if (value === "" || !BASE64.test(value)) {
    return "is not base64";
  }
  const bytes = Buffer.from(value, "base64").length;
  return bytes < MIN_BYTES
    ? `is ${bytes} bytes once decoded; Cloudflare asks for at least ${MIN_BYTES} (openssl rand -base64 32 makes one)`
    : null;
}
