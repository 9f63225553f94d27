import { Secret } from "../../src/base/secret.ts";
import { type ClientOptions, type CloudflareClient, createClient } from "../../src/cloudflare/client.ts";
import { ApiError } from "../../src/cloudflare/error.ts";
import type { WaitEvent } from "../../src/cloudflare/wire/pacing.ts";
import type { FetchLike, ResponseLike } from "../../src/cloudflare/wire/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const TOKEN = "CANARYtoken-0123456789_ABCDEFGHIJKLMNOPQ";

/** An answer without a socket. */
export function answer(
  status: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): ResponseLike {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    body: text === "" ? null : [new TextEncoder().encode(text)],
  };
}

/** A success as the API words it. */
export function success(
  result: unknown,
  info?: object,
  headers?: { readonly [name: string]: string },
): ResponseLike {
  return answer(
    200,
    { success: true, errors: [], messages: [], result, ...(info === undefined ? {} : { result_info: info }) },
    headers,
  );
}

/** A refusal as the API words it. */
export function refusal(
  status: number,
  code: number,
  message: string,
  headers?: { readonly [name: string]: string },
): ResponseLike {
  return answer(status, { success: false, errors: [{ code, message }], messages: [], result: null }, headers);
}

/** What `fetch` throws when a connection fails. */
export function networkError(code: string): Error {
  return Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("boom"), { code }) });
}

/** A request as the other side sees it. */
interface Seen {
  readonly method: string;
  /** Below the account, with its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
  readonly at: number;
  readonly signal: AbortSignal;
}

export type Handler = (seen: Seen, count: number) => ResponseLike | Error | Promise<ResponseLike | Error>;

/** A client on a fake network and a fake clock, and what the other side saw. */
export interface Rig {
  readonly client: CloudflareClient;
  readonly clock: FakeClock;
  readonly seen: readonly Seen[];
  readonly waits: readonly WaitEvent[];
  /** The most requests in flight at a time. */
  readonly mostInFlight: () => number;
}

export function rig(handler: Handler, options: Partial<ClientOptions> = {}): Rig {
  const clock = options.clock instanceof FakeClock ? options.clock : new FakeClock();
  const seen: Seen[] = [];
  const waits: WaitEvent[] = [];
  let inFlight = 0;
  let most = 0;
  const fetch: FetchLike = async (url, init) => {
    const parsed = new URL(url);
    const request: Seen = {
      method: init.method,
      path: parsed.pathname.slice(`/client/v4/accounts/${ACCOUNT}`.length) + parsed.search,
      query: parsed.searchParams,
      headers: init.headers,
      body: init.body === undefined ? undefined : (JSON.parse(init.body) as unknown),
      at: clock.now(),
      signal: init.signal,
    };
    seen.push(request);
    most = Math.max(most, ++inFlight);
    try {
      const response = await handler(request, seen.length);
      if (response instanceof Error) {
        throw response;
      }
      return response;
    } finally {
      inFlight--;
    }
  };
  const client = createClient({
    baseUrl: "https://api.test/client/v4",
    accountId: ACCOUNT,
    credentials: { token: new Secret(TOKEN) },
    userAgent: "warren/test",
    concurrency: 8,
    timeoutMs: 30_000,
    random: () => 0.5,
    fetch,
    onWait: (event) => waits.push(event),
    ...options,
    clock,
  });
  return { client, clock, seen, waits, mostInFlight: () => most };
}

/** Hands out prepared answers, one a request; the last one goes on. */
export function script(...answers: readonly (ResponseLike | Error)[]): Handler {
  return (_, count) => answers[Math.min(count, answers.length) - 1] ?? new Error("an empty script");
}

/** The `ApiError` that a call ends with. Anything else fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    (value) => new Error(`succeeded with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) {
    return error;
  }
  throw error;
}
