/** The first pattern that matches the whole name, or null. `*` stands for any run of characters, also an empty one. */
export function firstMatch(patterns: readonly string[], name: string): string | null {
  return patterns.find((pattern) => matches(pattern.split("*"), name)) ?? null;
}

/**
 * Compares piece by piece instead of through a regular expression, so that no pattern takes more than
 * (pattern × name) steps.
 */
function matches(pieces: readonly string[], name: string): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) {
    return name === first;
  }
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) {
    return false;
  }
  let position = first.length;
  const end = name.length - last.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, position);
    if (found === -1 || found + piece.length > end) {
      return false;
    }
    position = found + piece.length;
  }
  return true;
}
