import type { Excerpt } from "../config/problem.ts";
import { widthOf } from "./width.ts";

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
