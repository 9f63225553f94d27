import type { CloudflareClient } from "../cloudflare/client.ts";
import type { ApiError } from "../cloudflare/error.ts";
import { isObject } from "../base/json.ts";
import type { ResourceKind } from "../engine/model/kind.ts";
import { type ActualResource, byKindAndName, compareText, versionOf } from "../engine/model/resource.ts";
import { readConnectors } from "./api.ts";
import { readRoutes, type RouteKinds } from "./routes.ts";
import { type Connector, isManaged, type Tunnel, type TunnelKind } from "./tunnel-row.ts";

/** A tunnel to look at, and its row; null where none of that name lives. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly tunnel: Tunnel | null;
}

/** In a word, how one is. */
export type State = "healthy" | "degraded" | "down" | "never_connected" | "absent" | "unknown";

/** How one tunnel is, and what it serves. */
export interface TunnelHealth extends Subject {
  readonly state: State;
  /** Sorted by start; null where the server does not tell, or nobody asked. */
  readonly connectors: readonly Connector[] | null;
  /** Null where it has none, or it is a file beside the connectors, or nobody asked. */
  readonly configuration: Configuration | null;
  /** What leads to it, by kind, sorted; a kind that may not be read is not there. */
  readonly routes: { readonly [kind: string]: readonly string[] };
}

/** What connectors follow, as far as it says what a tunnel serves. */
export interface Configuration {
  readonly version: number;
  /** Sorted, each once. */
  readonly hostnames: readonly string[];
}

/** How tunnels are. */
export interface Health {
  /** Sorted by kind, then name. */
  readonly tunnels: readonly TunnelHealth[];
  /** Kinds that the credentials may not read, so that not all is known that leads to tunnels. */
  readonly refused: readonly { readonly kind: string; readonly error: ApiError }[];
  /** How many tunnels are there by their rows alone, as asking for each would take more than the quota. */
  readonly unasked: number;
  /** How many requests it took, about. */
  readonly requests: number;
}

/** The kinds that tell what a tunnel serves. */
export interface Serving {
  /** What connectors follow: read by the tunnel's id. */
  readonly configurations: Pick<ResourceKind, "read">;
  readonly routes: RouteKinds;
}

/** Of the 1,200 requests in five minutes that all who share a token have. */
const MOST_REQUESTS = 1_000;

/**
 * Asks for each tunnel's connectors and configuration, where its row says that there may be some, and once for all
 * that leads to tunnels. Beyond what the quota allows, those that are well are not asked. Throws `ApiError`.
 */
export async function readHealth(
  client: CloudflareClient,
  subjects: readonly Subject[],
  serving: Serving,
): Promise<Health> {
  const sorted = [...subjects].sort(bySubject);
  const { asked, requests } = withinQuota(sorted);
  const [routes, details] = await Promise.all([
    readRoutes(
      client,
      serving.routes,
      sorted.some(({ tunnel }) => tunnel !== null),
    ),
    Promise.all(sorted.map((each) => readDetails(client, asked.has(each) ? each : null, serving))),
  ]);
  const tunnels = sorted.map((each, at): TunnelHealth => {
    const { connectors, configuration } = details[at] ?? UNASKED;
    const { kind, name, tunnel } = each;
    return {
      kind,
      name,
      tunnel,
      state: stateOf(tunnel),
      connectors,
      configuration,
      routes: Object.fromEntries(routes.read.map((of) => [of.kind, of.namesFor(tunnel?.id ?? null)])),
    };
  });
  return {
    tunnels,
    refused: routes.refused,
    unasked: sorted.filter((each) => each.tunnel !== null && !asked.has(each)).length,
    requests: requests + serving.routes.kinds.length,
  };
}

/** Whether every one is healthy; none at all are. */
export function isHealthy({ tunnels }: Pick<Health, "tunnels">): boolean {
  return tunnels.every(({ state }) => state === "healthy");
}

/** Those of its connectors that run on an older configuration than there is. */
export function behind({ connectors, configuration }: TunnelHealth): readonly Connector[] {
  return (connectors ?? []).filter(
    ({ config_version }) =>
      config_version !== null && configuration !== null && config_version < configuration.version,
  );
}

/** Since when it is as it is, as the API tells it; null where it does not. */
export function since({ status, conns_active_at, conns_inactive_at, created_at }: Tunnel): string | null {
  switch (status ?? "") {
    case "inactive":
      return created_at;
    case "down":
      return conns_inactive_at;
    default:
      return conns_active_at;
  }
}

function stateOf(tunnel: Tunnel | null): State {
  if (tunnel === null) {
    return "absent";
  }
  const status = tunnel.status ?? "";
  switch (status) {
    case "healthy":
    case "degraded":
    case "down":
      return status;
    case "inactive":
      return "never_connected";
    default:
      return "unknown";
  }
}

type Details = Pick<TunnelHealth, "connectors" | "configuration">;

const UNASKED: Details = { connectors: null, configuration: null };

/** Which are asked: the troubled before the healthy, as far as the quota goes. */
function withinQuota(subjects: readonly Subject[]): {
  readonly asked: ReadonlySet<Subject>;
  readonly requests: number;
} {
  const isWell = ({ tunnel }: Subject) => tunnel?.status === "healthy";
  const asked = new Set<Subject>();
  let requests = 0;
  for (const each of [...subjects.filter((one) => !isWell(one)), ...subjects.filter((one) => isWell(one))]) {
    const cost = Number(mayHaveConnectors(each)) + Number(mayHaveConfiguration(each));
    if (requests + cost <= MOST_REQUESTS) {
      asked.add(each);
      requests += cost;
    }
  }
  return { asked, requests };
}

async function readDetails(
  client: CloudflareClient,
  subject: Subject | null,
  { configurations }: Serving,
): Promise<Details> {
  const tunnel = subject?.tunnel ?? null;
  if (subject === null || tunnel === null || !isManaged(tunnel)) {
    return UNASKED;
  }
  const [connectors, configuration] = await Promise.all([
    mayHaveConnectors(subject) ? readConnectors(client, tunnel) : [],
    mayHaveConfiguration(subject) ? configurations.read(client, tunnel.id) : null,
  ]);
  return {
    connectors,
    configuration:
      configuration === null || configuration.facts["source"] === "local"
        ? null
        : { version: Number(versionOf(configuration) ?? 0), hostnames: hostnamesOf(configuration) },
  };
}

function mayHaveConnectors({ tunnel }: Subject): boolean {
  return tunnel !== null && tunnel.status !== "inactive" && tunnel.status !== "down";
}

function mayHaveConfiguration({ tunnel }: Subject): boolean {
  const kind: TunnelKind = "cfd_tunnel";
  return tunnel?.kind === kind && tunnel.config_src !== "local";
}

function hostnamesOf({ spec }: ActualResource): readonly string[] {
  const rules = Array.isArray(spec["ingress"]) ? spec["ingress"] : [];
  const names = rules.flatMap((rule: unknown) => {
    const hostname = isObject(rule) ? rule["hostname"] : null;
    return typeof hostname === "string" && hostname !== "" ? [hostname] : [];
  });
  return [...new Set(names)].sort(compareText);
}

function bySubject(a: Subject, b: Subject): number {
  return byKindAndName({ ...a, id: a.tunnel?.id ?? null }, { ...b, id: b.tunnel?.id ?? null });
}
