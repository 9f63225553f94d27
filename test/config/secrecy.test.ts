import { describe, expect, test } from "vitest";
import {
  guessSecrets,
  holdsSecret,
  mentionsWriteOnly,
  suggestsSecret,
} from "../../src/config/secret/secrecy.ts";
import { sourceOf } from "../../src/config/yaml/source.ts";
import { united } from "../../src/config/yaml/span.ts";

test.each([
  ["tunnel_secret", true],
  ["tunel_secrt", true],
  ["Tunnel-Secret", true],
  ["tunnelSecret", true],
  ["secret", true],
  ["API_TOKEN", true],
  ["password", true],
  ["credentials_file", true],
  ["tunnel", false],
  ["config_src", false],
  ["renamed_from", false],
  ["account_id", false],
])("whether a secret may stand behind %s: %s", (key, expected) => {
  expect(suggestsSecret(key)).toBe(expected);
});

test.each([
  ["tunnel_secret", false],
  ["my_tunnel_secret", false],
  ["tunnel_secret:abc", true],
  ["tunnel_secret=abc", true],
  ["tunnel_secret: abc", true],
  ["tunnel_secret abc", true],
  ['tunnel_secret":abc', true],
  ["x tunnel_secret:abc", true],
  ["tunnel_secret:", false],
  ["tunnel_secret2", false],
])("whether the key %j has taken a secret in: %s", (key, expected) => {
  expect(holdsSecret(key)).toBe(expected);
});

test("a text that speaks of a secret", () => {
  expect(mentionsWriteOnly("tunnel_secret=x")).toBe(true);
  expect(mentionsWriteOnly("config_src=x")).toBe(false);
});

describe("what may be a secret in a text that is no YAML", () => {
  /** The text with each guess replaced by `_`. */
  const hidden = (text: string) => {
    let shown = "";
    let last = 0;
    for (const { start, end } of united(guessSecrets(sourceOf("f", text)))) {
      shown += `${text.slice(last, start)}_`;
      last = end;
    }
    return shown + text.slice(last);
  };
  test.each([
    ["a: 1\nb: 2", "a: 1\nb: 2"],
    ["tunnel_secret: x\nid: y", "tunnel_secret: _\nid: y"],
    ["'tunnel_secret' : x", "'tunnel_secret' : _"],
    ["tunnel_secret = x # y", "tunnel_secret = _"],
    ["tunnel_secret x", "tunnel_secret _"],
    ["tunnel-secret: x", "tunnel-secret: _"],
    ["? tunnel_secret\n: x\nid: y", "? tunnel_secret\n: _\nid: y"],
    ["  tunnel_secret:\n    x\n      y\n  id: z", "  tunnel_secret:_\n  id: z"],
    ["  tunnel_secret:\n  x\n  id: z", "  tunnel_secret:_\n  id: z"],
    ["  tunnel_secret: |\n\n    x\n\n    y\nid: z", "  tunnel_secret: _\nid: z"],
    ['tunnel_secret: "x\ny\\"\nz"\nid: 1', "tunnel_secret: _\nid: 1"],
    ["tunnel_secret: 'x\ny''\nz'\nid: 1", "tunnel_secret: _\nid: 1"],
    ['tunnel_secret: "x\ny', "tunnel_secret: _"],
    ["my-token-tunnel: x\nsecret-web: y", "my-token-tunnel: x\nsecret-web: y"],
    ["token: x\napi_password: y", "token: _\napi_password: _"],
    ["{ tunnel_secret: x, id: y }", "{ tunnel_secret: _"],
    ["tunnel_secret: x\r\nid: y", "tunnel_secret: _\r\nid: y"],
  ])("%j", (text, expected) => {
    expect(hidden(text)).toBe(expected);
  });
});

test("a long line of keys of services takes time in step with its length, and hides what may be a password", () => {
  const text = `${"service ".repeat(200_000)}\n${"service: a\n".repeat(200_000)}service: me:pw@x\n`;
  const spans = guessSecrets(sourceOf("x", text));
  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(["me:pw@x\n"]);
});
