import type { RE2JS } from "re2js";
import type { PatternProblem } from "./finding.ts";

/** A path pattern: RE2, as Go's `regexp` has it. */
export interface Pattern {
  /** Whether the pattern is found anywhere in a path. Takes time that grows with the path alone. */
  test(path: string): boolean;
}

/** Why a text is no pattern. */
export interface BadPattern {
  readonly why: PatternProblem;
  /** The piece of it that is to blame; null where that is not to be told. */
  readonly at: string | null;
}

/** Makes a pattern of a text. The same text gives the same pattern. */
export type Compile = (text: string) => Pattern | BadPattern;

/** The compiler of patterns. Half of what this room weighs is loaded here, and only here. */
export async function loadPatterns(): Promise<Compile> {
  const { RE2JS, RE2JSSyntaxException } = await import("re2js");
  const known = new Map<string, Pattern | BadPattern>();
  return (text) => {
    let compiled = known.get(text);
    if (compiled === undefined) {
      compiled = compile(text);
      known.set(text, compiled);
    }
    return compiled;
  };

  function compile(text: string): Pattern | BadPattern {
    try {
      return patternOf(RE2JS.compile(text));
    } catch (error) {
      if (error instanceof RE2JSSyntaxException) {
        return { why: PROBLEMS.get(error.error) ?? "other", at: error.input };
      }
      // A pattern nested so deep, or repeated so often, that it is too much for the machine is so for cloudflared.
      return { why: "too_large", at: null };
    }
  }
}

function patternOf(compiled: RE2JS): Pattern {
  return { test: (path) => compiled.test(path) };
}

const PROBLEMS: ReadonlyMap<string, PatternProblem> = new Map([
  ["missing argument to repetition operator", "nothing_to_repeat"],
  ["invalid nested repetition operator", "repeated_twice"],
  ["invalid or unsupported Perl syntax", "perl_syntax"],
  ["invalid escape sequence", "bad_escape"],
  ["invalid repeat count", "bad_repeat_count"],
  ["missing closing ]", "unclosed_bracket"],
  ["missing closing )", "unclosed_parenthesis"],
  ["unexpected )", "unopened_parenthesis"],
  ["invalid character class range", "bad_range"],
  ["invalid named capture", "bad_group_name"],
  ["duplicate capture group name", "same_group_name"],
  ["trailing backslash at end of expression", "trailing_backslash"],
  ["expression nests too deeply", "too_large"],
  ["expression too large", "too_large"],
]);
