import type { Change, Create, Delete, Replace, Step, Update } from "./change.ts";
import { at, type Node, place } from "./place.ts";
import type { DesiredEntry } from "./resource.ts";
import { keyOf, type World } from "./world.ts";

/**
 * Puts changes into stages: first all that builds, then the deletes, so that a half-done apply leaves too much rather
 * than too little. Within the first, a change that wants a name comes after the rename that frees it, as if all kinds
 * shared one namespace (nobody has published whether they do). A cycle of renames goes through a temporary name: one
 * pinned member moves there first, so that a crash halfway leaves an id under a wrong name, which the next run mends.
 *
 * `changes` are free of clashes (`refuseHeldNames`), and `entries` are those that they come from. Returns the changes
 * with `via` filled in where it applies.
 */
export function orderSteps(
  changes: readonly Change[],
  entries: readonly DesiredEntry[],
  world: World,
): { readonly changes: readonly Change[]; readonly stages: readonly (readonly Step[])[] } {
  const building = changes.filter((change) => change.action !== "delete");
  const deletes = changes.filter((change): change is Delete => change.action === "delete");
  const nodes = connect(building, entries, world);
  const build = place(nodes, namesIn(nodes, world));
  const teardown = deletes.map((change): Step => ({ operation: "delete", change, needs: [], after: [] }));
  const renamed = new Map(nodes.map(({ change }, position) => [building[position], change]));
  return {
    changes: changes.map((change) => (change.action === "delete" ? change : (renamed.get(change) ?? change))),
    stages: [build, teardown].filter((stage) => stage.length > 0),
  };
}

function connect(
  building: readonly (Create | Update | Replace)[],
  entries: readonly DesiredEntry[],
  world: World,
): Node[] {
  const nodes = building.map(
    (change): Node => ({
      change,
      needs: [],
      after: [],
      waitedForBy: [],
      unmet: 0,
      movedAt: null,
      asideAt: null,
      placed: false,
    }),
  );
  const wait = (position: number, list: "needs" | "after", other: number) => {
    const node = at(nodes, position);
    node[list].push(other);
    node.unmet += 1;
    at(nodes, other).waitedForBy.push(position);
  };
  waitForNames(building, world, wait);
  waitForHeirs(building, entries, wait);
  return nodes;
}

type Wait = (position: number, list: "needs" | "after", other: number) => void;

/** What wants a name waits for the rename that frees it. */
function waitForNames(building: readonly (Create | Update | Replace)[], world: World, wait: Wait): void {
  const kinds = [...new Set(world.resources.map(({ kind }) => kind))];
  const movers = new Map<string, number>();
  for (const [position, change] of building.entries()) {
    if (change.action === "update" && takesName(change)) {
      movers.set(change.id, position);
    }
  }
  for (const [position, change] of building.entries()) {
    for (const kind of takesName(change) ? kinds : []) {
      for (const holder of world.byName(kind, change.after.name)) {
        const mover = movers.get(holder.id);
        if (mover !== undefined && mover !== position) {
          wait(position, kind === change.kind ? "needs" : "after", mover);
        }
      }
    }
  }
}

/**
 * A resource that is made new although its entry has an old name comes before whatever takes that old name: were the
 * run to end between the two, the next would see a rename to be made, of a resource that is another entry's.
 */
function waitForHeirs(
  building: readonly (Create | Update | Replace)[],
  entries: readonly DesiredEntry[],
  wait: Wait,
): void {
  const positions = new Map(building.map(({ kind, name }, position) => [keyOf(kind, name), position]));
  for (const { kind, name, renamed_from: from } of entries) {
    const heir = from === null ? undefined : positions.get(keyOf(kind, name));
    const taker = from === null ? undefined : positions.get(keyOf(kind, from));
    if (heir !== undefined && taker !== undefined) {
      if (at(building, heir).action !== "update" && takesName(at(building, taker))) {
        wait(taker, "needs", heir);
      }
    }
  }
}

function takesName(change: Create | Update | Replace): boolean {
  return change.action === "create" || (change.action === "update" && change.fields.includes("name"));
}

/** Every name that lives or is wanted, in any kind. */
function namesIn(nodes: readonly Node[], { resources }: World): ReadonlySet<string> {
  return new Set([...resources.map(({ name }) => name), ...nodes.map(({ change }) => change.after.name)]);
}
