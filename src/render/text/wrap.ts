import { stripVTControlCharacters } from "node:util";
import { widthOf } from "./width.ts";

/** What no line is broken within: a quoted name, or a word. */
const WORD = /"(?:[^"\\]|\\.)*"\S*|\S+/g;

/** Words and quoted names, with what touches them. */
export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

/**
 * Lines that fit a width, broken at words and indented as the first one is, and a little more. A word or a name is never
 * cut or broken, however long; without a width nothing is.
 */
export function wrap(line: string, width: number | null, more = "  "): readonly string[] {
  const columns = (text: string) => widthOf(stripVTControlCharacters(text));
  if (width === null || columns(line) <= width) {
    return [line];
  }
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = indent;
  for (const word of wordsOf(line)) {
    const isFirst = current.trim() === "";
    if (!isFirst && columns(current) + 1 + columns(word) > width) {
      lines.push(current);
      current = `${indent}${more}${word}`;
    } else {
      current = isFirst ? `${current}${word}` : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
