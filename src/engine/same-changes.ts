import { isDeepStrictEqual } from "node:util";
import type { Change, Plan } from "./change.ts";
import { keyOf } from "./world.ts";

/** A change that two plans do not share. */
export interface ChangedChange {
  readonly kind: string;
  readonly name: string;
  /** Null: there is none in this plan. */
  readonly earlier: Change | null;
  readonly later: Change | null;
}

/**
 * The changes in which a plan differs from an earlier one. Health and connection times do not count: they move all
 * the time, and a delete looks at them again right before it is sent. Nor does the place in a file that says so, nor
 * which temporary name a cycle goes through: only one that is free at the later reading can be taken.
 */
export function changedChanges(
  earlier: Pick<Plan, "changes">,
  later: Pick<Plan, "changes">,
): readonly ChangedChange[] {
  const before = new Map(earlier.changes.map((change) => [keyOf(change.kind, change.name), change]));
  const after = new Map(later.changes.map((change) => [keyOf(change.kind, change.name), change]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [one = null, other = null] = [before.get(key), after.get(key)];
    const any = one ?? other;
    return any === null || isDeepStrictEqual(lasting(one), lasting(other))
      ? []
      : [{ kind: any.kind, name: any.name, earlier: one, later: other }];
  });
}

/** The part of a change that must not move. */
function lasting(change: Change | null): unknown {
  return change === null
    ? null
    : {
        ...change,
        source: null,
        ...(change.action === "update" ? { via: change.via !== null } : {}),
        before: change.before === null ? null : { ...change.before, facts: null },
      };
}
