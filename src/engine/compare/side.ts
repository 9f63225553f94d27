import { scopesOf } from "../decide/prune.ts";
import type { Match, Matched } from "../model/match.ts";
import type { ActualResource, DesiredEntry, DesiredState, PruneScope } from "../model/resource.ts";
import { keyOf } from "../model/account-index.ts";

/** One version of the files, the base or today's, indexed, with what each entry finds in the account. */
export interface Side {
  readonly desired: DesiredState;
  /** The entries as the account has them: references are values where what they lead to is there. */
  readonly byKey: ReadonlyMap<string, DesiredEntry>;
  readonly byId: ReadonlyMap<string, DesiredEntry>;
  /** Every name and old name that an entry speaks of, by kind. */
  readonly names: ReadonlySet<string>;
  /** Every id likewise. */
  readonly ids: ReadonlySet<string | null>;
  readonly matches: ReadonlyMap<string, Match>;
  /** The entry that speaks of a live resource, by `keyOf` of that one's kind and id. */
  readonly byLive: ReadonlyMap<string, DesiredEntry>;
  /** What would prune a live resource that no entry mentions. */
  readonly scopeOf: (actual: ActualResource) => PruneScope | undefined;
}

/** Indexes one version of the files, matched with the account. */
export function sideOf(desired: DesiredState, { matches, world }: Matched): Side {
  const all = [...matches.values()];
  const entries = all.map(({ entry }) => entry);
  return {
    desired,
    byKey: new Map(entries.map((entry) => [keyOf(entry.kind, entry.name), entry])),
    byId: new Map(entries.flatMap((entry) => (entry.id === null ? [] : [[entry.id, entry] as const]))),
    names: new Set(
      entries.flatMap(({ kind, name, renamed_from: from }) => [
        keyOf(kind, name),
        ...(from === null ? [] : [keyOf(kind, from)]),
      ]),
    ),
    ids: new Set(entries.flatMap(({ id, replace }) => [id, replace])),
    matches,
    byLive: new Map(
      all.flatMap((match) =>
        match.state === "found" || match.state === "moving"
          ? [[keyOf(match.actual.kind, match.actual.id), match.entry] as const]
          : [],
      ),
    ),
    scopeOf: scopesOf(all, desired.prune, world),
  };
}

/** The live resource that an entry speaks of; null where there is none. */
export function actualOf({ kind, name }: DesiredEntry, { matches }: Side): ActualResource | null {
  const match = matches.get(keyOf(kind, name));
  return match === undefined || match.state === "absent" ? null : match.actual;
}
