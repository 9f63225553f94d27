import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../../src/base/redact.ts";

const SECRET = "Zm9vYmFy+/Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=";
const TOKEN = "v1.0-abc_DEF~ghi!JKL/mno+pqr";

function redactorOf(...secrets: readonly string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) {
    redactor.add(secret);
  }
  return redactor;
}

/** Each way to write a secret that output of ours, or an echo of the API, may hold. */
const ENCODINGS: { readonly [name: string]: (secret: string) => string } = {
  raw: (secret) => secret,
  base64: (secret) => Buffer.from(secret).toString("base64"),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  HEX: (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  percent: encodeURIComponent,
  "percent, lower case": (secret) => encodeURIComponent(secret).replace(/%../g, (s) => s.toLowerCase()),
  form: (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  "json in json": (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  "json, slashes escaped": (secret) => JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
  "html references": (secret) => secret.replace(/[^A-Za-z0-9 -]/g, (c) => `&#${c.codePointAt(0)};`),
  "base64, percent": (secret) => encodeURIComponent(Buffer.from(secret).toString("base64")),
};

describe("redact", () => {
  test.each(Object.entries(ENCODINGS))("%s", (_, encode) => {
    for (const secret of [SECRET, TOKEN, 'with "quotes" and \\ in it', "ünïcödé-secret"]) {
      const text = `before ${encode(secret)} after`;
      expect(redactorOf(secret).redact(text), encode(secret)).toBe("before (secret) after");
    }
  });

  test.each([
    ["base64url", Buffer.from(SECRET, "base64").toString("base64url")],
    ["hex", Buffer.from(SECRET, "base64").toString("hex")],
    ["without padding", SECRET.replace("=", "")],
    ["the text it decodes to", "plain words, decoded"],
  ])("what a base64 secret stands for: %s", (_, form) => {
    const secret = form.startsWith("plain") ? Buffer.from(form).toString("base64") : SECRET;
    expect(redactorOf(secret).redact(`<${form}>`)).toBe("<(secret)>");
  });

  test.each([0, 1, 2, 3, 4, 5])(
    "inside a longer base64 text, %i bytes in, no more than its edges is left",
    (offset) => {
      const secret = randomBytes(32).toString("base64");
      const after = '","t":"y"}';
      const run = Buffer.from(`${"x".repeat(offset)}${secret}${after}`).toString("base64");
      const shown = redactorOf(secret).redact(run);
      expect(shown).toContain("(secret)");
      // What holds bits of the neighbours too is left, at each end.
      const around = Math.ceil(((offset + after.length) * 4) / 3) + 4;
      expect(shown.length - "(secret)".length).toBeLessThanOrEqual(around);
    },
  );

  test("a run token hides with the secret in it", () => {
    const secret = randomBytes(32).toString("base64");
    const token = Buffer.from(JSON.stringify({ a: "023e", t: "0192", s: secret })).toString("base64");
    expect(
      Buffer.from(redactorOf(secret).redact(token).replace("(secret)", ""), "base64").toString(),
    ).not.toContain(secret.slice(4, 40));
  });

  test("several, the longest first", () => {
    const redactor = redactorOf("abcdefgh", "abcdefghijkl");
    expect(redactor.redact("abcdefghijkl abcdefgh abcdefghij")).toBe("(secret) (secret) (secret)ij");
  });

  test("two that overlap are hidden as one", () => {
    expect(redactorOf("abcdefghij", "fghijklmno").redact("<abcdefghijklmno>")).toBe("<(secret)>");
    expect(redactorOf("aaaaaaaa").redact(`<${"a".repeat(11)}>`)).toBe("<(secret)>");
  });

  test("what is too short is left alone", () => {
    expect(redactorOf("short", "", " ".repeat(20)).redact(`a short text${" ".repeat(20)}`)).toBe(
      `a short text${" ".repeat(20)}`,
    );
  });

  test("a final line feed, as files have, is no part of it", () => {
    expect(redactorOf(`${TOKEN}\n`).redact(TOKEN)).toBe("(secret)");
  });

  test("a lone surrogate in a secret is no error", () => {
    expect(redactorOf("broken \ud800 secret").redact("a broken \ud800 secret")).toBe("a (secret)");
  });

  test("text without a secret stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        expect(redactorOf(SECRET).redact(text)).toBe(text);
      }),
    );
  });

  test("wherever it stands, and whatever is around it", () => {
    const around = fc.string({ unit: "grapheme-ascii", maxLength: 30 });
    fc.assert(
      fc.property(around, around, fc.constantFrom(...Object.values(ENCODINGS)), (before, after, encode) => {
        expect(redactorOf(TOKEN).redact(`${before}${encode(TOKEN)}${after}`)).toBe(
          `${before}(secret)${after}`,
        );
      }),
    );
  });

  test("a thousand secrets and a megabyte cost no more than one pass", () => {
    const secrets = Array.from({ length: 1000 }, () => randomBytes(32).toString("base64"));
    const line = "+ cfd_tunnel prod-web (0192f3a0-0000-4000-8000-000000000001)\n";
    const text = `${line.repeat(15_000)}${secrets[999]}\n${line}`;
    const shown = redactorOf(...secrets).redact(text);
    expect(shown).toBe(`${line.repeat(15_000)}(secret)\n${line}`);
  });
});
