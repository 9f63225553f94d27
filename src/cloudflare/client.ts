import { setMaxListeners } from "node:events";
import type { Clock } from "../base/clock.ts";
import { isRateLimit, readReply, type PageInfo, type Shape, type Reply } from "./envelope.ts";
import type { ApiFailure } from "./error.ts";
import { BAD_CREDENTIALS, heldBack, OVERTAKEN, secretsIn, toApiError } from "./failure.ts";
import { createLists, type Paging } from "./list.ts";
import { canBeSent, type Credentials, headersFor, type Query, secretsOf, withQuery } from "./message.ts";
import { createGate, type WaitEvent } from "./wire/pacing.ts";
import { readRateNews, readRetryAfter } from "./wire/rate-headers.ts";
import { type Attempt, type RetryOptions, sendPatiently, unsent } from "./wire/retry.ts";
import { createSilence } from "./wire/silence.ts";
import { createSlots } from "./wire/slots.ts";
import { createTransport, type FetchLike } from "./wire/transport.ts";

export type { Credentials, Query };

/**
 * The wire to one account. Paths are below `/accounts/{account_id}`, but for those of `/zones`, which the API has beside
 * its accounts. Every method throws `ApiError`, and nothing else, when the API or the network says no.
 */
export interface CloudflareClient {
  readonly accountId: string;
  /** Sends a GET, again where that can help, and returns the answer's `result`. */
  get(path: string, query?: Query): Promise<unknown>;
  /**
   * Reads every page and returns what `parse` makes of the rows, in no particular order; a row that `parse` turns
   * into null is passed over. Returns only what is surely the whole list: a reading whose pages moved, or which the
   * API's total contradicts, is made again until two agree, and fails with `incomplete` in the end. The id is what
   * tells rows apart; `paging` is `"pages"` unless the API gives the list `"whole"`, in one answer, or refuses all but
   * `"small_pages"`.
   */
  list<T extends { readonly id: string; readonly name?: string }>(
    path: string,
    query: Query,
    parse: (row: unknown) => T | null,
    paging?: Paging,
  ): Promise<readonly T[]>;
  /** Like `list` for a filtered read, where the API's total says nothing: follows the pages to a short one. */
  find<T extends { readonly id: string }>(
    path: string,
    query: Query,
    parse: (row: unknown) => T | null,
  ): Promise<readonly T[]>;
  /**
   * Sends a write and returns the answer's `result`. Sent again only where the API surely did not act on it (429,
   * a connection that was never made); otherwise an unclear end is an `ApiError` with `ambiguous: true`.
   */
  post(path: string, body: unknown, options?: WriteOptions): Promise<unknown>;
  put(path: string, body: unknown, options?: WriteOptions): Promise<unknown>;
  patch(path: string, body: unknown, options?: WriteOptions): Promise<unknown>;
  delete(path: string, query?: Query, options?: WriteOptions): Promise<unknown>;
}

export interface WriteOptions {
  /**
   * Sent within half a second or not at all, and not again: after a wait, what the write rests on may no longer be so. Where
   * another try can help, the error is `repeatable`.
   */
  readonly atOnce?: boolean;
}

/** One attempt, for `--verbose`: no header and no body. */
export interface RequestEvent {
  readonly method: string;
  /** Below the account, with its query. */
  readonly path: string;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Null when it succeeded. */
  readonly failure: ApiFailure | null;
  readonly ms: number;
  /** Counts from 1. */
  readonly attempt: number;
}

export interface ClientOptions {
  /** As `parseBaseUrl` returns it. */
  readonly baseUrl: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  readonly userAgent: string;
  /** The most requests in flight at a time, for the whole client. */
  readonly concurrency: number;
  /** For one attempt, its answer's body included. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** As `Math.random`. */
  readonly random: () => number;
  /** In place of the built-in one. */
  readonly fetch?: FetchLike | undefined;
  /** What a slot waits for after an answer, so that `fetch` can give its connection back: a turn of the event loop. */
  readonly nextTurn?: (() => Promise<void>) | undefined;
  /** Milliseconds since the epoch: a wait that would end later is not begun, and what needs it fails. */
  readonly deadline?: number | undefined;
  /** Aborted: nothing is sent again and no wait goes on. What is in flight ends, and first attempts are still sent. */
  readonly stop?: AbortSignal | undefined;
  /** Aborted: everything in flight is cut, and nothing more is sent. */
  readonly abort?: AbortSignal | undefined;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  readonly onWait?: ((event: WaitEvent) => void) | undefined;
  readonly onRetry?: RetryOptions["onRetry"];
  /** Told what the API's own clock shows, in milliseconds, by the `Date` of each answer that has one. */
  readonly onDate?: (time: number) => void;
  /** The largest answer that is read. */
  readonly maxAnswerBytes?: number | undefined;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** How long other requests may hold up one that is to be sent at once. Milliseconds. */
const AT_ONCE = 500;

interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly shape?: Shape;
  readonly atOnce?: boolean | undefined;
}

/** Makes the client: one gate, one set of slots and one way to send for all of its requests. */
export function createClient(options: ClientOptions): CloudflareClient {
  const { accountId, clock, credentials, deadline, random, onRetry } = options;
  const abort = options.abort ?? new AbortController().signal;
  const halt = AbortSignal.any(options.stop === undefined ? [abort] : [options.stop, abort]);
  // As many requests as there are slots may wait for another try at the same time.
  setMaxListeners(0, halt);
  const account = `${options.baseUrl}/accounts/${encodeURIComponent(accountId)}`;
  const slots = createSlots(options.concurrency, options.nextTurn);
  const gate = createGate({ clock, halt, deadline, onWait: options.onWait });
  const transport = createTransport({
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    clock,
    timeoutMs: options.timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
    abort,
  });
  const silence = createSilence();
  const sendable = canBeSent(credentials);
  /** Collections of the account that the API let us into, and that it kept us out of. */
  const granted = new Set<string>();
  const refused = new Set<string>();

  async function call(request: Call): Promise<{ readonly result: unknown; readonly page: PageInfo }> {
    const { method, path } = request;
    const target = withQuery(path, request.query ?? {});
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    const collection = path.split("/")[1] ?? "";
    const asked = clock.now();
    const isTooLate = () => request.atOnce === true && clock.now() - asked > AT_ONCE;
    const send = (attempt: number) =>
      slots(() =>
        isTooLate() ? Promise.resolve(unsent(OVERTAKEN)) : sendOnce(request, target, body, attempt),
      );
    const reply: Reply = !sendable
      ? { ok: false, failed: BAD_CREDENTIALS }
      : request.atOnce
        ? (await send(1)).reply
        : await sendPatiently(method, send, {
            clock,
            random,
            deadline,
            halt,
            onRetry,
            isSilent: () => silence.isLong(),
          });
    if (reply.ok) {
      granted.add(collection);
      return reply;
    }
    const { failed } = reply;
    if (failed.status === 401 || failed.status === 403) {
      refused.add(collection);
    }
    throw toApiError({
      method,
      path,
      failed,
      atOnce: request.atOnce === true,
      secrets: [...secretsOf(credentials), ...secretsIn(request.body)],
      accountId,
      nothingGranted: () => granted.size === 0 && refused.size > 1,
    });
  }

  async function sendOnce(
    call: Call,
    target: string,
    body: string | null,
    attempt: number,
  ): Promise<Attempt> {
    const { atOnce = false } = call;
    const leave = await gate.enter(atOnce);
    if (!leave.may || abort.aborted) {
      if (leave.may) {
        leave.ticket.settle(null);
      }
      return unsent(heldBack(leave.may ? null : leave.until, deadline, atOnce));
    }
    const start = clock.now();
    const exchange = await transport({
      method: call.method,
      url: (/^\/zones(?:[/?]|$)/.test(target) ? options.baseUrl : account) + target,
      headers: headersFor(credentials, options.userAgent, body !== null),
      body,
    });
    const end = clock.now();
    silence.ended({ answered: exchange.status !== null, began: start, now: end });
    const date = Date.parse(exchange.header("date") ?? "");
    if (!Number.isNaN(date)) {
      options.onDate?.(date);
    }
    const reply = readReply(exchange, call.shape ?? "any");
    const failed = reply.ok ? null : reply.failed;
    const retryAfter = readRetryAfter(exchange.header, end);
    leave.ticket.settle(
      exchange.status === null
        ? null
        : {
            limited: failed !== null && isRateLimit(failed),
            retryAfter,
            rate: readRateNews(exchange.header),
          },
    );
    options.onRequest?.({
      method: call.method,
      path: target,
      status: exchange.status,
      failure: failed?.failure ?? null,
      ms: end - start,
      attempt,
    });
    return { reply, sent: true, retryAfter };
  }

  const { list, find } = createLists(
    async (path, query) => {
      const { result, page } = await call({ method: "GET", path, query, shape: "array" });
      // `shape` has made sure that it is one.
      return { rows: result as readonly unknown[], info: page };
    },
    { clock, halt },
  );

  return {
    accountId,
    get: async (path, query = {}) => {
      const shape = path.endsWith("/token") ? "text" : "any";
      return (await call({ method: "GET", path, query, shape })).result;
    },
    list,
    find,
    post: async (path, body, how) => {
      const shape = path.endsWith("/management") ? "text" : "any";
      return (await call({ method: "POST", path, body, shape, ...how })).result;
    },
    put: async (path, body, { atOnce } = {}) => (await call({ method: "PUT", path, body, atOnce })).result,
    patch: async (path, body, { atOnce } = {}) =>
      (await call({ method: "PATCH", path, body, atOnce })).result,
    delete: async (path, query = {}, { atOnce } = {}) =>
      (await call({ method: "DELETE", path, query, atOnce })).result,
  };
}
