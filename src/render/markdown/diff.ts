import type { Action, Change } from "../../engine/model/change.ts";
import { attributeChanges } from "../attributes.ts";
import { headline } from "../headline.ts";
import { reasonWords } from "../words/reason.ts";
import { toText } from "../words/sentence.ts";

/** What GitHub colours a line by. */
const COLOUR: { readonly [action in Action]: string } = {
  create: "+",
  update: "!",
  delete: "-",
  replace: "!",
};

/** One change as lines of a `diff` block: green is new, red is gone, orange is the subject. Safe to print. */
export function diffLines(change: Change): readonly string[] {
  return [
    `${COLOUR[change.action]} ${change.action} ${headline(change)}`,
    ...attributeChanges(change).flatMap(({ attribute, before, after, lines, remark }) => [
      ...(before === null ? [] : [`-     ${attribute}: ${before}`]),
      ...(after === null ? [] : [`+     ${attribute}: ${after}${remark}`]),
      ...(lines.length === 0 ? [] : [`      ${attribute}:`]),
      ...lines.map(({ sign, text }) => `${sign === "~" ? COLOUR.update : sign}         ${text}`.trimEnd()),
    ]),
    `#     ${toText(reasonWords(change))}`,
  ];
}
