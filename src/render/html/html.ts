import { escapeUnsafe } from "../visible.ts";

/** Markup of ours. Only `html` and `joined` make it, so that whatever came from outside has gone through `escaped`. */
export class Html {
  readonly markup: string;

  /** For this file, and for the style sheet, alone. */
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = string | number | Html | readonly Html[] | null;

/** A template of markup: text that is put in is escaped, markup stays, and null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(markupOf)));
}

/** A sentence of ours that marks words of a file with backticks. */
export function sentence(text: string): Html {
  const parts = text.split(/`([^`]+)`/);
  return html`${parts.map((part, at) => (at % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))}`;
}

function markupOf(value: Value): string {
  if (value === null) {
    return "";
  }
  if (value instanceof Html) {
    return value.markup;
  }
  return typeof value === "object" ? value.map(({ markup }) => markup).join("") : escaped(String(value));
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * Foreign text for an element or a quoted attribute: it ends neither, and what a reader could not see, or what would turn
 * the direction of the line, is written as its number.
 */
function escaped(text: string): string {
  // Hidden characters first, since what stands for them needs no escape; a quote or backslash is none of them here.
  const shown = escapeUnsafe(text, (character) =>
    character === '"' || character === "\\" || character === "#" ? character : numbered(character),
  );
  return shown.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

function numbered(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}}`;
}
