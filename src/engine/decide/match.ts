import type { BlockedReason } from "../model/change.ts";
import type { ActualResource, DesiredEntry } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";

/**
 * Which live resource an entry speaks of, and where that one is to go.
 *
 * ```text
 * entry            the account holds              match
 * ---------------  -----------------------------  ------------------------------------------
 * name             nothing of that name           absent
 * name             one of that name               found
 * name             two of that name               blocked: ambiguous
 * id               that id under the name         found
 * id               that id under another name     moving (a tombstone: blocked)
 * id               no such id, or another kind's  blocked (a tombstone of no such id: absent)
 * renamed_from     the old name, and the new one  moving
 *                  is free or is being freed
 * renamed_from     both names, neither moving     found under the new name, and a note
 * renamed_from     no such old name               as if it were not written
 * ```
 */
export type Match =
  | { readonly state: "absent"; readonly entry: DesiredEntry }
  | { readonly state: "found"; readonly entry: DesiredEntry; readonly actual: ActualResource }
  | { readonly state: "moving"; readonly entry: DesiredEntry; readonly actual: ActualResource }
  | {
      readonly state: "blocked";
      readonly entry: DesiredEntry;
      readonly actual: ActualResource | null;
      readonly reason: BlockedReason;
    };

/**
 * Matches every entry with the account. What moves is what wants to move: whether it may is judged later, so a
 * `moving` match can still turn out blocked. The result is keyed by `keyOf(kind, name)` and has one match an entry.
 */
export function matchEntries(entries: readonly DesiredEntry[], world: World): ReadonlyMap<string, Match> {
  const declared = new Map(entries.map((entry) => [keyOf(entry.kind, entry.name), entry]));
  const pins = new Map<string, DesiredEntry>();
  for (const entry of entries) {
    if (entry.id !== null && world.byId(entry.id)?.kind === entry.kind) {
      pins.set(entry.id, entry);
    }
  }
  const matches = new Map<string, Match>();
  const moving = findMoves(entries, world, pins);
  for (const entry of entries) {
    const key = keyOf(entry.kind, entry.name);
    const source = moving.get(key);
    if (entry.id !== null) {
      matches.set(key, matchPinned(entry, entry.id, world));
    } else if (source !== undefined) {
      matches.set(key, matchRenamed(entry, source, declared, moving));
    } else {
      matches.set(key, matchNamed(entry, world, pins));
    }
  }
  return matches;
}

/**
 * The resource that each entry wants to move to its own name. A rename by `renamed_from` wants to only when its new
 * name is free or being freed, and what frees a name is another move: so moves are followed from those that need
 * nobody (pins, free names) back along the names that they free.
 */
function findMoves(
  entries: readonly DesiredEntry[],
  world: World,
  pins: ReadonlyMap<string, DesiredEntry>,
): Map<string, ActualResource> {
  const moves = new Map<string, ActualResource>();
  const waiting = new Map<string, { readonly entry: DesiredEntry; readonly actual: ActualResource }>();
  const queue: ActualResource[] = [];
  const start = (entry: DesiredEntry, actual: ActualResource) => {
    moves.set(keyOf(entry.kind, entry.name), actual);
    queue.push(actual);
  };
  for (const entry of entries) {
    if (entry.state === "absent") {
      continue;
    }
    if (entry.id !== null) {
      const actual = world.byId(entry.id);
      if (actual !== undefined && actual.kind === entry.kind && actual.name !== entry.name) {
        start(entry, actual);
      }
      continue;
    }
    const source = renameSource(entry, world, pins);
    if (source !== null) {
      const holders = world.byName(entry.kind, entry.name);
      if (holders.length === 0) {
        start(entry, source);
      } else if (holders.length === 1) {
        waiting.set(keyOf(entry.kind, entry.name), { entry, actual: source });
      }
    }
  }
  for (let freed = queue.pop(); freed !== undefined; freed = queue.pop()) {
    const key = keyOf(freed.kind, freed.name);
    const next = waiting.get(key);
    if (next !== undefined) {
      waiting.delete(key);
      start(next.entry, next.actual);
    }
  }
  return moves;
}

/** The one live resource that bears the old name, unless a pin says that it is another entry's. */
function renameSource(
  entry: DesiredEntry,
  world: World,
  pins: ReadonlyMap<string, DesiredEntry>,
): ActualResource | null {
  if (entry.renamed_from === null) {
    return null;
  }
  const [source, another] = world.byName(entry.kind, entry.renamed_from);
  return source === undefined || another !== undefined || pins.has(source.id) ? null : source;
}

function matchPinned(entry: DesiredEntry, id: string, world: World): Match {
  const actual = world.byId(id);
  if (actual === undefined) {
    return entry.state === "absent"
      ? { state: "absent", entry }
      : { state: "blocked", entry, actual: null, reason: { code: "id_gone", id } };
  }
  if (actual.kind !== entry.kind) {
    const reason: BlockedReason = { code: "id_of_other_kind", id, kind: actual.kind };
    return { state: "blocked", entry, actual: null, reason };
  }
  if (actual.name === entry.name) {
    return { state: "found", entry, actual };
  }
  return entry.state === "absent"
    ? {
        state: "blocked",
        entry,
        actual,
        reason: { code: "id_under_other_name", id, live_name: actual.name },
      }
    : { state: "moving", entry, actual };
}

/**
 * The old name may be declared as well, by an entry that once had a rename of its own and has it no more: then both
 * entries mean the same resource, and nobody but the user knows whose it is.
 */
function matchRenamed(
  entry: DesiredEntry,
  source: ActualResource,
  declared: ReadonlyMap<string, DesiredEntry>,
  moving: ReadonlyMap<string, ActualResource>,
): Match {
  const oldKey = keyOf(source.kind, source.name);
  const rival = moving.has(oldKey) ? undefined : declared.get(oldKey);
  return rival === undefined
    ? { state: "moving", entry, actual: source }
    : {
        state: "blocked",
        entry,
        actual: source,
        reason: { code: "claimed_twice", id: source.id, by: rival.name },
      };
}

function matchNamed(entry: DesiredEntry, world: World, pins: ReadonlyMap<string, DesiredEntry>): Match {
  const { kind, name } = entry;
  const found = world.byName(kind, name);
  if (found.length > 1) {
    return { state: "blocked", entry, actual: null, reason: ambiguous(name, found) };
  }
  const [actual] = found;
  // What another entry's pin takes away leaves the name free.
  return actual === undefined || pins.get(actual.id)?.state === "present"
    ? matchFree(entry, world, pins)
    : { state: "found", entry, actual };
}

/** The name is free and no rename takes it, though an old name may live of which nobody knows whose it is. */
function matchFree(entry: DesiredEntry, world: World, pins: ReadonlyMap<string, DesiredEntry>): Match {
  const { kind, renamed_from } = entry;
  const sources = renamed_from === null ? [] : world.byName(kind, renamed_from);
  if (renamed_from !== null && sources.length > 1) {
    return { state: "blocked", entry, actual: null, reason: ambiguous(renamed_from, sources) };
  }
  const [source] = sources;
  const pin = source === undefined ? undefined : pins.get(source.id);
  return source !== undefined && pin !== undefined
    ? {
        state: "blocked",
        entry,
        actual: source,
        reason: { code: "claimed_twice", id: source.id, by: pin.name },
      }
    : { state: "absent", entry };
}

function ambiguous(name: string, found: readonly ActualResource[]): BlockedReason {
  return { code: "ambiguous_name", name, ids: found.map(({ id }) => id) };
}
