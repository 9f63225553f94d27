import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery } from "./exchange.ts";
import type { Simulator } from "./simulator.ts";
import { StateFileError } from "./state/format.ts";
import type { Keep } from "./state/keep.ts";
import type { Answer } from "./wire/envelope.ts";

/**
 * A server, not yet listening, that carries requests to the simulator and delivers what comes back, faults and all.
 * `keep` is awaited before a write is answered. `close` takes no new request, lets those under way end, and cuts those
 * that have not after `graceMs`; what of them was not carried out by then never is.
 */
export function httpServer(
  simulator: Simulator,
  keep: Keep,
  graceMs: number,
): { readonly server: Server; close(): Promise<void> } {
  let isClosing = false;
  const cut = new AbortController();
  // One for each request that waits: by default Node warns of more than ten.
  setMaxListeners(0, cut.signal);
  /** Each connection, and how many requests are under way on it. */
  const sockets = new Map<Socket, number>();
  /** Answers that a fault holds back for ever, and would hold up the close. */
  const stalled = new Set<ServerResponse>();
  const server = createServer((incoming, response) => {
    const { socket } = incoming;
    const end = simulator.traffic.begin();
    sockets.set(socket, (sockets.get(socket) ?? 0) + 1);
    response.once("close", () => {
      end();
      stalled.delete(response);
      const left = (sockets.get(socket) ?? 1) - 1;
      if (sockets.has(socket)) {
        sockets.set(socket, left);
      }
      if (isClosing && left === 0) {
        socket.destroySoon();
      }
    });
    answer(simulator, keep, incoming, response, stalled, cut.signal).catch((error: unknown) => {
      // A client that hung up needs no answer.
      if (response.headersSent || response.destroyed) {
        return;
      }
      send(response, failureOf(error));
    });
  });
  // Longer than any client keeps a connection: it, and not the server, ends it, so that no request is cut.
  server.keepAliveTimeout = 120_000;
  server.on("connection", (socket) => {
    simulator.traffic.countConnection();
    sockets.set(socket, 0);
    socket.once("close", () => sockets.delete(socket));
  });
  const close = (): Promise<void> =>
    new Promise((resolve, reject) => {
      isClosing = true;
      for (const response of stalled) {
        response.destroy();
      }
      const grace = setTimeout(() => {
        cut.abort();
        for (const socket of sockets.keys()) {
          socket.destroy();
        }
      }, graceMs);
      server.close((error) => {
        clearTimeout(grace);
        if (error) {
          reject(error);
        } else {
          resolve();
        }
      });
      // Also those that were opened and never used, which Node's own closeIdleConnections leaves open.
      for (const [socket, requests] of sockets) {
        if (requests === 0) {
          socket.destroy();
        }
      }
    });
  return { server, close };
}

async function answer(
  simulator: Simulator,
  keep: Keep,
  incoming: IncomingMessage,
  response: ServerResponse,
  stalled: Set<ServerResponse>,
  cut: AbortSignal,
): Promise<void> {
  const body = await readText(incoming);
  if (body === null) {
    return send(response, failure(413, "Request body too large"));
  }
  const exchange = simulator.receive({
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: plainHeaders(incoming),
    body: body === "" ? null : body,
  });
  await wait(exchange.before_ms, cut);
  if (cut.aborted) {
    return;
  }
  const delivery = exchange.act();
  if (incoming.method !== "GET") {
    await keep();
  }
  await wait(exchange.after_ms, cut);
  deliver(response, delivery, stalled);
}

function deliver(response: ServerResponse, delivery: Delivery, stalled: Set<ServerResponse>): void {
  if (delivery.type === "lost") {
    response.destroy();
    return;
  }
  const { answer: whole, part } = delivery;
  if (!part) {
    return send(response, whole);
  }
  const bytes = Buffer.from(whole.body);
  const sent = bytes.subarray(0, part.bytes);
  if (part.end === "clean") {
    return send(response, whole, sent);
  }
  response.writeHead(whole.status, { ...whole.headers, "content-length": String(bytes.length + 1) });
  response.flushHeaders();
  response.write(sent, () => {
    if (part.end === "cut") {
      response.destroy();
    } else {
      stalled.add(response);
    }
  });
}

function send(response: ServerResponse, { status, headers, body }: Answer, bytes = Buffer.from(body)): void {
  response.writeHead(status, { ...headers, "content-length": String(bytes.length) });
  response.end(bytes);
}

function failureOf(error: unknown): Answer {
  // A refusal, since it is sure that nothing was done: a client need not look, nor try again.
  if (error instanceof StateFileError) {
    return failure(400, `Not done: the sandbox cannot use its state file: ${error.message}`);
  }
  return failure(500, `Sandbox: ${error instanceof Error ? error.message : "unknown"}`);
}

function failure(status: number, message: string): Answer {
  const errors = [{ code: 1000, message }];
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ success: false, errors, messages: [], result: null }),
  };
}

/** The body as text; null when it is over a megabyte. */
async function readText(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= 1_048_576) {
      chunks.push(chunk);
    }
  }
  return size > 1_048_576 ? null : Buffer.concat(chunks).toString();
}

function plainHeaders(incoming: IncomingMessage): { readonly [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) {
      headers[name] = Array.isArray(value) ? value.join(", ") : value;
    }
  }
  return headers;
}

/** Ends early when it is cut. */
async function wait(ms: number, cut: AbortSignal): Promise<void> {
  if (ms > 0) {
    await sleep(ms, undefined, { signal: cut }).catch(() => {});
  }
}
