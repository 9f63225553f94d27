import type { Switches } from "../switches.ts";

/** An HTTP answer as plain data. Header names are lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface ResultInfo {
  readonly count: number;
  readonly page: number;
  readonly per_page: number;
  readonly total_count: number;
  readonly total_pages?: number;
}

interface ApiError {
  readonly code: number;
  readonly message: string;
  readonly error_chain?: readonly { readonly code: number; readonly message: string }[];
}

/** What an endpoint says, before it is put into an envelope. */
export type Reply = Success | Refusal;

export interface Success {
  readonly ok: true;
  /** The `result`, as JSON text. */
  readonly result: string;
  readonly result_info?: ResultInfo;
  readonly messages?: readonly { readonly code: number; readonly message: string; readonly type: null }[];
  /** Sent as the whole body in place of an envelope. */
  readonly bare?: string;
}

export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly error: ApiError;
  /** As a gateway before the API answers: without `messages` and `result`. */
  readonly gateway?: boolean;
}

export function success(result: unknown, result_info?: ResultInfo): Success {
  return { ok: true, result: JSON.stringify(result), ...(result_info && { result_info }) };
}

export function refusal(status: number, code: number, message: string): Refusal {
  return { ok: false, status, error: { code, message } };
}

/** 400/1030, the answer to every body or query that cannot be read. */
export function unreadable(what: string): Refusal {
  return refusal(400, 1030, `Could not parse input. ${what}`);
}

export function notFound(switches: Switches, what = "Tunnel"): Refusal {
  return refusal(404, switches.not_found_code, `${what} not found`);
}

/** The gateway's answer to a path that leads nowhere. */
export function noRoute(status: number, path: string): Refusal {
  const message = `Could not route to ${path}, perhaps your object identifier is invalid?`;
  return { ...refusal(status, 7003, message), gateway: true };
}

/** Puts a reply into the API's envelope. */
export function envelope(reply: Reply, switches: Switches): Answer {
  if (reply.ok) {
    if (reply.bare !== undefined) {
      return { status: 200, headers: { "content-type": "text/plain" }, body: reply.bare };
    }
    const messages = reply.messages ? JSON.stringify(reply.messages) : "[]";
    const info = reply.result_info ? `,"result_info":${JSON.stringify(reply.result_info)}` : "";
    const body = `{"success":true,"errors":[],"messages":${messages},"result":${reply.result}${info}}`;
    return { status: 200, headers: JSON_HEADERS, body };
  }
  const rest = reply.gateway ? "" : `,"messages":[],"result":${emptyResult(switches)}`;
  return {
    status: reply.status,
    headers:
      reply.status === 409 && switches.should_retry_header
        ? { ...JSON_HEADERS, "x-should-retry": "false" }
        : JSON_HEADERS,
    body: `{"success":false,"errors":[${JSON.stringify(reply.error)}]${rest}}`,
  };
}

export function emptyResult(switches: Switches): string {
  return switches.empty_result === "null" ? "null" : "{}";
}

/** cloudflared parses a failure only when the type is exactly this. */
const JSON_HEADERS = { "content-type": "application/json" } as const;

/** RFC 3339 to the microsecond, as the API writes times. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, -1)}000Z`;
}
