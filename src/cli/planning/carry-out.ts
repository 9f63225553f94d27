import type { Run } from "../command.ts";
import type { Plan } from "../../engine/model/change.ts";
import type { ActualState } from "../../engine/observe.ts";
import { applyPlan } from "../../engine/apply-plan.ts";
import type { Progress } from "../../engine/execute.ts";
import type { Report } from "../../engine/model/outcome.ts";
import { kinds } from "../../kinds/index.ts";
import { blockedAnnotations, failureAnnotations } from "../../render/annotations.ts";
import { reportDocument, toJson } from "../../render/json/json.ts";
import { renderMarkdownReport } from "../../render/markdown/report.ts";
import { renderPlan } from "../../render/text/plan.ts";
import type { Refusal } from "../../render/words/refusal.ts";
import { renderReport } from "../../render/text/report.ts";
import type { Io } from "../io.ts";
import type { ApiOptions } from "../args/options.ts";
import type { SecretValues } from "./secrets.ts";
import { markdownOf, showPlan, type ShownPlan } from "./show-plan.ts";
import type { Session } from "../session/session.ts";
import type { JobSummary } from "./job-summary.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

/** How what is applied is shown. */
export interface ShowOptions extends ApiOptions {
  readonly showUnmanaged: boolean;
  /** How long connectors have for a configuration. Seconds; 0: nobody is asked. */
  readonly rolloutTimeout: number;
  readonly reasons: boolean;
}

/** What an apply works with. */
export interface Applying extends Run<ShowOptions> {
  readonly session: Pick<Session, "client" | "limits" | "sameAccount">;
  /** The account that the plan is for. */
  readonly accountId: string;
  readonly jobSummary: JobSummary;
}

/** Does what the plan says, reads the account once more, reports, and says how it went. */
export async function carryOut(
  planned: { readonly plan: Plan; readonly actual: ActualState },
  secret: SecretValues,
  run: Applying,
): Promise<ExitCode> {
  const { session, options, io, waiting } = run;
  const { client, limits } = session;
  const { concurrency, rolloutTimeout } = options;
  const work = (progress: Progress) =>
    applyPlan(planned, {
      client,
      kinds,
      ...limits,
      concurrency,
      secret,
      progress,
      rolloutTimeout: rolloutTimeout * 1_000,
    });
  const report = await waiting.applying(planned.plan.changes.length, work);
  await finish(report, run);
  return exitCodeOf(report, io);
}

/** An apply that had nothing to do. */
export async function nothingToDo(run: Applying): Promise<ExitCode> {
  await finish({ outcomes: [], verification: { verified: true, because: "nothing_applied" } }, run);
  return EXIT.done;
}

/** Says why nothing was changed. In text the plan was shown before; else it comes in the same document. */
export async function showRefusal(plan: Plan, refusal: Refusal, run: Applying): Promise<ExitCode> {
  const { accountId, options, printer, jobSummary, stamping } = run;
  const stamp = stamping.of("apply");
  const shown: ShownPlan = { plan, accountId, stamp, base: null, title: "Not applied", refusal };
  if (options.format === "text") {
    printer.rendered(refusal.text);
  } else {
    showPlan(shown, run);
  }
  await jobSummary(() => markdownOf(shown, options));
  printer.annotate(blockedAnnotations(plan.blocked));
  return EXIT.refused;
}

/** The plan comes first, for people; a program gets one document, in the end. */
export function showChanges(
  plan: Plan,
  { asking }: { readonly asking: boolean },
  { options, printer }: Pick<Applying, "options" | "printer">,
): void {
  const { format, showUnmanaged, reasons } = options;
  const how = { width: printer.width, showUnmanaged, reasons };
  if (format === "text") {
    printer.result(renderPlan(plan, { ...how, style: printer.style }));
  } else if (asking) {
    // Whoever is asked must see what for.
    printer.rendered(renderPlan(plan, { ...how, style: printer.errorStyle }));
  }
}

function exitCodeOf({ outcomes, verification }: Report, { stop }: Io): ExitCode {
  if (stop.aborted) {
    return EXIT.interrupted;
  }
  const done = verification.verified && outcomes.every(({ status }) => status === "applied");
  return done ? EXIT.done : EXIT.failed;
}

async function finish(
  report: Report,
  { session, accountId, options, printer, jobSummary, stamping }: Applying,
): Promise<void> {
  const { sameAccount } = session;
  const markdown = () => renderMarkdownReport(report, { sameAccount });
  switch (options.format) {
    case "json":
      printer.result(toJson(reportDocument(report, accountId, stamping.of("apply"))));
      break;
    case "markdown":
      printer.result(markdown());
      break;
    case "text":
      if (report.outcomes.length > 0) {
        printer.result(
          `\n${renderReport(report, { style: printer.style, width: printer.width, sameAccount })}`,
        );
      }
      break;
  }
  await jobSummary(markdown);
  printer.annotate(failureAnnotations(report.outcomes));
}
