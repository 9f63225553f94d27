import type { BlockedReason } from "../model/change.ts";
import { type Matcher, matcherOf } from "./glob.ts";
import type { ResourceKind } from "../model/kind.ts";
import { latest, type Moment } from "../model/moment.ts";
import type { ActualResource, DesiredState } from "../model/resource.ts";

/** The rules of the files that a delete is held against. */
export interface DeleteRules {
  readonly limits: DesiredState["limits"];
  /** The pattern of `protected` that a name falls under, or null. */
  readonly protectedBy: Matcher;
}

/** The rules of a state, made ready for many names. */
export function deleteRulesOf({ limits, protected: patterns }: DesiredState): DeleteRules {
  return { limits, protectedBy: matcherOf(patterns) };
}

/**
 * Why this resource may not be deleted, or null. Holds for a tombstone, a prune and a replacement alike: there is no
 * way round it in warren. `declaredName` is the entry's, where one asks for the delete.
 */
export function refuseDelete(
  actual: ActualResource,
  declaredName: string,
  kind: ResourceKind,
  rules: DeleteRules,
): BlockedReason | null {
  // What hangs on another one has no name of its own that anybody protects.
  const names = kind.ownedBy === undefined ? [actual.name, declaredName] : [];
  return refuseProtected(names, rules) ?? kind.forbids?.(actual, null) ?? refuseLive(actual, kind);
}

function refuseLive(actual: ActualResource, { use }: ResourceKind): BlockedReason | null {
  const because = use?.livenessOf(actual) ?? null;
  return because === null ? null : { code: "live", status: actual.facts["status"] ?? null, because };
}

/**
 * As `refuseDelete`, and neither a resource that was made or in use a short while ago is pruned nor one that hangs on
 * what is protected. `ownerNames`: what that one bears and what it is declared as.
 */
export function refusePrune(
  actual: ActualResource,
  kind: ResourceKind,
  rules: DeleteRules,
  now: number,
  ownerNames: readonly string[] = [],
): BlockedReason | null {
  return (
    refuseProtected(ownerNames, rules) ??
    refuseDelete(actual, actual.name, kind, rules) ??
    refuseRecent(actual, kind, rules.limits.min_idle, now)
  );
}

/** Why what bears one of these names is to stay as it is, or null: the first of them that is protected. */
export function refuseProtected(names: readonly string[], rules: DeleteRules): BlockedReason | null {
  for (const name of names) {
    const pattern = rules.protectedBy(name);
    if (pattern !== null) {
      return { code: "protected", pattern, name };
    }
  }
  return null;
}

/** When it was made or last in use; of what carries no connections, when it was made. */
export function lastActive(actual: ActualResource, { use }: ResourceKind): Moment | null {
  const made = actual.facts["created_at"] ?? null;
  return use === undefined ? latest(made === null ? [] : [made]) : use.lastActive(actual);
}

function refuseRecent(
  actual: ActualResource,
  kind: ResourceKind,
  minIdle: number,
  now: number,
): BlockedReason | null {
  if (minIdle === 0) {
    return null;
  }
  const last = lastActive(actual, kind);
  if (last === null) {
    return { code: "activity_unknown", min_idle: minIdle };
  }
  return now - last.time < minIdle
    ? { code: "recently_active", last_active: last.text, min_idle: minIdle }
    : null;
}
