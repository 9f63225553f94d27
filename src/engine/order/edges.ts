import type { Change, Create, Replace, Update } from "../model/change.ts";
import type { DesiredEntry } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";

/** That one change waits for another. Both are named by `keyOf`. */
export interface Edge {
  readonly of: string;
  readonly on: string;
  /** `needs`: the other must have been applied. `after`: it must have ended, however it ended. */
  readonly as: "needs" | "after";
  readonly because: "name_freed" | "heir";
}

type Building = Create | Update | Replace;

/** Every reason why a change of this plan waits for another one of it. */
export function* edgesOf(
  changes: readonly Change[],
  entries: readonly DesiredEntry[],
  world: World,
): Generator<Edge> {
  const building = changes.filter((change): change is Building => change.action !== "delete");
  yield* freedNames(building, world);
  yield* heirs(building, entries);
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
      movers.set(change.id, change);
    }
  }
  for (const change of building.filter(takesName)) {
    for (const kind of kinds) {
      for (const holder of world.byName(kind, change.after.name)) {
        const mover = movers.get(holder.id);
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

function addressOf({ kind, name }: Change): string {
  return keyOf(kind, name);
}
