import type { Clock } from "../../base/clock.ts";
import type { RateNews } from "./rate-headers.ts";
import { PATIENCE } from "./retry.ts";

/** The part of a limit that is left to whoever shares it: the dashboard, and other programs with the same user. */
const MARGIN = 0.1;
const FIRST_BLOCK = 1_000;
const LONGEST_BLOCK = 60_000;
/** A limit that says "no time left" is looked at again after this long. */
const SHORTEST_WAIT = 1_000;

/**
 * A wait that all requests share. `until` is milliseconds since the epoch. It may begin again with a later end before
 * it ends.
 */
export type WaitEvent =
  | { readonly type: "wait_begins"; readonly until: number }
  /** A wait that would be too long, so that what needs it fails: once for each request. */
  | { readonly type: "wait_refused"; readonly until: number }
  | { readonly type: "wait_ends" };

/** Leave to send one request, to be handed back with what the answer said; null when no answer came. */
export interface Ticket {
  readonly settle: (news: AnswerNews | null) => void;
}

export interface AnswerNews {
  /** 429. */
  readonly limited: boolean;
  readonly retryAfter: number | null;
  readonly rate: RateNews;
}

/** Leave to send, or why not: `until` is when a wait that is too long would have ended. */
export type Leave =
  | { readonly may: true; readonly ticket: Ticket }
  | { readonly may: false; readonly until: number | null };

export interface GateOptions {
  readonly clock: Clock;
  /** Aborted: no wait goes on, and who would have to wait is turned away. */
  readonly halt: AbortSignal;
  readonly deadline: number | undefined;
  readonly onWait: ((event: WaitEvent) => void) | undefined;
}

/** The one gate that every request of a client passes. */
export interface Gate {
  /** Resolves as soon as a request may be sent; with `atOnce`, without any wait, to whether it may be now. */
  readonly enter: (atOnce?: boolean) => Promise<Leave>;
}

/** What is known of one limit. */
interface Limit {
  /** What the API will have left when all that was sent has reached it. */
  left: number;
  resetAt: number;
  /** The newest request that had been sent when this was learned. */
  readonly learnedAt: number;
}

/**
 * Keeps the whole client within the API's rate limits. It lets everything through while the answers say that much is
 * left, and nobody once no more than the margin is, until the limit is whole again; a 429 stops everybody until its
 * `Retry-After`. After a wait one request goes ahead alone, and the others follow when its answer has come.
 */
export function createGate(options: GateOptions): Gate {
  const { clock, halt } = options;
  const limits = new Map<string, Limit>();
  const quotas = new Map<string, number>();
  const largestSeen = new Map<string, number>();
  let sent = 0;
  let inFlight = 0;
  let closedUntil = 0;
  /** How many blocks came one after the other, and the newest request that had been sent when the last one came. */
  let blocks = 0;
  let blockedAt = 0;
  let wait: Promise<void> | null = null;
  let probeNext = false;
  let probe: Promise<void> | null = null;

  async function enter(atOnce = false): Promise<Leave> {
    for (;;) {
      const now = clock.now();
      const until = Math.max(closedUntil, pausedUntil(now, halt.aborted || atOnce));
      if (until > now) {
        if (atOnce) {
          return { may: false, until };
        }
        if (until > latest()) {
          options.onWait?.({ type: "wait_refused", until });
          return { may: false, until };
        }
        if (halt.aborted) {
          return { may: false, until: null };
        }
        wait ??= waitUntil(until);
        await wait;
      } else if (probe !== null) {
        if (atOnce) {
          return { may: false, until: now };
        }
        await probe;
      } else {
        return { may: true, ticket: admit() };
      }
    }
  }

  /** The wait of everybody. It goes on while answers that were under way make it longer. */
  async function waitUntil(first: number): Promise<void> {
    let shown = Number.NEGATIVE_INFINITY;
    for (let until = first; until > clock.now() && until <= latest() && !halt.aborted; until = closedUntil) {
      // Each of those answers rounds to a whole second of its own, which is nothing to tell.
      if (until - shown > 1_000) {
        options.onWait?.({ type: "wait_begins", until });
      }
      shown = until;
      await clock.sleep(until - clock.now(), halt);
    }
    wait = null;
    probeNext = true;
    options.onWait?.({ type: "wait_ends" });
  }

  /** When a wait has to end that is to be begun now. */
  function latest(): number {
    return options.deadline ?? clock.now() + PATIENCE;
  }

  /**
   * When every limit has more left than its margin. What has been reset is forgotten: the next answer tells anew. The
   * margin is for what must be finished once we are told to stop, and for a write that follows its own look at once:
   * else a limit that others keep at the margin would let only looks pass.
   */
  function pausedUntil(now: number, mayUseMargin: boolean): number {
    let until = 0;
    for (const [name, limit] of limits) {
      if (limit.resetAt <= now) {
        limits.delete(name);
      } else if (limit.left <= (mayUseMargin ? 0 : marginOf(name))) {
        until = Math.max(until, limit.resetAt);
      }
    }
    return until;
  }

  function marginOf(name: string): number {
    const [only] = quotas.values();
    const quota = quotas.get(name) ?? (quotas.size === 1 ? only : undefined) ?? largestSeen.get(name) ?? 0;
    return Math.floor(quota * MARGIN);
  }

  function admit(): Ticket {
    const number = ++sent;
    inFlight++;
    for (const limit of limits.values()) {
      limit.left--;
    }
    let probed: (() => void) | null = null;
    if (probeNext) {
      probeNext = false;
      probe = new Promise((resolve) => {
        probed = resolve;
      });
    }
    return {
      settle: (news) => {
        inFlight--;
        if (news !== null) {
          learn(number, news);
        }
        if (probed === null) {
          return;
        }
        probe = null;
        probed();
      },
    };
  }

  function learn(number: number, news: AnswerNews): void {
    const now = clock.now();
    for (const { name, quota } of news.rate.policies) {
      quotas.set(name, quota);
    }
    for (const { name, requests, resetIn } of news.rate.left) {
      largestSeen.set(name, Math.max(requests, largestSeen.get(name) ?? 0));
      // The others in flight may not have been counted yet.
      const left = requests - inFlight;
      const known = limits.get(name);
      // Answers overtake each other: one whose request was sent before we knew what we know can only take away.
      if (known !== undefined && number <= known.learnedAt) {
        known.left = Math.min(known.left, left);
      } else {
        limits.set(name, { left, resetAt: now + Math.max(resetIn, SHORTEST_WAIT), learnedAt: sent });
      }
    }
    // Requests that were under way when a block began belong to it, and make it no worse.
    const isNew = number > blockedAt;
    if (news.limited) {
      if (isNew) {
        blocks++;
        blockedAt = sent;
      }
      const asked = news.retryAfter ?? 0;
      if (asked > 0 || isNew) {
        closedUntil = Math.max(closedUntil, now + (asked > 0 ? asked : backoff(blocks)));
      }
      probeNext = true;
    } else if (isNew) {
      blocks = 0;
    }
  }

  return { enter };
}

function backoff(blocks: number): number {
  return Math.min(LONGEST_BLOCK, FIRST_BLOCK * 2 ** (blocks - 1));
}
