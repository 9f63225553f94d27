import type { Change, Create, Replace, Update } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import { referenceIn, referencesIn } from "../model/reference.ts";
import type { Matched } from "../model/match.ts";
import type { DesiredEntry } from "../model/resource.ts";
import { keyOf, outputsOf, type World } from "../model/account-index.ts";

/** That one change waits for another. Both are named by `keyOf`. `promoted`: it is the promotion that waits. */
export interface Edge {
  readonly of: string;
  readonly on: string;
  /** `needs`: the other must have been applied. `after`: it must have ended, however it ended. */
  readonly as: "needs" | "after";
  readonly because: "reference" | "released" | "name_freed" | "heir" | "promoted" | "served" | "moved_away";
}

type Building = Create | Update | Replace;

/** Every reason why a change of this plan waits for another one of it. */
export function* edgesOf(
  changes: readonly Change[],
  matched: Matched,
  world: World,
  kinds: readonly ResourceKind[],
): Generator<Edge> {
  const { entries, resting } = matched;
  const building = changes.filter((change): change is Building => change.action !== "delete");
  yield* references(building, kinds);
  yield* released(changes, kinds);
  yield* freedNames(building, world);
  yield* heirs(building, entries);
  yield* promotions(building, resting, kinds);
  yield* served(building, matched, kinds);
}

/**
 * What brings traffic to its owner waits until that one knows what to do with it; and where it moves there from another
 * owner, that one keeps what it has until then.
 */
function* served(
  building: readonly Building[],
  { entries, matches, world }: Matched,
  kinds: readonly ResourceKind[],
): Generator<Edge> {
  const bringing = new Map(kinds.flatMap((kind) => (kind.servedBy === undefined ? [] : [[kind.kind, kind]])));
  const there = new Set(building.map(addressOf));
  const written = new Map(entries.map((entry) => [addressOf(entry), entry]));
  const entryOf = new Map(
    [...matches.values()].flatMap((match) =>
      match.state === "found" || match.state === "moving" ? [[match.actual, match.entry] as const] : [],
    ),
  );
  for (const change of building) {
    const kind = bringing.get(change.kind);
    const entry = written.get(addressOf(change));
    if (kind?.servedBy === undefined || entry === undefined) {
      continue;
    }
    const part = ({ name }: { readonly name: string }) => keyOf(kind.servedBy ?? "", name);
    const owner = referenceIn(entry.spec[kind.ownedBy?.attribute ?? ""]);
    if (owner !== null && there.has(part(owner))) {
      yield { of: addressOf(change), on: part(owner), as: "needs", because: "served" };
    }
    const giver = change.before === null ? undefined : world.ownerOf(change.before);
    const gives = giver === undefined ? undefined : entryOf.get(giver);
    if (gives !== undefined && gives.name !== owner?.name && there.has(part(gives))) {
      yield { of: part(gives), on: addressOf(change), as: "needs", because: "moved_away" };
    }
  }
}

/** The attribute by which a change makes its resource the one that is meant where none is named; null where it does not. */
export function promotionIn(change: Change, kinds: readonly ResourceKind[]): string | null {
  const { defaultBy } = kinds.find(({ kind }) => kind === change.kind) ?? {};
  const promotes = defaultBy !== undefined && change.fields.includes(defaultBy);
  return promotes && change.after?.spec[defaultBy] === true ? defaultBy : null;
}

/** The key of the step that promotes, where that is one of its own. */
export function promotionKey({ kind, name }: Change): string {
  return `${keyOf(kind, name)}#promote`;
}

/**
 * Another one becomes the default when all that rests on the default is there: were the run to end before, the next
 * would still find it in the old one.
 */
function* promotions(
  building: readonly Building[],
  resting: Matched["resting"],
  kinds: readonly ResourceKind[],
): Generator<Edge> {
  const promoting = new Map(
    building
      .filter((change) => promotionIn(change, kinds) !== null)
      .map((change) => [change.kind, change] as const),
  );
  for (const change of promoting.size === 0 ? [] : building) {
    const promoter = promoting.get(resting.get(addressOf(change))?.kind ?? "");
    if (promoter !== undefined) {
      yield { of: addressOf(promoter), on: addressOf(change), as: "needs", because: "promoted" };
    }
  }
}

/** What is made of another resource's output waits for the change that makes that one. */
function* references(building: readonly Building[], kinds: readonly ResourceKind[]): Generator<Edge> {
  for (const change of building) {
    const kind = kinds.find((each) => each.kind === change.kind);
    for (const [, { kind: to, name }] of kind === undefined ? [] : referencesIn(change.after.spec, kind)) {
      yield { of: addressOf(change), on: keyOf(to, name), as: "needs", because: "reference" };
    }
  }
}

/** What is deleted waits until all that refers to it is deleted too, or refers to it no more. */
function* released(changes: readonly Change[], kinds: readonly ResourceKind[]): Generator<Edge> {
  const leaving = new Map<string, Change>();
  for (const change of changes) {
    if (change.action === "delete" || change.action === "replace") {
      const kind = kinds.find((each) => each.kind === change.kind);
      for (const [output, value] of Object.entries(outputsOf(change.before, kind))) {
        leaving.set(JSON.stringify([change.kind, output, value]), change);
      }
    }
  }
  for (const change of leaving.size === 0 ? [] : changes) {
    const { references = {} } = kinds.find((each) => each.kind === change.kind) ?? {};
    for (const [attribute, { to, output }] of Object.entries(references)) {
      const value = change.before?.spec[attribute];
      for (const kind of value === undefined ? [] : to) {
        const left = leaving.get(JSON.stringify([kind, output, value]));
        if (left !== undefined && left !== change) {
          yield { of: addressOf(left), on: addressOf(change), as: "needs", because: "released" };
        }
      }
    }
  }
}

/**
 * What wants a name waits for the rename that frees it, as if all kinds shared one namespace (nobody has published
 * whether they do); a rename of another kind is only followed.
 */
function* freedNames(building: readonly Building[], world: World): Generator<Edge> {
  const kinds = [...new Set(world.resources.map(({ kind }) => kind))];
  const movers = new Map<string, Update>();
  for (const change of building) {
    if (change.action === "update" && takesName(change)) {
      movers.set(keyOf(change.kind, change.id), change);
    }
  }
  for (const change of building.filter((change) => takesName(change) && world.isRenamable(change.kind))) {
    for (const kind of kinds) {
      for (const holder of world.isRenamable(kind) ? world.holders(kind, change.after.name) : []) {
        const mover = movers.get(keyOf(holder.kind, holder.id));
        if (mover !== undefined && mover !== change) {
          const as = kind === change.kind ? "needs" : "after";
          yield { of: addressOf(change), on: addressOf(mover), as, because: "name_freed" };
        }
      }
    }
  }
}

/**
 * A resource that is made new although its entry has an old name comes before whatever takes that old name: were the
 * run to end between the two, the next would see a rename to be made, of a resource that is another entry's.
 */
function* heirs(building: readonly Building[], entries: readonly DesiredEntry[]): Generator<Edge> {
  const byAddress = new Map(building.map((change) => [addressOf(change), change]));
  for (const { kind, name, renamed_from: from } of entries) {
    const heir = from === null ? undefined : byAddress.get(keyOf(kind, name));
    const taker = from === null ? undefined : byAddress.get(keyOf(kind, from));
    if (heir !== undefined && taker !== undefined && heir.action !== "update" && takesName(taker)) {
      yield { of: addressOf(taker), on: addressOf(heir), as: "needs", because: "heir" };
    }
  }
}

function takesName(change: Building): boolean {
  return change.action === "create" || (change.action === "update" && change.fields.includes("name"));
}

function addressOf({ kind, name }: Pick<Change, "kind" | "name">): string {
  return keyOf(kind, name);
}
