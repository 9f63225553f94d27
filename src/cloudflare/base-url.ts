/** Where the API is, or why the text does not name such a place. */
export type BaseUrl =
  | { readonly ok: true; readonly url: string }
  | {
      readonly ok: false;
      readonly reason:
        | "not_a_url"
        /** Neither https nor http. */
        | "scheme"
        /** http, and the host is not this machine. */
        | "insecure"
        | "user_info"
        | "query_or_fragment";
    };

/** Cloudflare's public API. */
export const PUBLIC_BASE_URL = "https://api.cloudflare.com/client/v4";

/**
 * Checks a base URL before a credential is sent there: https, or http to this machine (`insecure` allows any host);
 * no user info, query or fragment. The result has no slash at its end.
 */
export function parseBaseUrl(text: string, options: { readonly insecure: boolean }): BaseUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { ok: false, reason: "not_a_url" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { ok: false, reason: "scheme" };
  }
  if (url.username !== "" || url.password !== "") {
    return { ok: false, reason: "user_info" };
  }
  // An empty query or fragment leaves its mark in `href` only.
  if (/[?#]/.test(url.href)) {
    return { ok: false, reason: "query_or_fragment" };
  }
  if (url.protocol === "http:" && !options.insecure && !isLoopback(url.hostname)) {
    return { ok: false, reason: "insecure" };
  }
  return { ok: true, url: url.href.replace(/\/+$/, "") };
}

/** Whether a host, as `URL.hostname` spells it, is this machine. The whole host counts, not how it begins. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
