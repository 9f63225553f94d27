import type { Stamp } from "../../base/stamp.ts";
import type { BaseComparison } from "../../engine/compare/baseline.ts";
import { type Plan, withoutUnmanaged } from "../../engine/model/change.ts";
import type { Rollout } from "../../engine/model/outcome.ts";
import { planDocument, toJson } from "../../render/json/json.ts";
import { renderCounts, renderCountsMarkdown } from "../../render/counts.ts";
import { renderMarkdown } from "../../render/markdown/plan.ts";
import { renderPlan } from "../../render/text/plan.ts";
import type { Refusal } from "../../render/words/refusal.ts";
import type { OutputOptions } from "../args/options.ts";
import type { Run } from "../command.ts";

/** A plan as it is to be shown. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly accountId: string;
  readonly stamp: Stamp;
  /** What was found against the base, where there is one. */
  readonly base: BaseComparison | null;
  readonly title: "Plan" | "Drift" | "Not applied";
  /** How far connectors have got, where they were asked. */
  readonly rollout?: Rollout | null;
  readonly refusal?: Refusal;
  /** Why the command fails though it made a plan: for programs, since people are told last. */
  readonly failure?: { readonly code: string; readonly message: string } | null;
}

type ShowOptions = Pick<OutputOptions, "format"> & {
  readonly showUnmanaged: boolean;
  readonly reasons: boolean;
  /** Counts alone, where nobody is to read names and addresses. A document for programs stays whole. */
  readonly summaryOnly?: boolean;
};

/** Prints a plan in the format that was asked for. */
export function showPlan(
  shown: ShownPlan,
  { options, printer }: Pick<Run<ShowOptions>, "options" | "printer">,
): void {
  const { plan, accountId, stamp, base, refusal = null, rollout = null, failure = null } = shown;
  const { showUnmanaged, reasons, summaryOnly = false } = options;
  switch (options.format) {
    case "text":
      printer.result(
        summaryOnly
          ? renderCounts(shown)
          : renderPlan(plan, {
              style: printer.style,
              width: printer.width,
              showUnmanaged,
              reasons,
              base,
              rollout,
              drift: shown.title === "Drift",
            }),
      );
      break;
    case "json":
      printer.result(
        toJson(
          planDocument(showUnmanaged ? plan : withoutUnmanaged(plan), accountId, stamp, {
            base,
            refusal,
            rollout,
            failure,
          }),
        ),
      );
      break;
    case "markdown":
      printer.result(markdownOf(shown, options));
      break;
  }
}

/** The same as Markdown, whatever the format. */
export function markdownOf(
  shown: ShownPlan,
  { showUnmanaged, summaryOnly = false }: Pick<ShowOptions, "showUnmanaged" | "summaryOnly">,
): string {
  const { plan, base, title, refusal = null, rollout = null } = shown;
  if (summaryOnly) {
    return renderCountsMarkdown(shown);
  }
  return renderMarkdown(plan, {
    title,
    showUnmanaged,
    base,
    drift: title === "Drift",
    refusal,
    rollout,
  });
}
