import pLimit from "p-limit";
import type { ApiError } from "../cloudflare/error.ts";
import type { Change, Plan, Step } from "./change.ts";
import { whyOver } from "../base/limits.ts";
import type { Failure, Outcome, SkipReason } from "./outcome.ts";
import { takeStep } from "./step.ts";
import type { StepResult } from "./step-result.ts";
import type { Workplace } from "./workplace.ts";

/** Told as changes begin and end, for a progress display. */
export interface Progress {
  started?(change: Change): void;
  ended?(outcome: Outcome): void;
}

export interface ExecuteOptions extends Workplace {
  /** Steps under way at once. */
  readonly concurrency: number;
  readonly progress?: Progress;
}

/**
 * Does what the plan says and nothing else, a bounded number of steps at a time. Never throws for what the API or
 * the network says: each change has its outcome, in the plan's order. A change that fails stops only those that need
 * it. After `stop` is aborted nothing new begins, and what is under way ends. So it is after the deadline, and after a
 * write was refused in a way that the next write would be refused too.
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<readonly Outcome[]> {
  const limit = pLimit(options.concurrency);
  const results = new Map<Change, StepResult>();
  // What this run has made is no other create's either, whatever name it bears by then.
  const knownIds = new Set(options.knownIds);
  const workplace: Workplace = { ...options, knownIds };
  let refusal: ApiError | null = null;

  const run = async (step: Step): Promise<StepResult> => {
    const skip = skipReason(options, refusal);
    if (skip !== null) {
      return { status: "skipped", because: skip };
    }
    if (!isSecondHalf(step)) {
      options.progress?.started?.(step.change);
    }
    const result = await takeStep(step, workplace);
    if (result.status === "applied") {
      knownIds.add(result.id);
    }
    refusal ??= refusalOf(result);
    return result;
  };

  for (const stage of plan.stages) {
    const running: Promise<StepResult>[] = [];
    for (const step of stage) {
      running.push(inTurn(step, stage, running, () => limit(run, step)));
    }
    const ended = running.map(async (result, position) => {
      const step = stage[position];
      if (step !== undefined) {
        const ended = await result;
        // Only now: the first half, if there is one, ended before this.
        const settled = merge(step, results.get(step.change), ended);
        results.set(step.change, settled);
        if (step.operation !== "rename_aside") {
          options.progress?.ended?.(outcomeOf(step.change, settled));
        }
      }
    });
    await everyOne(ended);
  }
  return plan.changes.map((change) => outcomeOf(change, results.get(change)));
}

/** Waits for what a step needs and for what it only follows, then begins it or skips it. */
async function inTurn(
  step: Step,
  stage: readonly Step[],
  running: readonly Promise<StepResult>[],
  begin: () => Promise<StepResult>,
): Promise<StepResult> {
  for (const position of step.after) {
    await running[position];
  }
  for (const position of step.needs) {
    const needed = await running[position];
    const { change } = stage[position] ?? step;
    if (needed?.status !== "applied") {
      return { status: "skipped", because: { code: "needs_failed", kind: change.kind, name: change.name } };
    }
  }
  return begin();
}

/** One change may take two steps: aside to a temporary name, and on from there. */
function isSecondHalf({ operation, change }: Step): boolean {
  return operation === "update" && change.action === "update" && change.via !== null;
}

function merge(step: Step, earlier: StepResult | undefined, result: StepResult): StepResult {
  if (earlier === undefined || result.status === "applied") {
    return result;
  }
  if (earlier.status !== "applied") {
    return earlier;
  }
  const name = step.change.action === "update" ? step.change.via : null;
  const cause: Failure | SkipReason = result.status === "failed" ? result.failure : result.because;
  return name === null || cause.code === "gone" || cause.code === "name_changed"
    ? result
    : { status: "failed", id: step.change.id, failure: { code: "left_aside", name, cause } };
}

function outcomeOf(change: Change, result: StepResult | undefined): Outcome {
  if (result === undefined) {
    throw new Error(
      `Internal error: the plan has no step for ${change.action} ${change.kind}/${change.name}`,
    );
  }
  switch (result.status) {
    case "applied":
      return { status: "applied", change, id: result.id, confirmed: result.confirmed };
    case "failed":
      return { status: "failed", change, id: result.id, failure: result.failure };
    case "skipped":
      return { status: "skipped", change, id: change.id, because: result.because };
  }
}

function skipReason(options: ExecuteOptions, refusal: ApiError | null): SkipReason | null {
  const over = whyOver(options);
  if (over !== null) {
    return { code: over };
  }
  return refusal === null ? null : { code: "stopped", error: refusal };
}

/** The refusal of a write that every other write would meet as well: no permission, or no quota left. */
function refusalOf(result: StepResult): ApiError | null {
  const failure = result.status === "failed" ? result.failure : null;
  const cause = failure?.code === "replaced_half" ? failure.cause : failure;
  if (cause?.code !== "api" || cause.error.method === "GET") {
    return null;
  }
  const { error } = cause;
  const everyWrite =
    error.status === 401 ||
    error.status === 403 ||
    error.hint === "quota" ||
    error.failure === "rate_limited";
  return everyWrite ? error : null;
}

/** Waits for all of them, also when one throws, so that nothing is under way once an internal error gets out. */
async function everyOne(running: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(running)) {
    if (result.status === "rejected") {
      throw result.reason;
    }
  }
}
