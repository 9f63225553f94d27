import type { Blocked, Change, Plan } from "../engine/change.ts";
import type { ActualResource, Location } from "../engine/resource.ts";
import { blockedWords } from "./blocked.ts";
import { factWords } from "./facts.ts";
import { diffLines } from "./markdown-diff.ts";
import { fit, sizeOf } from "./markdown-room.ts";
import { fenceFor, inert, inertName, inertShort, toMarkdown } from "./markdown-text.ts";
import { noteWords, unknownWords } from "./note.ts";
import { place, SIGN } from "./plan.ts";
import { connectorWarning, reasonWords } from "./reason.ts";
import { noChangesWords, summaryWords } from "./summary.ts";

export interface MarkdownOptions {
  /** Our own words for the headline, as `Plan`. */
  readonly title: string;
  readonly showUnmanaged: boolean;
}

/** GitHub takes 65,536 characters in a comment. */
const LIMIT = 60_000;
/** What the deletes may take of it, and what stays free for all that is neither blocked nor a delete. */
const DELETES = 35_000;
const OTHERS = 10_000;
/** What folding takes, with the summary's own words. */
const FOLD = 100;

/**
 * The plan for a pull request's comment or a job's summary: the counts, what is blocked, what is deleted or replaced,
 * a table, the details folded. Never over 60,000 characters: room goes to deletes first, and what is left out is
 * counted. No name or value in it can act as markup.
 */
export function renderMarkdown(plan: Plan, { title, showUnmanaged }: MarkdownOptions): string {
  const deletes = plan.changes.filter(({ action }) => action === "delete" || action === "replace");
  const head = headLines(plan, title);
  const deleteLines = listSection("Deleted or replaced", deletes, deleteItem, shortDelete, DELETES);
  let room = LIMIT - sizeOf([...head, ...deleteLines]);
  const blockedLines = listSection("Blocked", plan.blocked, blockedItem, shortBlocked, room - OTHERS);
  room -= sizeOf(blockedLines);
  const table = tableLines(plan.changes, room / 2);
  room -= sizeOf(table);
  const notes = noteLines(plan, room / 2);
  room -= sizeOf(notes);
  const unmanaged = unmanagedLines(showUnmanaged ? plan.unmanaged : [], room / 2);
  room -= sizeOf(unmanaged);
  const details = detailLines(plan.changes, room);

  return [...head, ...blockedLines, ...deleteLines, ...table, ...notes, ...details, ...unmanaged]
    .map((line) => `${line}\n`)
    .join("");
}

function headLines(plan: Plan, title: string): readonly string[] {
  const noChanges = noChangesWords(plan);
  const refused = `**\`apply\` refuses this plan: ${plan.blocked.length} blocked.** Nothing is changed until that is resolved.`;
  return [
    `### ${title}: ${summaryWords(plan)}`,
    ...(plan.blocked.length === 0 ? [] : ["", refused]),
    ...(noChanges === null ? [] : ["", noChanges]),
  ];
}

/** A list that is never folded. Items too long for the room are shortened, all of them; then counted. */
function listSection<T>(
  title: string,
  items: readonly T[],
  full: (item: T) => string,
  short: (item: T) => string,
  room: number,
): readonly string[] {
  if (items.length === 0) return [];
  const head = ["", `#### ${title} (${items.length})`, ""];
  const left = room - sizeOf(head);
  const lines = items.map(full);
  if (sizeOf(lines) <= left) return [...head, ...lines];
  const shortLines = items.map((item) => [short(item)]);
  return [
    ...head,
    ...fit(shortLines, left, (count) => `- **… and ${count} more**, left out here for their length`),
  ];
}

function deleteItem(change: Change): string {
  const facts = change.before === null ? "" : `${toMarkdown(factWords(change.before))}. `;
  return `- **${change.action}** ${subject(change)}: ${facts}${toMarkdown(reasonWords(change))}${source(change.source)}`;
}

function shortDelete({ action, kind, name, id }: Change): string {
  return `- **${action}** ${inertName(kind)} ${inertShort(name)} ${inertShort(id ?? "")}`;
}

function blockedItem(blocked: Blocked): string {
  const facts = blocked.before === null ? "" : ` (${toMarkdown(factWords(blocked.before))})`;
  return `- ${blockedSubject(blocked)}: ${toMarkdown(blockedWords(blocked))}${facts}${source(blocked.source)}`;
}

function blockedSubject(blocked: Blocked): string {
  if (blocked.kind === null) return "**the whole plan**";
  return `${blocked.action === null ? "" : `**${blocked.action}** `}${subject(blocked)}`;
}

function shortBlocked(blocked: Blocked): string {
  if (blocked.kind === null) return "- **the whole plan**: too many deletes";
  return `- ${blocked.action === null ? "" : `**${blocked.action}** `}${inertName(blocked.kind)} ${inertShort(blocked.name)}: ${inert(blocked.reason.code)}`;
}

function tableLines(changes: readonly Change[], room: number): readonly string[] {
  if (changes.length === 0) return [];
  const head = ["", "| | Kind | Name | Id | Attributes |", "| --- | --- | --- | --- | --- |"];
  const rows = changes.map((change) => [tableRow(change)]);
  return [...head, ...fit(rows, room - sizeOf(head), (count) => `| | … and ${count} more changes | | | |`)];
}

function tableRow(change: Change): string {
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
function noteLines(plan: Plan, room: number): readonly string[] {
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
  const items = [...warnings, ...notes, ...unknown].map((item) => [item]);
  return items.length === 0 ? [] : ["", ...fit(items, room - 1, (count) => `- … and ${count} more`)];
}

function unmanagedLines(unmanaged: readonly ActualResource[], room: number): readonly string[] {
  const items = unmanaged.map((actual) => [`- ${subject(actual)}: ${toMarkdown(factWords(actual))}`]);
  const lines = fit(items, room - FOLD, (count) => `- … and ${count} more`);
  return lines.length === 0 ? [] : folded("Unmanaged, and left alone", lines);
}

function detailLines(changes: readonly Change[], room: number): readonly string[] {
  const blocks = changes.map(diffLines);
  const fence = fenceFor(blocks.flat());
  const frame = sizeOf([`${fence}diff`, fence]);
  const lines = fit(blocks, room - frame - FOLD, (count) => `# … and ${count} more changes`);
  return lines.length === 0 ? [] : folded("Every attribute", [`${fence}diff`, ...lines, fence]);
}

function folded(summary: string, lines: readonly string[]): readonly string[] {
  return ["", `<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

function subject(of: { readonly kind: string; readonly name: string; readonly id: string | null }): string {
  return `${inertName(of.kind)} ${inertName(of.name)}${of.id === null ? "" : ` (${inertName(of.id)})`}`;
}

function source(location: Location | null): string {
  return location === null ? "" : ` <sub>${inert(place(location))}</sub>`;
}
