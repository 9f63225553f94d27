import type { Excerpt } from "../config/problem.ts";

const TAB = "    ";

/**
 * The user's line with a caret under the place, as two lines of text. `escape` makes control and bidi characters
 * visible; the caret is placed by what that leaves.
 */
export function sourceFrame(line: number, excerpt: Excerpt, escape: (text: string) => string): string {
  const show = (text: string) => escape(text.replaceAll("\t", TAB));
  const { text, caret, length } = excerpt;
  const before = (excerpt.cut_before ? "…" : "") + show(text.slice(0, caret));
  const marked = show(text.slice(caret, caret + length));
  const behind = show(text.slice(caret + length)) + (excerpt.cut_after ? "…" : "");
  const gutter = String(line);
  const carets = "^".repeat(Math.max(1, widthOf(marked)));
  return [
    `  ${gutter} | ${before}${marked}${behind}`.trimEnd(),
    `  ${" ".repeat(gutter.length)} | ${" ".repeat(widthOf(before))}${carets}`,
  ].join("\n");
}

const NARROW = /^[\x20-\x7e]*$/;
const NO_WIDTH = /[\p{M}\p{Cf}]/u;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;

/** How many columns of a terminal a text takes, as well as one can tell without asking the terminal. */
function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  }
  return width;
}
