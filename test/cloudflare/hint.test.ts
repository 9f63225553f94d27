import { describe, expect, test } from "vitest";
import { hintFor, type Symptoms } from "../../src/cloudflare/hint.ts";
import { ACCOUNT } from "./support.ts";

const UNKNOWN: Symptoms = {
  method: "GET",
  path: "/cfd_tunnel",
  status: 403,
  errors: [],
  accountId: ACCOUNT,
  nothingGranted: false,
};

function error(code: number | null, message = "") {
  return [{ code, message }];
}

describe("hintFor", () => {
  test.each<[string, Partial<Symptoms>, string | null]>([
    ["403/10000", { errors: error(10_000) }, "missing_permission"],
    ["401/10000", { status: 401, errors: error(10_000) }, "missing_permission"],
    ["10000 wherever we look", { errors: error(10_000), nothingGranted: true }, "wrong_account"],
    [
      "10000 and an account id that is none",
      { errors: error(10_000), accountId: "my-account" },
      "wrong_account",
    ],
    ["7003", { status: 400, errors: error(7_003) }, "wrong_account"],
    ["9109", { errors: error(9_109, "Unauthorized to access requested resource") }, "missing_permission"],
    ["9109 of a bad token", { errors: error(9_109, "Invalid access token") }, "bad_credentials"],
    ["401/9109", { status: 401, errors: error(9_109) }, "bad_credentials"],
    ["6003", { status: 400, errors: error(6_003) }, "key_used_as_token"],
    ["6111", { status: 400, errors: [...error(1), ...error(6_111)] }, "key_used_as_token"],
    ["6103", { status: 400, errors: error(6_103) }, "key_used_as_token"],
    [
      "401/1001 of a token",
      { status: 401, errors: error(1_001), path: "/cfd_tunnel/x/token" },
      "token_needs_write",
    ],
    ["401/1001 elsewhere", { status: 401, errors: error(1_001) }, "bad_credentials"],
    ["a bare 401", { status: 401 }, "bad_credentials"],
    ["a bare 403", {}, "missing_permission"],
    [
      "a quota",
      { method: "POST", status: 400, errors: error(null, "You have reached the maximum number") },
      "quota",
    ],
    ["a limit", { method: "POST", status: 409, errors: error(1, "tunnel limit of 1000 reached") }, "quota"],
    ["a limit on a GET", { status: 400, errors: error(1, "limit reached") }, null],
    [
      "a name that is too long",
      { method: "POST", status: 400, errors: error(1, "name exceeds the maximum length") },
      null,
    ],
    ["a rate limit", { method: "POST", status: 429, errors: error(971, "limit reached") }, null],
    ["404", { status: 404, errors: error(1_003) }, null],
    [
      "409/1013",
      { method: "POST", status: 409, errors: error(1_013, "You already have a tunnel with this name") },
      null,
    ],
    ["5xx, whatever its code", { status: 500, errors: error(6_003) }, null],
    ["no answer, whatever it is put down to", { status: null, errors: error(6_003) }, null],
    [
      "403/1001 of a token",
      { status: 403, errors: error(1_001), path: "/cfd_tunnel/x/token" },
      "missing_permission",
    ],
    [
      "401 of a token, without that code",
      { status: 401, errors: error(1), path: "/cfd_tunnel/x/token" },
      "bad_credentials",
    ],
    ["400/10000", { status: 400, errors: error(10_000) }, null],
    [
      "10000 and an account id that is longer than one",
      { errors: error(10_000), accountId: `x${ACCOUNT}` },
      "wrong_account",
    ],
    [
      "10000 and an account id with more behind it",
      { errors: error(10_000), accountId: `${ACCOUNT}x` },
      "wrong_account",
    ],
  ])("%s", (_, symptoms, hint) => {
    expect(hintFor({ ...UNKNOWN, ...symptoms })).toBe(hint);
  });
});
