import type { Match } from "../model/match.ts";
import type { DesiredEntry } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";

/** An entry that the user named with `--target`. */
export interface Target {
  readonly kind: string;
  readonly name: string;
}

/**
 * The matches that a run with targets judges: the named entries, and the renames that free a name they want. Of such
 * a rename nothing but the name is judged. Without targets: all of them.
 */
export function selectTargets(
  matches: ReadonlyMap<string, Match>,
  targets: readonly Target[],
  world: World,
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

function wantsName(match: Match): boolean {
  return match.state === "moving" || (match.state === "absent" && match.entry.state === "present");
}

function nameOnly(entry: DesiredEntry): DesiredEntry {
  return { ...entry, spec: {}, secrets: {}, replace: null };
}
