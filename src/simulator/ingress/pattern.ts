/** What a pattern breaks of RE2's syntax, and the part of it that does. */
export interface PatternFault {
  readonly what: string;
  readonly where: string;
}

/** What JavaScript or a shell knows and RE2 does not, and what neither does; null when nothing of that is found. */
export function patternFault(pattern: string): PatternFault | null {
  let depth = 0;
  /** The operator right before, where one more must not follow. */
  let operator = "";
  let canRepeat = false;
  for (let at = 0; at < pattern.length; ) {
    const token = tokenAt(pattern, at);
    if ("what" in token) {
      return token;
    }
    const { text, sort } = token;
    if (sort === "repeat") {
      if (operator !== "") {
        return { what: "invalid nested repetition operator", where: operator + text };
      }
      if (!canRepeat) {
        return { what: "missing argument to repetition operator", where: text };
      }
    }
    depth += sort === "open" ? 1 : sort === "close" ? -1 : 0;
    if (depth < 0) {
      return { what: "unexpected )", where: pattern };
    }
    operator = sort === "repeat" ? text : "";
    canRepeat = sort === "atom" || sort === "close";
    at += text.length;
  }
  return depth > 0 ? { what: "missing closing )", where: pattern } : null;
}

interface Token {
  readonly text: string;
  readonly sort: "atom" | "repeat" | "open" | "close" | "bar";
}

function tokenAt(pattern: string, at: number): Token | PatternFault {
  const rest = pattern.slice(at);
  switch (rest.charAt(0)) {
    case "\\":
      return escapeAt(rest);
    case "[":
      return classAt(rest);
    case "(":
      return groupAt(rest);
    case ")":
      return { text: ")", sort: "close" };
    case "|":
      return { text: "|", sort: "bar" };
    case "*":
    case "+":
    case "?":
    case "{": {
      // A brace that counts nothing stands for itself, and a question mark after an operator makes it lazy.
      const repeat = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??/.exec(rest);
      if (!repeat) {
        return { text: "{", sort: "atom" };
      }
      const [text, least = "0", most = ""] = repeat;
      return Number(least) > 1000 || Number(most) > 1000 || (most !== "" && Number(most) < Number(least))
        ? { what: "invalid repeat count", where: text }
        : { text, sort: "repeat" };
    }
    default:
      return { text: rest.charAt(0), sort: "atom" };
  }
}

function escapeAt(rest: string): Token | PatternFault {
  if (rest === "\\") {
    return { what: "trailing backslash at end of expression", where: "" };
  }
  const quoted = /^\\Q[^]*?(?:\\E|$)/.exec(rest)?.[0];
  const long =
    quoted ??
    /^\\(?:[pP](?:\{[^}]*\}|.)|x(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]+\})|0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(
      rest,
    )?.[0];
  if (long !== undefined) {
    return { text: long, sort: "atom" };
  }
  const text = rest.slice(0, 2);
  return /^\\[AzbBafnrtvdDsSwW]$|^\\[!-/:-@[-`{-~ ]$/.test(text)
    ? { text, sort: "atom" }
    : { what: "invalid escape sequence", where: text };
}

function classAt(rest: string): Token | PatternFault {
  // A bracket that closes is a member where it stands first.
  const text = /^\[(?:\^|(?!\^))(?:\]|\[:\^?\w+:\]|\\[^]|[^\]\\])(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]/.exec(
    rest,
  )?.[0];
  return text === undefined ? { what: "missing closing ]", where: rest } : { text, sort: "atom" };
}

function groupAt(rest: string): Token | PatternFault {
  if (!rest.startsWith("(?")) {
    return { text: "(", sort: "open" };
  }
  const flags = /^\(\?[imsU]*(?:-[imsU]+)?([:)])/.exec(rest);
  if (flags) {
    return { text: flags[0], sort: flags[1] === ")" ? "bar" : "open" };
  }
  const named = /^\(\?P?<\w+>/.exec(rest)?.[0];
  if (named !== undefined) {
    return { text: named, sort: "open" };
  }
  const where = /^\(\?(?:<[=!]|[^])?/.exec(rest)?.[0] ?? rest;
  return { what: "invalid or unsupported Perl syntax", where };
}
