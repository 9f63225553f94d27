import type { Plan } from "./model/change.ts";
import { execute, type ExecuteOptions } from "./execute.ts";
import { keyOf } from "./model/account-index.ts";
import type { Report } from "./model/outcome.ts";
import type { ActualState } from "./observe.ts";
import type { RolloutOptions } from "./rollout.ts";
import { verify } from "./verify.ts";

export interface ApplyPlanOptions
  extends Omit<ExecuteOptions, "knownIds">,
    Pick<RolloutOptions, "rolloutTimeout"> {}

/** Does what a plan says and nothing else, and reads the account once more. `actual` is what the plan rests on. */
export async function applyPlan(
  { plan, actual }: { readonly plan: Plan; readonly actual: ActualState },
  options: ApplyPlanOptions,
): Promise<Report> {
  const knownIds = new Set(actual.map(({ kind, id }) => keyOf(kind, id)));
  const outcomes = await execute(plan, { ...options, knownIds });
  options.progress?.verifying?.();
  return { outcomes, verification: await verify(outcomes, options) };
}
