import { Composer, Lexer, Parser, type CST, type Document, type ParsedNode, type YAMLError } from "yaml";
import type { SyntaxReason } from "./problem.ts";
import { lineOf, type Report, type Source } from "./source.ts";

/** Levels of nesting. The format has four; composing a deeper tree would use up the stack. */
export const MAX_DEPTH = 100;

/** After so many errors the rest of a file is not looked at. */
const MAX_ERRORS = 200;

/** What a text holds as YAML. */
export interface Parsed {
  /** Null when there is no node at all, or when the text was given up. */
  readonly root: ParsedNode | null;
  /** Whether the text is YAML. When it is not, the tree is a guess. */
  readonly sound: boolean;
}

/**
 * Parses a text as one YAML 1.2 document and reports what is no YAML. Works token by token instead of calling
 * `parseDocument`, so that nesting is measured before anything recursive runs, and a hopeless text is given up early.
 */
export function parseYaml(source: Source, report: Report): Parsed {
  const tokens = tokenize(source, report);
  if (tokens === null) return { root: null, sound: false };
  let sound = tokens.sound;
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    // Names such as `yes`, `1e3` and `null` stay what was written.
    stringKeys: true,
    // The library compares each key with all others; `tree.ts` finds duplicates in one pass.
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: "silent",
  });
  const documents: Document.Parsed[] = [...composer.compose(tokens.list, true, source.text.length)];
  const [document] = documents;
  const seenLines = new Set<number>();
  // What the library only warns about (unknown tags above all) is read in a way that the user did not mean.
  for (const error of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    sound = false;
    reportError(source, error, seenLines, report);
  }
  return { root: document?.contents ?? null, sound };
}

interface Tokens {
  readonly list: readonly CST.Token[];
  readonly sound: boolean;
}

/** The first document's tokens, directives left out; null when the text is given up. */
function tokenize(source: Source, report: Report): Tokens | null {
  const parser = new Parser();
  const list: CST.Token[] = [];
  let sound = true;
  let documents = 0;
  let errors = 0;

  /** Says whether to go on. */
  function take(token: CST.Token): boolean {
    if (token.type === "directive") {
      sound = false;
      report(source, spanOf(token.offset, token.source.length), { code: "yaml_directive" });
      return true;
    }
    if (token.type === "document" && ++documents > 1) {
      sound = false;
      report(source, spanOf(token.offset, 3), { code: "several_documents" });
      return false;
    }
    if (token.type === "error" && ++errors > MAX_ERRORS) return false;
    list.push(token);
    return true;
  }

  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) {
      if (!take(token)) return { list, sound };
    }
    if (parser.stack.length > MAX_DEPTH) {
      report(source, spanOf(parser.offset - lexeme.length, 1), { code: "too_deep", limit: MAX_DEPTH });
      return null;
    }
  }
  for (const token of parser.end()) {
    if (!take(token)) break;
  }
  return { list, sound };
}

function spanOf(start: number, length: number) {
  return { start, end: start + Math.max(1, length) };
}

/** One error a line: a slip makes the parser stumble several times over the same line. */
function reportError(source: Source, error: YAMLError, seenLines: Set<number>, report: Report): void {
  const start = Math.min(error.pos[0], source.text.length);
  const line = lineOf(source, start);
  if (seenLines.has(line)) return;
  seenLines.add(line);
  const end = Math.max(start + 1, Math.min(error.pos[1], start + 80));
  report(source, { start, end }, { code: "yaml_syntax", reason: reasonOf(error) });
}

/** The library's own sentences quote the text, which may be a secret; and they speak of its inner parts. */
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
  if (message.includes("quote")) return "unclosed_quote";
  if (message.includes("to be followed by map values")) return "missing_colon";
  if (message.startsWith("Missing ,")) return "missing_comma";
  if (message.includes("must end with")) return "unclosed_bracket";
  if (message.includes("space")) return "missing_space";
  return "unexpected";
}
