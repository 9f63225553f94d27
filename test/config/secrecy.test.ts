import { describe, expect, test } from "vitest";
import { guessSecrets, suggestsSecret } from "../../src/config/secrecy.ts";
import { sourceOf } from "../../src/config/source.ts";

test.each([
  ["tunnel_secret", true],
  ["tunel_secrt", true],
  ["Tunnel-Secret", true],
  ["token", true],
  ["api_password", true],
  ["config_src", false],
  ["renamed_from", false],
  ["id", false],
])("%s suggests a secret: %j", (key, expected) => {
  expect(suggestsSecret(key)).toBe(expected);
});

/** The text with `#` in place of what is taken for a secret. */
function hidden(text: string): string {
  return guessSecrets(sourceOf("f", text)).reduce(
    (masked, { start, end }) =>
      masked.slice(0, start) + masked.slice(start, end).replace(/[^\n]/g, "#") + masked.slice(end),
    text,
  );
}

describe("guessSecrets in text that is no YAML", () => {
  test.each([
    ["the rest of the line", "a: 1\ntunnel_secret: xyz }\nb: 2", "a: 1\ntunnel_secret: #####\nb: 2"],
    ["without a space", "tunnel_secret:xyz", "tunnel_secret:###"],
    ["without a colon", "tunnel_secret = xyz\ntunnel_secret xyz", "tunnel_secret = ###\ntunnel_secret ###"],
    ["lines that are indented deeper", " token:\n  x\n\n  y\n b: 1", " token:\n###\n\n###\n b: 1"],
    ["the first line, even if it is not", "token:\nx\nb: 1", "token:\n#\nb: 1"],
    ["a quoted text to its end", '"secret": "a\nb\\"c\nd" e\nf', '"secret": ##\n####\n## e\nf'],
    ["a quoted text without an end", "secret: 'a\nb\nc", "secret: ##\n#\n#"],
    ["not the names of tunnels", "my-token-tunnel: x\nsecret-web: y", "my-token-tunnel: x\nsecret-web: y"],
  ])("%s", (_, text, expected) => {
    expect(hidden(text)).toBe(expected);
  });
});
