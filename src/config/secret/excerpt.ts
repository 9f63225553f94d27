import { HIDDEN } from "../../base/secret.ts";
import type { Excerpt } from "../problem.ts";
import { lineEnd, lineOf, lineStart, type Source, type Span } from "../yaml/source.ts";
import { overlapping } from "../yaml/span.ts";

/** How much of a long line stands before the place and behind it. */
const BEFORE = 40;
const BEHIND = 60;

/**
 * The piece of the line around a place. What lies in `secrets` (sorted, apart) is replaced. Takes no more than a
 * short piece out of the text, so that thousands of problems in one long line stay small.
 */
export function excerptOf(source: Source, span: Span, secrets: readonly Span[]): Excerpt {
  const line = lineOf(source, span.start);
  const from = lineStart(source, line);
  const to = lineEnd(source, line);
  const start = Math.min(span.start, to);
  const room = { start: from, end: to };
  const left = cutAt(source.text, Math.max(from, start - BEFORE), room);
  const right = cutAt(source.text, Math.min(to, start + BEHIND), room);
  const shown = masked(source.text, { start: left, end: right }, secrets);
  const caret = shown.at(start);
  return {
    text: shown.text,
    caret,
    length: Math.max(1, shown.at(Math.min(span.end, right), true) - caret),
    cut_before: left > from,
    cut_after: right < to,
  };
}

/** Never between the two halves of a character. */
function cutAt(text: string, offset: number, room: Span): number {
  const insidePair =
    offset > room.start && offset < room.end && /^[\uDC00-\uDFFF]/.test(text.slice(offset, offset + 1));
  return insidePair ? offset - 1 : offset;
}

/** A piece of a text without the secrets in it, and where in it an offset of the text has come to lie. */
function masked(text: string, piece: Span, secrets: readonly Span[]) {
  const hidden = overlapping(secrets, piece);
  let result = "";
  let last = piece.start;
  for (const { start, end } of hidden) {
    result += text.slice(last, Math.max(last, start)) + HIDDEN;
    last = Math.min(piece.end, end);
  }
  /** An offset inside a secret lies where its replacement begins, or ends. */
  function at(offset: number, atEnd = false): number {
    let moved = offset - piece.start;
    for (const secret of hidden) {
      const start = Math.max(secret.start, piece.start);
      const end = Math.min(secret.end, piece.end);
      if (offset >= end) {
        moved += HIDDEN.length - (end - start);
      } else if (offset > start) {
        moved += (atEnd ? HIDDEN.length : 0) - (offset - start);
      }
    }
    return moved;
  }
  return { text: result + text.slice(last, piece.end), at };
}
