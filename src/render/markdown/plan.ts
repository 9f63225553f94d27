import type { BaseComparison } from "../../engine/compare/baseline.ts";
import type { Change, Plan } from "../../engine/model/change.ts";
import type { ChangeOrigin } from "../../engine/compare/origin.ts";
import type { Rollout } from "../../engine/model/outcome.ts";
import type { ActualResource } from "../../engine/model/resource.ts";
import { diffLines } from "./diff.ts";
import { baseCountWords, conflictsOf, originsByKey } from "../words/baseline.ts";
import {
  adoptedItem,
  blockedItem,
  conflictItem,
  deleteItem,
  movedItem,
  noteItems,
  originCell,
  releasedItem,
  shortAdopted,
  shortBlocked,
  shortConflict,
  shortDelete,
  tableRow,
  unmanagedItem,
} from "./items.ts";
import { pictureLines } from "./picture.ts";
import { rolloutLines } from "./rollout.ts";
import { fit, sizeOf, take } from "./room.ts";
import { fenceFor, inert } from "./text.ts";
import type { Refusal } from "../words/refusal.ts";
import { commandLine } from "../shell.ts";
import { noChangesWords, noDriftWords, countsWords } from "../plan-counts.ts";

/** How a page is made. */
export interface MarkdownOptions {
  /** Our own words for the headline, as `Plan`. */
  readonly title: string;
  readonly showUnmanaged: boolean;
  /** For each difference, what has moved and what `apply` would do about it, in the place of a table. */
  readonly drift?: boolean;
  /** Says where each change comes from, conflicts first, and what is adopted. */
  readonly base?: BaseComparison | null;
  /** How far connectors have got, where they were asked. Never folded. */
  readonly rollout?: Rollout | null;
  /** Why nothing was applied. */
  readonly refusal?: Refusal | null;
}

/** GitHub takes 65,536 characters in a comment. */
const LIMIT = 60_000;
/** What the deletes may take of it, and what stays free for all that is neither blocked nor a delete. */
const DELETES = 35_000;
const OTHERS = 10_000;
/** What the conflicts with the base may take, what is adopted, and what a refusal speaks of. */
const SIDE_LIST = 4_000;
/** What folding takes, with the summary's own words. */
const FOLD = 100;

/**
 * The plan for a pull request's comment or a job's summary: the counts, what is blocked, what is deleted or replaced,
 * a table, the details folded. Never over 60,000 characters: room goes to deletes first, and what is left out is
 * counted. No name or value in it can act as markup.
 */
export function renderMarkdown(plan: Plan, options: MarkdownOptions): string {
  const { base = null, refusal = null, drift = false, rollout = null } = options;
  const deletes = plan.changes.filter(({ action }) => action === "delete" || action === "replace");
  const origins = originsByKey(base);
  const head = [...headLines(plan, options), ...refusalLines(refusal), ...baseLines(base)].concat(
    rollout === null ? [] : rolloutLines(rollout, SIDE_LIST),
  );
  const deleteTitle = drift ? "`apply` would delete or replace" : "Deleted or replaced";
  const deleteLines = listSection(deleteTitle, deletes, deleteItem, shortDelete, DELETES);
  let room = LIMIT - sizeOf([...head, ...deleteLines]);
  const blockedLines = listSection("Blocked", plan.blocked, blockedItem, shortBlocked, room - OTHERS);
  room -= sizeOf(blockedLines);
  const table = drift ? movedLines(plan, room / 2) : tableLines(plan.changes, origins, room / 2);
  const picture = pictureLines(plan);
  room -= sizeOf([...table, ...picture]);
  const notes = noteLines(plan, base, room / 2);
  room -= sizeOf(notes);
  const unmanaged = unmanagedLines(options.showUnmanaged ? plan.unmanaged : [], room / 2);
  room -= sizeOf(unmanaged);
  const details = detailLines(plan.changes, room);

  return [...head, ...blockedLines, ...deleteLines, ...table, ...picture, ...notes, ...details, ...unmanaged]
    .map((line) => `${line}\n`)
    .join("");
}

function headLines(plan: Plan, { title, drift = false, rollout = null }: MarkdownOptions): readonly string[] {
  const noChanges = drift ? noDriftWords(plan, rollout) : noChangesWords(plan);
  const refused = `**\`apply\` refuses this plan: ${plan.blocked.length} blocked.** Nothing is changed until that is resolved.`;
  return [
    `### ${title}: ${countsWords(plan)}`,
    ...(plan.blocked.length === 0 ? [] : ["", refused]),
    ...(noChanges === null ? [] : ["", noChanges]),
  ];
}

function refusalLines(refusal: Refusal | null): readonly string[] {
  if (refusal === null) {
    return [];
  }
  const { message, details, targets } = refusal;
  const items = [...details, ...targets.map((target) => commandLine(["--target", target]))];
  return [
    "",
    `**${inert(message)}**`,
    "",
    ...fit(items, (item) => [`- ${inert(item)}`], SIDE_LIST, moreItems),
  ];
}

/** Conflicts first, then what is adopted: neither is ever folded. */
function baseLines(base: BaseComparison | null): readonly string[] {
  if (base === null) {
    return [];
  }
  return [
    "",
    baseCountWords(base),
    ...listSection("Conflicts with the base", conflictsOf(base), conflictItem, shortConflict, SIDE_LIST),
    ...listSection("Adopted by this change", base.adopted, adoptedItem, shortAdopted, SIDE_LIST),
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
  if (items.length === 0) {
    return [];
  }
  const head = ["", `#### ${title} (${items.length})`, ""];
  const left = room - sizeOf(head);
  const whole = take(items, (item) => [full(item)], left);
  if (whole.length === items.length) {
    return [...head, ...whole.flat()];
  }
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

function tableLines(
  changes: readonly Change[],
  origins: ReadonlyMap<string, ChangeOrigin>,
  room: number,
): readonly string[] {
  if (changes.length === 0) {
    return [];
  }
  const wide = origins.size > 0;
  const head = wide
    ? ["", "| | Kind | Name | Id | Attributes | From |", "| --- | --- | --- | --- | --- | --- |"]
    : ["", "| | Kind | Name | Id | Attributes |", "| --- | --- | --- | --- | --- |"];
  const rows = fit(
    changes,
    (change) => [`${tableRow(change)}${wide ? originCell(change, origins) : ""}`],
    room - sizeOf(head),
    (count) => `| | … and ${count} more changes | | | |${wide ? " |" : ""}`,
  );
  return [...head, ...rows];
}

/** What is deleted or replaced stands in a list of its own. */
function movedLines(plan: Plan, room: number): readonly string[] {
  const changes = plan.changes.flatMap((change) =>
    change.action === "create" || change.action === "update" ? [change] : [],
  );
  if (changes.length === 0) {
    return [];
  }
  const head = ["", `#### What has moved (${changes.length})`, ""];
  return [...head, ...fit(changes, (change) => [movedItem(change)], room - sizeOf(head), moreItems)];
}

function noteLines(plan: Plan, base: BaseComparison | null, room: number): readonly string[] {
  const items = [...noteItems(plan), ...(base?.released ?? []).map(releasedItem)];
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
