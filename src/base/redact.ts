import { isUtf8 } from "node:buffer";
import { HIDDEN } from "./secret.ts";

/** A shorter secret is not looked for: it would blot out ordinary words. */
const SHORTEST = 8;

/** Knows secrets and hides them. */
export interface Redactor {
  /** From now on this value is hidden, however it is encoded. */
  add(secret: string): void;
  /** The text with each known secret, in any of its encodings, replaced by `(secret)`. */
  redact(text: string): string;
}

/**
 * Hides every secret that the process knows: as it is, in base64 (also inside a longer base64 text), hex, percent
 * encoding, JSON and HTML; and if it is base64 itself, what it decodes to likewise. A secret of under 8 characters
 * is not looked for. Time grows with the text, not with the number of secrets.
 */
export function createRedactor(): Redactor {
  /** All forms by their first characters, the longest first. */
  const forms = new Map<string, string[]>();
  /** Which marks the forms' first characters have: tells nearly every place of a text apart at once. */
  const marks = new Uint8Array(1 << 16);

  const longestAt = (text: string, start: number): number =>
    forms.get(text.slice(start, start + SHORTEST))?.find((form) => text.startsWith(form, start))?.length ?? 0;

  return {
    add(secret) {
      for (const form of formsOf(secret)) {
        const head = form.slice(0, SHORTEST);
        marks[markAt(form, 0)] = 1;
        const others = forms.get(head) ?? [];
        if (others.includes(form)) {
          continue;
        }
        forms.set(
          head,
          [...others, form].sort((a, b) => b.length - a.length),
        );
      }
    },
    redact(text) {
      if (forms.size === 0) {
        return text;
      }
      const pieces: string[] = [];
      let copied = 0;
      let start = 0;
      while (start <= text.length - SHORTEST) {
        const length = marks[markAt(text, start)] === 0 ? 0 : longestAt(text, start);
        if (length === 0) {
          start += 1;
          continue;
        }
        // Another secret may begin inside this one and reach further: both are hidden, as one.
        let end = start + length;
        for (let inside = start + 1; inside < end; inside += 1) {
          end = Math.max(end, inside + longestAt(text, inside));
        }
        pieces.push(text.slice(copied, start), HIDDEN);
        copied = end;
        start = end;
      }
      return pieces.length === 0 ? text : pieces.join("") + text.slice(copied);
    },
  };
}

/** A number made of some of the `SHORTEST` characters from here on. */
function markAt(text: string, start: number): number {
  const middle = text.charCodeAt(start + 3) * 31;
  return (text.charCodeAt(start) * 961 + middle + text.charCodeAt(start + SHORTEST - 1)) & 0xffff;
}

function formsOf(secret: string): readonly string[] {
  const plain = secret.trim();
  const decoded = decodedBytes(plain);
  const texts = new Set([plain]);
  const forms = new Set([plain.replace(/=+$/, "")]);
  for (const bytes of [Buffer.from(plain, "utf8"), ...(decoded === null ? [] : [decoded])]) {
    const hex = bytes.toString("hex");
    forms.add(hex).add(hex.toUpperCase());
    for (const text of base64Forms(bytes)) {
      texts.add(text);
    }
  }
  // Text that was decoded wrongly holds U+FFFD, and is nobody's secret.
  if (decoded !== null && isUtf8(decoded)) {
    texts.add(decoded.toString("utf8"));
  }
  for (const text of texts) {
    for (const form of textForms(text)) {
      forms.add(form);
    }
  }
  return [...forms].filter((form) => form.length >= SHORTEST && !form.includes("\uFFFD"));
}

/** The ways to write a text that keep most of its characters. */
function textForms(text: string): readonly string[] {
  if (/^[A-Za-z0-9]*$/.test(text) || /\p{Cs}/u.test(text)) {
    return [text];
  }
  const percent = encodeURIComponent(text);
  const allPercent = percent.replace(/[!'()*~._-]/g, (character) => `%${hexOf(character).toUpperCase()}`);
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    percent,
    lowerPercent(percent),
    allPercent,
    lowerPercent(allPercent),
    encodeURI(text),
    new URLSearchParams([["", text]]).toString().slice(1),
    json,
    json.replaceAll("/", String.raw`\/`),
    JSON.stringify(json).slice(1, -1),
    text.replace(/[^A-Za-z0-9 -]/gu, (character) => `&#${character.codePointAt(0)};`),
    text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`),
  ];
}

/** Base64 of some bytes, in both alphabets, and what base64 of a longer text would hold of them. */
function base64Forms(bytes: Buffer): readonly string[] {
  return [bytes.toString("base64"), ...insideForms(bytes)].flatMap((form) => {
    const ofUrls = form.replaceAll("+", "-").replaceAll("/", "_");
    return [form, form.replace(/=+$/, ""), ofUrls, ofUrls.replace(/=+$/, "")];
  });
}

/** Base64 shifts with the position: the characters that depend on these bytes alone, at each of three positions. */
function insideForms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((offset * 8) / 6), whole);
  });
}

/** What a base64 text stands for; null where it is none. */
function decodedBytes(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    return null;
  }
  const bytes = Buffer.from(text, "base64");
  return bytes.length >= SHORTEST ? bytes : null;
}

function lowerPercent(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (sequence) => sequence.toLowerCase());
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
