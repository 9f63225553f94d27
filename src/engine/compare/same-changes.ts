import { isDeepStrictEqual } from "node:util";
import type { Blocked, Change, Plan } from "../model/change.ts";
import type { ComparedSecret } from "../decide/judge.ts";
import type { ResourceKind, SecretComparison } from "../model/kind.ts";
import type { ActualState } from "../observe.ts";
import { type ActualResource, versionOf } from "../model/resource.ts";
import type { Target } from "../decide/target.ts";
import { indexWorld, keyOf, type World } from "../model/account-index.ts";

/** What a plan is made from, beside what the files ask for. */
export interface Reading {
  readonly actual: ActualState;
  /** What was compared of write-only attributes. */
  readonly secrets: readonly ComparedSecret[];
}

/** A change that two plans do not share, and why the later one does not make it. */
export interface ChangedChange {
  readonly kind: string;
  readonly name: string;
  /** Null: there is none in this plan. */
  readonly earlier: Change | null;
  readonly later: Change | null;
  /** The refusal that stands in its place in the later plan. */
  readonly blocked: Blocked | null;
  /** What has moved in the account since. Empty where `blocked` says it, or where it is the files that differ. */
  readonly moved: readonly Moved[];
}

/** Something of the account that a change rests on and that is not what it was. */
export type Moved =
  /** What the change was to act on; `found` is null where it is gone. */
  | { readonly code: "resource"; readonly before: ActualResource; readonly found: ActualResource | null }
  /** Others than the change's own resource bear a name that it looks at. */
  | { readonly code: "name"; readonly name: string; readonly ids: readonly string[] }
  /** A write-only attribute that the change was to send does not differ any more, as far as can be told. */
  | { readonly code: "secret"; readonly attribute: string; readonly found: SecretComparison["verdict"] }
  /** No target wants the name any more that the change was to free. */
  | { readonly code: "not_needed" };

/**
 * The changes in which a plan differs from an earlier one. Health and connection times do not count: they move all
 * the time, and a delete looks at them again right before it is sent. Nor does the place in a file that says so, nor
 * which temporary name a cycle goes through: only one that is free at the later reading can be taken. The rest is what
 * the later plan was made from.
 */
export function changedChanges(
  earlier: Pick<Plan, "changes">,
  later: Pick<Plan, "changes" | "blocked">,
  { actual, secrets, targets = [] }: Reading & { readonly targets?: readonly Target[] },
  kinds: readonly ResourceKind[],
): readonly ChangedChange[] {
  const before = byKey(earlier.changes);
  const after = byKey(later.changes);
  const refused = byKey(later.blocked.filter((blocked) => blocked.kind !== null));
  const world = indexWorld(actual, kinds);
  const named = new Set(targets.map(({ kind, name }) => keyOf(kind, name)));
  return [...new Set([...before.keys(), ...after.keys(), ...refused.keys()])].flatMap((key) => {
    const [one = null, other = null, blocked = null] = [before.get(key), after.get(key), refused.get(key)];
    const any = one ?? other ?? blocked;
    if (any === null || (blocked === null && isDeepStrictEqual(lasting(one), lasting(other)))) {
      return [];
    }
    const { kind, name } = any;
    const isNamed = named.size === 0 || named.has(key);
    const moved = one === null || blocked !== null ? [] : movedSince(one, other, { world, secrets, isNamed });
    return [{ kind, name, earlier: one, later: other, blocked, moved }];
  });
}

function byKey<T extends { readonly kind: string; readonly name: string }>(
  items: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [keyOf(item.kind, item.name), item]));
}

/** The part of a change that must not move. */
function lasting(change: Change | null): unknown {
  return change === null
    ? null
    : {
        ...change,
        source: null,
        refers: null,
        via: null,
        before: change.before === null ? null : lastingOf(change.before),
      };
}

function movedSince(
  earlier: Change,
  later: Change | null,
  options: { readonly world: World; readonly secrets: readonly ComparedSecret[]; readonly isNamed: boolean },
): readonly Moved[] {
  const { world, secrets, isNamed } = options;
  const resource = movedResource(earlier, world);
  const moved = [
    ...resource,
    ...movedNames(earlier, later, resource.length > 0, world),
    ...(later === null || later.action === "update" ? movedSecrets(earlier, secrets) : []),
  ];
  return moved.length > 0 || later !== null || isNamed ? moved : [{ code: "not_needed" }];
}

function movedResource({ before }: Change, world: World): readonly Moved[] {
  const found = before === null ? undefined : world.byId(before.kind, before.id);
  return before === null || (found !== undefined && isDeepStrictEqual(lastingOf(found), lastingOf(before)))
    ? []
    : [{ code: "resource", before, found: found ?? null }];
}

function lastingOf(resource: ActualResource): unknown {
  return { ...resource, facts: versionOf(resource) };
}

/** Where the later plan acts on another resource, that one's name; where on none, the names that are taken by now. */
function movedNames(
  { kind, id, before, after }: Change,
  later: Change | null,
  isMoved: boolean,
  world: World,
): readonly Moved[] {
  const acted = later?.before ?? null;
  const names =
    later === null
      ? [after?.name ?? null, isMoved ? null : (before?.name ?? null)]
      : [acted === null || acted.id === id ? null : acted.name];
  return [...new Set(names)].flatMap((name): readonly Moved[] => {
    const ids = name === null ? [] : world.holders(kind, name).map((holder) => holder.id);
    const others = ids.filter((holder) => holder !== id);
    return name === null || others.length === 0 ? [] : [{ code: "name", name, ids: others }];
  });
}

function movedSecrets({ action, id, after }: Change, secrets: readonly ComparedSecret[]): readonly Moved[] {
  return secrets.flatMap(({ id: of, attribute, comparison: { verdict } }): readonly Moved[] =>
    action === "update" && of === id && Object.hasOwn(after.secrets, attribute) && verdict !== "differs"
      ? [{ code: "secret", attribute, found: verdict }]
      : [],
  );
}
