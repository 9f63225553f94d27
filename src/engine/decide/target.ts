import { nearest } from "../../base/spelling.ts";
import type { Match } from "../model/match.ts";
import type { DesiredEntry, DesiredState } from "../model/resource.ts";
import type { ResourceKind } from "../model/kind.ts";
import { isPartOf, referencesIn } from "../model/reference.ts";
import { keyOf, type World } from "../model/account-index.ts";

/** An entry that the user named with `--target`. */
export interface Target {
  readonly kind: string;
  readonly name: string;
}

/** What names no entry: it has no kind, or none is declared like it, the nearest of them being another. */
export type TargetFlaw =
  | { readonly code: "no_kind"; readonly text: string }
  | { readonly code: "unknown"; readonly text: string; readonly nearest: string | null };

/** The entries that texts name as `KIND/NAME`, and the flaws of those that name none. */
export function readTargets(
  texts: readonly string[],
  { entries }: Pick<DesiredState, "entries">,
): { readonly targets: readonly Target[]; readonly flaws: readonly TargetFlaw[] } {
  const declared = new Map(entries.map(({ kind, name }) => [keyOf(kind, name), { kind, name }]));
  const targets: Target[] = [];
  const flaws: TargetFlaw[] = [];
  for (const text of texts) {
    const target = declared.get(text);
    if (target !== undefined) {
      targets.push(target);
    } else if (text.includes("/")) {
      flaws.push({ code: "unknown", text, nearest: nearest(text, [...declared.keys()]) });
    } else {
      flaws.push({ code: "no_kind", text });
    }
  }
  return { targets, flaws };
}

/**
 * The matches that a run with targets judges: the named entries, the parts that are written in them, what must be made
 * before them, and the renames that free a name they want. Of such a rename nothing but the name is judged. Without
 * targets: all of them.
 */
export function selectTargets(
  matches: ReadonlyMap<string, Match>,
  targets: readonly Target[],
  world: World,
  kinds: readonly ResourceKind[],
): readonly Match[] {
  if (targets.length === 0) {
    return [...matches.values()];
  }
  const movers = new Map<string, Match>();
  for (const match of matches.values()) {
    if (match.state === "moving") {
      movers.set(keyOf(match.actual.kind, match.actual.id), match);
    }
  }
  const selected = new Map<string, Match>();
  for (const { kind, name } of targets) {
    const match = matches.get(keyOf(kind, name));
    if (match !== undefined) {
      selected.set(keyOf(kind, name), match);
    }
  }
  for (const match of selected.values()) {
    // A map visits what is added to it while it is walked.
    for (const key of neighbours(match, matches, kinds)) {
      const neighbour = matches.get(key);
      if (neighbour !== undefined && !selected.has(key)) {
        selected.set(key, neighbour);
      }
    }
  }
  const queue = [...selected.values()];
  for (let match = queue.pop(); match !== undefined; match = queue.pop()) {
    for (const holder of wantsName(match) ? world.same(match.entry) : []) {
      const mover = movers.get(keyOf(holder.kind, holder.id));
      const key = mover === undefined ? "" : keyOf(mover.entry.kind, mover.entry.name);
      if (mover !== undefined && !selected.has(key)) {
        const renameOnly = { ...mover, entry: nameOnly(mover.entry) };
        selected.set(key, renameOnly);
        queue.push(renameOnly);
      }
    }
  }
  return [...selected.values()];
}

/** What is written in the same entry, and what must be made first: both go with a target. By `keyOf`. */
function neighbours(
  { entry }: Match,
  matches: ReadonlyMap<string, Match>,
  kinds: readonly ResourceKind[],
): readonly string[] {
  const kind = kinds.find((each) => each.kind === entry.kind);
  const pending = kind === undefined ? [] : referencesIn(entry.spec, kind);
  const parts = kinds.filter((each) => isPartOf(each)(entry.kind));
  return [
    ...pending.map(([, { kind, name }]) => keyOf(kind, name)),
    ...parts.map(({ kind }) => keyOf(kind, entry.name)).filter((key) => matches.has(key)),
  ];
}

function wantsName(match: Match): boolean {
  return match.state === "moving" || (match.state === "absent" && match.entry.state === "present");
}

function nameOnly(entry: DesiredEntry): DesiredEntry {
  return { ...entry, spec: {}, secrets: {}, replace: null };
}
