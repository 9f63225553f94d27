import type { Change, Plan } from "../engine/change.ts";
import type { ActualResource } from "../engine/resource.ts";
import { diffLines } from "./markdown-diff.ts";
import {
  blockedItem,
  deleteItem,
  noteItems,
  shortBlocked,
  shortDelete,
  tableRow,
  unmanagedItem,
} from "./markdown-items.ts";
import { fit, sizeOf, take } from "./markdown-room.ts";
import { fenceFor } from "./markdown-text.ts";
import { noChangesWords, summaryWords } from "./summary.ts";

/** How a page is made. */
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

/** A list that is never folded. Where its items have no room, all of them are shortened; then counted. */
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
  const whole = take(items, (item) => [full(item)], left);
  if (whole.length === items.length) return [...head, ...whole.flat()];
  return [
    ...head,
    ...fit(
      items,
      (item) => [short(item)],
      left,
      (count) => `- **… and ${count} more**`,
    ),
  ];
}

function tableLines(changes: readonly Change[], room: number): readonly string[] {
  if (changes.length === 0) return [];
  const head = ["", "| | Kind | Name | Id | Attributes |", "| --- | --- | --- | --- | --- |"];
  const rows = fit(
    changes,
    (change) => [tableRow(change)],
    room - sizeOf(head),
    (count) => `| | … and ${count} more changes | | | |`,
  );
  return [...head, ...rows];
}

function noteLines(plan: Plan, room: number): readonly string[] {
  const items = noteItems(plan);
  return items.length === 0 ? [] : ["", ...fit(items, (item) => [item], room - 1, moreItems)];
}

function unmanagedLines(unmanaged: readonly ActualResource[], room: number): readonly string[] {
  const lines = fit(unmanaged, (actual) => [unmanagedItem(actual)], room - FOLD, moreItems);
  return lines.length === 0 ? [] : folded("Unmanaged, and left alone", lines);
}

function detailLines(changes: readonly Change[], room: number): readonly string[] {
  const fence = fenceFor(take(changes, diffLines, room).flat());
  const left = room - FOLD - sizeOf([`${fence}diff`, fence]);
  const lines = fit(changes, diffLines, left, (count) => `# … and ${count} more changes`);
  return lines.length === 0 ? [] : folded("Every attribute", [`${fence}diff`, ...lines, fence]);
}

function folded(summary: string, lines: readonly string[]): readonly string[] {
  return ["", `<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

function moreItems(count: number): string {
  return `- … and ${count} more`;
}
