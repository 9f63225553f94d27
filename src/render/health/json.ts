import { behind, type Health, isHealthy, since, type TunnelHealth } from "../../tunnels/health.ts";
import { apiErrorWords } from "../words/error.ts";
import { toText } from "../words/sentence.ts";
import { dashboardUrl } from "./dashboard.ts";
import { countStates } from "./words.ts";

/** The members of `schema/status.schema.json`, but for those that every document has. */
export function healthFields(health: Health, accountId: string): object {
  return {
    health: health.tunnels.map((each) => healthItem(each, accountId)),
    healthy: isHealthy(health),
    summary: countStates(health),
    unreadable: health.refused.map(({ kind, error }) => ({
      kind,
      message: toText(apiErrorWords(error)),
      status: error.status,
    })),
    unasked: health.unasked,
  };
}

function healthItem(health: TunnelHealth, accountId: string): object {
  const { kind, name, tunnel, state, connectors, configuration, routes } = health;
  return {
    kind,
    name,
    id: tunnel?.id ?? null,
    state,
    status: tunnel?.status ?? null,
    since: tunnel === null ? null : since(tunnel),
    config_src: tunnel?.config_src ?? null,
    connectors,
    config_version: configuration?.version ?? null,
    behind: behind(health).map(({ id }) => id),
    hostnames: configuration?.hostnames ?? null,
    routes,
    dashboard_url: tunnel === null ? null : dashboardUrl(accountId, tunnel),
  };
}
