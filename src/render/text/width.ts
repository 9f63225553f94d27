const NARROW = /^[\x20-\x7e]*$/;
const NO_WIDTH = /\p{M}|[\u200b-\u200d]|\ufe0f/u;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;

/** How many columns of a terminal a text takes, as well as one can tell without asking the terminal. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const character of text) {
    width += widthOfOne(character);
  }
  return width;
}

/** The text with spaces behind it, up to a width. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text, its end replaced by `…` where it is wider than that. */
export function fitTo(text: string, width: number): string {
  if (widthOf(text) <= width) {
    return text;
  }
  let kept = "";
  let left = width - 1;
  for (const character of text) {
    left -= widthOfOne(character);
    if (left < 0) {
      break;
    }
    kept += character;
  }
  return `${kept}…`;
}

function widthOfOne(character: string): number {
  return NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
