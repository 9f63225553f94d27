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
  const { entry } = match;
  const foreign = refuseForeign(match, kind, options.world);
  if (foreign !== null) {
    return foreign;
  }
  if (ownedBy === undefined || match.state !== "found") {
    return { match, notes: [] };
  }
  const { actual } = match;
  const wanted = entry.spec[ownedBy.attribute];
  if (actual.spec[ownedBy.attribute] === wanted) {
    return { match, notes: [] };
  }
  const owner = ownerOf(actual, ownedBy, options.world);
  if (entry.state === "absent") {
    return { match: { state: "absent", entry }, notes: [{ code: "not_ours", id: actual.id, owner }] };
  }
  const reason = isReplaced(match, kind) ? null : refuseMove(match, ownedBy, owner, options);
  if (reason !== null) {
    return { match: { state: "blocked", entry, actual, reason }, notes: [] };
  }
  const deleted_at = actual.facts[OWNER_DELETED_AT] ?? null;
  return deleted_at === null
    ? { match, notes: [] }
    : { match, notes: [{ code: "adopted", id: actual.id, owner, deleted_at }] };
}

/** The fact that says when what one hung on was deleted. */
export const OWNER_DELETED_AT = "owner_deleted_at";

/** A match with what is of another sort: it goes only where the entry says which one is to be replaced. */
function refuseForeign(
  match: Match,
  kind: ResourceKind,
  world: World,
): ReturnType<typeof judgeOwnership> | null {
  const { entry } = match;
  const isMatched = match.state === "found";
  const isAmbiguous = match.state === "blocked" && match.reason.code === "ambiguous_name";
  const holders = isMatched || isAmbiguous ? world.same(entry) : [];
  const reason = holders.length === 0 ? null : (kind.foreign?.(holders) ?? null);
  if (reason === null || (isMatched && isReplaced(match, kind))) {
    return null;
  }
  // Nothing of ours is there.
  return entry.state === "absent"
    ? { match: { state: "absent", entry }, notes: [] }
    : { match: { state: "blocked", entry, actual: isMatched ? match.actual : null, reason }, notes: [] };
}

function isReplaced({ entry, actual }: Extract<Match, { state: "found" }>, kind: ResourceKind): boolean {
  return kind.swap !== undefined && entry.state === "present" && entry.replace === actual.id;
}

function refuseMove(
  { entry, actual }: Extract<Match, { state: "found" }>,
  { attribute, taken }: NonNullable<ResourceKind["ownedBy"]>,
  from: Owner,
  { world, kinds, declared, rules }: OwnershipOptions,
): BlockedReason | null {
  const live = world.ownerOf(actual);
  const holder = live === undefined ? undefined : declared.get(keyOf(live.kind, live.id));
  const isOrphan = live === undefined && actual.facts[OWNER_DELETED_AT] != null;
  if (isOrphan) {
    return null;
  }
  if (holder === undefined && entry.id !== actual.id) {
    return { code: taken, id: actual.id, owner: from };
  }
  const held = refuseProtected(
    [from.name, holder?.name].filter((name) => name != null),
    rules,
  );
  if (held !== null) {
    return held;
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
