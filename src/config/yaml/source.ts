import { isUtf8 } from "node:buffer";
import type { Location } from "../../engine/model/resource.ts";
import { fileProblem, shownPath, type Grade, type Problem, type ProblemDetail } from "../problem.ts";

/** A file as it was read. `path` is `-` for standard input. */
export interface SourceFile {
  readonly path: string;
  readonly text: string | Uint8Array;
}

/** The largest file that is read, in bytes. A reader may stop once it holds more. */
export const MAX_FILE_BYTES = 10_000_000;

/** A stretch of a text, in UTF-16 units; `end` is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text and where its lines begin. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** Something wrong, before its place is worked out. */
export interface Finding {
  readonly source: Source;
  readonly span: Span;
  readonly detail: ProblemDetail;
  readonly grade: Grade;
}

/** How a stage reports what it finds: an error, unless it says otherwise. */
export type Reporter = (source: Source, span: Span, detail: ProblemDetail, grade?: Grade) => void;

/** Turns what was read into text, or says why it is none. A byte order mark is dropped. */
export function decode(file: SourceFile): Source | Problem {
  const bytes = typeof file.text === "string" ? Buffer.byteLength(file.text) : file.text.length;
  if (bytes > MAX_FILE_BYTES) {
    return fileProblem(file.path, { code: "file_too_large", limit: MAX_FILE_BYTES });
  }
  if (typeof file.text !== "string") {
    if (hasUtf16Mark(file.text)) {
      return fileProblem(file.path, { code: "not_text", why: "utf16" });
    }
    const bad = firstBadByte(file.text);
    if (bad !== -1) {
      return notText(file.path, "bad_utf8", textBefore(file.text, bad));
    }
  }
  const text = typeof file.text === "string" ? file.text.replace(/^\uFEFF/, "") : utf8(file.text);
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    return notText(file.path, "nul", text.slice(0, nul));
  }
  return sourceOf(file.path, text);
}

/** A text as a `Source`. */
export function sourceOf(path: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    lineStarts.push(at + 1);
  }
  return { path, text, lineStarts };
}

/** The place of an offset, as messages show it. */
export function locate(source: Source, offset: number): Location {
  const line = lineOf(source, offset);
  return { file: shownPath(source.path), line: line + 1, column: offset - lineStart(source, line) + 1 };
}

/** The line that holds an offset, counted from 0. */
export function lineOf(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lineStart(source, middle) <= offset) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Where a line begins; the end of the text for a line that is not there. */
export function lineStart(source: Source, line: number): number {
  return source.lineStarts[line] ?? source.text.length;
}

/** Where a line ends, its line break left out. */
export function lineEnd(source: Source, line: number): number {
  const next = source.lineStarts[line + 1];
  if (next === undefined) {
    return source.text.length;
  }
  const end = next - 1;
  return source.text[end - 1] === "\r" && end > lineStart(source, line) ? end - 1 : end;
}

/** Decodes a beginning of a file; unless `cut`, the whole of it. Drops a byte order mark of its own accord. */
function utf8(bytes: Uint8Array, cut = false): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
}

function notText(path: string, why: "nul" | "bad_utf8", before: string): Problem {
  const location = locate(sourceOf(path, before), before.length);
  return { code: "not_text", why, location, excerpt: null };
}

function hasUtf16Mark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** The offset of the first byte that is no UTF-8, or -1. */
function firstBadByte(bytes: Uint8Array): number {
  if (isUtf8(bytes)) {
    return -1;
  }
  // The longest good beginning, by bisection: a beginning that is cut inside a character still counts as good.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isStartOfUtf8(bytes.subarray(0, middle))) {
      good = middle;
    } else {
      bad = middle;
    }
  }
  return good;
}

function isStartOfUtf8(bytes: Uint8Array): boolean {
  try {
    utf8(bytes, true);
    return true;
  } catch {
    return false;
  }
}

/** The text before a byte offset. What of its last character is cut off is left out. */
function textBefore(bytes: Uint8Array, offset: number): string {
  return utf8(bytes.subarray(0, offset), true);
}
