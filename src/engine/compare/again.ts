import type { Plan } from "../model/change.ts";
import type { ComparableSecret } from "../decide/judge.ts";
import type { ResourceKind } from "../model/kind.ts";
import { closureOf } from "../model/reference.ts";
import { plan } from "../plan.ts";
import type { DesiredState } from "../model/resource.ts";
import type { Reading } from "./same-changes.ts";
import type { Target } from "../decide/target.ts";
import { keyOf } from "../model/account-index.ts";

/** A plan that was made earlier, with what it was made from. */
export interface EarlierPlan {
  readonly plan: Pick<Plan, "changes">;
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
}

/** The kinds that an earlier plan changes something of, and those that they refer to: no other needs to be read again. */
export function kindsConcerned(
  { plan, desired }: EarlierPlan,
  kinds: readonly ResourceKind[],
): ReadonlySet<string> {
  const changed = plan.changes.map(({ kind }) => kind);
  return new Set(closureOf(changed, kinds, desired.entries).map(({ kind }) => kind));
}

/** The write-only attributes that an earlier plan sends because they differed: no other is compared again. */
export function secretsConcerned({ plan }: EarlierPlan): readonly ComparableSecret[] {
  return plan.changes.flatMap((change) =>
    change.action === "update"
      ? Object.entries(change.after.secrets).map(([attribute, reference]) => ({
          kind: change.kind,
          id: change.id,
          attribute,
          reference,
        }))
      : [],
  );
}

/**
 * Makes the changes of an earlier plan anew from a fresh reading of what concerns them, by the same rules: nothing
 * that the planner would refuse today is let through because it was written down once. What else differs by now is
 * left for another plan. Where nothing has moved of what the earlier changes rest on, they come out the same.
 */
export function planAgain(
  earlier: EarlierPlan,
  { actual, secrets }: Reading,
  kinds: readonly ResourceKind[],
  now: number,
): Plan {
  const { desired, targets } = earlier;
  const concerned = kindsConcerned(earlier, kinds);
  const narrowed: DesiredState = {
    ...desired,
    kinds: desired.kinds.filter((kind) => concerned.has(kind)),
    entries: desired.entries.filter(({ kind }) => concerned.has(kind)),
  };
  const only = new Set(earlier.plan.changes.map(({ kind, name }) => keyOf(kind, name)));
  return plan(narrowed, actual, kinds, { now, targets, secrets, only });
}
