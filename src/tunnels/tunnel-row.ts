import { isObject, isUuid } from "../base/json.ts";
import { compareText } from "../engine/model/resource.ts";
import { type Row, textOrNull, timeOrNull, unreadable } from "./row.ts";

/** Every type of tunnel that the API lists, as it spells them in `tun_types`. */
export const TUN_TYPES = ["cfd_tunnel", "warp_connector", "warp", "magic", "ip_sec", "gre", "cni"] as const;

/** The types that have a collection of their own, under a path of the same name. */
export const TUNNEL_KINDS = ["cfd_tunnel", "warp_connector"] as const;
export type TunnelKind = (typeof TUNNEL_KINDS)[number];

/** One tunnel as a list or a read shows it, live or deleted. Times are the API's own text. */
export interface Tunnel {
  /** A `TunType`, or one that came later. */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  readonly created_at: string | null;
  /** Null while it lives. */
  readonly deleted_at: string | null;
  readonly conns_active_at: string | null;
  readonly conns_inactive_at: string | null;
  /** Of a cfd tunnel; null where the API does not say. */
  readonly config_src: string | null;
  /** How many run; null where the row does not tell. */
  readonly connectors: number | null;
}

/** One that commands for a single tunnel can work on. */
export type ManagedTunnel = Tunnel & { readonly kind: TunnelKind };

export function isManaged(tunnel: Tunnel): tunnel is ManagedTunnel {
  return TUNNEL_KINDS.some((kind) => kind === tunnel.kind);
}

/** One running cloudflared or WARP connector; the API calls it Client. */
export interface Connector {
  readonly id: string;
  readonly version: string | null;
  readonly arch: string | null;
  readonly run_at: string | null;
  readonly config_version: number | null;
  /** Of a WARP connector. */
  readonly ha_status: string | null;
  readonly connections: readonly Connection[];
}

export interface Connection {
  readonly id: string;
  readonly colo_name: string | null;
  readonly opened_at: string | null;
  readonly origin_ip: string | null;
}

/** Reads a row of a list or a read by id; `kind` is the one that was asked for, null where any may come. */
export function parseTunnel(row: unknown, kind: string | null, path: string): Tunnel {
  if (!isObject(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  const { id, name } = row;
  if (!isUuid(id)) {
    throw unreadable("GET", path, "a row has no id");
  }
  if (typeof name !== "string" || name === "") {
    throw unreadable("GET", path, `tunnel ${id} has no name`);
  }
  const type = textOrNull(row["tun_type"]) ?? kind;
  if (type === null) {
    throw unreadable("GET", path, `tunnel ${id} has no tun_type`);
  }
  if (kind !== null && type !== kind) {
    throw unreadable("GET", path, `tunnel ${id} is a ${type}, not a ${kind}`);
  }
  return {
    kind: type,
    id: id.toLowerCase(),
    name,
    status: textOrNull(row["status"]),
    created_at: timeOrNull(row["created_at"]),
    deleted_at: timeOrNull(row["deleted_at"]),
    conns_active_at: timeOrNull(row["conns_active_at"]),
    conns_inactive_at: timeOrNull(row["conns_inactive_at"]),
    config_src: configSource(row["config_src"], row["remote_config"]),
    connectors: countConnectors(row),
  };
}

/** Older servers leave `config_src` out; then the retired `remote_config` tells. */
function configSource(config_src: unknown, remote_config: unknown): string | null {
  if (typeof config_src === "string" || typeof remote_config !== "boolean") {
    return textOrNull(config_src);
  }
  return remote_config ? "cloudflare" : "local";
}

/** The open connections that a row shows. The field is retired, so that none says nothing. */
export function connectionsOf({ connections }: Row): readonly unknown[] {
  return Array.isArray(connections) ? connections : [];
}

/** The field `connections` is retired: where it is empty, only an idle status tells how many there are. */
function countConnectors(row: Row): number | null {
  const { status } = row;
  const rows = connectionsOf(row);
  if (rows.length === 0 && (status === "inactive" || status === "down")) {
    return 0;
  }
  const clients = new Set(rows.map((row) => (isObject(row) ? row["client_id"] : null)));
  return clients.size === 0 || clients.has(null) ? null : clients.size;
}

/** Reads one row of a tunnel's connectors. */
export function parseConnector(row: unknown, path: string): Connector {
  if (!isObject(row) || !isUuid(row["id"])) {
    throw unreadable("GET", path, "a connector has no id");
  }
  const { id, conns, config_version } = row;
  return {
    id: id.toLowerCase(),
    version: textOrNull(row["version"]),
    arch: textOrNull(row["arch"]),
    run_at: timeOrNull(row["run_at"]),
    config_version: typeof config_version === "number" ? config_version : null,
    ha_status: textOrNull(row["ha_status"]),
    connections: Array.isArray(conns) ? conns.map((each) => parseConnection(each, path)) : [],
  };
}

function parseConnection(row: unknown, path: string): Connection {
  const id = isObject(row) ? (row["id"] ?? row["uuid"]) : null;
  if (!isObject(row) || typeof id !== "string") {
    throw unreadable("GET", path, "a connection has no id");
  }
  return {
    id,
    colo_name: textOrNull(row["colo_name"]),
    opened_at: timeOrNull(row["opened_at"]),
    origin_ip: textOrNull(row["origin_ip"]),
  };
}

/** Sorts connectors by their start, then id. */
export function byStart(a: Connector, b: Connector): number {
  return compareText(a.run_at ?? "", b.run_at ?? "") || compareText(a.id, b.id);
}
