import { Composer, CST, Lexer, Parser, type Document, type ParsedNode } from "yaml";
import type { ProblemDetail, SyntaxReason } from "../problem.ts";
import { lineOf, type Reporter, type Source } from "./source.ts";
import { syntaxErrors } from "./syntax.ts";

/** How much a text may hold. */
export interface YamlLimits {
  /** Levels of nesting. */
  readonly depth: number;
  /** Entries of one kind. */
  readonly entries: number;
  /** Everything with a place of its own in the tree. */
  readonly values: number;
}

/**
 * The format has five levels; composing a deeper tree would use up the stack. An account holds 1,000 tunnels. So many
 * values are 100,000 entries, each with all that it can say; each takes the parser about 1 KB.
 */
export const LIMITS: YamlLimits = { depth: 100, entries: 100_000, values: 1_000_000 };

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
export function parseYaml(source: Source, report: Reporter, limits: YamlLimits = LIMITS): Parsed {
  let sound = true;
  const tokens = tokenize(source, report, limits, () => {
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
    if (!HARMLESS.has(reason)) {
      sound = false;
    }
    // One error a line: a slip makes the parser stumble several times over the same line.
    const line = lineOf(source, span.start);
    if (seenLines.has(line) || seenLines.size >= MAX_ERRORS) {
      continue;
    }
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
 * `giveUp` when the text goes beyond a limit, and yields nothing of it then.
 */
function* tokenize(
  source: Source,
  report: Reporter,
  limits: YamlLimits,
  giveUp: () => void,
): Generator<CST.Token> {
  let documents = 0;
  let strays = 0;
  for (const token of boundedTokens(source, report, limits, giveUp)) {
    if (token.type === "document" && ++documents > 1) {
      report(source, spanOf(token.offset, 3), { code: "several_documents" });
      return;
    }
    if ((token.type === "error" || token.type === "directive") && ++strays > MAX_ERRORS) {
      return;
    }
    if (token.type === "directive") {
      report(source, spanOf(token.offset, token.source.length), { code: "yaml_directive" });
    } else {
      yield token;
    }
  }
}

function* boundedTokens(
  source: Source,
  report: Reporter,
  limits: YamlLimits,
  giveUp: () => void,
): Generator<CST.Token> {
  const parser = new Parser();
  let values = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    yield* parser.next(lexeme);
    if (beginsValue(lexeme)) {
      values += 1;
    }
    const excess = excessOf(parser, values, limits);
    if (excess !== null) {
      report(source, spanOf(parser.offset - (lexeme === CST.SCALAR ? 0 : lexeme.length), 1), excess);
      giveUp();
      return;
    }
  }
  yield* parser.end();
}

/** Whether a value begins with this token; told by its first character, since `CST.tokenType` takes longer. */
function beginsValue(lexeme: string): boolean {
  return lexeme.length === 1 ? INDICATORS.has(lexeme) : OPENINGS.has(lexeme.charCodeAt(0));
}

/** Those that are one character, the library's sign that a text follows among them. */
const INDICATORS: ReadonlySet<string> = new Set([CST.SCALAR, "{", "[", "-", "|", ">"]);

/** Of those that are longer: quoted texts, block scalars and aliases. */
const OPENINGS: ReadonlySet<number> = new Set(["'", '"', "|", ">", "*"].map((sign) => sign.charCodeAt(0)));

/** What a text holds too much of, as far as it was parsed. */
function excessOf({ stack }: Parser, values: number, limits: YamlLimits): ProblemDetail | null {
  if (stack.length > limits.depth) {
    return { code: "too_deep", limit: limits.depth };
  }
  if (values > limits.values) {
    return { code: "too_many_values", limit: limits.values };
  }
  // Below the document and its mapping, that of a kind.
  const kind = stack[2];
  const isMap =
    kind?.type === "block-map" || (kind?.type === "flow-collection" && kind.start.type === "flow-map-start");
  // Behind a comma or a comment an item may stand that has no key yet.
  return isMap && kind.items[limits.entries]?.key
    ? { code: "too_many_entries", limit: limits.entries }
    : null;
}

function spanOf(start: number, length: number) {
  return { start, end: start + Math.max(1, length) };
}
