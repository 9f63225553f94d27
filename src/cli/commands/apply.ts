import type { Run } from "../command.ts";
import { kinds } from "../../kinds/index.ts";
import { changedChanges } from "../../engine/compare/same-changes.ts";
import { blockedRefusal, changedRefusal, plainRefusal } from "../../render/words/refusal.ts";
import { carryOut, type Applying, nothingToDo, showChanges, showRefusal } from "../planning/carry-out.ts";
import { refuseUnknownSecrets } from "../planning/unknown-secrets.ts";
import { askConsent, canAsk } from "../planning/consent.ts";
import type { PlanningOptions } from "../args/options.ts";
import { makePlan, readDesiredState } from "../planning/make-plan.ts";
import { readSecrets, secretsOf } from "../planning/secrets.ts";
import { openSession } from "../session/session.ts";
import { openJobSummary } from "../planning/job-summary.ts";
import type { ExitCode } from "../user-error.ts";
import { applyCommand } from "../args/command-words.ts";

export interface ApplyOptions extends PlanningOptions {
  readonly yes: boolean;
  /** Seconds; 0: nobody is asked. */
  readonly rolloutTimeout: number;
}

/** Plans, asks, applies, verifies. Writes nothing that the plan did not show. */
export async function apply(run: Run<ApplyOptions>): Promise<ExitCode> {
  const { options, io } = run;
  const jobSummary = openJobSummary(run);
  const desired = await readDesiredState({ ...options, anyAccount: options.sandbox }, io, run.stamping);
  const session = await openSession(run, desired.account_id);
  const applying: Applying = { ...run, session, accountId: session.accountId, jobSummary };
  try {
    const planned = await makePlan(desired, session, run);
    const { plan } = planned;
    const consentOptions = { yes: options.yes, stdinTaken: options.file.includes("-") };
    showChanges(plan, { asking: canAsk(consentOptions, io) }, applying);
    const blocked = blockedRefusal(plan, applyCommand(options));
    if (blocked !== null) {
      return await showRefusal(plan, blocked, applying);
    }
    refuseUnknownSecrets(plan, options);
    if (plan.changes.length === 0) {
      return await nothingToDo(applying);
    }
    // Read before the question is asked: a change that cannot be made is not worth a yes.
    const secret = await readSecrets(secretsOf(plan.changes), run);
    const count = plan.changes.length;
    const question = `Make ${count === 1 ? "this change" : `these ${count} changes`} in account ${session.accountId}?`;
    const consent = await askConsent(question, consentOptions, io);
    switch (consent) {
      case "given":
        return await carryOut(planned, secret, applying);
      case "answered": {
        // The answer may have taken any time: what it said yes to must still be so.
        const again = await makePlan(desired, session, run);
        const changed = changedChanges(plan, again.plan, again, kinds);
        const refused = changedRefusal(again.plan, changed, { why: "stale", command: applyCommand(options) });
        refuseUnknownSecrets(again.plan, options);
        return refused === null
          ? await carryOut(again, secret, applying)
          : await showRefusal(again.plan, refused, applying);
      }
      case "declined":
        return await showRefusal(plan, DECLINED, applying);
      case "cannot_ask":
        return await showRefusal(plan, NO_CONSENT, applying);
    }
  } finally {
    await session.close();
  }
}

const DECLINED = plainRefusal("declined", "Not applied: the answer was not yes. Nothing was changed.");

const NO_CONSENT = plainRefusal(
  "no_consent",
  "Not applied: there is nobody to ask here, so consent must be given with --yes. Nothing was changed.",
);
