import { escapeUnsafe } from "../visible.ts";

/** What other readers of YAML take for something else than text, whatever YAML 1.2 says. */
const NOT_TEXT = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** An implicit key must end within 1024 characters. */
const LONGEST_KEY = 1_000;

/**
 * A text as YAML on one line, to be read as that very text: bare where nobody can take it for anything else, else
 * between double quotes, with every character escaped that a reader would not see or that a terminal would obey.
 */
export function yamlText(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_.-]*$/.test(text) && !NOT_TEXT.test(text)) {
    return text;
  }
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
  return isId && /[a-f]/.test(text) ? text : `"${escapeUnsafe(text, escapeOne)}"`;
}

/** The lines of a key whose value follows, further indented, or is nothing. */
export function yamlKey(text: string, indent: string): readonly string[] {
  const key = yamlText(text);
  return key.length <= LONGEST_KEY ? [`${indent}${key}:`] : [`${indent}? ${key}`, `${indent}:`];
}

function escapeOne(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '"' || character === "\\") {
    return `\\${character}`;
  }
  const hex = code.toString(16);
  if (code < 0x100) {
    return `\\x${hex.padStart(2, "0")}`;
  }
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
