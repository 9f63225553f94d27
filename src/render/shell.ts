import { isUnsafe } from "./visible.ts";

/** One word of a command that a reader may paste into a POSIX shell, bash or zsh: always that very text, on one line. */
export function shellWord(text: string): string {
  if (/^(?:-|[A-Za-z0-9_./][A-Za-z0-9_.+@/:,=-]*)$/.test(text)) {
    return text;
  }
  return isUnsafe(text) ? ansiQuoted(text) : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A whole command line. Words that start with a dash are options of ours and stay bare. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) => (/^--[a-z-]+$/.test(word) ? word : shellWord(word))).join(" ");
}

/** `$'…'`, with every character outside printable ASCII, and each `#`, as an escape. */
function ansiQuoted(text: string): string {
  const inside = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === "'" || character === "\\") {
      return `\\${character}`;
    }
    if (code >= 0x20 && code < 0x7f && character !== "#") {
      return character;
    }
    const hex = code.toString(16);
    if (code < 0x80) {
      return `\\x${hex.padStart(2, "0")}`;
    }
    return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  });
  return `$'${inside.join("")}'`;
}
