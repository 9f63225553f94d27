import type { Run } from "../command.ts";
import { type PlannedAgain, planAccountAgain } from "../../engine/plan-account.ts";
import type { DesiredState } from "../../engine/model/resource.ts";
import {
  otherAccountRefusal,
  type Refusal,
  blockedRefusal,
  changedRefusal,
} from "../../render/words/refusal.ts";
import { desiredDigest, type SavedPlan } from "../../saved/saved-plan.ts";
import { carryOut, type Applying, nothingToDo, showChanges, showRefusal } from "../planning/carry-out.ts";
import { namesAccount } from "../session/environment.ts";
import type { Io } from "../io.ts";
import { readPlan } from "../planning/plan-file.ts";
import { parseTargets, planningIn, readDesiredState } from "../planning/make-plan.ts";
import { readSecrets, secretsOf } from "../planning/secrets.ts";
import { openSession } from "../session/session.ts";
import { openJobSummary } from "../planning/job-summary.ts";
import { type ExitCode, UserError } from "../user-error.ts";
import type { ApplyOptions } from "./apply.ts";
import { accountWords, applyCommand } from "../args/command-words.ts";

/**
 * Applies exactly what a saved plan says, or refuses: also where the rules for any plan would refuse it today. The
 * plan is consent, so nothing is asked. With `--file`, the plan must be what the files ask for as well, so that it
 * has no authority of its own.
 */
export async function applySaved(run: Run<ApplyOptions>, path: string): Promise<ExitCode> {
  const { options, io } = run;
  if (options.file.length === 0 && options.target.length > 0) {
    throw new UserError(
      "usage",
      "--target with a saved plan needs --file too: a plan was made for its targets already, or for all entries.",
    );
  }
  if (options.verifySecrets) {
    throw new UserError(
      "usage",
      `${options.requireSecrets ? "--require-secrets" : "--verify-secrets"} means nothing with a saved plan: whether secrets are compared is decided when the plan is made. Give it to plan --out instead.`,
    );
  }
  const jobSummary = openJobSummary(run);
  const saved = await readPlan(path, io, accountWords(options, options.accountId));
  const { account, files_digest } = saved.made_from;
  run.stamping.learn({ account, files_digest });
  const desired =
    options.file.length === 0
      ? null
      : await readDesiredState({ ...options, anyAccount: options.sandbox }, io, run.stamping);
  const session = await openSession(run, accountOf(saved, desired, options, io));
  const applying: Applying = { ...run, session, accountId: saved.account_id, jobSummary };
  try {
    showChanges(saved.plan, { asking: false }, applying);
    const early =
      session.accountId === saved.account_id
        ? blockedRefusal(saved.plan, applyOfFiles(options))
        : otherAccountRefusal(saved.account_id);
    if (early !== null) {
      return await showRefusal(saved.plan, early, applying);
    }
    const secret = await readSecrets(secretsOf(saved.plan.changes), run);
    const files = desired === null ? null : { desired, targets: parseTargets(options.target, desired) };
    const planning = planAccountAgain(saved, files, planningIn(session, secret));
    const again = await run.waiting.reading("Reading the account", planning);
    const checked = check(saved, desired, again, options);
    if ("refusal" in checked) {
      return await showRefusal(checked.plan, checked.refusal, applying);
    }
    return checked.plan.changes.length === 0
      ? await nothingToDo(applying)
      : await carryOut({ plan: checked.plan, actual: again.actual }, secret, applying);
  } finally {
    await session.close();
  }
}

/** The plan's own account only where nothing else names one; so that another one that is named is noticed. */
function accountOf(
  saved: SavedPlan,
  desired: DesiredState | null,
  options: ApplyOptions,
  io: Io,
): string | null {
  const named = desired?.account_id ?? null;
  return named === null && !namesAccount(options.accountId, io.env) ? saved.account_id : named;
}

/** Null without `--file`: a plan knows the files that its entries stand in, but not all that it was made from. */
function applyOfFiles(options: ApplyOptions): readonly string[] | null {
  return options.file.length === 0 ? null : applyCommand(options);
}

/** The plan as the rules make it today, or why it is refused. */
function check(
  saved: SavedPlan,
  desired: DesiredState | null,
  { plan, changed, byFiles }: PlannedAgain,
  options: ApplyOptions,
): { readonly plan: SavedPlan["plan"]; readonly refusal?: Refusal } {
  const command = applyOfFiles(options);
  const stale = changedRefusal(plan, changed, { why: "stale", command });
  if (stale !== null || desired === null || byFiles === null) {
    return stale === null ? { plan } : { plan, refusal: stale };
  }
  const why = desiredDigest(desired) === desiredDigest(saved.desired) ? "drifted" : "edited";
  const other = changedRefusal(byFiles.plan, byFiles.changed, { why, command });
  return other === null ? { plan: byFiles.plan } : { plan: byFiles.plan, refusal: other };
}
