/** Tells a pattern that matches the whole name, or null. */
export type Matcher = (name: string) => string | null;

/**
 * Makes ready to match many names: one that is listed itself is found at once, then the globs are tried in their
 * order. In a glob, `*` stands for any run of characters, also an empty one.
 */
export function matcherOf(patterns: readonly string[]): Matcher {
  const names = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const globs = patterns
    .filter((pattern) => pattern.includes("*"))
    .map((pattern) => ({ pattern, pieces: pattern.split("*") }));
  return (name) =>
    names.has(name) ? name : (globs.find(({ pieces }) => matches(pieces, name))?.pattern ?? null);
}

/**
 * Compares piece by piece instead of through a regular expression, so that no pattern takes more than
 * (pattern × name) steps.
 */
function matches(pieces: readonly string[], name: string): boolean {
  const first = pieces.at(0) ?? "";
  const last = pieces.at(-1) ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) {
    return false;
  }
  let position = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, position);
    if (found === -1 || found + piece.length > end) {
      return false;
    }
    position = found + piece.length;
  }
  return true;
}
