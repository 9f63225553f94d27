import type { Change, Step } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import { create } from "./create.ts";
import { makeAnew, remove } from "./delete.ts";
import { asApiError, failed, type StepResult } from "./result.ts";
import { moveAside, update } from "./update.ts";
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
          : await create(step.change.after, kind, workplace, step.nameIsFreed);
      case "update":
        return await update(step.change, kind, workplace);
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

function kindOf(change: Change, { kinds }: Workplace): ResourceKind {
  const kind = kinds.find((candidate) => candidate.kind === change.kind);
  if (kind === undefined) {
    throw new Error(`Internal error: no kind named ${change.kind}`);
  }
  return kind;
}
