import { EventEmitter, once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { Secret } from "../../src/base/secret.ts";
import { type ClientOptions, createClient } from "../../src/cloudflare/client.ts";
import { createTransport, type Exchange, type FetchLike } from "../../src/cloudflare/wire/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { type FaultServer, serveFaults } from "./fault-server.ts";
import { ACCOUNT, failureOf, TOKEN } from "./support.ts";

const OK = JSON.stringify({ success: true, errors: [], messages: [], result: { id: "x" } });
const open: AsyncDisposable[] = [];

/** Something to wait for that happens once. */
function signal() {
  const events = new EventEmitter();
  return { promise: once(events, "happens"), resolve: () => events.emit("happens") };
}

afterEach(async () => {
  for (const server of open.splice(0)) {
    await server[Symbol.asyncDispose]();
  }
});

async function serve(listener: RequestListener): Promise<FaultServer> {
  const server = await serveFaults(listener);
  open.push(server);
  return server;
}

/** A client over real sockets whose waits take no time: only its retries look at the clock. */
function clientTo(url: string, options: Partial<ClientOptions> = {}) {
  return createClient({
    baseUrl: `${url}/client/v4`,
    accountId: ACCOUNT,
    credentials: { token: new Secret(TOKEN) },
    userAgent: "warren/test",
    concurrency: 8,
    timeoutMs: 10_000,
    clock: systemClock,
    random: () => 0,
    ...options,
  });
}

/** Sends one GET over a real socket with a clock that only moves by hand. */
function exchangeWith(
  url: string,
  options: { readonly clock?: FakeClock; readonly fetch?: FetchLike; readonly maxAnswerBytes?: number } = {},
): Promise<Exchange> {
  return createTransport({
    fetch: options.fetch ?? ((target, init) => fetch(target, init)),
    clock: options.clock ?? new FakeClock({ jumps: false }),
    timeoutMs: 1_000,
    maxAnswerBytes: options.maxAnswerBytes ?? 1_000_000,
    abort: undefined,
  })({ method: "GET", url, headers: {}, body: null });
}

function lossOf({ body }: Exchange) {
  return "loss" in body ? body.loss : null;
}

describe("over a real socket", () => {
  test("a whole answer is read, in however many pieces it comes", async () => {
    const text = JSON.stringify({ name: "tunnel é 🚇 ".repeat(2_000) });
    const server = await serve((_, response) => {
      const bytes = Buffer.from(text);
      // Cuts within characters.
      for (let at = 0; at < bytes.length; at += 1_001) {
        response.write(bytes.subarray(at, at + 1_001));
      }
      response.end();
    });
    expect(await exchangeWith(server.url)).toMatchObject({ status: 200, body: { text } });
  });

  test("an answer without a body is an empty text", async () => {
    const server = await serve((_, response) => response.writeHead(204).end());
    expect(await exchangeWith(server.url)).toMatchObject({ status: 204, body: { text: "" } });
  });

  test("a body that stalls ends with the time limit, and its connection is closed", async () => {
    const clock = new FakeClock({ jumps: false });
    const closed = signal();
    const server = await serve((request, response) => {
      request.socket.once("close", () => closed.resolve());
      response.write('{"success":true,');
    });
    const answered = signal();
    const exchange = exchangeWith(server.url, {
      clock,
      fetch: async (target, init) => {
        const response = await fetch(target, init);
        answered.resolve();
        return response;
      },
    });
    await answered.promise;
    clock.advance(1_000);
    const end = await exchange;
    expect(end.status).toBe(200);
    expect(lossOf(end)).toEqual({ why: "timeout" });
    await closed.promise;
    expect(clock.sleeping).toBe(0);
  });

  test("headers that never come end likewise", async () => {
    const clock = new FakeClock({ jumps: false });
    const asked = signal();
    const server = await serve(() => asked.resolve());
    const exchange = exchangeWith(server.url, { clock });
    await asked.promise;
    clock.advance(1_000);
    const end = await exchange;
    expect(end.status).toBe(null);
    expect(lossOf(end)).toEqual({ why: "timeout" });
  });

  test("a reset in the middle of a body, or before it, is a cut", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/middle") {
        response.write("{", () => request.socket.resetAndDestroy());
      } else {
        request.socket.resetAndDestroy();
      }
    });
    const middle = await exchangeWith(`${server.url}/middle`);
    expect([middle.status, lossOf(middle)?.why]).toEqual([200, "cut"]);
    const before = await exchangeWith(`${server.url}/before`);
    expect([before.status, lossOf(before)?.why]).toEqual([null, "cut"]);
  });

  test("a body shorter than it was announced is a cut", async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{}", () => request.socket.end());
    });
    expect(lossOf(await exchangeWith(server.url))?.why).toBe("cut");
  });

  test("something that is not HTTP is a cut", async () => {
    const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(lossOf(await exchangeWith(`http://127.0.0.1:${port}`))?.why).toBe("cut");
    server.close();
  });

  test("a port where nobody listens is no connection", async () => {
    const server = await serveFaults(() => {});
    await server[Symbol.asyncDispose]();
    expect(lossOf(await exchangeWith(server.url))).toEqual({
      why: "not_connected",
      code: "ECONNREFUSED",
      lasting: false,
    });
  });

  test("a huge answer is dropped when it gets too large, and not read to its end", async () => {
    let sent = 0;
    const closed = signal();
    const server = await serve((request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 32);
      const more = () => {
        while (!request.socket.destroyed && sent < 512 * 1024 * 1024) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            return;
          }
        }
      };
      response.on("drain", more);
      request.socket.once("close", () => closed.resolve());
      more();
    });
    expect(lossOf(await exchangeWith(server.url))).toEqual({ why: "too_large" });
    await closed.promise;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test("an answer as large as is allowed is read", async () => {
    const server = await serve((_, response) => response.end("x".repeat(1_000)));
    expect(lossOf(await exchangeWith(server.url, { maxAnswerBytes: 1_000 }))).toBe(null);
    expect(lossOf(await exchangeWith(server.url, { maxAnswerBytes: 999 }))).toEqual({ why: "too_large" });
  });

  test("bytes that are no UTF-8 are no text", async () => {
    const server = await serve((_, response) => response.end(Buffer.from([0x7b, 0xc3, 0x28, 0x7d])));
    expect(lossOf(await exchangeWith(server.url))).toEqual({ why: "not_utf8" });
  });
});

function failing(error: unknown): Promise<Exchange> {
  const fetch = async () => {
    throw error;
  };
  return exchangeWith("http://api.test", { fetch });
}

function errorWith(fields: object, cause?: unknown): Error {
  return Object.assign(new Error("secret words"), fields, cause === undefined ? {} : { cause });
}

test("nothing is sent once it is aborted", async () => {
  let sent = 0;
  const transport = createTransport({
    fetch: () => {
      sent += 1;
      return Promise.reject(new Error("sent"));
    },
    clock: new FakeClock(),
    timeoutMs: 1_000,
    maxAnswerBytes: 1_000,
    abort: AbortSignal.abort(),
  });
  const exchange = await transport({ method: "GET", url: "https://api.test/", headers: {}, body: null });
  expect([lossOf(exchange), exchange.header("date"), sent]).toEqual([{ why: "aborted" }, null, 0]);
});

describe("errors of a connection", () => {
  test.each<[string, unknown, object]>([
    [
      "a refused address",
      errorWith({}, errorWith({ code: "ECONNREFUSED" })),
      { why: "not_connected", code: "ECONNREFUSED", lasting: false },
    ],
    [
      "several addresses that did not answer",
      errorWith(
        {},
        errorWith({ code: "ETIMEDOUT", errors: [errorWith({ code: "ETIMEDOUT", syscall: "connect" })] }),
      ),
      { why: "not_connected", code: "ETIMEDOUT", lasting: false },
    ],
    [
      "a time-out of the resolver",
      errorWith({ code: "ETIMEOUT", syscall: "getaddrinfo" }),
      { why: "not_connected", code: "ETIMEOUT", lasting: false },
    ],
    ...["EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "EADDRNOTAVAIL"].flatMap(
      (code): readonly [string, unknown, object][] => [
        [
          `${code} while it connects`,
          errorWith({}, errorWith({ code, syscall: "connect" })),
          { why: "not_connected", code, lasting: false },
        ],
        [
          `${code} of a connection that is in use`,
          errorWith({}, errorWith({ code, syscall: "read" })),
          { why: "cut", code },
        ],
      ],
    ),
    [
      "a time-out later",
      errorWith({ code: "ETIMEDOUT", syscall: "read" }),
      { why: "cut", code: "ETIMEDOUT" },
    ],
    [
      "an own certificate",
      errorWith({}, errorWith({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })),
      { why: "not_connected", code: "DEPTH_ZERO_SELF_SIGNED_CERT", lasting: true },
    ],
    [
      "another host's certificate",
      errorWith({}, errorWith({ code: "ERR_TLS_CERT_ALTNAME_INVALID" })),
      { why: "not_connected", code: "ERR_TLS_CERT_ALTNAME_INVALID", lasting: true },
    ],
    [
      "a proxy that refuses",
      errorWith(
        {},
        errorWith({ code: "UND_ERR_ABORTED", message: "Proxy response (407) !== 200 when HTTP Tunneling" }),
      ),
      { why: "not_connected", code: "PROXY_407", lasting: true },
    ],
    [
      "a proxy that fails",
      errorWith(
        {},
        errorWith({ code: "UND_ERR_ABORTED", message: "Proxy response (502) !== 200 when HTTP Tunneling" }),
      ),
      { why: "not_connected", code: "PROXY_502", lasting: false },
    ],
    [
      "an abort of somebody else",
      errorWith({}, errorWith({ code: "UND_ERR_ABORTED" })),
      { why: "cut", code: "UND_ERR_ABORTED" },
    ],
    ["a code that is none", errorWith({ code: "the Bearer token" }), { why: "cut", code: null }],
    ["a code with more before it", errorWith({ code: "the ECONNRESET" }), { why: "cut", code: null }],
    ["a code with more behind it", errorWith({ code: "ECONNRESET, said" }), { why: "cut", code: null }],
    ["a code that is a number", errorWith({ code: 7 }), { why: "cut", code: null }],
    [
      "a message that only quotes a proxy",
      errorWith({ message: "it said: Proxy response (407)" }),
      { why: "cut", code: null },
    ],
    ["a text", "boom", { why: "cut", code: null }],
    ["nothing", undefined, { why: "cut", code: null }],
  ])("%s", async (_, reason, loss) => {
    expect(lossOf(await failing(reason))).toEqual(loss);
  });

  test("a cause that is its own cause ends", async () => {
    const circular = errorWith({});
    circular.cause = circular;
    expect(lossOf(await failing(circular))).toEqual({ why: "cut", code: null });
  });
});

describe("the client over real sockets", () => {
  test("reads again after a reset, truncated JSON and HTML", async () => {
    const server = await serve((request, response) => {
      switch (server.requests.length) {
        case 1:
          response.write("{", () => request.socket.resetAndDestroy());
          break;
        case 2:
          response.end(OK.slice(0, -5));
          break;
        case 3:
          response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
          break;
        default:
          response.end(OK);
      }
    });
    expect(await clientTo(server.url).get("/cfd_tunnel/x")).toEqual({ id: "x" });
    expect(server.requests).toHaveLength(4);
  });

  test("a POST whose answer breaks off was sent once, and is ambiguous", async () => {
    const server = await serve((request, response) => {
      request.resume().once("end", () => response.write("{", () => request.socket.resetAndDestroy()));
    });
    const error = await failureOf(clientTo(server.url).post("/cfd_tunnel", { name: "x" }));
    expect(error).toMatchObject({ failure: "network", ambiguous: true });
    expect(server.requests).toHaveLength(1);
  });

  test("credentials follow no redirect, and the other place is not even asked", async () => {
    const other = await serve((_, response) => response.end(OK));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await serve((_, response) =>
        response.writeHead(status, { location: `${other.url}/evil` }).end(),
      );
      const credentials = { key: new Secret(TOKEN), email: "me@example.com" };
      for (const client of [clientTo(server.url), clientTo(server.url, { credentials })]) {
        expect(await failureOf(client.get("/cfd_tunnel"))).toMatchObject({ failure: "unreadable", status });
        expect(await failureOf(client.post("/cfd_tunnel", {}))).toMatchObject({
          failure: "unreadable",
          status,
        });
      }
      expect(server.requests).toHaveLength(4);
    }
    expect(other.connections()).toBe(0);
  });

  test.each([1, 8, 32])(
    "opens no more connections than %i requests are in flight at a time",
    async (concurrency) => {
      const server = await serve((_, response) => {
        setTimeout(() => response.end(OK), 2);
      });
      const client = clientTo(server.url, { concurrency });
      // Each follows the one before at once, as the steps of a plan do, besides those that wait in a row.
      const chain = async () => {
        for (let count = 0; count < 10; count++) {
          await client.get("/cfd_tunnel/x");
        }
      };
      await Promise.all(Array.from({ length: concurrency * 2 }, chain));
      expect(server.requests).toHaveLength(concurrency * 20);
      expect(server.mostInFlight()).toBeLessThanOrEqual(concurrency);
      expect(server.connections()).toBeLessThanOrEqual(concurrency + 2);
    },
  );

  test("an abort cuts the connection", async () => {
    const abort = new AbortController();
    const closed = signal();
    const server = await serve((request) => {
      request.socket.once("close", () => closed.resolve());
      abort.abort();
    });
    const client = clientTo(server.url, { abort: abort.signal });
    expect(await failureOf(client.post("/cfd_tunnel", {}))).toMatchObject({
      failure: "interrupted",
      ambiguous: true,
    });
    await closed.promise;
  });
});
