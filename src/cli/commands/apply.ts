import type { Plan } from "../../engine/change.ts";
import { execute } from "../../engine/execute.ts";
import type { Report } from "../../engine/outcome.ts";
import { changedChanges } from "../../engine/same-changes.ts";
import { verify } from "../../engine/verify.ts";
import { kinds } from "../../kinds/index.ts";
import { planDocument, reportDocument, toJson } from "../../render/json.ts";
import { renderPlan } from "../../render/plan.ts";
import { type Refusal, refuse as refusalOf, refusal, staleRefusal } from "../../render/refusal.ts";
import { renderReport } from "../../render/report.ts";
import { askConsent } from "../consent.ts";
import type { Printer } from "../printer.ts";
import type { Io } from "../io.ts";
import type { PlanningOptions } from "../options.ts";
import { createProgress } from "../progress.ts";
import { refuseUnknownSecrets } from "../compare-secrets.ts";
import { makePlan, type Planned, readDesiredState } from "../reconcile.ts";
import { readSecrets, referencesOf, type SecretValues } from "../secrets.ts";
import { openSession, type Session } from "../session.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

/** Both kinds of tunnel run on a token. */
const tokenKinds = kinds.map(({ kind }) => kind);

export interface ApplyOptions extends PlanningOptions {
  readonly yes: boolean;
}

/** Plans, asks, applies, verifies. Writes nothing that the plan did not show. */
export async function apply(options: ApplyOptions, printer: Printer, io: Io): Promise<ExitCode> {
  const desired = await readDesiredState({ ...options, anyAccount: options.sandbox }, io);
  const session = await openSession(options, desired.account_id, printer, io);
  try {
    const planned = await makePlan(desired, options, session, io);
    const { plan } = planned;
    const refuse = (refused: Plan, refusal: Refusal): ExitCode => {
      if (options.format === "json") {
        printer.result(toJson(planDocument(refused, session.accountId, refusal)));
      } else {
        printer.rendered(refusal.text);
      }
      return EXIT.refused;
    };
    showChanges(plan, options, printer);
    const blocked = refusalOf(plan);
    if (blocked !== null) {
      return refuse(plan, blocked);
    }
    refuseUnknownSecrets(plan, options);
    if (plan.changes.length === 0) {
      finish({ outcomes: [], verification: { verified: true } }, session, options, printer);
      return EXIT.done;
    }
    // Read before the question is asked: a change that cannot be made is not worth a yes.
    const secret = await readSecrets(referencesOf(plan.changes), printer, io);
    const count = plan.changes.length;
    const question = `Make ${count === 1 ? "this change" : `these ${count} changes`} in account ${session.accountId}?`;
    const consent = await askConsent(
      question,
      { yes: options.yes, stdinTaken: options.file.includes("-") },
      io,
    );
    switch (consent) {
      case "given":
        return await carryOut(planned, secret, session, options, printer, io);
      case "answered": {
        // The answer may have taken any time: what it said yes to must still be so.
        const again = await makePlan(desired, options, session, io);
        const changed = changedChanges(plan, again.plan);
        const refused = refusalOf(again.plan) ?? staleRefusal(changed);
        refuseUnknownSecrets(again.plan, options);
        return refused === null
          ? await carryOut(again, secret, session, options, printer, io)
          : refuse(again.plan, refused);
      }
      case "declined":
        return io.stop.aborted ? EXIT.interrupted : refuse(plan, DECLINED);
      case "cannot_ask":
        return refuse(plan, NO_CONSENT);
    }
  } finally {
    await session.close();
  }
}

const DECLINED = refusal("declined", "Not applied: the answer was not yes. Nothing was changed.");

const NO_CONSENT = refusal(
  "no_consent",
  "Not applied: there is nobody to ask here, so consent must be given with --yes. Nothing was changed.",
);

async function carryOut(
  { plan, actual }: Planned,
  secret: SecretValues,
  session: Session,
  options: ApplyOptions,
  printer: Printer,
  io: Io,
): Promise<ExitCode> {
  const { client, deadline } = session;
  const progress = createProgress(plan.changes.length, printer);
  const outcomes = await execute(plan, {
    client,
    kinds,
    clock: io.clock,
    stop: io.stop,
    ...(deadline === undefined ? {} : { deadline }),
    concurrency: options.concurrency,
    knownIds: new Set(actual.map(({ id }) => id)),
    secret,
    progress,
  });
  progress.verifying();
  const verification = await verify(outcomes, kinds, client, io.clock, io.stop);
  progress.end();
  const report = { outcomes, verification };
  finish(report, session, options, printer);
  return exitCodeOf(report, io);
}

function exitCodeOf({ outcomes, verification }: Report, { stop }: Io): ExitCode {
  if (stop.aborted) {
    return EXIT.interrupted;
  }
  const done = verification.verified && outcomes.every(({ status }) => status === "applied");
  return done ? EXIT.done : EXIT.failed;
}

/** The plan comes first, for people; a program gets one document, in the end. */
function showChanges(plan: Plan, options: ApplyOptions, printer: Printer): void {
  const { format, showUnmanaged, yes } = options;
  const text = () => renderPlan(plan, { style: printer.style, showUnmanaged });
  if (format === "text") {
    printer.result(text());
  } else if (!yes) {
    // Whoever is asked must see what for.
    printer.rendered(text());
  }
}

function finish(report: Report, session: Session, options: ApplyOptions, printer: Printer): void {
  if (options.format === "json") {
    printer.result(toJson(reportDocument(report, session.accountId)));
  } else if (report.outcomes.length > 0) {
    printer.result(`\n${renderReport(report, { style: printer.style, tokenKinds })}`);
  }
}
