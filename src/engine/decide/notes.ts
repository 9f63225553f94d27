import type { Change, Note } from "../model/change.ts";
import type { Verdict } from "./judge.ts";
import { nearest } from "../../base/spelling.ts";
import type { Match } from "../model/match.ts";
import { type ActualResource, compareText } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";

/** What a reader of the plan should know though it changes nothing. Sorted by kind, name, code. */
export function noteMatches(
  matches: readonly Match[],
  verdicts: readonly Verdict[],
  { changes, gaps }: { readonly changes: readonly Change[]; readonly gaps: readonly Change[] },
  duplicates: ReadonlyMap<string, readonly ActualResource[]>,
  world: World,
): readonly Note[] {
  const leaving = new Set(changes.filter(leavesItsName).map(({ kind, id }) => keyOf(kind, id ?? "")));
  const staying: Staying = (kind, name) =>
    world.holders(kind, name).filter(({ id }) => !leaving.has(keyOf(kind, id)));
  const notes = [
    ...matches.flatMap((match) => [
      ...uselessRename(match, staying),
      ...missingSource(match, world),
      ...sparedNamesakes(match, staying),
    ]),
    ...verdicts.flatMap(({ entry, notes }) =>
      notes.map(
        (reason): Note => ({ kind: entry.kind, name: entry.name, id: null, reason, source: entry.source }),
      ),
    ),
    ...[...duplicates.values()].flatMap(duplicateNames),
    ...gaps.map(({ kind, name, id, source }): Note => ({ kind, name, id, reason: { code: "gap" }, source })),
    ...deletesBesideCreates(changes.filter(({ kind }) => world.isRenamable(kind))),
  ];
  return notes.sort(
    (a, b) =>
      compareText(a.kind, b.kind) ||
      compareText(a.name ?? "", b.name ?? "") ||
      compareText(a.reason.code, b.reason.code) ||
      compareText(a.id ?? "", b.id ?? ""),
  );
}

/** What bears a name and goes on doing so. */
type Staying = (kind: string, name: string) => readonly ActualResource[];

function leavesItsName({ action, fields }: Change): boolean {
  return action === "delete" || (action === "update" && fields.includes("name"));
}

function uselessRename(match: Match, staying: Staying): readonly Note[] {
  const { entry } = match;
  if (match.state !== "found" || entry.id !== null || entry.renamed_from === null) {
    return [];
  }
  const { kind, name, renamed_from: from, source } = entry;
  return staying(kind, from).map(({ id: from_id }) => ({
    kind,
    name,
    id: match.actual.id,
    reason: { code: "rename_has_no_effect", from, from_id },
    source,
  }));
}

/** A mistyped old name would otherwise be a silent create. A rename that was done is not told: its new name lives. */
function missingSource({ state, entry }: Match, world: World): readonly Note[] {
  const { kind, name, renamed_from: from, source } = entry;
  if (
    state !== "absent" ||
    entry.state === "absent" ||
    from === null ||
    world.holders(kind, from).length > 0
  ) {
    return [];
  }
  const names = world.resources.filter((actual) => actual.kind === kind).map((actual) => actual.name);
  const reason = { code: "rename_source_missing", from, nearest: nearest(from, names) } as const;
  return [{ kind, name, id: null, reason, source }];
}

function sparedNamesakes({ entry }: Match, staying: Staying): readonly Note[] {
  const { kind, name, source } = entry;
  return entry.id === null
    ? []
    : staying(kind, name)
        .filter(({ id }) => id !== entry.id)
        .map(({ id }) => ({ kind, name, id, reason: { code: "namesake_spared", id }, source }));
}

function duplicateNames(namesakes: readonly ActualResource[]): readonly Note[] {
  const [first] = namesakes;
  const ids = namesakes.map(({ id }) => id);
  return first === undefined
    ? []
    : [
        {
          kind: first.kind,
          name: first.name,
          id: null,
          reason: { code: "duplicate_unmanaged", ids },
          source: null,
        },
      ];
}

function deletesBesideCreates(changes: readonly Change[]): readonly Note[] {
  const created = new Set(changes.filter(({ action }) => action === "create").map(({ kind }) => kind));
  const deleted = new Set(changes.filter(({ action }) => action === "delete").map(({ kind }) => kind));
  return [...created]
    .filter((kind) => deleted.has(kind))
    .map((kind) => ({ kind, name: null, id: null, reason: { code: "delete_and_create" }, source: null }));
}
