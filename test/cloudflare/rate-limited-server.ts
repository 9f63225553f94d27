import type { Clock } from "../../src/base/clock.ts";
import type { ResponseLike } from "../../src/cloudflare/wire/transport.ts";
import { answer, success } from "./support.ts";

export interface LimitOptions {
  readonly quota: number;
  /** Seconds. */
  readonly window: number;
  /** `sliding` counts the requests of the last window; `fixed` starts anew at its end. */
  readonly counts: "fixed" | "sliding";
  readonly headers: boolean;
  readonly retryAfter: boolean;
  /** How the seconds left are made whole. */
  readonly round: (seconds: number) => number;
}

/**
 * The API's side of a rate limit, as it is documented: over the quota, every call is refused for a whole window.
 * Counts a request when it arrives.
 */
export class RateLimitedServer {
  accepted = 0;
  refused = 0;
  #times: number[] = [];
  #windowStart = Number.NEGATIVE_INFINITY;
  #lockedUntil = 0;
  readonly #clock: Clock;
  readonly #options: LimitOptions;

  constructor(clock: Clock, options: Partial<LimitOptions> = {}) {
    this.#clock = clock;
    this.#options = {
      quota: 1_200,
      window: 300,
      counts: "fixed",
      headers: true,
      retryAfter: true,
      round: Math.ceil,
      ...options,
    };
  }

  /** Answers a request, or uses up a part of the quota as somebody else's request would. */
  take(): ResponseLike {
    const { quota, window, round } = this.#options;
    const now = this.#clock.now();
    if (now < this.#lockedUntil) {
      this.refused++;
      return this.#refusal(now);
    }
    this.#forget(now);
    if (this.#times.length >= quota) {
      this.refused++;
      this.#lockedUntil = now + window * 1_000;
      this.#times = [];
      return this.#refusal(now);
    }
    if (this.#times.length === 0) {
      this.#windowStart = now;
    }
    this.#times.push(now);
    this.accepted++;
    const start = this.#options.counts === "fixed" ? this.#windowStart : (this.#times[0] ?? now);
    return success(
      {},
      undefined,
      this.#headers(quota - this.#times.length, round((start - now) / 1_000 + window)),
    );
  }

  #forget(now: number): void {
    const since = now - this.#options.window * 1_000;
    if (this.#options.counts === "sliding") {
      const first = this.#times.findIndex((time) => time > since);
      this.#times = first === -1 ? [] : this.#times.slice(first);
    } else if (this.#windowStart <= since) {
      this.#times = [];
    }
  }

  #refusal(now: number): ResponseLike {
    const seconds = Math.ceil((this.#lockedUntil - now) / 1_000);
    return answer(429, "error code: 1015", {
      ...this.#headers(0, seconds),
      ...(this.#options.retryAfter ? { "retry-after": String(seconds) } : {}),
    });
  }

  #headers(left: number, seconds: number): { readonly [name: string]: string } {
    if (!this.#options.headers) {
      return {};
    }
    return {
      ratelimit: `"default";r=${left};t=${seconds}`,
      "ratelimit-policy": `"default";q=${this.#options.quota};w=${this.#options.window}`,
    };
  }
}
