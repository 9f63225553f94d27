import { keyOf } from "../../engine/model/account-index.ts";
import { entriesOf, once } from "./rule.ts";
import { locate, type Reporter } from "../yaml/source.ts";
import type { Written, WrittenEntry, WrittenFile } from "../written.ts";

/** A live tunnel can become one entry only. */
export function renamedFromOnce(files: readonly WrittenFile[], report: Reporter): void {
  once(
    renames(files).map((entry) => ({
      source: entry.source,
      span: entry.renamed_from.span,
      key: oldKeyOf(entry),
      from: entry.renamed_from.value,
    })),
    ({ from }, first) => ({ code: "renamed_from_twice", from, first }),
    report,
  );
}

/** The old name must be free, or be freed by a rename of its own. */
export function renamedFromFreeName(files: readonly WrittenFile[], report: Reporter): void {
  const declared = byKey(files);
  for (const entry of renames(files)) {
    const { source, name, renamed_from: from } = entry;
    if (from.value === name) {
      report(source, from.span, { code: "renamed_from_itself", name });
      continue;
    }
    const other = declared.get(oldKeyOf(entry));
    if (other === undefined || other.renamed_from !== null) {
      continue;
    }
    const place = locate(other.source, other.nameSpan.start);
    report(source, from.span, { code: "renamed_from_declared", from: from.value, declared: place });
  }
}

/** In a cycle every name is taken at the start, so that only ids tell which tunnel is which after a crash halfway. */
export function cyclesArePinned(files: readonly WrittenFile[], report: Reporter): void {
  for (const cycle of cyclesOf(byKey(files))) {
    const names = cycle.map(({ name }) => name);
    for (const { source, name, id, renamed_from: from } of cycle) {
      if (id === null) {
        report(source, from.span, { code: "rename_cycle_without_id", name, names });
      }
    }
  }
}

type Rename = WrittenEntry & { readonly renamed_from: Written<string> };

/** Every cycle of at least two renames, each once. */
function cyclesOf(declared: ReadonlyMap<string, WrittenEntry>): readonly (readonly Rename[])[] {
  const cycles: (readonly Rename[])[] = [];
  const seen = new Set<WrittenEntry>();
  for (const start of declared.values()) {
    // Follows the old names until they leave the files, or come to an entry that was seen.
    const path: Rename[] = [];
    let entry: WrittenEntry | undefined = start;
    while (entry !== undefined && isRename(entry) && !seen.has(entry)) {
      seen.add(entry);
      path.push(entry);
      entry = declared.get(oldKeyOf(entry));
    }
    const begin = path.findIndex((member) => member === entry);
    if (begin !== -1 && path.length - begin > 1) {
      cycles.push(path.slice(begin));
    }
  }
  return cycles;
}

function isRename(entry: WrittenEntry): entry is Rename {
  return entry.renamed_from !== null;
}

function renames(files: readonly WrittenFile[]): readonly Rename[] {
  return entriesOf(files).filter(isRename);
}

function oldKeyOf({ kind, renamed_from: from }: Rename): string {
  return keyOf(kind, from.value);
}

function byKey(files: readonly WrittenFile[]): ReadonlyMap<string, WrittenEntry> {
  return new Map(entriesOf(files).map((entry) => [keyOf(entry.kind, entry.name), entry]));
}
