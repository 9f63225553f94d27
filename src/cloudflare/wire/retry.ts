import type { Clock } from "../../base/clock.ts";
import type { Failed, Reply } from "../envelope.ts";
import type { ApiFailure } from "../error.ts";

/** How often a request that fails is sent in all. Waits for a rate limit do not count. */
export const MAX_ATTEMPTS = 6;
/**
 * The longest that a wait is worth when no deadline says more: the API's own lock-out lasts 300 s, and whoever asks
 * for much longer wants us to come back another day.
 */
export const PATIENCE = 330_000;

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** What is known when a request has failed. Times in milliseconds. */
export interface Situation {
  readonly method: string;
  readonly failed: Failed;
  /** How many attempts have failed, rate limits aside. */
  readonly attempts: number;
  /** How long ago this request first met a rate limit. */
  readonly limitedFor: number;
  /** What the answer's `Retry-After` asks for. */
  readonly retryAfter: number | null;
  /** How long a wait may be; and how long rate limits may go on for one request. */
  readonly longest: number;
  readonly patience: number;
  /** Nobody has had an answer for so long that another try is not worth its time. */
  readonly isSilent: boolean;
}

/**
 * How long to wait before the request is sent again; null when it is not to be. A write is sent again only where
 * the API surely did not act. What `Retry-After` asks for is never shortened: where it is too long, we give up.
 */
export function waitBeforeRetry(situation: Situation, random: () => number): number | null {
  const { failed } = situation;
  if (!mayRepeat(situation.method, failed)) {
    return null;
  }
  // The gate makes everybody wait, so nothing is left to wait for here.
  if (failed.failure === "rate_limited") {
    return situation.limitedFor > situation.patience ? null : 0;
  }
  if (situation.attempts >= MAX_ATTEMPTS || (failed.status === null && situation.isSilent)) {
    return null;
  }
  const wait = Math.max(fullJitter(situation.attempts, random), situation.retryAfter ?? 0);
  return wait > situation.longest ? null : wait;
}

/** Whether sending the same request again can help, and can do no harm. */
export function mayRepeat(method: string, failed: Failed): boolean {
  return failed.transient && (method === "GET" || !failed.mayHaveActed);
}

/** A random wait below a bound that doubles with each attempt. */
export function fullJitter(attempts: number, random: () => number): number {
  return random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1));
}

/** What one attempt came to. `sent` is false when it was held back, because of a wait that may not be. */
export interface Attempt {
  readonly reply: Reply;
  readonly sent: boolean;
  readonly retryAfter: number | null;
}

/** An attempt that came to nothing before anything was sent. */
export function unsent(failed: Failed): Attempt {
  return { reply: { ok: false, failed }, sent: false, retryAfter: null };
}

/** A request that waits to be sent again. `until` is milliseconds since the epoch. */
export interface Retry {
  readonly method: string;
  /** The attempt that is to come. Counts from 1. */
  readonly attempt: number;
  readonly until: number;
  /** What became of the last one. */
  readonly failure: ApiFailure;
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly deadline: number | undefined;
  /** Aborted: no retry, and no wait goes on. */
  readonly halt: AbortSignal;
  /** Whether nobody has had an answer for so long that another try is not worth its time. */
  readonly isSilent: () => boolean;
  /** Told as such a wait begins, and as it ends. */
  readonly onRetry: ((retry: Retry, phase: "begins" | "ends") => void) | undefined;
}

/** Sends a request until its end is clear or nothing more may be tried, and returns the last word on it. */
export async function sendPatiently(
  method: string,
  send: (attempt: number) => Promise<Attempt>,
  options: RetryOptions,
): Promise<Reply> {
  const { clock } = options;
  let last: Failed | null = null;
  let attempts = 0;
  let limitedSince: number | null = null;
  for (let count = 1; ; count++) {
    const { reply, sent, retryAfter } = await send(count);
    if (reply.ok) {
      return reply;
    }
    // A request that was held back has no answer of its own: what the API said before is still what is known.
    if (!sent) {
      return { ok: false, failed: last === null ? reply.failed : withLast(reply.failed, last) };
    }
    last = reply.failed;
    if (last.failure === "rate_limited") {
      limitedSince ??= clock.now();
    } else {
      attempts += 1;
    }
    const wait = waitBeforeRetry(
      {
        method,
        failed: last,
        attempts,
        limitedFor: limitedSince === null ? 0 : clock.now() - limitedSince,
        retryAfter,
        longest: options.deadline === undefined ? PATIENCE : options.deadline - clock.now(),
        // With a deadline, the gate knows which wait is too long.
        patience: options.deadline === undefined ? PATIENCE : Number.POSITIVE_INFINITY,
        isSilent: options.isSilent(),
      },
      options.random,
    );
    if (wait === null || options.halt.aborted) {
      return reply;
    }
    if (wait > 0) {
      const { failure } = last;
      const retry: Retry = { method, attempt: count + 1, until: clock.now() + wait, failure };
      options.onRetry?.(retry, "begins");
      await clock.sleep(wait, options.halt);
      options.onRetry?.(retry, "ends");
    }
    if (options.halt.aborted) {
      return reply;
    }
  }
}

function withLast(held: Failed, last: Failed): Failed {
  return held.failure === "interrupted" ? last : { ...held, status: last.status, errors: last.errors };
}
