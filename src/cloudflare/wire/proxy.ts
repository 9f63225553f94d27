import { isLoopback } from "../base-url.ts";
import type { FetchLike } from "./transport.ts";

/** A `fetch` that goes through the proxy of the environment; null when there is none; or the variable that is wrong. */
export type ProxyFetch =
  | { readonly ok: true; readonly fetch: FetchLike | null }
  | { readonly ok: false; readonly variable: string };

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in lower case too, which goes first. This machine is never asked
 * for through a proxy. Loads undici only when a proxy is set: that takes longer than all the rest.
 */
export async function proxyFetch(env: { readonly [name: string]: string | undefined }): Promise<ProxyFetch> {
  const proxies: { readonly [protocol: string]: Proxy | null } = {
    "https:": proxyIn(env, "https_proxy"),
    "http:": proxyIn(env, "http_proxy"),
  };
  const set = Object.values(proxies).filter((proxy) => proxy !== null);
  const wrong = set.find(({ url }) => url === null);
  if (wrong !== undefined) {
    return { ok: false, variable: wrong.variable };
  }
  if (set.length === 0) {
    return { ok: true, fetch: null };
  }

  const { EnvHttpProxyAgent } = await import("./proxy-agent.ts");
  const dispatcher = new EnvHttpProxyAgent({
    // An empty text keeps undici from looking into the process's own environment.
    httpsProxy: proxies["https:"]?.url ?? "",
    httpProxy: proxies["http:"]?.url ?? "",
    noProxy: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
  });
  return {
    ok: true,
    fetch: (url, init) => {
      const { protocol, hostname } = new URL(url);
      // Without a proxy for https, undici would take the one for http.
      const direct = isLoopback(hostname) || (proxies[protocol] ?? null) === null;
      // The built-in fetch knows undici's dispatchers, though the two packages' types are not the same.
      return globalThis.fetch(url, direct ? init : { ...init, dispatcher: dispatcher as never });
    },
  };
}

interface Proxy {
  readonly variable: string;
  readonly url: string | null;
}

function proxyIn(env: { readonly [name: string]: string | undefined }, lowerCase: string): Proxy | null {
  for (const variable of [lowerCase, lowerCase.toUpperCase()]) {
    const text = env[variable]?.trim();
    if (text !== undefined && text !== "") {
      return { variable, url: proxyUrl(text) };
    }
  }
  return null;
}

/** As curl reads it: `proxy.example:3128` is http. */
function proxyUrl(text: string): string | null {
  try {
    const url = new URL(text.includes("://") ? text : `http://${text}`);
    // undici decodes them, and throws where that cannot be done.
    decodeURIComponent(url.username + url.password);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
