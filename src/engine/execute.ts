import pLimit from "p-limit";
import type { Change, Plan, Step, StepId } from "./model/change.ts";
import { createHalts, type Halts } from "./halts.ts";
import { whyOver } from "../base/limits.ts";
import type { Failure, Outcome, SkipReason } from "./model/outcome.ts";

import { type ArrivalOptions, reachesAnyone } from "./arrival.ts";
import { takeStep } from "./steps/step.ts";
import type { StepResult } from "./steps/result.ts";
import type { Workplace } from "./steps/workplace.ts";
import { keyOf, outputsOf } from "./model/account-index.ts";
import { versionOf } from "./model/resource.ts";

/** Told how an apply goes, for a progress display. */
export interface Progress {
  started?(change: Change): void;
  ended?(outcome: Outcome): void;
  /** Once, when all changes have ended and the account is read once more. */
  verifying?(): void;
  /**
   * How many of those who follow a resource have not got its version yet, and how long they still have, in milliseconds;
   * 0 once they are waited for no longer.
   */
  following?(of: Pick<Change, "kind" | "name">, behind: number, left: number): void;
}

export interface ExecuteOptions extends Omit<Workplace, "outputs" | "leaving"> {
  /** Steps under way at once. */
  readonly concurrency: number;
  readonly progress?: Progress;
  /** How long those have who follow what others wait for. Milliseconds; 0: nobody is waited for. */
  readonly rolloutTimeout?: number;
}

/**
 * Does what the plan says and nothing else, a bounded number of steps at a time. Never throws for what the API or
 * the network says: each change has its outcome, in the plan's order. A change that fails stops only those that need
 * it. After `stop` is aborted nothing new begins, and what is under way ends. So it is after the deadline, after a write was
 * refused in a way that the next write would be refused too, and once nothing can be reached any more.
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<readonly Outcome[]> {
  const limit = pLimit(options.concurrency);
  const results = new Map<string, StepResult>();
  const halts = createHalts(options.client);
  // What this run has made is no other create's either, whatever name it bears by then.
  const knownIds = new Set(options.knownIds);
  const outputs = new Map<string, ReturnType<typeof outputsOf>>();
  const leaving = new Map(
    plan.changes.flatMap(({ action, before }) =>
      before !== null && (action === "delete" || action === "replace")
        ? [[keyOf(before.kind, before.id), before] as const]
        : [],
    ),
  );
  const workplace: Workplace = { ...options, client: halts.client, knownIds, outputs, leaving };

  const run = async (step: Step): Promise<StepResult> => {
    // Once the old one of a replacement is gone the new one is made, whatever else has stopped.
    const skip = isMakingAnew(step) ? null : skipReason(options, halts);
    if (skip !== null) {
      return { status: "skipped", because: skip };
    }
    if (!isSecondHalf(step)) {
      options.progress?.started?.(step.change);
    }
    const result = await takeStep(step, workplace);
    if (result.status === "applied") {
      const { kind: of, name } = step.change;
      knownIds.add(keyOf(of, result.id));
      if (result.made !== undefined) {
        const kind = options.kinds.find((each) => each.kind === of);
        outputs.set(keyOf(of, name), outputsOf(result.made, kind));
      }
    }
    halts.ended(result);
    return result;
  };

  const running = new Map<StepId, Promise<StepResult>>();
  /** The ends of creates, by the deletes whose slots they take over. */
  const kept = new Map<StepId, Promise<StepResult>>();
  // A replacement keeps its slot from its delete to its create, so that nothing begins in between.
  const inSlot = (step: Step): Promise<StepResult> =>
    isMakingAnew(step)
      ? run(step)
      : new Promise((resolve, reject) => {
          void limit(async () => {
            const result = run(step);
            result.then(resolve, reject);
            await Promise.allSettled([result, kept.get(step.id)]);
          });
        });
  const settle = async (step: Step, result: Promise<StepResult>) => {
    const key = keyOf(step.change.kind, step.change.name);
    const ended = await result;
    // Only now: the first half, if there is one, ended before this.
    const settled = merge(step, results.get(key), ended);
    results.set(key, settled);
    if (!isFirstHalf(step)) {
      options.progress?.ended?.(outcomeOf(step.change, settled));
    }
  };
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const arrivals = new Map<StepId, Promise<boolean>>();
  /** Whether somebody has got what a step wrote, and so leads on what another step brings. Asked once. */
  const hasArrived = (id: StepId, { change }: Step): Promise<boolean> => {
    const served = steps.get(id);
    const { servedBy } = options.kinds.find(({ kind }) => kind === change.kind) ?? {};
    if (served === undefined || served.change.kind !== servedBy) {
      return Promise.resolve(true);
    }
    const asked =
      arrivals.get(id) ?? awaitFirst(served.change, running.get(id), { ...options, inTurn: limit });
    arrivals.set(id, asked);
    return asked;
  };
  for (const stage of ["build", "teardown"]) {
    const ended: Promise<void>[] = [];
    for (const step of plan.steps.filter((step) => step.stage === stage)) {
      const result = inTurn(step, steps, { running, hasArrived }, () => inSlot(step));
      running.set(step.id, result);
      for (const id of isMakingAnew(step) ? step.needs : []) {
        kept.set(id, result);
      }
      ended.push(settle(step, result));
    }
    await everyOne(ended);
  }
  return plan.changes.map((change) => outcomeOf(change, results.get(keyOf(change.kind, change.name))));
}

/** Waits for what a step needs and for what it only follows, then begins it or skips it. */
async function inTurn(
  step: Step,
  steps: ReadonlyMap<StepId, Step>,
  {
    running,
    hasArrived,
  }: {
    readonly running: ReadonlyMap<StepId, Promise<StepResult>>;
    readonly hasArrived: (id: StepId, step: Step) => Promise<boolean>;
  },
  begin: () => Promise<StepResult>,
): Promise<StepResult> {
  for (const id of step.after) {
    await running.get(id);
  }
  for (const id of step.needs) {
    const needed = await running.get(id);
    if (needed?.status !== "applied") {
      const { kind, name } = steps.get(id)?.change ?? step.change;
      return { status: "skipped", because: { code: "needs_failed", kind, name } };
    }
    if (!(await hasArrived(id, step))) {
      const { kind, name } = steps.get(id)?.change ?? step.change;
      return { status: "skipped", because: { code: "not_followed", kind, name } };
    }
  }
  return begin();
}

/** Whether one of those who follow what was written has got it, or nobody follows it. */
async function awaitFirst(
  change: Change,
  written: Promise<StepResult> | undefined,
  { kinds, ...options }: ArrivalOptions & Pick<ExecuteOptions, "kinds">,
): Promise<boolean> {
  const kind = kinds.find((each) => each.kind === change.kind);
  const result = await written;
  if (kind === undefined || result?.status !== "applied") {
    return true;
  }
  // Not what a look shows, which may lag behind the write.
  const was = change.action === "update" ? versionOf(change.before) : null;
  const version = was === null ? result.made && versionOf(result.made) : String(Number(was) + 1);
  return version == null ? true : reachesAnyone(kind, result.id, version, options);
}

/** A change may take two steps: aside to a temporary name and on from there, or a delete and a create. */
function isFirstHalf(step: Step): boolean {
  const { operation, change } = step;
  const isWithholding = (operation === "create" || operation === "update") && step.withheld !== null;
  return (
    isWithholding || operation === "rename_aside" || (operation === "delete" && change.action === "replace")
  );
}

function isSecondHalf(step: Step): boolean {
  const { operation, change } = step;
  return (
    isMakingAnew(step) ||
    operation === "promote" ||
    (operation === "update" && change.action === "update" && change.via !== null)
  );
}

function isMakingAnew({ operation, change }: Step): boolean {
  return operation === "create" && change.action === "replace";
}

/** What became of a change, from the ends of its steps. */
function merge({ change, operation }: Step, earlier: StepResult | undefined, result: StepResult): StepResult {
  if (earlier === undefined || result.status === "applied") {
    return result;
  }
  if (earlier.status !== "applied") {
    return earlier;
  }
  const cause: Failure | SkipReason = result.status === "failed" ? result.failure : result.because;
  if (operation === "promote") {
    return { status: "failed", id: earlier.id, failure: { code: "not_promoted", cause } };
  }
  if (change.action === "replace") {
    // That the old one is still seen is no half: nothing was to be made.
    return result.status !== "failed" || result.failure.code === "not_seen_gone"
      ? result
      : { ...result, failure: { code: "replaced_half", cause: result.failure } };
  }
  const name = change.action === "update" ? change.via : null;
  return name === null || cause.code === "gone" || cause.code === "name_changed"
    ? result
    : { status: "failed", id: change.id, failure: { code: "left_aside", name, cause } };
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

function skipReason(options: ExecuteOptions, halts: Halts): SkipReason | null {
  const over = whyOver(options);
  return over === null ? halts.reason() : { code: over };
}

/** Waits for all of them, also when one throws, so that nothing is under way once an internal error gets out. */
async function everyOne(running: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(running)) {
    if (result.status === "rejected") {
      throw result.reason;
    }
  }
}
