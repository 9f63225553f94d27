/**
 * Characters that a reader cannot see, or that act on a terminal instead of showing: controls (C0, DEL, C1), format
 * characters (bidi controls, zero-width, soft hyphen, BOM), line and paragraph separators, every space but the
 * plain one, lone surrogates, and the letters and marks that draw nothing (Hangul fillers, variation selectors,
 * the empty Braille cell).
 */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800[\p{Zs}--\x20]]`;

/** A colon that opens the text: `::error::` is a command to GitHub, and a second colon might be our own. */
const FIRST_COLON = String.raw`(?<=^\x20*):`;

/** `##[`, `##vso[`, `##teamcity[` anywhere: commands to GitHub, Azure, TeamCity. */
const BRACKET_COMMAND = String.raw`#(?=#[a-z]*\[)`;

/** `##` at the end of the text, where our own next character might be a bracket. */
const LAST_HASHES = String.raw`#(?=#$)`;

const UNSAFE_HERE = `${HIDDEN}|${FIRST_COLON}|${BRACKET_COMMAND}|${LAST_HASHES}`;
const LIKE_OUR_ESCAPE = String.raw`x[0-9a-f]{2}|u\{[0-9a-f]+\}`;

// Each takes about a millisecond to make, so it waits for the first text that needs it.
const unsafe = once(
  () => new RegExp(String.raw`\\+(?=${LIKE_OUR_ESCAPE}|${UNSAFE_HERE})|${UNSAFE_HERE}`, "giv"),
);
const unsafeInQuotes = once(() => new RegExp(String.raw`["\\]|${HIDDEN}|${BRACKET_COMMAND}`, "giv"));
/** JSON's own line feeds stay: in a JSON text one never stands for itself inside a string. */
const unsafeInJson = once(() => new RegExp(String.raw`[${HIDDEN}--\n]|${BRACKET_COMMAND}`, "giv"));
const anyUnsafe = once(() => new RegExp(UNSAFE_HERE, "iv"));

/** Printable ASCII without `"`, `#`, `:` and `\`: as most texts are, and none of the above can find anything in it. */
const HARMLESS = /^[ !$-9;-[\]-~]*$/;

/**
 * Foreign text, made safe to print on one line: each hidden character becomes `\xNN` or `\u{NNNN}`, and so does the
 * character that could start a CI command. Different texts stay different: backslashes that stand where they could
 * be taken for the beginning of such an escape are doubled; all others stay as they are.
 */
export function visible(text: string): string {
  if (HARMLESS.test(text)) {
    return text;
  }
  return text.replace(unsafe(), (found) => (found.startsWith("\\") ? found + found : escapeSequence(found)));
}

/** The same between double quotes, where every backslash is doubled and a quote has one before it. */
export function quoted(text: string): string {
  if (HARMLESS.test(text)) {
    return `"${text}"`;
  }
  const inside = text.replace(unsafeInQuotes(), (found) =>
    found === '"' || found === "\\" ? `\\${found}` : escapeSequence(found),
  );
  return `"${inside}"`;
}

/**
 * Text for between double quotes in another language than ours: what `quoted` escapes, `"` and `\` included, is
 * written as `escape` writes it.
 */
export function escapeUnsafe(text: string, escape: (character: string) => string): string {
  return HARMLESS.test(text) ? text : text.replace(unsafeInQuotes(), escape);
}

/** A name or a value: bare where nobody can misread it, quoted otherwise. */
export function showName(text: string): string {
  return PLAIN.test(text) ? text : quoted(text);
}

/** A word without spaces or quotes, or a time as the API writes it. */
const PLAIN = /^(?:[A-Za-z0-9_][A-Za-z0-9_.+@/-]*|\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

/** Whether the text holds anything that must be escaped; a backslash alone is not such a thing. */
export function isUnsafe(text: string): boolean {
  return !HARMLESS.test(text) && anyUnsafe().test(text);
}

/** A JSON text that is still the same document, its hidden characters written `\uNNNN`, and no CI command in it. */
export function visibleJson(json: string): string {
  return json.replace(unsafeInJson(), (found) =>
    [...Array(found.length).keys()].map((unit) => `\\u${hex(found.charCodeAt(unit), 4)}`).join(""),
  );
}

function escapeSequence(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
