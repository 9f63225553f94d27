import type { Run } from "../command.ts";
import type { OutputOptions } from "../args/options.ts";
import { readPlan } from "../planning/plan-file.ts";
import { EXIT, type ExitCode } from "../user-error.ts";
import { showPlan } from "../planning/show-plan.ts";

export interface ShowPlanOptions extends OutputOptions {
  readonly showUnmanaged: boolean;
  readonly reasons: boolean;
  readonly summaryOnly: boolean;
}

/** Shows a saved plan as `plan` showed it. Touches no network and needs no credentials. */
export async function showSavedPlan(run: Run<ShowPlanOptions>, path: string): Promise<ExitCode> {
  const saved = await readPlan(path, run.io, []);
  const { plan, account_id: accountId, made_from, base } = saved;
  if (run.options.showUnmanaged && (plan.unlisted ?? 0) > 0) {
    run.printer.note(
      `This plan counts what is unmanaged (${plan.unlisted}) and does not say what: plan --show-unmanaged --out FILE does.`,
    );
  }
  showPlan({ plan, accountId, stamp: { command: "plan", made_from }, base, title: "Plan" }, run);
  return EXIT.done;
}
