import { isCollection, isScalar, visit, type Document, type YAMLError } from "yaml";
import type { SyntaxReason } from "../problem.ts";
import type { Span } from "./source.ts";

export interface SyntaxError {
  readonly reason: SyntaxReason;
  readonly span: Span;
}

/** The longest stretch that is underlined. */
const LONGEST = 80;

/**
 * What the parser disliked, in words of our own: the library's sentences quote the text, which may be a secret. What
 * it only warns about (unknown tags above all) counts as well, for it is read in a way that the user did not mean.
 */
export function syntaxErrors(document: Document.Parsed): readonly SyntaxError[] {
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    error,
    reason: reasonOf(error),
  }));
  const openings = errors.some(({ reason }) => reason === "unclosed_quote" || reason === "unclosed_bracket")
    ? openingsOf(document)
    : null;
  return errors.map(({ error, reason }) => {
    const [start, end] = error.pos;
    // The parser notices at the end of the text; the user wants to see the beginning.
    const opening = reason === "unclosed_quote" ? openings?.quotes.get(start) : undefined;
    const bracket = reason === "unclosed_bracket" ? openings?.brackets.get(start) : undefined;
    const from = opening ?? bracket ?? start;
    const to = from === start ? Math.min(end, from + LONGEST) : from;
    return { reason, span: { start: from, end: Math.max(from + 1, to) } };
  });
}

/** Where the quoted texts and the bracketed lists and mappings begin, by their end. */
function openingsOf(document: Document.Parsed) {
  const quotes = new Map<number, number>();
  const brackets = new Map<number, number>();
  visit(document, {
    Node: (_key, node) => {
      const [start, end] = node.range ?? [0, 0];
      if (isScalar(node) && node.type?.startsWith("QUOTE_") === true) {
        quotes.set(end, start);
      }
      // The innermost of several with one end is visited last.
      if (isCollection(node) && node.flow === true) {
        brackets.set(end, start);
      }
    },
  });
  return { quotes, brackets };
}

function reasonOf({ code, message }: YAMLError): SyntaxReason {
  switch (code) {
    case "TAB_AS_INDENT":
      return "tab_indent";
    case "BAD_INDENT":
      return message.includes("end with a") ? "unclosed_bracket" : "indent";
    case "BAD_DQ_ESCAPE":
      return "bad_escape";
    case "BAD_SCALAR_START":
      return "reserved_character";
    case "BLOCK_AS_IMPLICIT_KEY":
    case "BLOCK_IN_FLOW":
      return "nested_on_one_line";
    case "NON_STRING_KEY":
      return "key_not_text";
    case "KEY_OVER_1024_CHARS":
      return "key_too_long";
    case "MULTILINE_IMPLICIT_KEY":
      return "key_spans_lines";
    case "TAG_RESOLVE_FAILED":
    case "BAD_COLLECTION_TYPE":
    case "MULTIPLE_TAGS":
      return "unknown_tag";
    case "ALIAS_PROPS":
    case "BAD_ALIAS":
    case "MULTIPLE_ANCHORS":
    case "BAD_PROP_ORDER":
      return "anchor";
    case "MISSING_CHAR":
      return missingOf(message);
    case "UNEXPECTED_TOKEN":
    case "IMPOSSIBLE":
    case "MULTIPLE_DOCS":
    case "BAD_DIRECTIVE":
    case "DUPLICATE_KEY":
    case "RESOURCE_EXHAUSTION":
      return "unexpected";
  }
}

function missingOf(message: string): SyntaxReason {
  if (message.includes("quote")) {
    return "unclosed_quote";
  }
  if (message.includes("to be followed by map values")) {
    return "missing_colon";
  }
  if (message.startsWith("Missing ,")) {
    return "missing_comma";
  }
  if (message.includes("must end with")) {
    return "unclosed_bracket";
  }
  if (message.includes("space")) {
    return "missing_space";
  }
  return "unexpected";
}
