import type { Account } from "../account.ts";
import type { Switches } from "../switches.ts";
import { timeText } from "../wire/envelope.ts";
import type { Json } from "../wire/json.ts";
import { collectionOf } from "./collections.ts";
import { versionOn } from "./configuration.ts";
import { runToken } from "./token.ts";
import {
  idleStatusOf,
  isActive,
  lostAt,
  statusOf,
  type Connection,
  type Connector,
  type Status,
  type Tunnel,
} from "./tunnel.ts";

/** A tunnel as the API shows it. Times are RFC 3339 in UTC. */
export interface TunnelRow {
  readonly id: string;
  readonly account_tag: string;
  readonly name: string;
  readonly created_at: string;
  readonly deleted_at: string | null;
  readonly conns_active_at: string | null;
  readonly conns_inactive_at: string | null;
  readonly status: Status;
  readonly tun_type: string;
  readonly metadata: Json;
  /** Retired; see the switch `connections_field`. */
  readonly connections?: readonly ConnectionRow[];
  readonly config_src?: "local" | "cloudflare";
  readonly remote_config?: boolean;
}

/** What only the answer to a POST holds besides (`token` also that to a PATCH of the secret). Not documented. */
export interface NewTunnelRow extends TunnelRow {
  readonly token: string;
  readonly credentials_file: {
    readonly AccountTag: string;
    readonly TunnelID: string;
    readonly TunnelName: string;
    readonly TunnelSecret: string;
  };
}

export interface ConnectionRow {
  readonly id: string;
  readonly uuid?: string;
  readonly client_id: string;
  readonly client_version: string;
  readonly colo_name: string;
  readonly is_pending_reconnect?: false;
  readonly opened_at: string;
  readonly origin_ip: string;
}

/** A connector with its connections: the API calls it Client. */
export interface ClientRow {
  readonly id: string;
  readonly arch: string;
  readonly config_version?: number;
  readonly ha_status?: "offline" | "passive" | "active";
  readonly conns: readonly ConnectionRow[];
  readonly features: readonly string[];
  readonly run_at: string;
  readonly version: string;
}

/** The row as JSON text. */
export function rowText(account: Account, tunnel: Tunnel): string {
  const known = account.rowTexts.get(tunnel);
  if (known !== undefined) {
    return known;
  }
  const text = JSON.stringify(rowOf(account, tunnel));
  account.rowTexts.set(tunnel, text);
  return text;
}

/** Whether rows look the same under both. */
export function showsSameRows(before: Switches, after: Switches): boolean {
  return ROW_SWITCHES.every((name) => before[name] === after[name]);
}

/** What `rowOf` and the kinds' `echo` depend on. */
const ROW_SWITCHES = [
  "connections_field",
  "status_on_read",
  "config_src_on_read",
  "remote_config_on_read",
] as const;

/** The row that answers a POST. */
export function newRow(account: Account, tunnel: Tunnel): NewTunnelRow {
  return {
    ...rowOf(account, tunnel),
    credentials_file: {
      AccountTag: account.id,
      TunnelID: tunnel.id,
      TunnelName: tunnel.name,
      TunnelSecret: tunnel.secret,
    },
    token: runToken(account.id, tunnel),
  };
}

export function rowOf(account: Account, tunnel: Tunnel): TunnelRow {
  const { switches } = account;
  const lost = lostAt(tunnel);
  const since = isActive(tunnel) ? tunnel.activity.at(-1)?.from : undefined;
  return {
    id: tunnel.id,
    account_tag: account.id,
    created_at: timeText(tunnel.created_at),
    deleted_at: tunnel.deleted_at === null ? null : timeText(tunnel.deleted_at),
    name: tunnel.name,
    ...(switches.connections_field !== "absent" && {
      connections:
        switches.connections_field === "full"
          ? tunnel.connectors.flatMap((connector) =>
              connector.connections.map((each) => connectionRow(connector, each, true)),
            )
          : [],
    }),
    conns_active_at: since === undefined ? null : timeText(since),
    // A tunnel that never ran shows the time of its creation.
    conns_inactive_at: since === undefined ? timeText(lost ?? tunnel.created_at) : null,
    tun_type: tunnel.kind,
    metadata: tunnel.metadata,
    status: switches.status_on_read === "late" ? idleStatusOf(tunnel) : statusOf(tunnel),
    ...collectionOf(tunnel.kind)?.echo(tunnel.attributes, switches),
  };
}

/** The connectors that hold a connection. */
export function clientRows(account: Account, tunnel: Tunnel): readonly ClientRow[] {
  return tunnel.connectors
    .filter((connector) => connector.connections.length > 0)
    .map((connector) => clientRow(account, tunnel, connector));
}

function clientRow(account: Account, tunnel: Tunnel, connector: Connector): ClientRow {
  const collection = collectionOf(tunnel.kind);
  const extra = collection?.connectorFields;
  const version = versionOn(account, tunnel, connector);
  return {
    id: connector.id,
    features: FEATURES,
    version: connector.version,
    arch: connector.arch,
    run_at: timeText(connector.run_at),
    conns: connector.connections.map((each) =>
      connectionRow(connector, each, collection?.fullConnections ?? true),
    ),
    ...(extra === "config_version" ? version !== null && { config_version: version } : extra),
  };
}

function connectionRow(connector: Connector, connection: Connection, isFull: boolean): ConnectionRow {
  return {
    id: connection.id,
    ...(isFull && { uuid: connection.id, is_pending_reconnect: false }),
    client_id: connector.id,
    client_version: connector.version,
    colo_name: connection.colo_name,
    opened_at: timeText(connection.opened_at),
    origin_ip: connector.origin_ip,
  };
}

const FEATURES = [
  "allow_remote_config",
  "serialized_headers",
  "support_datagram_v2",
  "support_quic_eof",
  "management_logs",
] as const;
