import type { Adopted, Released } from "../../engine/compare/baseline.ts";
import type { Blocked, Change, Create, Plan, Update } from "../../engine/model/change.ts";
import type { ChangeOrigin } from "../../engine/compare/origin.ts";
import type { ActualResource, Location } from "../../engine/model/resource.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { adoptedWords, originWords, releasedWords } from "../words/baseline.ts";
import { blockedWords } from "../words/blocked.ts";
import { movedWords, remedyWords } from "../words/drift.ts";
import { factWords } from "../words/shown.ts";
import { inert, inertName, inertShort, toMarkdown } from "./text.ts";
import { noteWords, unknownWords } from "../words/note.ts";
import { place, SIGN } from "../headline.ts";
import { connectorWarning, reasonWords } from "../words/reason.ts";

/** A delete or a replacement in full words: its state, why, where. */
export function deleteItem(change: Change): string {
  const facts = change.before === null ? "" : `${toMarkdown(factWords(change.before))}. `;
  return `- **${change.action}** ${subject(change)}: ${facts}${toMarkdown(reasonWords(change))}${source(change.source)}`;
}

/** The same in as few characters as name it. */
export function shortDelete({ action, kind, name, id }: Change): string {
  return `- **${action}** ${inertName(kind)} ${inertShort(name)} ${inertShort(id ?? "")}`;
}

/** What is blocked in full words: why, the way out, its state, where. */
export function blockedItem(blocked: Blocked): string {
  const about = blocked.kind === null ? "**the whole plan**" : `${actionOf(blocked)}${subject(blocked)}`;
  const facts = blocked.before === null ? "" : ` (${toMarkdown(factWords(blocked.before))})`;
  return `- ${about}: ${toMarkdown(blockedWords(blocked))}${facts}${source(blocked.source)}`;
}

/** The same in as few characters as name it. */
export function shortBlocked(blocked: Blocked): string {
  const about =
    blocked.kind === null
      ? "**the whole plan**"
      : `${actionOf(blocked)}${inertName(blocked.kind)} ${inertShort(blocked.name)}`;
  return `- ${about}: ${inert(blocked.reason.code)}`;
}

/** A change as a row: action, kind, name, id, attributes. */
export function tableRow(change: Change): string {
  const { action, kind, name, id } = change;
  const attributes = [...new Set([...change.fields, ...Object.keys(change.after?.secrets ?? {})])];
  const cells = [
    `\`${SIGN[action]}\` ${action}`,
    inertName(kind),
    inertName(name),
    id === null ? "" : inertName(id),
    attributes.map((attribute) => inertShort(attribute)).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Warnings, and what changes nothing but is worth knowing. */
export function noteItems(plan: Plan): readonly string[] {
  const warnings = plan.changes.flatMap((change) => {
    const words = connectorWarning(change);
    return words === null ? [] : [`- **Warning** ${subject(change)}: ${toMarkdown(words)}`];
  });
  const notes = plan.notes.map((note) => {
    const { kind, name, id } = note;
    const about = name === null ? inertName(kind) : subject({ kind, name, id });
    return `- **Note** ${about}: ${toMarkdown(noteWords(note))}${source(note.source)}`;
  });
  const unknown = plan.unknown.map(
    (one) => `- **Unknown** ${subject(one)}: ${toMarkdown(unknownWords(one))}${source(one.source)}`,
  );
  return [...warnings, ...notes, ...unknown];
}

/** A difference: what has moved, what `apply` would do about it, where the file says so. */
export function movedItem(change: Create | Update): string {
  return `- ${subject(change)}: ${toMarkdown(movedWords(change))}. \`apply\` would ${toMarkdown(remedyWords(change))}.${source(change.source)}`;
}

/** Where a change comes from, as the end of its row. */
export function originCell({ kind, name }: Change, origins: ReadonlyMap<string, ChangeOrigin>): string {
  const origin = origins.get(keyOf(kind, name));
  return ` ${origin === undefined ? "" : ORIGIN[origin.origin]} |`;
}

const ORIGIN: { readonly [origin in ChangeOrigin["origin"]]: string } = {
  this_change: "this change",
  drift: "drift",
  conflict: "**conflict**",
};

/** Something that both sides have moved. */
export function conflictItem(origin: ChangeOrigin): string {
  const { kind, name } = origin;
  return `- ${subject({ kind, name, id: null })}: ${toMarkdown(originWords(origin))}.`;
}

/** The same in few characters. */
export function shortConflict({ kind, name }: ChangeOrigin): string {
  return `- ${inertName(kind)} ${inertShort(name)}`;
}

/** Something that begins to be managed. */
export function adoptedItem(adopted: Adopted): string {
  return `- ${subject(adopted)}: ${toMarkdown(adoptedWords(adopted))}${source(adopted.source)}`;
}

/** The same in few characters. */
export function shortAdopted({ kind, name, id }: Adopted): string {
  return `- ${inertName(kind)} ${inertShort(name)} ${inertName(id)}`;
}

/** Something that ends to be managed. */
export function releasedItem(released: Released): string {
  return `- **Released** ${subject(released)}: ${toMarkdown(releasedWords(released))}`;
}

/** Something unmanaged, with its state. */
export function unmanagedItem(actual: ActualResource): string {
  return `- ${subject(actual)}: ${toMarkdown(factWords(actual))}`;
}

function actionOf({ action }: Blocked): string {
  return action === null ? "" : `**${action}** `;
}

/** `kind name (id)`, inert. */
export function subject(of: {
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
}): string {
  return `${inertName(of.kind)} ${inertName(of.name)}${of.id === null ? "" : ` (${inertName(of.id)})`}`;
}

function source(location: Location | null): string {
  return location === null ? "" : ` <sub>${inert(place(location))}</sub>`;
}
