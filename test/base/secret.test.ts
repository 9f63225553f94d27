import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";

const VALUE = "canary-0123456789";

test.each([
  ["joined text", (secret: Secret) => ["a", secret].join(" ")],
  ["String", String],
  ["JSON", (secret: Secret) => JSON.stringify({ secret })],
  ["inspect", (secret: Secret) => inspect({ secret }, { showHidden: true, getters: true, depth: 9 })],
  ["format %o", (secret: Secret) => format("%o %O %s", secret, secret, secret)],
  [
    "its own keys and values",
    (secret: Secret) => JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(secret))),
  ],
  ["an error's text", (secret: Secret) => inspect(new Error("failed", { cause: secret }))],
])("a secret does not show in %s", (_, show) => {
  expect(show(new Secret(VALUE))).not.toContain("canary");
});

test("only reveal gives the value", () => {
  expect(new Secret(VALUE).reveal()).toBe(VALUE);
});
