import { editDistance } from "../../base/spelling.ts";
import { lineEnd, lineOf, lineStart, type Source, type Span } from "../yaml/source.ts";
import { writeOnlyAttributes } from "../schema/schema.ts";

/** The name of an environment variable. What does not look like one may be a secret in the wrong place. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a secret may stand behind this key: a write-only attribute, one mistyped, or a word for a secret. */
export function suggestsSecret(key: string): boolean {
  return /secret|token|password|credential/i.test(key) || isNearWriteOnly(key);
}

function isNearWriteOnly(key: string): boolean {
  const word = key.toLowerCase();
  return writeOnlyAttributes.some(
    (attribute) => Math.abs(word.length - attribute.length) <= 2 && editDistance(word, attribute) <= 2,
  );
}

/** Whether a service stands behind this key, in any case: its URL may hold a password. */
export function isService(key: string): boolean {
  return key.toLowerCase() === "service";
}

/** Whether this key is a write-only attribute, exactly. */
export function isWriteOnly(key: string): boolean {
  return writeOnlyAttributes.includes(key);
}

/** Whether a text speaks of a write-only attribute, as a line does whose colon was forgotten. */
export function mentionsWriteOnly(text: string): boolean {
  return writeOnlyAttributes.some((attribute) => text.includes(attribute));
}

/** Whether a key has taken in what should stand behind it, as one does behind whose colon no space is. */
export function holdsSecret(key: string): boolean {
  return writeOnlyAttributes.some((attribute) => {
    const at = key.indexOf(attribute);
    return at !== -1 && /^["']?(?:\s+|[:=]\s*)\S/.test(key.slice(at + attribute.length));
  });
}

/** A password that stands further behind the key `service` of a text that is no YAML is not looked for. */
const LONGEST_URL = 1_000;

const KEY = /(?<![\w-])([\w-]{1,64})["']?(?:\s*[:=]|[ \t])[ \t]*/g;

/**
 * The stretches of a text that may hold a secret, found without understanding the text: for a text that is no YAML.
 * Behind a key that suggests a secret, the rest of the line, the lines below that are indented deeper, and a quoted
 * text to its end.
 */
export function guessSecrets(source: Source): readonly Span[] {
  const spans: Span[] = [];
  for (const match of source.text.matchAll(KEY)) {
    const word = match[1] ?? "";
    const keyAt = match.index;
    const start = keyAt + match[0].length;
    // Attributes have no hyphen; the names of tunnels often do, and may well speak of tokens.
    const suggests = word.includes("-") ? isNearWriteOnly(word) : suggestsSecret(word);
    if (!suggests && !(isService(word) && mayHoldUserInfo(source, keyAt, start))) {
      continue;
    }
    if (start < (spans.at(-1)?.end ?? 0)) {
      continue;
    }
    spans.push({ start, end: Math.max(endOfBlock(source, keyAt, start), endOfQuote(source.text, start)) });
  }
  return spans;
}

/** Whether behind the key of a service, in its block, a sign stands that ends user info. */
function mayHoldUserInfo(source: Source, keyAt: number, start: number): boolean {
  const near = source.text.slice(start, start + LONGEST_URL).indexOf("@");
  return near !== -1 && start + near < endOfBlock(source, keyAt, start);
}

/**
 * Whether a service may hold a password that `userInfoIn` does not find in the text: without the two slashes, with white
 * space or a quote in it, or written in other characters (`written` is how it stands in the file).
 */
export function hidesUserInfo(service: string, written: string): boolean {
  const slashes = service.indexOf("//");
  return (
    service.includes("@") &&
    (slashes === -1 ||
      slashes > service.lastIndexOf("@") ||
      /[\s"]/.test(service) ||
      !written.includes(service))
  );
}

/** The stretches of a text that may be the user info of a URL, which may hold a password. */
export function userInfoIn({ text }: Source): readonly Span[] {
  // Every word is found at once: to search for the sign in each would take the square of a long word's time.
  const words = text.includes("@") ? text.matchAll(/[^\s"]+/g) : [];
  return [...words].flatMap(({ 0: word, index }) => {
    const slashes = word.indexOf("//");
    const end = word.lastIndexOf("@");
    return slashes === -1 || end < slashes + 2 ? [] : [{ start: index + slashes + 2, end: index + end }];
  });
}

function endOfBlock(source: Source, keyAt: number, start: number): number {
  const { text } = source;
  let line = lineOf(source, keyAt);
  const indent = indentOf(text, lineStart(source, line));
  let end = lineEnd(source, line);
  let nothingYet = text.slice(start, end).trim() === "";
  for (line += 1; line < source.lineStarts.length; line++) {
    const from = lineStart(source, line);
    const to = lineEnd(source, line);
    const blank = text.slice(from, to).trim() === "";
    if (!blank && !nothingYet && indentOf(text, from) <= indent) {
      break;
    }
    nothingYet &&= blank;
    end = to;
  }
  return end;
}

function indentOf(text: string, lineStartAt: number): number {
  let at = lineStartAt;
  while (text[at] === " " || text[at] === "\t") {
    at++;
  }
  return at - lineStartAt;
}

/** The end of the quoted text that begins behind `start`, or `start` when none does. */
function endOfQuote(text: string, start: number): number {
  const opening = /\s*(["'])/y;
  opening.lastIndex = start;
  const quote = opening.exec(text)?.[1];
  if (quote === undefined) {
    return start;
  }
  for (let at = opening.lastIndex; at < text.length; at++) {
    const escapes = quote === '"' ? text[at] === "\\" : text.startsWith("''", at);
    if (escapes) {
      at++;
    } else if (text[at] === quote) {
      return at + 1;
    }
  }
  return text.length;
}
