import { permits, type Area } from "../wire/auth.ts";
import type { Call } from "../wire/endpoint.ts";
import type { Reply } from "../wire/envelope.ts";
import { atTime, commonFilters, equals, existed, isId } from "../wire/filters.ts";
import { listRows, type Filter } from "../wire/list.ts";
import { collectionOf } from "./collections.ts";
import { rowText } from "./rows.ts";
import { statusOf, tunnels, wasActive, type Tunnel } from "./tunnel.ts";

const filters: { readonly [parameter: string]: Filter<Tunnel> } = {
  ...commonFilters,
  name: equals((tunnel) => tunnel.name),
  uuid: isId((tunnel) => tunnel.id),
  was_active_at: atTime(wasActive),
  was_inactive_at: atTime((tunnel, time) => existed(tunnel, time) && !wasActive(tunnel, time)),
  include_prefix: (value) => (tunnel) => tunnel.name.startsWith(value),
  // cloudflared's spelling of the same.
  name_prefix: (value) => (tunnel) => tunnel.name.startsWith(value),
  exclude_prefix: (value) => (tunnel) => !tunnel.name.startsWith(value),
  status: (value) => (STATUSES.includes(value) ? (tunnel) => statusOf(tunnel) === value : null),
};

const STATUSES: readonly string[] = ["inactive", "degraded", "healthy", "down"];
const TUN_TYPES = ["cfd_tunnel", "warp_connector", "warp", "magic", "ip_sec", "gre", "cni"];

/** Tunnels by their types, after commas. */
export function ofTypes<Row>(typeOf: (row: Row, call: Call) => string | undefined): Filter<Row> {
  return (value, call) => {
    const types = value.split(",");
    const isKnown = types.every((type) => TUN_TYPES.includes(type) || collectionOf(type));
    return isKnown ? (row) => types.includes(typeOf(row, call) ?? "") : null;
  };
}

/** The tunnels of one kind. */
export function listKind(call: Call, kind: string): Reply {
  return list(call, (tunnel) => tunnel.kind === kind, filters);
}

/** The tunnels of all kinds that the credential may read. */
export function listAll(call: Call, kinds: readonly Area[]): Reply {
  const { permissions } = call;
  const isShown = new Set<string>(
    call.account.switches.tunnels_rows === "all"
      ? kinds
      : kinds.filter((kind) => permits(permissions, kind, "read")),
  );
  return list(call, (tunnel) => isShown.has(tunnel.kind), {
    ...filters,
    tun_types: ofTypes((tunnel) => tunnel.kind),
  });
}

function list(
  call: Call,
  isMeant: (tunnel: Tunnel) => boolean,
  known: { readonly [parameter: string]: Filter<Tunnel> },
): Reply {
  const { account } = call;
  return listRows(call, {
    rows: () => account.tables.of(tunnels).list().filter(isMeant),
    filters: known,
    show: (tunnel) => rowText(account, tunnel),
  });
}
