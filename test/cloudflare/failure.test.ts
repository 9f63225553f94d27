import { describe, expect, test } from "vitest";
import type { Failed } from "../../src/cloudflare/envelope.ts";
import { heldBack, secretsIn, toApiError } from "../../src/cloudflare/failure.ts";
import { ACCOUNT, TOKEN } from "./support.ts";

const FAILED: Failed = {
  failure: "refused",
  status: 409,
  errors: [{ code: 1013, message: "You already have a tunnel with this name" }],
  what: "",
  mayHaveActed: false,
  transient: false,
};

function errorFor(failed: Partial<Failed>, method = "POST") {
  return toApiError({
    method,
    path: "/cfd_tunnel",
    failed: { ...FAILED, ...failed },
    atOnce: false,
    secrets: [TOKEN],
    accountId: ACCOUNT,
    nothingGranted: () => false,
  });
}

test("a long message is cut off", () => {
  const errors = [{ code: 1, message: "x ".repeat(200) }];
  expect(errorFor({ errors }).errors[0]?.message).toBe(`${"x ".repeat(150)}…`);
  const whole = [{ code: 1, message: "x ".repeat(150) }];
  expect(errorFor({ errors: whole }).errors).toEqual(whole);
});

test("what an interruption holds back is told so, and not to be sent again", () => {
  expect(heldBack(null, undefined, true)).toMatchObject({
    failure: "interrupted",
    transient: false,
    what: "not sent, because of an interruption",
  });
});

describe("toApiError", () => {
  test("carries what is known", () => {
    expect(errorFor({})).toMatchObject({
      name: "ApiError",
      message: "POST /cfd_tunnel: 409, You already have a tunnel with this name (1013)",
      failure: "refused",
      method: "POST",
      path: "/cfd_tunnel",
      status: 409,
      errors: [{ code: 1013, message: "You already have a tunnel with this name" }],
      hint: null,
      ambiguous: false,
    });
  });

  test.each<[string, Partial<Failed>, string]>([
    ["only a status", { status: 502, errors: [] }, "502"],
    [
      "no status",
      { status: null, errors: [], what: "no connection (ECONNREFUSED)" },
      "no connection (ECONNREFUSED)",
    ],
    [
      "our words and theirs",
      { status: 200, what: "success: false", errors: [{ code: 1, message: "no" }] },
      "200, success: false: no (1)",
    ],
    ["a code alone", { status: 400, errors: [{ code: 7, message: "" }] }, "400, error 7"],
    ["nothing at all", { status: 400, errors: [{ code: null, message: "" }] }, "400, no message"],
    [
      "several",
      {
        status: 400,
        errors: [
          { code: 1, message: "a" },
          { code: null, message: "b" },
        ],
      },
      "400, a (1); b",
    ],
  ])("says %s", (_, failed, words) => {
    expect(errorFor(failed).message).toBe(`POST /cfd_tunnel: ${words}`);
  });

  test("a write may be ambiguous, a read never", () => {
    expect(errorFor({ mayHaveActed: true }, "DELETE").ambiguous).toBe(true);
    expect(errorFor({ mayHaveActed: true }, "GET").ambiguous).toBe(false);
  });

  test("hides secrets in the message and in the errors, before it shortens them", () => {
    const error = errorFor({ errors: [{ code: 1, message: `${"x ".repeat(140)}${TOKEN} is bad` }] });
    expect(JSON.stringify([error, error.message])).not.toContain(TOKEN.slice(0, 12));
    expect(error.errors[0]?.message.length).toBeLessThan(310);
  });

  test("keeps five errors", () => {
    const errors = Array.from({ length: 1_000 }, (_, code) => ({ code, message: "x" }));
    expect(errorFor({ errors }).errors).toHaveLength(5);
  });
});

test("heldBack says why a wait is too long, and not until when: results hold no clock readings", () => {
  const until = Date.UTC(2026, 0, 1, 0, 5);
  expect(heldBack(until, undefined).what).toBe("rate limited, and for longer than is worth waiting for");
  expect(heldBack(until, until - 1)).toMatchObject({
    failure: "rate_limited",
    what: "rate limited, and past the deadline",
  });
  expect(heldBack(null, undefined).failure).toBe("interrupted");
});

test("secretsIn finds what a body calls a secret", () => {
  expect(secretsIn({ name: "x", tunnel_secret: "s" })).toEqual(["s"]);
  expect(secretsIn({ tunnel_secret: 1 })).toEqual([]);
  expect(secretsIn(undefined)).toEqual([]);
  expect(secretsIn(null)).toEqual([]);
});
