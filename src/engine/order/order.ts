import type { Change, Step, StepId } from "../model/change.ts";
import { edgesOf, promotionIn, promotionKey } from "./edges.ts";
import type { ResourceKind } from "../model/kind.ts";
import type { Matched } from "../model/match.ts";
import { keyOf, type World } from "../model/account-index.ts";

/** A change while its steps are being placed. */
interface Node {
  change: Change;
  /** The attribute that makes its resource the default: set by this node alone, or withheld for the one that does. */
  promotes: { readonly attribute: string; readonly is: "alone" | "withheld" } | null;
  /** The node that promotes its resource, where something waits for that: itself, or one of its own. */
  promoter: Node | null;
  readonly waits: Wait[];
  /** The wait that the walk has come to. */
  next: number;
  /** Where the node stands on the walk's path; null while it is not on it. */
  position: number | null;
  /** The step after which the resource no longer bears its old name, where it goes through a temporary one. */
  aside: StepId | null;
  isPlaced: boolean;
}

interface Wait {
  readonly on: Node;
  readonly as: "needs" | "after";
  /** Whether the wait is over as soon as the other has left its name. */
  readonly forName: boolean;
  /** Whether the wait is given up where two go round; `gap`: nobody serves what is moved for a moment then. */
  readonly mayGo?: boolean | "gap";
}

/**
 * Puts changes into an order in which they can be made: first all that builds, then the deletes, so that a half-done
 * apply leaves too much rather than too little; each after what it waits for (`edgesOf`). A cycle of renames goes
 * through a temporary name: one pinned member moves there first, so that a crash halfway leaves an id under a wrong
 * name, which the next run mends.
 *
 * `changes` are free of clashes (`refuseHeldNames`), and `matched` is what they come from. Returns the changes
 * with `via` filled in where it applies, and those of them that move what nobody serves for a moment.
 */
export function orderSteps(
  changes: readonly Change[],
  matched: Matched,
  world: World,
  kinds: readonly ResourceKind[],
): {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly gaps: readonly Change[];
} {
  const nodes = new Map(
    changes.map((change): [string, Node] => [keyOf(change.kind, change.name), newNode(change, null)]),
  );
  for (const { of, on, as, because } of edgesOf(changes, matched, world, kinds)) {
    const node = because === "promoted" ? promoterOf(nodeOf(nodes, of), kinds) : nodeOf(nodes, of);
    node.waits.push({
      on: nodeOf(nodes, on),
      as,
      forName: because === "name_freed",
      mayGo: because === "moved_away" ? "gap" : as === "after",
    });
  }
  const steps: Step[] = [];
  const gaps: Change[] = [];
  const taken = namesIn(changes, world);
  const isDelete = ({ change }: Node) => change.action === "delete";
  const changed = [...nodes.values()];
  const all = changed.flatMap((node) =>
    node.promoter === null || node.promoter === node ? [node] : [node, node.promoter],
  );
  for (const node of [...all.filter((node) => !isDelete(node)), ...all.filter(isDelete)]) {
    // A walk that moved its own root aside has to begin it again.
    while (!node.isPlaced) {
      // What a replacement waits for is deleted before it, and not with the rest.
      walk(node, taken, steps, { stage: isDelete(node) ? "teardown" : "build", kinds, gaps });
    }
  }
  return { changes: changed.map(({ change }) => change), steps, gaps };
}

function newNode(change: Change, promotes: Node["promotes"]): Node {
  return {
    change,
    promotes,
    promoter: null,
    waits: [],
    next: 0,
    position: null,
    aside: null,
    isPlaced: false,
  };
}

/** The node that promotes: one of its own where the change does more than that, so that what rests on it can come between. */
function promoterOf(whole: Node, kinds: readonly ResourceKind[]): Node {
  const { change } = whole;
  const attribute = promotionIn(change, kinds);
  if (
    whole.promoter === null &&
    attribute !== null &&
    !(change.action === "update" && change.fields.length === 1)
  ) {
    whole.promotes = { attribute, is: "withheld" };
    whole.promoter = newNode(change, { attribute, is: "alone" });
    whole.promoter.waits.push({ on: whole, as: "needs", forName: false });
  }
  whole.promoter ??= whole;
  return whole.promoter;
}

/** Places a node after all that it waits for, by a walk in depth; ends early where the node itself moved aside. */
function walk(
  root: Node,
  taken: ReadonlySet<string>,
  steps: Step[],
  {
    stage,
    kinds,
    gaps,
  }: { readonly stage: Step["stage"]; readonly kinds: readonly ResourceKind[]; readonly gaps: Change[] },
): void {
  const path: Node[] = [];
  enter(root, path);
  for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
    const wait = node.waits[node.next];
    if (wait === undefined) {
      steps.push(...stepsOf(node, { stage, kinds }));
      node.isPlaced = true;
      cut(path, path.length - 1);
    } else if (wait.on.isPlaced || (wait.forName && wait.on.aside !== null)) {
      node.next += 1;
    } else if (wait.on.position === null) {
      enter(wait.on, path);
    } else {
      breakCycle(path, wait.on.position, taken, { steps, gaps });
    }
  }
}

function enter(node: Node, path: Node[]): void {
  node.position = path.length;
  node.next = 0;
  path.push(node);
}

/** Takes a part of the path back: what was on it is walked again when it is come to. */
function cut(path: Node[], from: number): void {
  for (const node of path.splice(from)) {
    node.position = null;
  }
}

/**
 * Any cycle within one kind has a pinned member: the files may hold no other. One without, that only closes through
 * another kind, is none where kinds have names of their own, and cannot be resolved where they do not: there one gives
 * up to follow the other. Of either the last on the path is taken, since what was walked before it stays walked.
 */
function breakCycle(
  path: Node[],
  start: number,
  taken: ReadonlySet<string>,
  { steps, gaps }: { readonly steps: Step[]; readonly gaps: Change[] },
): void {
  const pinned = path.findLast(
    ({ change, aside }, position) => position >= start && aside === null && change.reason.code === "pinned",
  );
  if (pinned !== undefined) {
    steps.push(stepAside(pinned, taken));
    cut(path, pinned.position ?? start);
    return;
  }
  const follower = path.findLast(
    ({ waits, next }, position) => position >= start && (waits[next]?.mayGo ?? false) !== false,
  );
  if (follower === undefined) {
    throw new Error("Internal error: a cycle that can neither be broken nor left open");
  }
  const [given] = follower.waits.splice(follower.next, 1);
  if (given?.mayGo === "gap") {
    gaps.push(given.on.change);
  }
  cut(path, (follower.position ?? start) + 1);
}

function stepAside(node: Node, taken: ReadonlySet<string>): Step {
  if (node.change.action !== "update") {
    throw new Error("Internal error: a pinned change is no rename");
  }
  const change = { ...node.change, via: temporaryName(node.change.id, taken) };
  const id = stepId(change, "rename_aside");
  node.change = change;
  node.aside = id;
  return { id, stage: "build", operation: "rename_aside", change, needs: [], after: [] };
}

/** The steps of a change whose waits are all placed: one, or for a replacement two. */
function stepsOf(
  { change, promotes, waits, aside }: Node,
  { stage, kinds }: { readonly stage: Step["stage"]; readonly kinds: readonly ResourceKind[] },
): readonly Step[] {
  const ends = (as: Wait["as"]) =>
    waits
      .filter((wait) => wait.as === as)
      .map(({ on, forName }) => (forName ? on.aside : null) ?? lastStep(on));
  const needs = aside === null ? ends("needs") : [...ends("needs"), aside];
  const order = { needs, after: ends("after") };
  if (promotes?.is === "alone" && (change.action === "create" || change.action === "update")) {
    const { attribute } = promotes;
    return [{ id: promotionKey(change), stage: "build", operation: "promote", change, attribute, ...order }];
  }
  const withheld = promotes?.attribute ?? null;
  switch (change.action) {
    case "create":
      return [
        {
          id: stepId(change, "create"),
          stage: "build",
          operation: "create",
          change,
          nameIsFreed: waits.some(({ forName }) => forName),
          withheld,
          ...order,
        },
      ];
    case "update":
      return [
        { id: stepId(change, "update"), stage: "build", operation: "update", change, withheld, ...order },
      ];
    case "delete":
      return [{ id: stepId(change, "delete"), stage, operation: "delete", change, ...order }];
    case "replace": {
      if (kinds.find(({ kind }) => kind === change.kind)?.swap !== undefined) {
        return [{ id: stepId(change, "create"), stage: "build", operation: "swap", change, ...order }];
      }
      const id = stepId(change, "delete");
      return [
        { id, stage: "build", operation: "delete", change, ...order },
        {
          id: stepId(change, "create"),
          stage: "build",
          operation: "create",
          change,
          nameIsFreed: true,
          withheld: null,
          needs: [id],
          after: [],
        },
      ];
    }
  }
}

/** The step that ends a change. */
function lastStep({ change }: Node): StepId {
  return stepId(change, change.action === "replace" ? "create" : change.action);
}

function stepId({ kind, name }: Change, operation: Step["operation"]): StepId {
  return `${keyOf(kind, name)}#${operation}`;
}

function nodeOf(nodes: ReadonlyMap<string, Node>, key: string): Node {
  const node = nodes.get(key);
  if (node === undefined) {
    throw new Error(`Internal error: no change of ${key}`);
  }
  return node;
}

/** Says whose it is to a person who finds it after a crash. The same inputs give the same name. */
function temporaryName(id: string, taken: ReadonlySet<string>): string {
  let name = `warren-rename-${id}`;
  for (let count = 2; taken.has(name); count += 1) {
    name = `warren-rename-${id}-${count}`;
  }
  return name;
}

/** Every name that lives or is wanted, in any kind. */
function namesIn(changes: readonly Change[], { resources }: World): ReadonlySet<string> {
  return new Set([...resources, ...changes.flatMap(({ after }) => after ?? [])].map(({ name }) => name));
}
