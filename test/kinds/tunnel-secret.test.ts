import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { tunnelSecretFlaw } from "../../src/kinds/tunnel/tunnel-secret.ts";

test.each([
  [Buffer.alloc(32, 1).toString("base64"), null],
  [Buffer.alloc(33, 255).toString("base64"), null],
  [Buffer.alloc(34, 1).toString("base64"), null],
  [Buffer.alloc(31, 1).toString("base64"), /^is 31 bytes once decoded; .*at least 32/],
  [Buffer.alloc(32, 255).toString("base64url"), /^is not base64$/],
  [Buffer.alloc(32, 1).toString("base64").slice(0, -1), /^is not base64$/],
  [`${Buffer.alloc(33, 1).toString("base64")}=`, /^is not base64$/],
  ["", /^is not base64$/],
])("whether %j can be a tunnel's secret", (value, words) => {
  const flaw = tunnelSecretFlaw(new Secret(value));
  if (words === null) {
    expect(flaw).toBeNull();
  } else {
    expect(flaw).toMatch(words);
  }
});
