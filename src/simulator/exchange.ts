import type { Answer } from "./wire/envelope.ts";

/** An HTTP request as plain data. Header names are lower case; `path` has the query, and no host. */
export interface SimulatorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}

/** Something that goes wrong with one request. */
export type Fault =
  /** Another answer than the API's own, sent without acting, or after acting as if nothing were wrong. */
  | {
      readonly type: "answer";
      readonly acts: boolean;
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    }
  /** The connection is cut without an answer; with `acts` only after the request was carried out. */
  | { readonly type: "drop"; readonly acts: boolean }
  /** The connection is never made. Over real sockets it is made and cut, as with `drop`. */
  | { readonly type: "refuse" }
  /** The answer comes late; the request is carried out at once (`first`) or at the end of the wait (`last`). */
  | { readonly type: "delay"; readonly ms: number; readonly acts: "first" | "last" }
  /** Carried out; of the answer's body only so many bytes arrive, then it ends as if whole, or is cut. */
  | { readonly type: "truncate"; readonly bytes: number; readonly end: "clean" | "cut" }
  /** Carried out; the headers and so many bytes arrive, then nothing more, for ever. */
  | { readonly type: "stall"; readonly bytes: number };

/** What reaches the client. */
export type Delivery =
  | {
      readonly type: "answer";
      readonly answer: Answer;
      /** How much of the body arrives, and how it ends; null is all of it. */
      readonly part: { readonly bytes: number; readonly end: "clean" | "cut" | "stall" } | null;
    }
  | { readonly type: "lost"; readonly code: "ECONNRESET" | "ECONNREFUSED" };

/** One request under way. Who carries it waits `before_ms`, calls `act` once, waits `after_ms`, and delivers. */
export interface Exchange {
  readonly before_ms: number;
  readonly after_ms: number;
  act(): Delivery;
}

/** Bends an exchange by a fault. `answer` carries the request out. */
export function exchangeOf(fault: Fault | undefined, answer: () => Answer): Exchange {
  const before_ms = fault?.type === "delay" && fault.acts === "last" ? fault.ms : 0;
  const after_ms = fault?.type === "delay" && fault.acts === "first" ? fault.ms : 0;
  return { before_ms, after_ms, act: () => deliver(fault, answer) };
}

function deliver(fault: Fault | undefined, act: () => Answer): Delivery {
  switch (fault?.type) {
    case undefined:
    case "delay":
      return { type: "answer", answer: act(), part: null };
    case "answer": {
      if (fault.acts) {
        act();
      }
      const { status, headers = {}, body = "" } = fault;
      return { type: "answer", answer: { status, headers, body }, part: null };
    }
    case "drop":
      if (fault.acts) {
        act();
      }
      return { type: "lost", code: "ECONNRESET" };
    case "refuse":
      return { type: "lost", code: "ECONNREFUSED" };
    case "truncate":
      return { type: "answer", answer: act(), part: { bytes: fault.bytes, end: fault.end } };
    case "stall":
      return { type: "answer", answer: act(), part: { bytes: fault.bytes, end: "stall" } };
  }
}
