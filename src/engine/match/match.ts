import type { BlockedReason } from "../model/change.ts";
import type { Match } from "../model/match.ts";
import type { ResourceKind } from "../model/kind.ts";
import { levelsOf } from "../model/reference.ts";
import { type ActualResource, type DesiredEntry } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";
import { resolveEntry } from "./resolve.ts";

/**
 * Matches every entry with the account, what others refer to first: an entry of the result has its references resolved,
 * as far as they lead to what lives. What moves is what wants to move: whether it may is judged later, so a
 * `moving` match can still turn out blocked. The result is keyed by `keyOf(kind, name)` and has one match an entry.
 */
export function matchEntries(
  entries: readonly DesiredEntry[],
  world: World,
  kinds: readonly ResourceKind[],
): ReadonlyMap<string, Match> {
  const known = new Set(kinds.map(({ kind }) => kind));
  const stranger = entries.find(({ kind }) => !known.has(kind));
  if (stranger !== undefined) {
    throw new Error(`Internal error: no kind named ${stranger.kind}`);
  }
  const matches = new Map<string, Match>();
  for (const level of levelsOf(kinds)) {
    const resolved = level.flatMap((kind) =>
      entries
        .filter((entry) => entry.kind === kind.kind)
        .map((entry) => resolveEntry(entry, kind, matches, world, kinds)),
    );
    const open: DesiredEntry[] = [];
    for (const { entry, reason } of resolved) {
      if (reason === null) {
        open.push(entry);
      } else {
        matches.set(keyOf(entry.kind, entry.name), { state: "blocked", entry, actual: null, reason });
      }
    }
    for (const [key, match] of matchLevel(open, world)) {
      matches.set(key, match);
    }
  }
  return matches;
}

/** Matches entries whose references are resolved. */
function matchLevel(entries: readonly DesiredEntry[], world: World): ReadonlyMap<string, Match> {
  const rivals = findRivals(entries, world);
  const declared = new Map(entries.map((entry) => [keyOf(entry.kind, entry.name), entry]));
  const pins = new Map<string, DesiredEntry>();
  for (const entry of entries) {
    if (entry.id !== null && world.byId(entry.kind, entry.id) !== undefined) {
      pins.set(keyOf(entry.kind, entry.id), entry);
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
    const rival = rivals.get(entry);
    const match = matches.get(key);
    if (rival !== undefined && match?.state === "found") {
      const reason = { code: "claimed_twice", id: match.actual.id, by: rival.name } as const;
      matches.set(key, { ...match, state: "blocked", reason });
    }
  }
  return matches;
}

/** Entries of different names that turn out to have one identity, each with another one. */
function findRivals(entries: readonly DesiredEntry[], world: World): ReadonlyMap<DesiredEntry, DesiredEntry> {
  const firsts = new Map<string, DesiredEntry>();
  const rivals = new Map<DesiredEntry, DesiredEntry>();
  for (const entry of entries) {
    const identity = world.isRenamable(entry.kind) ? null : world.identityOf(entry);
    const first = identity === null ? undefined : firsts.get(keyOf(entry.kind, identity));
    if (first !== undefined) {
      rivals.set(entry, first);
      rivals.set(first, rivals.get(first) ?? entry);
    } else if (identity !== null) {
      firsts.set(keyOf(entry.kind, identity), entry);
    }
  }
  return rivals;
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
      const actual = world.byId(entry.kind, entry.id);
      if (actual !== undefined && !world.isSame(actual, entry)) {
        start(entry, actual);
      }
      continue;
    }
    const source = renameSource(entry, world, pins);
    if (source !== null) {
      const holders = world.same(entry);
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
  const [source, another] = world.holders(entry.kind, entry.renamed_from);
  return source === undefined || another !== undefined || pins.has(keyOf(source.kind, source.id))
    ? null
    : source;
}

function matchPinned(entry: DesiredEntry, id: string, world: World): Match {
  const actual = world.byId(entry.kind, id);
  const other = actual === undefined ? world.ofOtherKind(entry.kind, id) : undefined;
  if (other !== undefined) {
    const reason: BlockedReason = { code: "id_of_other_kind", id, kind: other.kind };
    return { state: "blocked", entry, actual: null, reason };
  }
  if (actual === undefined) {
    return entry.state === "absent"
      ? { state: "absent", entry }
      : { state: "blocked", entry, actual: null, reason: { code: "id_gone", id } };
  }
  if (world.isSame(actual, entry)) {
    return { state: "found", entry, actual };
  }
  return entry.state === "absent" || !world.isRenamable(entry.kind)
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
  const { name } = entry;
  const found = world.same(entry);
  if (found.length > 1) {
    return { state: "blocked", entry, actual: null, reason: ambiguous(name, found) };
  }
  const [actual] = found;
  // What another entry's pin takes away leaves the name free.
  return actual === undefined || pins.get(keyOf(actual.kind, actual.id))?.state === "present"
    ? matchFree(entry, world, pins)
    : { state: "found", entry, actual };
}

/** The name is free and no rename takes it, though an old name may live of which nobody knows whose it is. */
function matchFree(entry: DesiredEntry, world: World, pins: ReadonlyMap<string, DesiredEntry>): Match {
  const { kind, renamed_from } = entry;
  const sources = renamed_from === null ? [] : world.holders(kind, renamed_from);
  if (renamed_from !== null && sources.length > 1) {
    return { state: "blocked", entry, actual: null, reason: ambiguous(renamed_from, sources) };
  }
  const [source] = sources;
  const pin = source === undefined ? undefined : pins.get(keyOf(source.kind, source.id));
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
