import type { Excerpt } from "../../config/problem.ts";
import { visible } from "../visible.ts";

const TAB = "    ";

/** The user's line with a caret under the place, as two lines of text. */
export function sourceFrame(line: number, excerpt: Excerpt): string {
  const { text, caret, length } = excerpt;
  const shown = show(text);
  const start = shownAt(shown, text, caret);
  const end = shownAt(shown, text, caret + length);
  const before = (excerpt.cut_before ? "…" : "") + shown.slice(0, start);
  const carets = "^".repeat(Math.max(1, widthOf(shown.slice(start, end))));
  const gutter = String(line);
  return [
    `  ${gutter} | ${before}${shown.slice(start)}${excerpt.cut_after ? "…" : ""}`.trimEnd(),
    `  ${" ".repeat(gutter.length)} | ${" ".repeat(widthOf(before))}${carets}`,
  ].join("\n");
}

/** Something of ours stands before and behind the line, so that no colon or hash of it begins or ends our output. */
function show(text: string): string {
  return visible(`|${text.replaceAll("\t", TAB)}|`).slice(1, -1);
}

/** Where an offset of the text has come to lie. What becomes of a character depends on what follows it alone. */
function shownAt(shown: string, text: string, offset: number): number {
  return shown.length - show(text.slice(offset)).length;
}

const NARROW = /^[\x20-\x7e]*$/;
const NO_WIDTH = /[\p{M}\p{Cf}]/u;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;

/** How many columns of a terminal a text takes, as well as one can tell without asking the terminal. */
function widthOf(text: string): number {
  if (NARROW.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const character of text) {
    width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  }
  return width;
}
