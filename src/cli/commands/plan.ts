import type { Plan } from "../../engine/change.ts";
import { planDocument, toJson } from "../../render/json.ts";
import { renderMarkdown } from "../../render/markdown.ts";
import { renderPlan } from "../../render/plan.ts";
import { refuse } from "../../render/refusal.ts";
import type { Printer } from "../printer.ts";
import type { Io } from "../io.ts";
import type { PlanningOptions } from "../options.ts";
import { unknownSecrets } from "../compare-secrets.ts";
import { makePlan, readDesiredState } from "../reconcile.ts";
import { openSession } from "../session.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface PlanCommandOptions extends PlanningOptions {
  readonly detailedExitcode: boolean;
}

/** Shows what `apply` would do. Sends GETs only. */
export async function planCommand(options: PlanCommandOptions, printer: Printer, io: Io): Promise<ExitCode> {
  const { plan } = await planOnce(options, printer, io);
  if (plan.blocked.length > 0) {
    return EXIT.refused;
  }
  if (lacksSecrets(plan, options, printer)) {
    return EXIT.failed;
  }
  return options.detailedExitcode && plan.changes.length > 0 ? EXIT.differences : EXIT.done;
}

/** As `plan`, for schedules: whatever differs, blocked changes included, is drift. */
export async function drift(options: PlanningOptions, printer: Printer, io: Io): Promise<ExitCode> {
  const { plan } = await planOnce(options, printer, io);
  if (plan.changes.length + plan.blocked.length > 0) {
    return EXIT.differences;
  }
  return lacksSecrets(plan, options, printer) ? EXIT.failed : EXIT.done;
}

/** Whether a secret that had to be compared could not be, which is then said. */
function lacksSecrets(plan: Plan, { requireSecrets }: PlanningOptions, printer: Printer): boolean {
  const lacks = requireSecrets && plan.unknown.length > 0;
  if (lacks) {
    printer.rendered(`${unknownSecrets(plan)}\n`);
  }
  return lacks;
}

async function planOnce(
  options: PlanningOptions,
  printer: Printer,
  io: Io,
): Promise<{ readonly plan: Plan }> {
  const desired = await readDesiredState({ ...options, anyAccount: options.sandbox }, io);
  const session = await openSession(options, desired.account_id, printer, io);
  try {
    const { plan } = await makePlan(desired, options, session, io);
    showPlan(plan, session.accountId, options, printer);
    const refusal = refuse(plan);
    if (refusal !== null && options.format === "text") {
      printer.rendered(refusal.text);
    }
    return { plan };
  } finally {
    await session.close();
  }
}

/** Prints a plan in the format that was asked for. */
export function showPlan(
  plan: Plan,
  accountId: string,
  options: Pick<PlanningOptions, "format" | "showUnmanaged">,
  printer: Printer,
): void {
  const { showUnmanaged } = options;
  switch (options.format) {
    case "text":
      printer.result(renderPlan(plan, { style: printer.style, showUnmanaged }));
      break;
    case "json":
      printer.result(toJson(planDocument(plan, accountId)));
      break;
    case "markdown":
      printer.result(renderMarkdown(plan, { title: "Plan", showUnmanaged }));
      break;
  }
}
