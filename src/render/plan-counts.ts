import type { Rollout } from "../engine/model/outcome.ts";
import { type Action, countUnmanaged, type Plan } from "../engine/model/change.ts";

/** How much of each there is in a plan. */
export type PlanCounts = {
  readonly [count in Action | "blocked" | "unchanged" | "unmanaged" | "unknown"]: number;
};

/** Counts a plan. */
export function countPlan(plan: Plan): PlanCounts {
  const count = (action: Action) => plan.changes.filter((change) => change.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    delete: count("delete"),
    replace: count("replace"),
    blocked: plan.blocked.length,
    unchanged: plan.unchanged,
    unmanaged: countUnmanaged(plan),
    unknown: plan.unknown.length,
  };
}

/** `1 to create, 0 to update, …`: what is rare (`to replace`, `unknown`) only where it occurs. */
export function countsWords(plan: Plan): string {
  const counts = countPlan(plan);
  return [
    `${counts.create} to create`,
    `${counts.update} to update`,
    `${counts.delete} to delete`,
    ...(counts.replace === 0 ? [] : [`${counts.replace} to replace`]),
    ...(counts.blocked === 0 ? [] : [`${counts.blocked} blocked`]),
    `${counts.unchanged} unchanged`,
    `${counts.unmanaged} unmanaged`,
    ...(counts.unknown === 0 ? [] : [`${counts.unknown} unknown`]),
  ].join(", ");
}

/** What an empty plan says; null for a plan that is not empty. */
export function noChangesWords(plan: Plan): string | null {
  if (plan.changes.length > 0 || plan.blocked.length > 0) {
    return null;
  }
  return plan.unknown.length === 0
    ? "No changes. The account agrees with what is declared."
    : "No changes. What could be compared agrees; the rest is listed as unknown.";
}

/** The same of drift, which nothing but the connectors may still show. */
export function noDriftWords(plan: Plan, rollout: Rollout | null): string | null {
  const words = noChangesWords(plan);
  return words === null || (rollout?.behind ?? []).length > 0 ? words : `No drift. ${words}`;
}
