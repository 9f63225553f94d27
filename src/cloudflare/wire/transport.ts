import { isObject } from "../../base/json.ts";
import { createFetch, type Fetch } from "ofetch";
import type { Clock } from "../../base/clock.ts";

/** As much of a `Response` as is read here, so that a light double can stand in for one. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null;
}

/** As much of `fetch` as is used here. The built-in one fits. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Headers;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly redirect: "manual";
  },
) => Promise<ResponseLike>;

/** Why no whole answer came. */
export type Loss =
  /** The connection was never made, so the API cannot have acted. `lasting`: trying again would not help. */
  | { readonly why: "not_connected"; readonly code: string; readonly lasting: boolean }
  /** The connection broke. */
  | { readonly why: "cut"; readonly code: string | null }
  | { readonly why: "timeout" }
  | { readonly why: "aborted" }
  | { readonly why: "too_large" }
  | { readonly why: "not_utf8" };

/** What came back: as much of an answer as arrived. `status` is null when not even that did. */
export interface Exchange {
  readonly status: number | null;
  readonly header: (name: string) => string | null;
  /** The whole body, or why it is not here. */
  readonly body: { readonly text: string } | { readonly loss: Loss };
}

interface Message {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}

export interface TransportOptions {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly abort: AbortSignal | undefined;
}

/** Sends one message once and reads the whole answer. Never rejects. */
export type Transport = (message: Message) => Promise<Exchange>;

/**
 * The network as one function. Follows no redirect, so that credentials reach no other place; ends within the time
 * limit, body included; never reads more than `maxAnswerBytes`; and lets no error out that holds a header.
 */
export function createTransport(options: TransportOptions): Transport {
  // ofetch takes its own type of fetch, of which it uses no more than `FetchLike` has.
  const ofetch = createFetch({ fetch: options.fetch as unknown as Fetch });
  const aborts = new Set<() => void>();
  options.abort?.addEventListener("abort", () => {
    for (const abort of aborts) {
      abort();
    }
  });

  async function exchange(message: Message, arrived: (head: Head) => void, signal: AbortSignal) {
    const response = await ofetch.raw(message.url, {
      method: message.method,
      headers: message.headers,
      ...(message.body === null ? {} : { body: message.body }),
      signal,
      redirect: "manual",
      retry: false,
      ignoreResponseError: true,
      responseType: "stream",
    });
    arrived({ status: response.status, header: (name) => response.headers.get(name) });
    // A `ReadableStream` of Node is iterable, though the type that ofetch names does not say so.
    return readBody(response.body as ResponseLike["body"], options.maxAnswerBytes);
  }

  return (message) =>
    new Promise((resolve) => {
      const request = new AbortController();
      const timer = new AbortController();
      let head: Head = { status: null, header: () => null };
      let ended = false;
      const end = (body: Exchange["body"]) => {
        if (ended) {
          return;
        }
        ended = true;
        aborts.delete(abort);
        // With a reason of its own: one that Node has to make carries a stack, which takes longer than all of this.
        timer.abort("ended");
        // Also ends what is still arriving of an answer that is too large.
        if ("loss" in body) {
          request.abort();
        }
        resolve({ ...head, body });
      };
      const abort = () => end({ loss: { why: "aborted" } });
      if (options.abort?.aborted) {
        abort();
        return;
      }
      aborts.add(abort);
      // Not AbortSignal.timeout: the time limit must follow the clock that was given, and end with the request.
      void options.clock.sleep(options.timeoutMs, timer.signal).then(() => end({ loss: { why: "timeout" } }));
      exchange(message, (arrived) => (head = arrived), request.signal).then(end, (error: unknown) =>
        end({ loss: lossOf(error) }),
      );
    });
}

type Head = Pick<Exchange, "status" | "header">;

const utf8 = new TextDecoder("utf-8", { fatal: true });

async function readBody(body: ResponseLike["body"], maxBytes: number): Promise<Exchange["body"]> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (body !== null) {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        return { loss: { why: "too_large" } };
      }
      chunks.push(chunk);
    }
  }
  try {
    const [only] = chunks;
    return { text: utf8.decode(chunks.length === 1 ? only : Buffer.concat(chunks, bytes)) };
  } catch {
    return { loss: { why: "not_utf8" } };
  }
}

/**
 * Codes of a connection that was never made, whatever the system call, where another try may do better. Others, as
 * EHOSTUNREACH, come to a connection that is in use as well.
 */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_TLS",
]);

/** Codes of a certificate that we do not trust: nothing was sent, and nothing will be. */
const UNTRUSTED =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF))/;

/** Reads the code out of an error, and nothing else of it: it holds the request with its headers. */
function lossOf(error: unknown): Loss {
  let code: string | null = null;
  let connecting = false;
  for (let cause = error, depth = 0; isObject(cause) && depth < 6; cause = innerOf(cause), depth++) {
    if (typeof cause["code"] === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(cause["code"])) {
      code = cause["code"];
    }
    connecting ||= cause["syscall"] === "connect" || cause["syscall"] === "getaddrinfo";
    // undici tells of a proxy that will not connect us by this text alone.
    const status = /^Proxy response \((\d{3})\)/.exec(String(cause["message"]))?.[1];
    if (status !== undefined) {
      return { why: "not_connected", code: `PROXY_${status}`, lasting: status.startsWith("4") };
    }
  }
  if (code !== null && UNTRUSTED.test(code)) {
    return { why: "not_connected", code, lasting: true };
  }
  if (code !== null && (connecting || NOT_CONNECTED.has(code))) {
    return { why: "not_connected", code, lasting: false };
  }
  return { why: "cut", code };
}

/** An address that resolves to several gives one error that holds one of each. */
function innerOf(error: { readonly [key: string]: unknown }): unknown {
  return error["cause"] ?? (Array.isArray(error["errors"]) ? error["errors"][0] : undefined);
}
