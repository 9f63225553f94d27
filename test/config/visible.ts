/** A small stand-in for what makes control and bidi characters visible. */
export function visibleForTests(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
