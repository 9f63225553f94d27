import type { ApiError } from "../cloudflare/error.ts";
import type { ResourceKind } from "./kind.ts";
import type { ActualResource } from "./resource.ts";
import { applied, asApiError, failed, type StepResult, unsent } from "./step-result.ts";
import { pause, SENDS, type Workplace } from "./workplace.ts";

/** How often a resource is looked at in all, rate limits included, before its write is given up. */
const LOOKS = 12;

/** A write to one resource that lives. */
export interface Write {
  readonly id: string;
  /**
   * What a look at the resource, right before the write is sent, means: null to go on, or the end. `unclear` is the
   * error of an earlier try that may have done it.
   */
  judge(
    actual: ActualResource | null,
    unclear: ApiError | null,
  ): StepResult | null | Promise<StepResult | null>;
  send(): Promise<void>;
}

/**
 * Sends a write, and sends it again where its end is unknown or the API did not act, but each time right after a look
 * at the resource: whatever made it wait, the write never rests on what was seen before the wait.
 */
export async function writeAfterLook(
  write: Write,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<StepResult> {
  const { id } = write;
  const { client, stop } = workplace;
  let unclear: ApiError | null = null;
  /** Why the API did not act on the last try. */
  let held: ApiError | null = null;
  let sent = 0;
  for (let looks = 1; ; looks += 1) {
    let actual: ActualResource | null;
    try {
      actual = await kind.read(client, id);
    } catch (error) {
      const unreadable = asApiError(error);
      return unclear === null
        ? failed(id, { code: "api", error: held ?? unreadable })
        : failed(id, { code: "uncertain", error: unclear });
    }
    const end = await write.judge(actual, unclear);
    if (end !== null) {
      return end;
    }
    if (stop?.aborted) {
      return unsent(id, unclear);
    }
    if (sent === SENDS || looks === LOOKS) {
      return unsent(id, unclear ?? held);
    }
    try {
      await write.send();
      return applied(id);
    } catch (error) {
      const failure = asApiError(error);
      if (failure.ambiguous) {
        unclear = failure;
      } else if (failure.repeatable) {
        held = failure;
      } else {
        throw failure;
      }
      if (failure.failure !== "rate_limited") {
        sent += 1;
        await pause(sent, workplace);
      }
    }
  }
}
