import type { Plan } from "./change.ts";
import type { ComparedSecret } from "./judge.ts";
import type { ResourceKind } from "./kind.ts";
import type { ActualState } from "./observe.ts";
import { plan } from "./plan.ts";
import type { DesiredState } from "./resource.ts";
import type { Target } from "./target.ts";
import { keyOf } from "./world.ts";

/** A plan that was made earlier, with what it was made from. */
export interface EarlierPlan {
  readonly plan: Pick<Plan, "changes">;
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
  readonly secrets: readonly ComparedSecret[];
}

/** The kinds that an earlier plan changes something of: no other needs to be read again. */
export function kindsConcerned({ plan }: EarlierPlan): ReadonlySet<string> {
  return new Set(plan.changes.map(({ kind }) => kind));
}

/**
 * Makes the changes of an earlier plan anew from a fresh reading of the kinds concerned, by the same rules: nothing
 * that the planner would refuse today is let through because it was written down once. What else differs by now is
 * left for another plan. Where the facts of the earlier plan still hold, its changes come out the same.
 */
export function planAgain(
  earlier: EarlierPlan,
  actual: ActualState,
  kinds: readonly ResourceKind[],
  now: number,
): Plan {
  const { desired, targets, secrets } = earlier;
  const concerned = kindsConcerned(earlier);
  const narrowed: DesiredState = {
    ...desired,
    kinds: desired.kinds.filter((kind) => concerned.has(kind)),
    entries: desired.entries.filter(({ kind }) => concerned.has(kind)),
  };
  const only = new Set(earlier.plan.changes.map(({ kind, name }) => keyOf(kind, name)));
  return plan(narrowed, actual, kinds, { now, targets, secrets, only });
}
