import type { Change, Create, Delete, Replace, Step, Update } from "./change.ts";
import type { World } from "./world.ts";

/** A piece of work while its place is being found. Positions are in the list of nodes. */
interface Node {
  change: Create | Update | Replace;
  /** Renames that free the name this one wants: must have been done. */
  readonly needs: number[];
  /** Renames that free it in another kind: wait for them, in case the kinds share their names. */
  readonly after: number[];
  /** Who stands in `needs` or `after` of whom, the other way round. */
  readonly waitedForBy: number[];
  unmet: number;
  /** The position of the step after which this resource no longer bears its old name. */
  movedAt: number | null;
  /** The position of the step that moves it to a temporary name. */
  asideAt: number | null;
  placed: boolean;
}

/**
 * Puts changes into stages: first all that builds, then the deletes, so that a half-done apply leaves too much rather
 * than too little. Within the first, a change that wants a name comes after the rename that frees it, as if all kinds
 * shared one namespace (nobody has published whether they do). A cycle of renames goes through a temporary name: one
 * pinned member moves there first, so that a crash halfway leaves an id under a wrong name, which the next run mends.
 *
 * `changes` are free of clashes (`refuseHeldNames`). Returns them with `via` filled in where it applies.
 */
export function orderSteps(
  changes: readonly Change[],
  world: World,
): { readonly changes: readonly Change[]; readonly stages: readonly (readonly Step[])[] } {
  const building = changes.filter((change) => change.action !== "delete");
  const deletes = changes.filter((change): change is Delete => change.action === "delete");
  const nodes = connect(building, world);
  const build = place(nodes, world);
  const teardown = deletes.map((change): Step => ({ operation: "delete", change, needs: [], after: [] }));
  const renamed = new Map(nodes.map(({ change }, position) => [building[position], change]));
  return {
    changes: changes.map((change) => (change.action === "delete" ? change : (renamed.get(change) ?? change))),
    stages: [build, teardown].filter((stage) => stage.length > 0),
  };
}

function connect(building: readonly (Create | Update | Replace)[], world: World): Node[] {
  const kinds = [...new Set(world.resources.map(({ kind }) => kind))];
  const movers = new Map<string, number>();
  for (const [position, change] of building.entries()) {
    if (change.action === "update" && change.fields.includes("name")) {
      movers.set(change.id, position);
    }
  }
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
  for (const [position, node] of nodes.entries()) {
    const { change } = node;
    for (const kind of change.action === "replace" ? [] : kinds) {
      for (const holder of world.byName(kind, change.after.name)) {
        const mover = movers.get(holder.id);
        if (mover !== undefined && mover !== position) {
          (kind === change.kind ? node.needs : node.after).push(mover);
          nodes[mover]?.waitedForBy.push(position);
          node.unmet += 1;
        }
      }
    }
  }
  return nodes;
}

/** Places whatever waits for nothing; when all that is left waits, breaks a cycle and goes on. */
function place(nodes: readonly Node[], world: World): Step[] {
  const steps: Step[] = [];
  const ready = nodes.flatMap(({ unmet }, position) => (unmet === 0 ? [position] : []));
  const settle = (node: Node) => {
    for (const waiting of node.waitedForBy) {
      const other = at(nodes, waiting);
      other.unmet -= 1;
      if (other.unmet === 0) {
        ready.push(waiting);
      }
    }
  };
  let next = 0;
  let unplaced = 0;
  while (true) {
    for (; next < ready.length; next += 1) {
      const node = at(nodes, at(ready, next));
      steps.push(finalStep(node, nodes));
      node.placed = true;
      if (node.asideAt === null) {
        node.movedAt = steps.length - 1;
        settle(node);
      }
    }
    while (nodes[unplaced]?.placed) {
      unplaced += 1;
    }
    if (unplaced === nodes.length) {
      return steps;
    }
    breakCycle(findCycle(nodes, unplaced), nodes, world, { steps, ready, settle });
  }
}

/** Follows what each waits for, from one that waits, until it comes back to itself. */
function findCycle(nodes: readonly Node[], start: number): readonly number[] {
  const path: number[] = [];
  const seen = new Map<number, number>();
  for (let position = start; ; ) {
    const first = seen.get(position);
    if (first !== undefined) {
      return path.slice(first);
    }
    seen.set(position, path.length);
    path.push(position);
    const node = at(nodes, position);
    const next = [...node.needs, ...node.after].find((needed) => at(nodes, needed).movedAt === null);
    if (next === undefined) {
      throw new Error("Internal error: a step waits for nothing and was not placed");
    }
    position = next;
  }
}

interface Placing {
  readonly steps: Step[];
  readonly ready: number[];
  readonly settle: (node: Node) => void;
}

/**
 * A cycle that only closes through another kind is none where kinds have names of their own, and cannot be resolved
 * without a pin where they do not: there the order is given up. Any other cycle has a pinned member.
 */
function breakCycle(cycle: readonly number[], nodes: readonly Node[], world: World, placing: Placing): void {
  for (const [index, position] of cycle.entries()) {
    const node = at(nodes, position);
    const needed = at(cycle, (index + 1) % cycle.length);
    const soft = node.needs.includes(needed) ? -1 : node.after.indexOf(needed);
    if (soft !== -1) {
      node.after.splice(soft, 1);
      const { waitedForBy } = at(nodes, needed);
      waitedForBy.splice(waitedForBy.indexOf(position), 1);
      node.unmet -= 1;
      if (node.unmet === 0) {
        placing.ready.push(position);
      }
      return;
    }
  }
  const aside = [...cycle].sort((a, b) => a - b).map((position) => at(nodes, position));
  const node = aside.find(({ change }) => change.reason.code === "pinned");
  if (node === undefined || node.change.action !== "update") {
    throw new Error("Internal error: a cycle of renames without a pinned id");
  }
  node.change = { ...node.change, via: temporaryName(node.change.id, nodes, world) };
  placing.steps.push({ operation: "rename_aside", change: node.change, needs: [], after: [] });
  node.asideAt = placing.steps.length - 1;
  node.movedAt = node.asideAt;
  placing.settle(node);
}

function finalStep(node: Node, nodes: readonly Node[]): Step {
  const moved = (position: number) => {
    const { movedAt } = at(nodes, position);
    if (movedAt === null) {
      throw new Error("Internal error: a step was placed before one that it needs");
    }
    return movedAt;
  };
  const needs = node.needs.map(moved);
  const order = {
    needs: node.asideAt === null ? needs : [...needs, node.asideAt],
    after: node.after.map(moved),
  };
  const { change } = node;
  switch (change.action) {
    case "create":
      return { operation: "create", change, ...order };
    case "update":
      return { operation: "update", change, ...order };
    case "replace":
      return { operation: "replace", change, ...order };
  }
}

/** Says whose it is to a person who finds it after a crash. The same inputs give the same name. */
function temporaryName(id: string, nodes: readonly Node[], world: World): string {
  const taken = new Set([
    ...world.resources.map(({ name }) => name),
    ...nodes.map(({ change }) => change.after.name),
  ]);
  let name = `warren-rename-${id}`;
  for (let count = 2; taken.has(name); count += 1) {
    name = `warren-rename-${id}-${count}`;
  }
  return name;
}

function at<T>(list: readonly T[], position: number): T {
  const item = list[position];
  if (item === undefined) {
    throw new Error("Internal error: a position outside the list");
  }
  return item;
}
