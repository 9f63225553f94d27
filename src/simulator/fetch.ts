import type { Delivery, SimulatorRequest } from "./exchange.ts";
import type { Simulator } from "./simulator.ts";

export interface SimulatorFetchOptions {
  /** Waits out a `delay` fault; gives up waiting, without rejecting, when the signal is aborted. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * A `fetch` that asks the simulator in place of the network. Its answers are light doubles of `Response` with
 * `status`, `statusText`, `ok`, `url`, `redirected`, `headers`, `body` (an async iterable of bytes, or null), `text()`
 * and `json()`; that is enough for ofetch, and unlike real ones they take the same number of ticks on every Node
 * version. Abort signals are honoured; a lost connection rejects as the built-in fetch does.
 */
export function simulatorFetch(simulator: Simulator, options: SimulatorFetchOptions = {}): typeof fetch {
  const { sleep = noSleep } = options;
  const answer = async (input: string | URL | Request, init: RequestInit = {}): Promise<ResponseDouble> => {
    const signal = init.signal ?? (input instanceof Request ? input.signal : undefined);
    throwIfAborted(signal);
    const end = simulator.traffic.begin();
    try {
      const request = await plainRequest(input, init);
      const exchange = simulator.receive(request);
      if (exchange.before_ms > 0) {
        await sleep(exchange.before_ms, signal);
      }
      throwIfAborted(signal);
      const delivery = exchange.act();
      if (exchange.after_ms > 0) {
        await sleep(exchange.after_ms, signal);
      }
      throwIfAborted(signal);
      if (delivery.type === "lost") {
        throw lost(delivery.code);
      }
      return responseDouble(urlOf(input), delivery, signal, end);
    } catch (error) {
      end();
      throw error;
    }
  };
  return answer as unknown as typeof fetch; // The double has those members of Response that are named above.
}

interface ResponseDouble {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: HeadersDouble;
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

interface HeadersDouble extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
  forEach(visit: (value: string, name: string) => void): void;
}

function responseDouble(
  url: string,
  { answer, part }: Extract<Delivery, { readonly type: "answer" }>,
  signal: AbortSignal | undefined,
  end: () => void,
): ResponseDouble {
  const { status } = answer;
  const hasBody = status !== 204 && status !== 304;
  if (!hasBody) {
    end();
  }
  const body = hasBody ? bodyOf(answer.body, part, signal, end) : null;
  const text = async (): Promise<string> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  };
  return {
    status,
    statusText: "",
    ok: status >= 200 && status < 300,
    url,
    redirected: false,
    headers: headersDouble(answer.headers),
    body,
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
}

/** The bytes in one chunk, then the end that the fault asks for. */
async function* bodyOf(
  body: string,
  part: { readonly bytes: number; readonly end: "clean" | "cut" | "stall" } | null,
  signal: AbortSignal | undefined,
  end: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    throwIfAborted(signal);
    const bytes = Buffer.from(body);
    const sent = part ? bytes.subarray(0, part.bytes) : bytes;
    if (sent.length > 0) {
      yield sent;
    }
    throwIfAborted(signal);
    if (part?.end === "cut") {
      throw new TypeError("terminated", { cause: coded("ECONNRESET") });
    }
    if (part?.end === "stall") {
      await aborted(signal);
    }
  } finally {
    end();
  }
}

function headersDouble(headers: { readonly [name: string]: string }): HeadersDouble {
  return {
    get: (name) => headers[name.toLowerCase()] ?? null,
    has: (name) => name.toLowerCase() in headers,
    forEach: (visit) => {
      for (const [name, value] of Object.entries(headers)) {
        visit(value, name);
      }
    },
    [Symbol.iterator]: () => Object.entries(headers)[Symbol.iterator](),
  };
}

async function plainRequest(input: string | URL | Request, init: RequestInit): Promise<SimulatorRequest> {
  const request = input instanceof Request ? input : null;
  const headers: { [name: string]: string } = {};
  new Headers(init.headers ?? request?.headers).forEach((value, name) => {
    headers[name] = value;
  });
  const body = init.body ?? (request?.body ? await request.text() : null);
  if (body !== null && typeof body !== "string") {
    throw new TypeError("The simulator takes text bodies only.");
  }
  // As the built-in fetch does for a text.
  if (body !== null) {
    headers["content-type"] ??= "text/plain;charset=UTF-8";
  }
  return {
    method: (init.method ?? request?.method ?? "GET").toUpperCase(),
    path: pathOf(urlOf(input)),
    headers,
    body,
  };
}

function urlOf(input: string | URL | Request): string {
  return input instanceof Request ? input.url : String(input);
}

/** Path and query of an absolute URL. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const path = start < 0 ? "/" : url.slice(start);
  const fragment = path.indexOf("#");
  return fragment < 0 ? path : path.slice(0, fragment);
}

function lost(code: string): TypeError {
  return new TypeError("fetch failed", { cause: coded(code) });
}

function coded(code: string): Error {
  return Object.assign(new Error(code === "ECONNRESET" ? "socket hang up" : "connect ECONNREFUSED"), {
    code,
  });
}

/** Rejects with the signal's reason once it is aborted; never settles without. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(reasonOf(signal));
    if (signal?.aborted) {
      stop();
    } else {
      signal?.addEventListener("abort", stop, { once: true });
    }
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw reasonOf(signal);
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("This operation was aborted", "AbortError");
}

async function noSleep(): Promise<void> {}
