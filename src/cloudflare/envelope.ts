import { isObject } from "../base/json.ts";
import type { ApiFailure, ApiMessage } from "./error.ts";
import type { Exchange, Loss } from "./wire/transport.ts";

/** What one request came to. */
export type Reply =
  | { readonly ok: true; readonly result: unknown; readonly page: PageInfo }
  | { readonly ok: false; readonly failed: Failed };

/** What `result_info` says; null where it does not say so in whole numbers. */
export interface PageInfo {
  readonly perPage: number | null;
  readonly total: number | null;
}

/** A request that did not succeed, seen without its method. */
export interface Failed {
  readonly failure: ApiFailure;
  readonly status: number | null;
  /** As the API wrote them: not masked yet. */
  readonly errors: readonly ApiMessage[];
  /** The message's end, for a failure that the API's own words do not tell. */
  readonly what: string;
  /** Whether a write may have been done although no answer says so. */
  readonly mayHaveActed: boolean;
  /** Whether the same request may do better another time. */
  readonly transient: boolean;
}

/** What `result` has to be. `text`: a string, which the API has also been seen to send bare, without JSON. */
export type Shape = "any" | "array" | "text";

/**
 * Decides what an exchange means. In this order: the HTTP status, `success`, `errors`, the shape of `result`. So an
 * answer of 200 that says `success: false` is a failure, and an error's body is read only for its words.
 */
export function readReply(exchange: Exchange, shape: Shape): Reply {
  const { status, body } = exchange;
  if ("loss" in body && (status === null || isSuccess(status) || body.loss.why === "aborted")) {
    return failed({ status, ...fromLoss(body.loss) });
  }
  if (status === null) {
    throw new Error("Internal error: a body without a status");
  }
  const text = "loss" in body ? "" : body.text;
  if (isSuccess(status)) {
    return readSuccess(status, text, shape);
  }
  return failed({ status, errors: errorsOf(text), ...fromStatus(status) });
}

/** Whether the API asks for fewer requests. It has been seen to say so with a status of 500, too. */
export function isRateLimit({ status, errors }: Failed): boolean {
  return status === 429 || errors.some(({ code }) => code !== null && RATE_LIMIT_CODES.has(code));
}

const RATE_LIMIT_CODES = new Set([971, 10100, 10429]);

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function fromLoss(loss: Loss): Omit<Failed, "status" | "errors"> {
  switch (loss.why) {
    case "not_connected":
      return {
        failure: "network",
        what: `no connection (${loss.code})`,
        mayHaveActed: false,
        transient: !loss.lasting,
      };
    case "cut":
      return {
        failure: "network",
        what: `the connection broke${loss.code === null ? "" : ` (${loss.code})`}`,
        mayHaveActed: true,
        transient: true,
      };
    case "timeout":
      return {
        failure: "timeout",
        what: "no whole answer within the time limit",
        mayHaveActed: true,
        transient: true,
      };
    case "aborted":
      return { failure: "interrupted", what: "interrupted", mayHaveActed: true, transient: false };
    case "too_large":
      return {
        failure: "unreadable",
        what: "the answer is larger than anything the API sends",
        mayHaveActed: true,
        transient: false,
      };
    case "not_utf8":
      return unreadable("the answer is not text");
  }
}

function fromStatus(status: number): Omit<Failed, "status" | "errors"> {
  if (status === 429) {
    return { failure: "rate_limited", what: "", mayHaveActed: false, transient: true };
  }
  // 408: the server stopped waiting for us, at whatever point. 425: it did not want to begin.
  if (status === 408) {
    return { failure: "timeout", what: "", mayHaveActed: true, transient: true };
  }
  if (status === 425) {
    return { failure: "refused", what: "", mayHaveActed: false, transient: true };
  }
  if (status >= 400 && status < 500) {
    return { failure: "refused", what: "", mayHaveActed: false, transient: false };
  }
  if (status >= 500) {
    return { failure: "server", what: "", mayHaveActed: true, transient: true };
  }
  return {
    failure: "unreadable",
    what: "a redirect, which is not followed: the API sends none, so check the base URL",
    mayHaveActed: true,
    transient: false,
  };
}

function unreadable(what: string): Omit<Failed, "status" | "errors"> {
  return { failure: "unreadable", what, mayHaveActed: true, transient: true };
}

function readSuccess(status: number, text: string, shape: Shape): Reply {
  const parsed = parse(text);
  if (parsed === undefined) {
    if (shape === "text" && BARE_TEXT.test(text)) {
      return { ok: true, result: text.trim(), page: { perPage: null, total: null } };
    }
    return failed({ status, ...unreadable("the answer is not JSON") });
  }
  if (!isObject(parsed) || typeof parsed["success"] !== "boolean") {
    return failed({ status, ...unreadable("the answer is not an envelope of the API") });
  }
  const errors = messagesIn(parsed["errors"]);
  if (!parsed["success"]) {
    // The status says yes and the body no: whoever wrote must look.
    return failed({
      status,
      errors,
      failure: "refused",
      what: "success: false",
      mayHaveActed: true,
      transient: false,
    });
  }
  if (errors.length > 0) {
    return failed({ status, errors, ...unreadable("success, yet with errors") });
  }
  if (!("result" in parsed)) {
    return failed({ status, ...unreadable("the answer holds no result") });
  }
  const result = parsed["result"];
  if (shape === "array" && !Array.isArray(result)) {
    return failed({ status, ...unreadable("the result is not a list") });
  }
  if (shape === "text" && typeof result !== "string") {
    return failed({ status, ...unreadable("the result is not a text") });
  }
  return { ok: true, result, page: pageInfo(parsed["result_info"]) };
}

/** One word without spaces: a run token as the API has been seen to send it. Not a page of HTML, nor an error's text. */
const BARE_TEXT = /^\s*[A-Za-z0-9+/_.-]{20,}={0,2}\s*$/;

function pageInfo(value: unknown): PageInfo {
  const info = isObject(value) ? value : {};
  return { perPage: wholeNumber(info["per_page"], 1), total: wholeNumber(info["total_count"], 0) };
}

function wholeNumber(value: unknown, least: number): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least ? value : null;
}

/** The errors in the body of a failure, which may be an envelope, a gateway's short text, or a page of HTML. */
function errorsOf(text: string): readonly ApiMessage[] {
  const parsed = parse(text);
  if (isObject(parsed)) {
    return messagesIn(parsed["errors"]);
  }
  const words = text.trim();
  return words === "" || words.length > 200 || words.includes("<") ? [] : [{ code: null, message: words }];
}

function messagesIn(value: unknown): readonly ApiMessage[] {
  if (!Array.isArray(value)) {
    return [];
  }
  return value.flatMap((error: unknown) => {
    if (typeof error === "string") {
      return [{ code: null, message: error }];
    }
    if (!isObject(error)) {
      return [{ code: null, message: "" }];
    }
    const { code, message } = error;
    return [
      {
        code: typeof code === "number" ? code : null,
        message: typeof message === "string" ? message : "",
      },
      // The chain names the cause, as 6111 below 6003. It is one level deep wherever it was seen.
      ...(Array.isArray(error["error_chain"]) ? messagesIn(error["error_chain"].filter(isFlat)) : []),
    ];
  });
}

function isFlat(error: unknown): boolean {
  return !(isObject(error) && "error_chain" in error);
}

function parse(text: string): unknown {
  try {
    // `undefined` stands for "not JSON", which JSON itself cannot say.
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function failed(details: Omit<Failed, "errors"> & { readonly errors?: readonly ApiMessage[] }): Reply {
  return { ok: false, failed: { errors: [], ...details } };
}
