import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mask } from "../../src/cloudflare/mask.ts";

const UUID = "f70ff985-a4ef-4643-bbbc-4a0ed4fc8415";
const HEX = "023e105f4ecef8ad9ca31a8372d0c353";

describe("mask", () => {
  test.each([
    ["base64", `bad secret ${Buffer.alloc(32, 251).toString("base64")} given`, "bad secret (secret) given"],
    ["base64url", `bad secret ${Buffer.alloc(32, 251).toString("base64url")}`, "bad secret (secret)"],
    ["hexadecimal of another length", `key ${"ab".repeat(20)}`, "key (secret)"],
    ["a token in quotes", `"eyJhIjoiMDIzZTEwNWY0ZWNlZjhhZDljYTMxYTgzNzIifQ=="`, `"(secret)"`],
    ["a UUID", `tunnel ${UUID} is gone`, `tunnel ${UUID} is gone`],
    ["an account id", `account ${HEX}`, `account ${HEX}`],
    [
      "a path of ids",
      `/accounts/${HEX}/cfd_tunnel/${UUID}/connections`,
      `/accounts/${HEX}/cfd_tunnel/${UUID}/connections`,
    ],
    ["a secret behind an id", `/x/${UUID}/${"Ab1".repeat(20)}`, `/x/${UUID}(secret)`],
    ["ordinary words", "Authentication error", "Authentication error"],
  ])("%s", (_, text, expected) => {
    expect(mask(text, [])).toBe(expected);
  });

  test("hides every known secret, whatever it looks like", () => {
    expect(mask("a p$w-d and p$w-d again", ["p$w-d", ""])).toBe("a (secret) and (secret) again");
  });

  test("never lets a random secret through", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: 96 }),
        fc.string(),
        fc.constantFrom<BufferEncoding>("base64", "base64url"),
        (size, text, encoding) => {
          const secret = randomBytes(size).toString(encoding);
          return !mask(`${text} ${secret} ${text}`, []).includes(secret);
        },
      ),
    );
  });
});
