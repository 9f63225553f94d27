import type { Run } from "../command.ts";
import { kinds } from "../../kinds/index.ts";
import { type Plan, withoutUnmanaged } from "../../engine/model/change.ts";
import { compareWithBase } from "../../engine/compare/baseline.ts";
import type { DesiredState } from "../../engine/model/resource.ts";
import { blockedAnnotations } from "../../render/annotations.ts";
import { blockedRefusal } from "../../render/words/refusal.ts";
import { commandLine } from "../../render/shell.ts";
import type { SavedPlan } from "../../saved/saved-plan.ts";
import type { Io } from "../io.ts";
import type { PlanningOptions } from "../args/options.ts";
import { readBase } from "../planning/baseline-files.ts";
import { findFiles } from "../files/find-files.ts";
import { requireOwnFile } from "../files/not-an-input.ts";
import { unknownSecrets } from "../planning/unknown-secrets.ts";
import { isRefused } from "../../engine/decide/way-round.ts";
import type { Rollout } from "../../engine/model/outcome.ts";
import { askRollout } from "../../engine/rollout.ts";
import type { Planned } from "../../engine/plan-account.ts";
import { makePlan, readDesiredState } from "../planning/make-plan.ts";
import { markdownOf, showPlan, type ShownPlan } from "../planning/show-plan.ts";
import { openSession, type Session } from "../session/session.ts";
import { openJobSummary } from "../planning/job-summary.ts";
import { EXIT, type ExitCode } from "../user-error.ts";
import { accountWords, applyCommand, pathWord } from "../args/command-words.ts";

interface ShownOptions extends PlanningOptions {
  readonly base: readonly string[];
  readonly summaryOnly: boolean;
  /** Ask every connector which version it follows. */
  readonly rollout?: boolean;
}

export interface DriftOptions extends ShownOptions {
  readonly rollout: boolean;
  /** A file for counts, as Prometheus reads them. */
  readonly metrics?: string;
}

export interface PlanCommandOptions extends ShownOptions {
  readonly detailedExitcode: boolean;
  readonly out?: string;
}

/** Shows what `apply` would do. Sends GETs only. */
export async function planCommand(run: Run<PlanCommandOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  await requireOwnFile(options.out, [...(await findFiles(options.file, io)), ...options.base], io);
  const file = options.out === undefined ? null : await openFile(options.out, io);
  let plan: Plan;
  try {
    ({ plan } = await planOnce("Plan", run, async (planned) => file?.save(toSave(planned, options))));
  } finally {
    await file?.discard();
  }
  if (file !== null) {
    printer.note(
      `Saved. To apply exactly this:\n    ${commandLine(["warren", "apply", pathWord(file.path), ...accountWords(options, options.accountId)])}`,
    );
  }
  if (isRefused(plan)) {
    return EXIT.refused;
  }
  if (lacksSecrets(plan, run)) {
    return EXIT.failed;
  }
  return options.detailedExitcode && plan.changes.length > 0 ? EXIT.differences : EXIT.done;
}

/** The file of `--out`. What it takes is loaded here, since most plans are not saved. */
async function openFile(path: string, io: Io) {
  const { openPrivateFile } = await import("../files/write-file.ts");
  const { writePlan } = await import("../planning/plan-file.ts");
  const file = await openPrivateFile(path, io);
  return {
    path,
    save: (plan: SavedPlan) => writePlan(file, plan),
    discard: () => file.discard(),
  };
}

/** As `plan`, for schedules: whatever differs, blocked changes and connectors that are behind included, is drift. */
export async function drift(run: Run<DriftOptions>): Promise<ExitCode> {
  const { plan, rollout } = await withMetrics(run, (save) => planOnce("Drift", run, save));
  const behind = rollout?.behind ?? [];
  if (plan.changes.length + plan.blocked.length + behind.length > 0) {
    return EXIT.differences;
  }
  return lacksSecrets(plan, run) ? EXIT.failed : EXIT.done;
}

/** Gives the work a way to write the file of `--metrics`. Where the account cannot be read, the earlier file stays. */
async function withMetrics<T>(run: Run<DriftOptions>, work: (save: Save) => Promise<T>): Promise<T> {
  const { options, io } = run;
  const { metrics: path } = options;
  if (path === undefined) {
    return work(async () => {});
  }
  const { openMetrics } = await import("../planning/metrics-file.ts");
  const file = await openMetrics(path, [...(await findFiles(options.file, io)), ...options.base], io);
  try {
    return await work((planned) => file.save(planned));
  } finally {
    await file.discard();
  }
}

/** Whether a secret that had to be compared could not be, which is then said. */
function lacksSecrets(plan: Plan, { options, printer }: Run<PlanningOptions>): boolean {
  const lack = lackOf(plan, options);
  if (lack !== null) {
    printer.rendered(`${lack.message}\n`);
  }
  return lack !== null;
}

function lackOf(
  plan: Plan,
  { requireSecrets }: Pick<PlanningOptions, "requireSecrets">,
): NonNullable<ShownPlan["failure"]> | null {
  return requireSecrets && plan.unknown.length > 0
    ? { code: "secrets_unknown", message: unknownSecrets(plan) }
    : null;
}

interface PlannedAccount extends Planned, Pick<ShownPlan, "accountId" | "stamp" | "base"> {
  readonly desired: DesiredState;
  readonly rollout: Rollout | null;
}

type Save = (planned: PlannedAccount) => Promise<void>;

/** What nobody asked to see of an account is in no file that travels. */
function toSave(
  { plan, desired, targets, base, accountId, stamp }: PlannedAccount,
  { showUnmanaged }: Pick<PlanningOptions, "showUnmanaged">,
): SavedPlan {
  return {
    account_id: accountId,
    made_from: stamp.made_from,
    plan: showUnmanaged ? plan : withoutUnmanaged(plan),
    desired,
    targets,
    base,
  };
}

/** Plans, saves, and only then shows: whoever is shown a plan has the file that was asked for, too. */
async function planOnce(
  title: ShownPlan["title"],
  run: Run<ShownOptions>,
  save: Save,
): Promise<{ readonly plan: Plan; readonly rollout: Rollout | null }> {
  const { options, printer, io } = run;
  const jobSummary = openJobSummary(run);
  const desired = await readDesiredState({ ...options, anyAccount: options.sandbox }, io, run.stamping);
  const before = await readBase(run);
  const session = await openSession(run, desired.account_id);
  try {
    const planned = await makePlan(desired, session, run);
    const { plan } = planned;
    const rollout = options.rollout === true ? await rolloutOf(planned, session, run) : null;
    const base = before === null ? null : compareWithBase(before, desired, planned, kinds);
    const { accountId } = session;
    const stamp = run.stamping.of(title === "Drift" ? "drift" : "plan");
    await save({ ...planned, accountId, stamp, base, desired, rollout });
    const shown: ShownPlan = { plan, accountId, stamp, base, title, rollout, failure: lackOf(plan, options) };
    showPlan(shown, run);
    await jobSummary(() => markdownOf(shown, options));
    const refusal = blockedRefusal(plan, applyCommand(options));
    if (options.summaryOnly) {
      return { plan, rollout };
    }
    if (refusal !== null && options.format === "text") {
      printer.rendered(refusal.text);
    }
    printer.annotate(blockedAnnotations(plan.blocked));
    return { plan, rollout };
  } finally {
    await session.close();
  }
}

/** How far the connectors have got that follow what is declared. */
function rolloutOf(
  planned: Planned,
  { client }: Session,
  { waiting }: Pick<Run, "waiting">,
): Promise<Rollout> {
  return waiting.reading("Asking the connectors", askRollout(planned, kinds, client));
}
