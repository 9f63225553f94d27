import type { Blocked, Change } from "../model/change.ts";
import type { Match } from "../model/match.ts";
import { kindOf } from "../model/kind.ts";
import type { ActualResource, DesiredState, PruneScope } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";
import { refusePrune } from "./guard.ts";
import { deletion, type Verdict } from "./judge.ts";
import type { OwnershipOptions } from "./ownership.ts";

/** What no entry mentions and a scope covers. */
export interface Prunable {
  readonly actual: ActualResource;
  readonly scope: PruneScope;
}

/**
 * Parts what no entry mentions into what a prune scope covers and what is unmanaged. Two that share a name when the
 * plan is done are never pruned: nobody knows which of them is meant.
 */
export function sortUnmentioned(
  matches: readonly Match[],
  verdicts: readonly Verdict[],
  desired: DesiredState,
  world: World,
  mayGo: (actual: ActualResource) => boolean,
): {
  readonly prunable: readonly Prunable[];
  readonly unmanaged: readonly ActualResource[];
  readonly duplicates: ReadonlyMap<string, readonly ActualResource[]>;
} {
  const isMentioned = mentions(matches, world);
  const renamed = new Set(
    verdicts.flatMap(({ change }) =>
      change?.action === "update" && change.fields.includes("name") ? [keyOf(change.kind, change.id)] : [],
    ),
  );
  const prunable: Prunable[] = [];
  const unmanaged: ActualResource[] = [];
  const duplicates = new Map<string, readonly ActualResource[]>();
  const scopes = scopesOf(matches, desired.prune, world);
  for (const actual of world.resources) {
    // What is read only because others refer to it is not declared.
    if (isMentioned(actual) || !desired.kinds.includes(actual.kind)) {
      continue;
    }
    const namesakes = world.same(actual).filter(({ kind, id }) => !renamed.has(keyOf(kind, id)));
    const scope = mayGo(actual) ? scopes(actual) : undefined;
    if (namesakes.length > 1) {
      duplicates.set(keyOf(actual.kind, actual.name), namesakes);
    }
    if (scope !== undefined && namesakes.length === 1) {
      prunable.push({ actual, scope });
    } else {
      unmanaged.push(actual);
    }
  }
  return { prunable, unmanaged, duplicates };
}

/** Whether an entry speaks of a resource: by name, by old name, or by id, whatever the entry's state and kind. */
function mentions(matches: readonly Match[], world: World): (actual: ActualResource) => boolean {
  const names = new Set<string>();
  const ids = new Set<string | null>();
  for (const match of matches) {
    const { entry } = match;
    const { kind, renamed_from, id, replace } = entry;
    names.add(keyOf(kind, world.identityOf(entry) ?? ""));
    if (renamed_from !== null) {
      names.add(keyOf(kind, renamed_from));
    }
    ids.add(id).add(replace);
    if (match.state === "found" || match.state === "moving") {
      ids.add(match.actual.id);
    }
  }
  return (actual) => names.has(keyOf(actual.kind, world.identityOf(actual) ?? "")) || ids.has(actual.id);
}

/**
 * The scope that a live resource falls under: by its name; where it hangs on another one, by the lists that the entry of
 * that one writes.
 */
export function scopesOf(
  matches: readonly Match[],
  scopes: readonly PruneScope[],
  world: World,
): (actual: ActualResource) => PruneScope | undefined {
  const entries = new Map(
    matches.flatMap((match) =>
      match.state === "found" || match.state === "moving"
        ? [[keyOf(match.actual.kind, match.actual.id), match.entry] as const]
        : [],
    ),
  );
  const lists = new Map(
    scopes.flatMap((scope) =>
      scope.collections.map(({ kind, of }) => [keyOf(kind, keyOf(of.kind, of.name)), scope] as const),
    ),
  );
  return (actual) => {
    const { kind, name } = actual;
    if (world.isOwned(kind)) {
      const owner = world.ownerOf(actual);
      const entry = owner === undefined ? undefined : entries.get(keyOf(owner.kind, owner.id));
      return entry === undefined ? undefined : lists.get(keyOf(kind, keyOf(entry.kind, entry.name)));
    }
    return scopes.find(({ prefix, kinds }) => kinds.includes(kind) && name.startsWith(prefix));
  };
}

export function judgePrunes(
  prunable: readonly Prunable[],
  { kinds, rules, world, declared }: OwnershipOptions,
  now: number,
): { readonly changes: readonly Change[]; readonly blocked: readonly Blocked[] } {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const changes: Change[] = [];
  const blocked: Blocked[] = [];
  for (const { actual, scope } of prunable) {
    const owner = world.ownerOf(actual);
    const owners = owner === undefined ? [] : [owner, declared.get(keyOf(owner.kind, owner.id)) ?? owner];
    const names = owners.map(({ name }) => name);
    const reason = refusePrune(actual, kindOf(byKind, actual.kind), rules, now, names);
    if (reason === null) {
      changes.push(deletion(actual, { code: "prune", prefix: scope.prefix }, scope.source));
    } else {
      const { kind, name, id } = actual;
      blocked.push({ action: "delete", kind, name, id, reason, before: actual, source: scope.source });
    }
  }
  return { changes, blocked };
}
