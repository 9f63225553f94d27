import type { Action, Plan } from "../engine/model/change.ts";
import type { Rollout } from "../engine/model/outcome.ts";
import { type ActualResource, compareText } from "../engine/model/resource.ts";
import { carriesConnections } from "../kinds/cards.ts";

/** What a drift run found, to be counted. */
export interface Measured {
  readonly plan: Plan;
  /** The account as it was read. */
  readonly actual: readonly ActualResource[];
  /** Kinds that the files declare: each has a series, also where there is nothing to count. */
  readonly kinds: readonly string[];
  /** Null where no connector was asked. */
  readonly rollout: Rollout | null;
  /** Of this run, in milliseconds since the epoch. */
  readonly now: number;
}

const ACTIONS: readonly Action[] = ["create", "update", "delete", "replace"];
/** As the API puts them; one that it adds gets a series of its own. */
const STATUSES: readonly string[] = ["healthy", "degraded", "down", "inactive"];

/** The same facts as a drift plan's, as text for Prometheus: what is 0 is there, so that an alert can end. */
export function renderMetrics({ plan, actual, kinds, rollout, now }: Measured): string {
  const all = sorted([...kinds, ...plan.changes.map(({ kind }) => kind)]);
  const tunnels = actual.filter(({ kind }) => carriesConnections(kind));
  const statuses = tunnels.map(({ facts }) => facts["status"] ?? "unknown");
  const blocked = plan.blocked.map(({ kind }) => kind ?? "");
  const lags = (rollout?.behind ?? []).map(({ kind }) => kind);
  const families = [
    family(
      "warren_drift_changes",
      "Changes that apply would make.",
      all.flatMap((kind) =>
        ACTIONS.map((action) => ({
          labels: { kind, action },
          value: plan.changes.filter((change) => change.kind === kind && change.action === action).length,
        })),
      ),
    ),
    family(
      "warren_drift_blocked",
      "Changes that the files ask for and the plan refuses; no kind: the plan as a whole.",
      sorted([...all, ...blocked]).map((kind) => ({ labels: { kind }, value: countOf(kind, blocked) })),
    ),
    ...(rollout === null
      ? []
      : [
          family(
            "warren_drift_behind",
            "Connectors that run on an older configuration.",
            sorted(lags.length === 0 ? ["cfd_tunnel_configuration"] : lags).map((kind) => ({
              labels: { kind },
              value: countOf(kind, lags),
            })),
          ),
        ]),
    family(
      "warren_tunnels",
      "Live tunnels by the status that the API gives.",
      sorted([...all.filter(carriesConnections), ...tunnels.map(({ kind }) => kind)]).flatMap((kind) =>
        sorted([...STATUSES, ...statuses]).map((status) => ({
          labels: { kind, status },
          value: tunnels.filter((each, at) => each.kind === kind && statuses[at] === status).length,
        })),
      ),
    ),
    family("warren_last_success_timestamp_seconds", "When the account was last read and compared.", [
      { labels: {}, value: Math.floor(now / 1_000) },
    ]),
  ];
  return families.join("");
}

interface Sample {
  readonly labels: { readonly [label: string]: string };
  readonly value: number;
}

function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
  });
  return samples.length === 0 ? "" : `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}

function countOf(text: string, texts: readonly string[]): number {
  return texts.filter((each) => each === text).length;
}
