import type { Create, Replace, Step, Update } from "./change.ts";
import { CycleSearch } from "./cycle-search.ts";

/** A piece of work while its place is being found. Positions are in the list of nodes. */
export interface Node {
  change: Create | Update | Replace;
  /** Renames that free the name this one wants, and what must be made before the name is taken. */
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

/** Places whatever waits for nothing; when all that is left waits, breaks a cycle and goes on. */
export function place(nodes: readonly Node[], taken: ReadonlySet<string>): Step[] {
  const steps: Step[] = [];
  const ready = nodes.flatMap(({ unmet }, position) => (unmet === 0 ? [position] : []));
  const search = new CycleSearch((position) => firstUnmet(position, nodes));
  const release = (position: number) => {
    const node = at(nodes, position);
    node.unmet -= 1;
    if (node.unmet === 0) {
      ready.push(position);
    }
  };
  const leave = (position: number) => {
    const node = at(nodes, position);
    node.movedAt = steps.length - 1;
    node.waitedForBy.forEach(release);
    search.forget(position);
  };
  let next = 0;
  let unplaced = 0;
  while (true) {
    for (; next < ready.length; next += 1) {
      const position = at(ready, next);
      const node = at(nodes, position);
      steps.push(finalStep(node, nodes));
      node.placed = true;
      if (node.asideAt === null) {
        leave(position);
      } else {
        search.forget(position);
      }
    }
    while (nodes[unplaced]?.placed) {
      unplaced += 1;
    }
    if (unplaced === nodes.length) {
      return steps;
    }
    const cycle = search.find(unplaced);
    // The last one, since what was walked before it stays walked.
    const pinned = cycle.findLast((position) => at(nodes, position).change.reason.code === "pinned");
    if (pinned === undefined) {
      const [waiting, followed] = giveUpOrder(cycle, nodes);
      if (followed !== cycle[0]) {
        search.forget(followed);
      }
      release(waiting);
    } else {
      steps.push(stepAside(at(nodes, pinned), steps.length, taken));
      leave(pinned);
    }
  }
}

function firstUnmet(position: number, nodes: readonly Node[]): number {
  const { needs, after } = at(nodes, position);
  const isUnmet = (other: number) => at(nodes, other).movedAt === null;
  const unmet = needs.find(isUnmet) ?? after.find(isUnmet);
  if (unmet === undefined) {
    throw new Error("Internal error: a step waits for nothing and was not placed");
  }
  return unmet;
}

function stepAside(node: Node, position: number, taken: ReadonlySet<string>): Step {
  if (node.change.action !== "update") {
    throw new Error("Internal error: a pinned change is no rename");
  }
  const change = { ...node.change, via: temporaryName(node.change.id, taken) };
  node.change = change;
  node.asideAt = position;
  return { operation: "rename_aside", change, needs: [], after: [] };
}

/**
 * Any cycle within one kind has a pinned member: the files may hold no other. One without, that only closes through
 * another kind, is none where kinds have names of their own, and cannot be resolved where they do not: there one gives
 * up to follow the other. Returns the two.
 */
function giveUpOrder(cycle: readonly number[], nodes: readonly Node[]): readonly [number, number] {
  for (let index = cycle.length - 1; index >= 0; index -= 1) {
    const waiting = at(cycle, index);
    const followed = at(cycle, (index + 1) % cycle.length);
    const { needs, after } = at(nodes, waiting);
    if (!needs.includes(followed)) {
      after.splice(after.indexOf(followed), 1);
      const { waitedForBy } = at(nodes, followed);
      waitedForBy.splice(waitedForBy.indexOf(waiting), 1);
      return [waiting, followed];
    }
  }
  throw new Error("Internal error: a cycle of renames without a pinned id");
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
function temporaryName(id: string, taken: ReadonlySet<string>): string {
  let name = `warren-rename-${id}`;
  for (let count = 2; taken.has(name); count += 1) {
    name = `warren-rename-${id}-${count}`;
  }
  return name;
}

/** An item of a list that is known to hold it. */
export function at<T>(list: readonly T[], position: number): T {
  const item = list[position];
  if (item === undefined) {
    throw new Error("Internal error: a position outside the list");
  }
  return item;
}
