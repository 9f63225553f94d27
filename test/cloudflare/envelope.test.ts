import { describe, expect, test } from "vitest";
import {
  type Failed,
  isRateLimit,
  readReply,
  type Shape,
  type Reply,
} from "../../src/cloudflare/envelope.ts";
import type { Loss } from "../../src/cloudflare/wire/transport.ts";

const header = () => null;
const ok = { success: true, errors: [], messages: [] };

function judgeText(status: number, body: unknown, shape: Shape = "any"): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readReply({ status, header, body: { text } }, shape);
}

function judgeLoss(status: number | null, loss: Loss): Reply {
  return readReply({ status, header, body: { loss } }, "any");
}

/** Failure, whether a write may have been done, whether another try may help. */
function gist(reply: Reply): readonly unknown[] {
  if (reply.ok) {
    return ["ok"];
  }
  return [reply.failed.failure, reply.failed.mayHaveActed, reply.failed.transient];
}

function failedOf(reply: Reply): Failed {
  if (reply.ok) {
    throw new Error("not a failure");
  }
  return reply.failed;
}

describe("in words", () => {
  test.each<[string, Reply]>([
    ["the connection broke (ECONNRESET)", judgeLoss(null, { why: "cut", code: "ECONNRESET" })],
    ["the connection broke", judgeLoss(null, { why: "cut", code: null })],
    ["no whole answer within the time limit", judgeLoss(200, { why: "timeout" })],
    ["interrupted", judgeLoss(null, { why: "aborted" })],
    ["the answer is larger than anything the API sends", judgeLoss(200, { why: "too_large" })],
    ["the answer is not text", judgeLoss(200, { why: "not_utf8" })],
    ["the answer is not JSON", judgeText(200, "<html>")],
    ["the answer is not an envelope of the API", judgeText(200, [])],
    ["success: false", judgeText(200, { ...ok, success: false })],
    ["success, yet with errors", judgeText(200, { ...ok, errors: [{ code: 1, message: "x" }] })],
    ["the answer holds no result", judgeText(200, ok)],
    ["the result is not a list", judgeText(200, { ...ok, result: {} }, "array")],
    ["the result is not a text", judgeText(200, { ...ok, result: {} }, "text")],
    ["", judgeText(429, "")],
    ["", judgeText(408, "")],
    ["", judgeText(425, "")],
    ["", judgeText(404, "")],
  ])("%s", (words, reply) => {
    expect(failedOf(reply).what).toBe(words);
  });
});

describe("a rate limit", () => {
  test.each([
    [429, null, true],
    [500, 971, true],
    [500, 10_100, true],
    [400, 10_429, true],
    [500, 1, false],
    [403, null, false],
  ])("%i with the code %s: %s", (status, code, limited) => {
    const failed = failedOf(judgeText(status, { ...ok, success: false, errors: [{ code, message: "x" }] }));
    expect(isRateLimit(failed)).toBe(limited);
  });
});

test("300 is no success, and what came of it is no rate limit", () => {
  expect(gist(judgeText(300, { ...ok, result: 1 }))).toEqual(["unreadable", true, false]);
  expect(gist(judgeText(199, { ...ok, result: 1 }))).toEqual(["unreadable", true, false]);
});

describe("a success", () => {
  test("is status, success, no errors and a result", () => {
    const info = { count: 1, page: 1, per_page: 1000, total_count: 1 };
    expect(judgeText(200, { ...ok, result: [1], result_info: info })).toEqual({
      ok: true,
      result: [1],
      page: { perPage: 1000, total: 1 },
    });
  });

  test.each([
    ["a result of null", { ...ok, result: null }],
    ["no messages", { success: true, errors: [], result: {} }],
    ["errors of null", { success: true, errors: null, result: {} }],
    ["no errors", { success: true, result: {} }],
    [
      "messages with anything in them",
      { ...ok, messages: [{ code: 1, message: "x", type: null }], result: {} },
    ],
  ])("also with %s", (_, body) => {
    expect(judgeText(200, body).ok).toBe(true);
  });

  test.each([
    [{ per_page: 0, total_count: -1 }],
    [{ per_page: "20", total_count: 1.5 }],
    [{ per_page: null }],
    [null],
    [[]],
    ["x"],
  ])("%j says nothing about pages", (result_info) => {
    expect(judgeText(200, { ...ok, result: [], result_info })).toMatchObject({
      page: { perPage: null, total: null },
    });
  });
});

describe("an answer of 200 that is none", () => {
  const unreadable = ["unreadable", true, true];
  test.each<[string, unknown, readonly unknown[]]>([
    [
      "success: false",
      { ...ok, success: false, errors: [{ code: 1, message: "no" }] },
      ["refused", true, false],
    ],
    ["success: false without errors", { success: false }, ["refused", true, false]],
    ["success with errors", { ...ok, errors: [{ code: 1, message: "no" }], result: {} }, unreadable],
    ["success with an error that is no object", { ...ok, errors: [7], result: {} }, unreadable],
    ["no result", ok, unreadable],
    ["no success", { result: [] }, unreadable],
    ["success as a text", { ...ok, success: "true", result: [] }, unreadable],
    ["a list", "[]", unreadable],
    ["null", "null", unreadable],
    ["a number", "1", unreadable],
    ["HTML", "<html>Sign in</html>", unreadable],
    ["nothing", "", unreadable],
    ["truncated JSON", '{"success":true,"errors":[],"result":[{"id":"1"', unreadable],
    ["two documents", '{"success":true,"errors":[],"result":[]}{}', unreadable],
  ])("%s", (_, body, expected) => {
    expect(gist(judgeText(200, body))).toEqual(expected);
  });

  test("the shape is looked at last", () => {
    expect(gist(judgeText(200, { ...ok, result: null }, "array"))).toEqual(unreadable);
    expect(gist(judgeText(200, { ...ok, result: {} }, "array"))).toEqual(unreadable);
    expect(gist(judgeText(200, { ...ok, success: false, result: null }, "array"))).toEqual([
      "refused",
      true,
      false,
    ]);
    expect(gist(judgeText(200, { ...ok, result: null }, "text"))).toEqual(unreadable);
  });
});

describe("a text", () => {
  const token = Buffer.from('{"a":"x","t":"y","s":"z"}').toString("base64");

  test("comes in an envelope, or bare", () => {
    expect(judgeText(200, { ...ok, result: token }, "text")).toMatchObject({ ok: true, result: token });
    expect(judgeText(200, `${token}\n`, "text")).toMatchObject({ ok: true, result: token });
  });

  test("is never a page, a short word or bare where none is expected", () => {
    expect(gist(judgeText(200, "<html></html>", "text"))[0]).toBe("unreadable");
    expect(gist(judgeText(200, "error code: 1015 and more words", "text"))[0]).toBe("unreadable");
    expect(gist(judgeText(200, "short", "text"))[0]).toBe("unreadable");
    expect(gist(judgeText(200, token))[0]).toBe("unreadable");
  });
});

describe("another status", () => {
  test.each<[number, readonly unknown[]]>([
    [301, ["unreadable", true, false]],
    [304, ["unreadable", true, false]],
    [400, ["refused", false, false]],
    [401, ["refused", false, false]],
    [403, ["refused", false, false]],
    [404, ["refused", false, false]],
    [408, ["timeout", true, true]],
    [409, ["refused", false, false]],
    [425, ["refused", false, true]],
    [429, ["rate_limited", false, true]],
    [500, ["server", true, true]],
    [502, ["server", true, true]],
    [503, ["server", true, true]],
    [526, ["server", true, true]],
  ])("%i", (status, expected) => {
    expect(gist(judgeText(status, { success: false, errors: [], result: null }))).toEqual(expected);
    // The status comes first, whatever the body says, and even if it never came.
    expect(gist(judgeText(status, { ...ok, result: [] }))).toEqual(expected);
    expect(gist(judgeText(status, "<html>"))).toEqual(expected);
    expect(gist(judgeLoss(status, { why: "cut", code: null }))).toEqual(expected);
    expect(gist(judgeLoss(status, { why: "timeout" }))).toEqual(expected);
  });
});

describe("the errors of a refusal", () => {
  test.each<[string, unknown, readonly unknown[]]>([
    ["code and message", { errors: [{ code: 1013, message: "taken" }] }, [{ code: 1013, message: "taken" }]],
    [
      "a chain",
      { errors: [{ code: 6003, message: "headers", error_chain: [{ code: 6111, message: "format" }] }] },
      [
        { code: 6003, message: "headers" },
        { code: 6111, message: "format" },
      ],
    ],
    ["a text", { errors: ["no"] }, [{ code: null, message: "no" }]],
    [
      "odd types",
      { errors: [{ code: "1", message: 2 }, null] },
      [
        { code: null, message: "" },
        { code: null, message: "" },
      ],
    ],
    ["none", { errors: [] }, []],
    ["no list", { errors: "no" }, []],
    ["plain text", "error code: 1015\n", [{ code: null, message: "error code: 1015" }]],
    ["HTML", "<html>502</html>", []],
    ["a long text", "x ".repeat(200), []],
    ["nothing", "", []],
  ])("%s", (_, body, errors) => {
    expect(failedOf(judgeText(400, body)).errors).toEqual(errors);
  });

  test("a chain that goes on is not followed", () => {
    const errors = [
      {
        code: 1,
        message: "a",
        error_chain: [{ code: 2, message: "b", error_chain: [{ code: 3, message: "c" }] }],
      },
    ];
    expect(failedOf(judgeText(400, { errors })).errors.map(({ code }) => code)).toEqual([1]);
  });
});

describe("no whole answer", () => {
  test.each<[Loss, readonly unknown[]]>([
    [{ why: "not_connected", code: "ECONNREFUSED", lasting: false }, ["network", false, true]],
    [{ why: "not_connected", code: "CERT_HAS_EXPIRED", lasting: true }, ["network", false, false]],
    [{ why: "cut", code: "ECONNRESET" }, ["network", true, true]],
    [{ why: "timeout" }, ["timeout", true, true]],
    [{ why: "aborted" }, ["interrupted", true, false]],
    [{ why: "too_large" }, ["unreadable", true, false]],
    [{ why: "not_utf8" }, ["unreadable", true, true]],
  ])("%j", (loss, expected) => {
    expect(gist(judgeLoss(null, loss))).toEqual(expected);
    expect(gist(judgeLoss(200, loss))).toEqual(expected);
  });

  test("an interruption goes before what the status would say", () => {
    expect(gist(judgeLoss(500, { why: "aborted" }))[0]).toBe("interrupted");
  });
});
