import type { Switches } from "../switches.ts";
import type { Answer } from "./envelope.ts";

/** The limit on requests: so many in a window, and once it is passed nothing at all for a while. */
export class RateLimit {
  #windowEnds = 0;
  #used = 0;
  #blockedUntil = 0;

  /** Counts a request. Returns the 429 that answers it, or the headers that its answer carries. */
  take(
    switches: Switches,
    now: number,
  ): { readonly refused: Answer } | { readonly headers: { readonly [name: string]: string } } {
    const { rate_limit: limit, rate_window_s: window } = switches;
    if (limit === null) {
      return { headers: {} };
    }
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + window * 1000;
      this.#used = 0;
    }
    if (now >= this.#blockedUntil) {
      this.#used += 1;
      if (this.#used > limit) {
        this.#blockedUntil = now + switches.rate_block_s * 1000;
      }
    }
    const isBlocked = now < this.#blockedUntil;
    const left = isBlocked ? 0 : limit - this.#used;
    const until = isBlocked ? this.#blockedUntil : this.#windowEnds;
    const headers = {
      ratelimit: `"default";r=${left};t=${Math.ceil((until - now) / 1000)}`,
      "ratelimit-policy": `"default";q=${limit};w=${window}`,
    };
    return isBlocked ? { refused: tooMany(switches, headers, now, until) } : { headers };
  }
}

function tooMany(
  { retry_after, rate_limit_body }: Switches,
  limits: { readonly [name: string]: string },
  now: number,
  until: number,
): Answer {
  const wait = {
    seconds: { "retry-after": String(Math.ceil((until - now) / 1000)) },
    date: { "retry-after": new Date(Math.ceil(until / 1000) * 1000).toUTCString() },
    absent: {},
  }[retry_after];
  if (rate_limit_body === "text") {
    return {
      status: 429,
      headers: { "content-type": "text/plain", ...limits, ...wait },
      body: "error code: 1015",
    };
  }
  const errors = [{ code: 971, message: "Please wait and consider throttling your request speed" }];
  return {
    status: 429,
    headers: { "content-type": "application/json", ...limits, ...wait },
    body: JSON.stringify({ success: false, errors, messages: [], result: null }),
  };
}
