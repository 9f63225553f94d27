import type { BaseComparison } from "../engine/compare/baseline.ts";
import type { Plan } from "../engine/model/change.ts";
import type { Rollout } from "../engine/model/outcome.ts";
import { compareText } from "../engine/model/resource.ts";
import { noChangesWords, countsWords } from "./plan-counts.ts";
import { baseCountWords } from "./words/baseline.ts";
import { rolloutWords } from "./words/rollout.ts";

/** What is counted of a plan: no name, no address, no value. */
interface Counted {
  readonly plan: Plan;
  readonly base: BaseComparison | null;
  readonly rollout?: Rollout | null;
  /** Our own words for the headline, as `Plan`. */
  readonly title: string;
}

/** How much is to change, where nobody is to read what. Ends with a line feed. */
export function renderCounts(counted: Counted): string {
  const lines = [...countsByKind(counted.plan), ...others(counted)];
  return [
    ...lines,
    ...(lines.length === 0 ? [] : [""]),
    `${counted.title === "Drift" ? "Drift" : "Plan"}: ${countsWords(counted.plan)}.`,
    "",
  ].join("\n");
}

/** The same for a pull request's comment or a job's summary. */
export function renderCountsMarkdown(counted: Counted): string {
  const { plan, title } = counted;
  const refused = "**`apply` refuses this plan.** Nothing is changed until that is resolved.";
  const kinds = countsByKind(plan).map((line) => `- ${line}`);
  return [
    `### ${title}: ${countsWords(plan)}`,
    ...(plan.blocked.length === 0 ? [] : [refused]),
    ...others(counted),
    ...(kinds.length === 0 ? [] : [kinds.join("\n")]),
    "Names and values are left out (`--summary-only`).\n",
  ].join("\n\n");
}

function others({ plan, base, rollout = null }: Counted): readonly string[] {
  const none = noChangesWords(plan);
  return [
    ...(none === null ? [] : [none]),
    ...(base === null ? [] : [baseCountWords(base)]),
    ...(rollout === null ? [] : [`Rollout: ${rolloutWords(rollout)}.`]),
  ];
}

/** `route: 2 to create, 1 blocked`, for each kind that is to change. */
function countsByKind({ changes, blocked }: Plan): readonly string[] {
  const counts = new Map<string, Map<string, number>>();
  const all = [
    ...changes.map(({ kind, action }) => ({ kind, word: `to ${action}` })),
    ...blocked.map(({ kind }) => ({ kind: kind ?? "the plan as a whole", word: "blocked" })),
  ];
  for (const { kind, word } of all) {
    const words = counts.get(kind) ?? new Map<string, number>();
    counts.set(kind, words.set(word, (words.get(word) ?? 0) + 1));
  }
  return [...counts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([kind, words]) => `${kind}: ${[...words].map(([word, count]) => `${count} ${word}`).join(", ")}`);
}
