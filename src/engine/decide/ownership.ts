import type { BlockedReason, NoteReason, Owner } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import type { Match } from "../model/match.ts";
import { referenceIn } from "../model/reference.ts";
import type { ActualResource, DesiredEntry } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";
import { type DeleteRules, refuseProtected } from "./guard.ts";

/** The entries that speak of live resources, by `keyOf` of those ones' kind and id. */
export type Declared = ReadonlyMap<string, DesiredEntry>;

/** Which live resources the files declare. */
export function declaredIn(matches: ReadonlyMap<string, Match>): Declared {
  return new Map(
    [...matches.values()].flatMap((match) =>
      match.state === "absent" || match.actual === null
        ? []
        : [[keyOf(match.actual.kind, match.actual.id), match.entry] as const],
    ),
  );
}

/** What ownership is judged by. */
export interface OwnershipOptions {
  readonly world: World;
  readonly kinds: readonly ResourceKind[];
  readonly declared: Declared;
  readonly rules: DeleteRules;
}

/**
 * Holds a match against what its resource hangs on. It is ours where that is what the entry says; it moves where that is
 * declared as well, or where the entry names its id; else it is somebody else's, and neither changed nor deleted.
 */
export function judgeOwnership(
  match: Match,
  kind: ResourceKind,
  options: OwnershipOptions,
): { readonly match: Match; readonly notes: readonly NoteReason[] } {
  const { ownedBy } = kind;
  if (ownedBy === undefined || match.state !== "found") {
    return { match, notes: [] };
  }
  const { entry, actual } = match;
  const wanted = entry.spec[ownedBy.attribute];
  if (actual.spec[ownedBy.attribute] === wanted) {
    return { match, notes: [] };
  }
  const owner = ownerOf(actual, ownedBy, options.world);
  if (entry.state === "absent") {
    return { match: { state: "absent", entry }, notes: [{ code: "not_ours", id: actual.id, owner }] };
  }
  const reason = refuseMove(match, ownedBy, owner, options);
  return { match: reason === null ? match : { state: "blocked", entry, actual, reason }, notes: [] };
}

function refuseMove(
  { entry, actual }: Extract<Match, { state: "found" }>,
  { attribute, taken }: NonNullable<ResourceKind["ownedBy"]>,
  from: Owner,
  { world, kinds, declared, rules }: OwnershipOptions,
): BlockedReason | null {
  const live = world.ownerOf(actual);
  const holder = live === undefined ? undefined : declared.get(keyOf(live.kind, live.id));
  if (holder === undefined && entry.id !== actual.id) {
    return { code: taken, id: actual.id, owner: from };
  }
  const names = [from.name, holder?.name].filter((name) => name != null);
  for (const name of names) {
    const refusal = refuseProtected(name, rules);
    if (refusal !== null) {
      return refusal;
    }
  }
  // Undefined where it is still to be made.
  const to = world.referred(
    { kind: entry.kind, name: entry.name, id: "", spec: entry.spec, facts: {} },
    attribute,
  );
  // What nobody has read may well be connected.
  return (live === undefined || isConnected(live, kinds)) && !(to !== undefined && isConnected(to, kinds))
    ? { code: "target_not_connected", from, to: nameOfTarget(entry, attribute, to) }
    : null;
}

function nameOfTarget({ spec }: DesiredEntry, attribute: string, to: ActualResource | undefined): string {
  const pending = referenceIn(spec[attribute]);
  return to === undefined ? keyOf(pending?.kind ?? "", pending?.name ?? "") : keyOf(to.kind, to.name);
}

function isConnected(actual: ActualResource, kinds: readonly ResourceKind[]): boolean {
  const kind = kinds.find((each) => each.kind === actual.kind);
  return (kind?.use?.livenessOf(actual) ?? null) !== null;
}

/** What a live resource hangs on, as far as the reading tells. */
function ownerOf(
  actual: ActualResource,
  { attribute, facts }: NonNullable<ResourceKind["ownedBy"]>,
  world: World,
): Owner {
  const owner = world.ownerOf(actual);
  const value = actual.spec[attribute];
  return owner === undefined
    ? {
        kind: actual.facts[facts.kind] ?? null,
        name: actual.facts[facts.name] ?? null,
        id: typeof value === "string" ? value : "",
      }
    : { kind: owner.kind, name: owner.name, id: owner.id };
}
