import type { JsonValue } from "../../engine/model/resource.ts";
import { showValue } from "../value.ts";
import { showName, visible } from "../visible.ts";

/**
 * A piece of a sentence. A string is our own wording. Foreign text (from the account, the file, the API) is kept
 * apart from it, so that each output can make it harmless in its own way.
 */
export type Part =
  | string
  /** A name, an id, a time: quoted where it could be misread. */
  | { readonly name: string }
  /** The value of an attribute. */
  | { readonly value: JsonValue }
  /** Foreign prose, as the API's messages. */
  | { readonly words: string }
  /** Something to type: an option, a key, a command. Safe to print. */
  | { readonly code: string };

/** One sentence or a few, in parts. */
export type Sentence = readonly Part[];

/** A tagged template: ``say`The name ${name(x)} is taken.` ``. What stands in it is a part or a sentence. */
export function say(strings: TemplateStringsArray, ...values: readonly (Part | Sentence)[]): Sentence {
  return strings.flatMap((text, position) => {
    const next = values[position] ?? [];
    return [...(text === "" ? [] : [text]), ...(isSentence(next) ? next : [next])];
  });
}

/** The parts, by what they are. */
export const name = (text: string): Part => ({ name: text });
export const value = (of: JsonValue): Part => ({ value: of });
export const words = (text: string): Part => ({ words: text });
export const code = (text: string): Part => ({ code: visible(text) });

/** Names in a row, `a, b and c`; of more than `most`, the first and how many more. */
export function list(names: readonly string[], most = 10): Sentence {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  const parts: Part[] = [...shown.map(name), ...(more > 0 ? [`${more} more`] : [])];
  return parts.flatMap((part, position) => [
    ...(position === 0 ? [] : [position === parts.length - 1 ? " and " : ", "]),
    part,
  ]);
}

/** The sentence for a terminal or a program: one line, nothing hidden in it. */
export function toText(sentence: Sentence): string {
  return sentence.map(partText).join("");
}

function partText(part: Part): string {
  if (typeof part === "string") {
    return part;
  }
  if ("name" in part) {
    return showName(part.name);
  }
  if ("value" in part) {
    return showValue(part.value);
  }
  return "words" in part ? visible(part.words) : `\`${part.code}\``;
}

function isSentence(value: Part | Sentence): value is Sentence {
  return Array.isArray(value);
}
