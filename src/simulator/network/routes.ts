import type { Account } from "../account.ts";
import { uuidOf } from "../random.ts";
import type { Kept, Table } from "../state/table.ts";
import { tunnels, type Tunnel } from "../tunnel/tunnel.ts";
import { isFields, isNumber, isText, orNull } from "../wire/checks.ts";
import { notFound, refusal, unreadable, type Refusal } from "../wire/envelope.ts";
import { isUuid } from "../wire/json.ts";

/** A way into a private network: addresses that lead to a tunnel. */
export interface Route extends Kept {
  /** Canonical. */
  readonly network: string;
  readonly tunnel_id: string;
  readonly virtual_network_id: string;
  readonly comment: string;
}

/** The same for a name. */
export interface HostnameRoute extends Kept {
  /** Lower case, without the `*.` and the outer dots that it may have come with. */
  readonly hostname: string;
  readonly tunnel_id: string;
  readonly comment: string;
}

const KEPT = { id: isText, created_at: isNumber, deleted_at: orNull(isNumber), tunnel_id: isText };

export const routes: Table<Route, "subnet" | "tunnel" | "virtual_network" | "all"> = {
  name: "routes",
  indexes: {
    subnet: (route) => `${route.network} ${route.virtual_network_id}`,
    tunnel: (route) => route.tunnel_id,
    virtual_network: (route) => route.virtual_network_id,
    all: () => "",
  },
  isRow: isFields({ ...KEPT, network: isText, virtual_network_id: isText, comment: isText }),
};

export const hostnameRoutes: Table<HostnameRoute, "hostname" | "tunnel" | "all"> = {
  name: "hostname_routes",
  indexes: {
    hostname: (route) => route.hostname,
    tunnel: (route) => route.tunnel_id,
    all: () => "",
  },
  isRow: isFields({ ...KEPT, hostname: isText, comment: isText }),
};

/** The live tunnel of this id; or why a route cannot lead there. */
export function routableTunnel(account: Account, id: string): Tunnel | Refusal {
  if (!isUuid(id)) {
    return unreadable("tunnel_id: invalid UUID");
  }
  return account.tables.of(tunnels).getLive(id.toLowerCase()) ?? notFound(account.switches);
}

/** What keeps one more route of either sort out: they share a limit. */
export function routeQuotaFault({ tables, switches }: Account): Refusal | null {
  const limit = switches.route_quota;
  const count = tables.of(routes).liveCount("all", "") + tables.of(hostnameRoutes).liveCount("all", "");
  return limit === null || count < limit
    ? null
    : refusal(
        switches.quota_status,
        switches.route_quota_code,
        `You have reached the maximum number of routes for this account (limit ${limit})`,
      );
}

/** What the lists add of a route's tunnel. */
export function tunnelFields(
  account: Account,
  id: string,
): { readonly tun_type?: string; readonly tunnel_name?: string } {
  const tunnel = account.tables.of(tunnels).get(id);
  return tunnel ? { tun_type: tunnel.kind, tunnel_name: tunnel.name } : {};
}

/** Gives a tunnel a route that no other has. */
export function addSomeRoute(account: Account, tunnelId: string, virtual_network_id: string): void {
  const store = account.tables.of(routes);
  const count = store.all().length;
  store.put({
    id: uuidOf(`a route of ${tunnelId}`),
    network: `10.${(count >> 8) & 255}.${count & 255}.0/24`,
    tunnel_id: tunnelId,
    virtual_network_id,
    comment: "",
    created_at: account.now(),
    deleted_at: null,
  });
}
