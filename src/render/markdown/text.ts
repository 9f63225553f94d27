import type { Part, Sentence } from "../words/sentence.ts";
import { cut, showValue } from "../value.ts";
import { showName, visible } from "../visible.ts";

/**
 * Text as code that nothing in it can get out of. GitHub and GitLab make no mention, reference, link, emoji or
 * formula of what stands in `<code>`, and as character references no characters can end a table cell, a tag or a line.
 */
export function inert(safeText: string): string {
  if (PLAIN.test(safeText)) {
    return `<code>${safeText}</code>`;
  }
  // The first of two spaces would not be drawn.
  const text = safeText.replace(/ (?= )/g, String.raw`\x20`);
  return `<code>${text.replace(/[^A-Za-z0-9 -]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;
}

/** Words joined by single signs, as most names are. `www.` would become a link. */
const PLAIN = /^(?!www\.)[A-Za-z0-9]+(?:[._:-][A-Za-z0-9]+)*$/i;

/** A name as inert code. */
export function inertName(name: string): string {
  return inert(showName(name));
}

/** A name in few characters. */
export function inertShort(name: string, most = 48): string {
  const shown = showName(name);
  return inert(shown.length <= most ? shown : `${cut(shown, most)}…`);
}

/** A sentence as Markdown, on one line. */
export function toMarkdown(sentence: Sentence): string {
  return sentence.map(partMarkdown).join("");
}

/** A fence for a block of code that none of these lines can close. */
export function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return "`".repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), 3));
}

function partMarkdown(part: Part): string {
  if (typeof part === "string") {
    return part;
  }
  if ("name" in part) {
    return inertName(part.name);
  }
  if ("value" in part) {
    return inert(showValue(part.value));
  }
  return inert("words" in part ? visible(part.words) : part.code);
}
