import { behind, type Health, type State, type TunnelHealth } from "../../tunnels/health.ts";
import { TUNNEL_KINDS } from "../../tunnels/tunnel-row.ts";
import { connectionsByColo } from "../text/show.ts";
import { shown } from "../text/list.ts";
import { plural } from "../words/plural.ts";
import { apiErrorWords } from "../words/error.ts";
import { toText } from "../words/sentence.ts";
import { showName } from "../visible.ts";

/** The gravest first. */
export const STATES: readonly State[] = [
  "down",
  "absent",
  "degraded",
  "unknown",
  "never_connected",
  "healthy",
];

/** `never connected`. */
export function stateWords(state: State): string {
  return state === "never_connected" ? "never connected" : state === "absent" ? "not created" : state;
}

/** How many there are of each state, also of those that none is in. */
export function countStates({ tunnels }: Pick<Health, "tunnels">): { readonly [state in State]: number } {
  const count = (state: State) => tunnels.filter((each) => each.state === state).length;
  return {
    healthy: count("healthy"),
    degraded: count("degraded"),
    down: count("down"),
    never_connected: count("never_connected"),
    absent: count("absent"),
    unknown: count("unknown"),
  };
}

/** `2 healthy, 1 down, 1 never connected`. */
export function tallyWords(health: Pick<Health, "tunnels">): string {
  const parts = Object.entries(countStates(health)).filter(([, count]) => count > 0);
  return parts.length === 0
    ? "No tunnels."
    : parts.map(([state, count]) => `${count} ${stateWords(state as State)}`).join(", ");
}

/** What is missing, one sentence each. */
export function gapWords({ refused, unasked }: Health): readonly string[] {
  return [
    ...refused.map(
      ({ kind, error }) =>
        `${TUNNEL_KINDS.some((tunnel) => tunnel === kind) ? `Whether there are any ${kind} tunnels` : `Which ${kind} leads to these tunnels`} is not known: these credentials may not read it. ${toText(apiErrorWords(error))}`,
    ),
    ...(unasked === 0
      ? []
      : [
          `${plural(unasked, "tunnel")} shown by status alone: to ask for each one's connectors takes more requests than Cloudflare allows in five minutes. Name those that matter.`,
        ]),
  ];
}

/** `2025.1.0, 2026.8.2`: which versions its connectors have; `-` where there are none, or nobody knows. */
export function versionWords({ connectors }: TunnelHealth): string {
  const versions = (connectors ?? []).map(({ version }) => shown(version));
  return [...new Set(versions)].sort().join(", ") || "-";
}

/** `dfw01 x4, ord02 x4`: where they are connected. */
export function dataCentreWords({ connectors }: TunnelHealth): string {
  const connections = (connectors ?? []).flatMap((connector) => connector.connections);
  return connections.length === 0 ? "-" : connectionsByColo({ connections });
}

/** `v7`, `v7, 1 behind`, `local`: which configuration there is, and whether all have got it. */
export function configurationWords(health: TunnelHealth): string {
  const { configuration, tunnel } = health;
  if (configuration === null) {
    return tunnel?.config_src === "local" ? "local" : "-";
  }
  const late = behind(health).length;
  const lag = late === 0 ? "" : `, ${late} behind`;
  return `v${configuration.version}${lag}`;
}

/** What it serves: hostnames first, then what hangs on it. */
export function servedNames({ configuration, routes }: TunnelHealth): readonly string[] {
  return [...(configuration?.hostnames ?? []), ...Object.values(routes).flat()].map(showName);
}
