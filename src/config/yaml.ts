import { Composer, Lexer, Parser, type CST, type Document, type ParsedNode } from "yaml";
import type { SyntaxReason } from "./problem.ts";
import { lineOf, type Report, type Source } from "./source.ts";
import { syntaxErrors } from "./syntax.ts";

/** Levels of nesting. The format has four; composing a deeper tree would use up the stack. */
const MAX_DEPTH = 100;

/** More errors than these in one file are not reported: they are echoes of the first ones. */
const MAX_ERRORS = 200;

/** What a text holds as YAML. */
export interface Parsed {
  /** Null when there is no node at all, or when the text was given up. */
  readonly root: ParsedNode | null;
  /** Whether the text's structure is clear. When it is not, the tree is a guess, and a problem was reported. */
  readonly sound: boolean;
}

/**
 * Parses a text as one YAML 1.2 document and reports what is no YAML. Works token by token instead of calling
 * `parseDocument`, so that nesting is measured before anything recursive runs, and a hopeless text is given up early.
 */
export function parseYaml(source: Source, report: Report): Parsed {
  let sound = true;
  const tokens = tokenize(source, report, () => {
    sound = false;
  });
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    // Names such as `yes`, `1e3` and `null` stay what was written.
    stringKeys: true,
    // The library compares each key with all others; `build-tree.ts` finds duplicates in one pass.
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: "silent",
  });
  const [document] = withoutStacks(() => [...composer.compose(tokens, true, source.text.length)]);
  const seenLines = new Set<number>();
  for (const { reason, span } of document === undefined ? [] : syntaxErrors(document)) {
    if (!HARMLESS.has(reason)) sound = false;
    // One error a line: a slip makes the parser stumble several times over the same line.
    const line = lineOf(source, span.start);
    if (seenLines.has(line) || seenLines.size >= MAX_ERRORS) continue;
    seenLines.add(line);
    report(source, span, { code: "yaml_syntax", reason });
  }
  return { root: document?.contents ?? null, sound };
}

/** Runs the library without the stack of each of its errors, of which a hostile text makes millions. */
function withoutStacks(compose: () => readonly Document.Parsed[]): readonly Document.Parsed[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return compose();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Errors that leave no doubt about the structure around them. */
const HARMLESS: ReadonlySet<SyntaxReason> = new Set([
  "unknown_tag",
  "key_not_text",
  "bad_escape",
  "reserved_character",
]);

/**
 * The first document's tokens, directives left out. A generator, so that what was composed need not be kept. Calls
 * `giveUp` when the text is too deep, and yields nothing of it then.
 */
function* tokenize(source: Source, report: Report, giveUp: () => void): Generator<CST.Token> {
  let documents = 0;
  let strays = 0;
  for (const token of shallowTokens(source, report, giveUp)) {
    if (token.type === "document" && ++documents > 1) {
      report(source, spanOf(token.offset, 3), { code: "several_documents" });
      return;
    }
    if ((token.type === "error" || token.type === "directive") && ++strays > MAX_ERRORS) return;
    if (token.type === "directive") {
      report(source, spanOf(token.offset, token.source.length), { code: "yaml_directive" });
    } else {
      yield token;
    }
  }
}

function* shallowTokens(source: Source, report: Report, giveUp: () => void): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source.text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_DEPTH) {
      report(source, spanOf(parser.offset - lexeme.length, 1), { code: "too_deep", limit: MAX_DEPTH });
      giveUp();
      return;
    }
  }
  yield* parser.end();
}

function spanOf(start: number, length: number) {
  return { start, end: start + Math.max(1, length) };
}
