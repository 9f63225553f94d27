import type { ApiError } from "../../cloudflare/error.ts";
import type { ResourceKind } from "../model/kind.ts";
import { whyOver } from "../../base/limits.ts";
import type { ActualResource } from "../model/resource.ts";
import { applied, asApiError, failed, type StepResult } from "./result.ts";
import { pause, MOST_SENDS, type Workplace } from "./workplace.ts";

/** How long rate limits may hold up one write: twice the API's own lock-out. Milliseconds. */
const LONGEST_HOLD = 600_000;

/** A look that was answered longer ago is an old one. Milliseconds. */
const FRESH = 500;

/** A write to one resource that lives. */
export interface Write {
  readonly id: string;
  /** Looks at what else it rests on; null to go on. Says nothing of what is not there any more. Throws `ApiError`. */
  readonly lookAround?: () => Promise<StepResult | null>;
  /** What it lies in, where it lies in something. */
  readonly container?: string | undefined;
  /**
   * What a look at the resource, right before the write is sent, means: null to go on, or the end. `unclear` is the
   * error of an earlier try that may have done it. Throws `ApiError` where that cannot be told.
   */
  judge(
    actual: ActualResource | null,
    unclear: ApiError | null,
  ): StepResult | null | Promise<StepResult | null>;
  /** Null where it was done as it was meant. */
  send(): Promise<StepResult | null>;
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
  const { clock } = workplace;
  let unclear: ApiError | null = null;
  /** Why the API did not act on the last try. */
  let held: ApiError | null = null;
  let heldSince: number | null = null;
  let sent = 0;
  for (;;) {
    let end: StepResult | null;
    try {
      const { around, actual } = await look(write, kind, workplace);
      if (around === null || actual === null) {
        end = await write.judge(actual, unclear);
      } else {
        // What stands in the way now may not have stopped an earlier try.
        end = unclear === null ? around : failed(id, { code: "uncertain", error: unclear });
      }
    } catch (error) {
      const unreadable = asApiError(error);
      return unclear === null
        ? failed(id, { code: "api", error: held ?? unreadable })
        : failed(id, { code: "uncertain", error: unclear });
    }
    if (end !== null) {
      return end;
    }
    const isHeldTooLong = heldSince !== null && clock.now() - heldSince >= LONGEST_HOLD;
    const over = whyOver(workplace);
    if (over !== null || sent === MOST_SENDS || isHeldTooLong) {
      return givenUp(id, unclear, held, over);
    }
    try {
      return (await write.send()) ?? applied(id);
    } catch (error) {
      const failure = asApiError(error);
      if (failure.ambiguous) {
        unclear = failure;
      } else if (failure.repeatable) {
        held = failure;
      } else if (unclear === null) {
        throw failure;
      } else {
        // A refusal of this try says nothing of an earlier one.
        return failed(id, { code: "uncertain", error: unclear });
      }
      if (failure.failure === "rate_limited") {
        heldSince ??= clock.now();
      } else {
        sent += 1;
        await pause(sent, workplace);
      }
    }
  }
}

/**
 * Looks at the resource and at what else the write rests on, until both looks are fresh: one of the two may have been
 * waited for. The end of the run ends it, too. Throws `ApiError`.
 */
async function look(
  { id, container, lookAround }: Write,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<{ readonly around: StepResult | null; readonly actual: ActualResource | null }> {
  const { client, clock } = workplace;
  if (lookAround === undefined) {
    return { around: null, actual: await kind.read(client, id, container) };
  }
  for (;;) {
    const answered: number[] = [];
    const timed = async <T>(asked: Promise<T>): Promise<T> => {
      const answer = await asked;
      answered.push(clock.now());
      return answer;
    };
    const [around, actual] = await Promise.all([
      timed(lookAround()),
      timed(kind.read(client, id, container)),
    ]);
    if (clock.now() - Math.min(...answered) <= FRESH || whyOver(workplace) !== null) {
      return { around, actual };
    }
  }
}

/** What one look does not show may show at the next, since reads may lag: so an unclear end stays one. */
function givenUp(
  id: string,
  unclear: ApiError | null,
  held: ApiError | null,
  over: ReturnType<typeof whyOver>,
): StepResult {
  if (unclear !== null) {
    return failed(id, { code: "uncertain", error: unclear });
  }
  return over !== null || held === null
    ? { status: "skipped", because: { code: over ?? "interrupted" } }
    : failed(id, { code: "api", error: held });
}
