import type { Change, Step, Update, Wanted } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import { create } from "./create.ts";
import { makeAnew, remove } from "./delete.ts";
import { asApiError, failed, type StepResult } from "./result.ts";
import { moveAside, promote, update } from "./update.ts";
import { swap } from "./swap.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Takes one step. Resources are read right before they are changed, and a write whose answer was lost is followed by
 * a look at the truth before anything else is tried. Throws only for mistakes of ours.
 */
export async function takeStep(step: Step, workplace: Workplace): Promise<StepResult> {
  const kind = kindOf(step.change, workplace);
  try {
    switch (step.operation) {
      case "create":
        return step.change.action === "replace"
          ? await makeAnew(step.change, kind, workplace)
          : await create(without(step.change.after, step.withheld), kind, workplace, step.nameIsFreed);
      case "update":
        return await update(withoutField(step.change, step.withheld), kind, workplace);
      case "promote":
        return await promote(step.change, step.attribute, kind, workplace);
      case "swap":
        return await swap(step.change, kind, workplace);
      case "rename_aside":
        return await moveAside(step.change, kind, workplace);
      case "delete":
        return await remove(step.change, kind, workplace);
    }
  } catch (error) {
    const id = step.operation === "create" ? null : step.change.id;
    return failed(id, { code: "api", error: asApiError(error) });
  }
}

/** What is to be made, but for an attribute that a step of its own sets. */
function without(wanted: Wanted, withheld: string | null): Wanted {
  const spec = Object.entries(wanted.spec).filter(([attribute]) => attribute !== withheld);
  return { ...wanted, spec: Object.fromEntries(spec) };
}

function withoutField(change: Update, withheld: string | null): Update {
  return { ...change, fields: change.fields.filter((field) => field !== withheld) };
}

function kindOf(change: Change, { kinds }: Workplace): ResourceKind {
  const kind = kinds.find((candidate) => candidate.kind === change.kind);
  if (kind === undefined) {
    throw new Error(`Internal error: no kind named ${change.kind}`);
  }
  return kind;
}
