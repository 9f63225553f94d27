import type { Delete, Replace } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import { isSame } from "../model/account-index.ts";
import type { ActualResource } from "../model/resource.ts";
import { create } from "./create.ts";
import { confirmed, failed, type StepResult } from "./result.ts";
import { writeAfterLook } from "./write.ts";
import { pause, type Workplace } from "./workplace.ts";

/** How often a deleted resource is looked at until it is seen gone. */
const GONE_LOOKS = 8;

/** A delete is sent only right after a look that shows the resource not live and under the expected name. */
export function remove(
  change: Delete | Replace,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<StepResult> {
  const { id, before } = change;
  const judge = (actual: ActualResource | null) => {
    if (actual === null) {
      return confirmed(id);
    }
    if (!isSame(kind, actual, before)) {
      return failed(id, { code: "name_changed", live_name: actual.name });
    }
    const forbidden = kind.forbids?.(actual, null) ?? null;
    if (forbidden !== null) {
      return failed(id, { code: "forbidden", kind: kind.kind, reason: forbidden });
    }
    const because = kind.use?.livenessOf(actual) ?? null;
    const wasActive = kind.use?.lastActive(actual)?.time !== kind.use?.lastActive(before)?.time;
    return because !== null || wasActive
      ? failed(id, { code: "came_alive", status: actual.facts["status"] ?? null, because })
      : null;
  };
  const send = async () => {
    if (kind.delete === undefined) {
      throw new Error(`Internal error: a ${change.kind} is not deleted by itself`);
    }
    await kind.delete(workplace.client, id);
    return null;
  };
  return writeAfterLook({ id, judge, send }, kind, workplace);
}

/** The second half of a replacement, once its old resource was deleted: seen gone, it is made anew, whatever else has stopped. */
export async function makeAnew(
  change: Replace,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<StepResult> {
  const { stop: _, deadline: __, ...unstoppable } = workplace;
  return (await seenGone(change.before, kind, unstoppable))
    ? create(change.after, kind, unstoppable, true)
    : failed(change.id, { code: "not_seen_gone" });
}

/** By id and by name: either can lag, and either one makes the create fail. */
async function seenGone(before: ActualResource, kind: ResourceKind, workplace: Workplace): Promise<boolean> {
  for (let look = 1; look <= GONE_LOOKS; look += 1) {
    const actual = await kind.read(workplace.client, before.id);
    if (actual === null) {
      const namesakes = await kind.find(workplace.client, before);
      if (namesakes.every(({ id }) => id !== before.id)) {
        return true;
      }
    }
    await pause(look, workplace);
  }
  return false;
}
