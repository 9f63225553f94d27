import type { Delete, Replace } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import { containerOf } from "../model/container.ts";
import { keyOf } from "../model/account-index.ts";
import type { Failure } from "../model/outcome.ts";
import type { ActualResource } from "../model/resource.ts";
import { create } from "./create.ts";
import { confirmed, failed, type StepResult } from "./result.ts";
import { writeAfterLook } from "./write.ts";
import { pause, whyOther, type Workplace } from "./workplace.ts";

/** How often a deleted resource is looked at until it is seen gone. */
const GONE_LOOKS = 8;

/**
 * A delete is sent only right after a look that shows the resource not live and under the expected name; of what goes with
 * its owner, only right after a look that shows that one so, too.
 */
export function remove(
  change: Delete | Replace,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<StepResult> {
  const { id, before } = change;
  const container = containerOf(before, kind);
  const judge = (actual: ActualResource | null) => {
    if (actual === null) {
      return confirmed(id);
    }
    const other = whyOther(kind, actual, before);
    const forbidden = kind.forbids?.(actual, null) ?? null;
    const cause: Failure | null =
      other ??
      (forbidden === null ? null : { code: "forbidden", kind: kind.kind, reason: forbidden }) ??
      whyInUse(kind, actual, before);
    return cause === null ? null : failed(id, cause);
  };
  const send = async () => {
    if (kind.delete === undefined) {
      throw new Error(`Internal error: a ${change.kind} is not deleted by itself`);
    }
    await kind.delete(workplace.client, id, container);
    return null;
  };
  const lookAround = async () => {
    const cause = await whyOwnerStays(change, workplace);
    return cause === null ? null : failed(id, cause);
  };
  const around = change.reason.code === "goes_with" ? { lookAround } : {};
  return writeAfterLook({ id, container, ...around, judge, send }, kind, workplace);
}

/** Why a resource is not deleted: it is live, or was since the plan. */
function whyInUse({ use }: ResourceKind, actual: ActualResource, before: ActualResource): Failure | null {
  const because = use?.livenessOf(actual) ?? null;
  const wasActive = use?.lastActive(actual)?.time !== use?.lastActive(before)?.time;
  return because !== null || wasActive
    ? { code: "came_alive", status: actual.facts["status"] ?? null, because }
    : null;
}

/** Why what a resource hangs on is not to be deleted any more. Throws `ApiError`. */
async function whyOwnerStays(
  { reason }: Delete | Replace,
  { kinds, client, leaving }: Workplace,
): Promise<Failure | null> {
  if (reason.code !== "goes_with") {
    return null;
  }
  const { kind: of, name, id } = reason;
  const kind = kinds.find((each) => each.kind === of);
  const before = leaving.get(keyOf(of, id));
  if (kind === undefined || before === undefined) {
    throw new Error(`Internal error: ${of}/${name} is not deleted by this plan`);
  }
  const owner = await kind.read(client, id);
  const cause = owner === null ? null : (whyOther(kind, owner, before) ?? whyInUse(kind, owner, before));
  return cause === null ? null : { code: "owner_stays", kind: of, name, cause };
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
    const actual = await kind.read(workplace.client, before.id, containerOf(before, kind));
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
