import { structuredPatch } from "diff";
import type { JsonValue } from "../engine/model/resource.ts";
import { blockLines } from "./value.ts";
import { visible } from "./visible.ts";

/** One line of a value that has many. */
export interface ValueLine {
  readonly sign: "+" | "-" | " " | "~";
  /** Safe to print. */
  readonly text: string;
}

/** More edits than this are not looked for: two long values with nothing in common would take seconds. */
const MOST_EDITS = 2000;
const MOST_LINES = 200;
const CONTEXT = 3;

/** How one value becomes another, line by line, with the unchanged lines around. `undefined`: there is no such value. */
export function valueDiff(before: JsonValue | undefined, after: JsonValue | undefined): readonly ValueLine[] {
  const old = before === undefined ? [] : blockLines(before);
  const now = after === undefined ? [] : blockLines(after);
  return shownLines(
    old.length === 0 || now.length === 0 ? whole(old, now) : (patch(old, now) ?? whole(old, now)),
  );
}

/** The first of many lines, safe to print. */
export function shownLines(lines: readonly ValueLine[]): readonly ValueLine[] {
  const shown = lines.slice(0, MOST_LINES).map(({ sign, text }) => ({ sign, text: withEnd(visible(text)) }));
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, { sign: " ", text: `… ${more} more lines` }];
}

function patch(old: readonly string[], now: readonly string[]): readonly ValueLine[] | null {
  const options = { context: CONTEXT, maxEditLength: MOST_EDITS };
  const found = structuredPatch("", "", lineText(old), lineText(now), "", "", options);
  if (found === undefined) {
    return null;
  }
  return found.hunks.flatMap((hunk, position): readonly ValueLine[] => [
    ...(position === 0 ? [] : [{ sign: " " as const, text: "…" }]),
    ...hunk.lines.map((line) => ({ sign: signOf(line), text: line.slice(1) })),
  ]);
}

function whole(old: readonly string[], now: readonly string[]): readonly ValueLine[] {
  return [
    ...old.map((text): ValueLine => ({ sign: "-", text })),
    ...now.map((text): ValueLine => ({ sign: "+", text })),
  ];
}

/** Spaces at the end of a line, which nobody would see. */
function withEnd(text: string): string {
  return text.replace(/ +$/, (spaces) => String.raw`\x20`.repeat(spaces.length));
}

function signOf(line: string): ValueLine["sign"] {
  return line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ";
}

function lineText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
