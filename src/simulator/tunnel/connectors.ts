import type { Account } from "../account.ts";
import { newUuid } from "../random.ts";
import { isFlag, isId, isList, isText, isTime, orNull, type Checks } from "../wire/checks.ts";
import { isObject, type Json } from "../wire/json.ts";
import { configurations, nextVersion, versionOn } from "./configuration.ts";
import { readRunToken } from "./token.ts";
import { tunnels, withConnectors, type Connection, type Connector, type Tunnel } from "./tunnel.ts";

/** How a connector is started. All may be left out. */
export interface ConnectorOptions {
  /** The connector's id, for one that comes back. */
  readonly client_id?: string;
  readonly version?: string;
  readonly arch?: string;
  readonly origin_ip?: string;
  /** Data centres, taken in turn. */
  readonly colos?: readonly string[];
  /** How many of its four connections stand: fewer make the tunnel `degraded`. */
  readonly connections?: number;
  /** The version that it comes with; null: it never says. Without it, the one before the first. */
  readonly config_version?: number | null;
  /** How long it takes for a new version; null: it refuses it. */
  readonly config_lag_ms?: number | null;
  /** The configuration in its own file, which it uploads where the tunnel is configured locally. */
  readonly local_config?: Json;
  /** What it runs on; without either, the tunnel's present secret. */
  readonly secret?: string;
  readonly token?: string;
  /** Come back after the API cut its connections, as cloudflared does while its secret holds. */
  readonly reconnects?: boolean;
}

/** Most connectors of one tunnel, as documented. */
const MAX_CONNECTORS = 25;
/** Connections of a healthy cloudflared. */
const WHOLE = 4;

/**
 * Attaches a connector to a tunnel. Throws an `Error` with the edge's words when the tunnel is gone or the connector
 * runs on a secret that is no longer the tunnel's.
 */
export function attach(account: Account, tunnel: Tunnel, options: ConnectorOptions): Connector {
  if (tunnel.deleted_at !== null) {
    throw new Error("Unauthorized: Failed to get tunnel");
  }
  const parts = options.token === undefined ? null : readRunToken(options.token);
  if (options.token !== undefined && parts?.tunnel !== tunnel.id) {
    throw new Error("Unauthorized: Failed to get tunnel");
  }
  const secret = parts?.secret ?? options.secret ?? tunnel.secret;
  if (secret !== tunnel.secret) {
    throw new Error("Unauthorized: Invalid tunnel secret");
  }
  const id = options.client_id ?? newUuid(account.random);
  const others = tunnel.connectors.filter((each) => each.id !== id);
  if (others.length >= MAX_CONNECTORS) {
    throw new Error("Too many connectors for this tunnel");
  }

  const now = account.now();
  const colos = options.colos?.length ? options.colos : ["dfw01", "ord02"];
  const connector: Connector = {
    id,
    version: options.version ?? "2026.8.2",
    arch: options.arch ?? "linux_amd64",
    origin_ip: options.origin_ip ?? "198.51.100.7",
    config_version:
      options.config_version === undefined ? versionUnset(account, tunnel) : options.config_version,
    ...(options.config_lag_ms !== undefined && { config_lag_ms: options.config_lag_ms }),
    run_at: now,
    secret,
    expected: WHOLE,
    reconnects: options.reconnects ?? false,
    returns_at: null,
    connections: openConnections(account, colos, options.connections ?? WHOLE),
  };
  account.tables.of(tunnels).put(withConnectors(tunnel, [...others, connector], now));
  if (options.local_config !== undefined && tunnel.attributes["config_src"] === "local") {
    const reported = { source: "local", config: options.local_config, ha_mode: null } as const;
    account.tables.of(configurations).put(nextVersion(account, tunnel, reported));
  }
  return connector;
}

function versionUnset({ switches }: Account, tunnel: Tunnel): number | null {
  // Where nothing is sent, the documentation's examples show 0; cloudflared itself begins at -1.
  const isSent = tunnel.attributes["config_src"] === "cloudflare";
  return isSent ? { minus_one: -1, zero: 0, absent: null }[switches.config_version_unset] : 0;
}

/** Tells a connector how to take new versions of the configuration. Throws an `Error` where there is no such one. */
export function configure(
  account: Account,
  tunnel: Tunnel,
  client_id: string,
  config_lag_ms: number | null,
): void {
  const before = tunnel.connectors.find((each) => each.id === client_id);
  if (!before) {
    throw new Error(`Tunnel ${tunnel.id} has no connector ${client_id}.`);
  }
  const told = { ...before, config_version: versionOn(account, tunnel, before), config_lag_ms };
  const connectors = tunnel.connectors.map((each) => (each === before ? told : each));
  account.tables.of(tunnels).put({ ...tunnel, connectors });
}

/** Which connections go away. Without `client_id`, those of every connector. */
export interface DetachOptions {
  readonly client_id?: string;
  /** So many connections of each; without it the connector stops. */
  readonly connections?: number;
}

/** Stops connectors, or drops some of their connections. */
export function detach(account: Account, tunnel: Tunnel, { client_id, connections }: DetachOptions): void {
  const left = tunnel.connectors.flatMap((each): readonly Connector[] => {
    if (client_id !== undefined && each.id !== client_id) {
      return [each];
    }
    const kept = connections === undefined ? [] : each.connections.slice(connections);
    return kept.length === 0 ? [] : [{ ...each, connections: kept }];
  });
  account.tables.of(tunnels).put(withConnectors(tunnel, left, account.now()));
}

/** Cuts connections as DELETE …/connections does. What still runs on a valid secret comes back when asked to. */
export function cleanUp(account: Account, tunnel: Tunnel, client_id: string | null): void {
  const now = account.now();
  const left = tunnel.connectors.flatMap((each): readonly Connector[] => {
    if (client_id !== null && each.id !== client_id) {
      return [each];
    }
    if (!each.reconnects || each.secret !== tunnel.secret) {
      return [];
    }
    return [{ ...each, returns_at: each.returns_at ?? now + account.switches.reconnect_ms, connections: [] }];
  });
  account.tables.of(tunnels).put(withConnectors(tunnel, left, now));
  if (left.some((each) => each.returns_at !== null)) {
    account.returning.add(tunnel.id);
  }
}

/** Lets connectors come back whose time has come; one whose secret was rotated meanwhile is refused. */
export function letConnectorsReturn(account: Account): void {
  for (const id of account.returning) {
    const tunnel = account.tables.of(tunnels).get(id);
    if (tunnel) {
      comeBack(account, tunnel);
    }
    const waits = account.tables
      .of(tunnels)
      .get(id)
      ?.connectors.some((each) => each.returns_at !== null);
    if (!waits) {
      account.returning.delete(id);
    }
  }
}

function comeBack(account: Account, tunnel: Tunnel): void {
  const now = account.now();
  const due = (each: Connector) => each.returns_at !== null && each.returns_at <= now;
  if (tunnel.deleted_at !== null || !tunnel.connectors.some(due)) {
    return;
  }
  const connectors = tunnel.connectors.flatMap((each): readonly Connector[] => {
    if (!due(each)) {
      return [each];
    }
    if (each.secret !== tunnel.secret) {
      return [];
    }
    return [{ ...each, returns_at: null, connections: openConnections(account, ["dfw01"], each.expected) }];
  });
  account.tables.of(tunnels).put(withConnectors(tunnel, connectors, now));
}

/** What each option takes. */
export const connectorOptions = {
  client_id: isId,
  version: isText,
  arch: isText,
  origin_ip: isText,
  colos: isList(isText),
  connections: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= WHOLE,
  config_version: orNull(Number.isInteger),
  config_lag_ms: orNull(isTime),
  local_config: isObject,
  secret: isText,
  token: isText,
  reconnects: isFlag,
} satisfies Checks;

function openConnections(account: Account, colos: readonly string[], count: number): readonly Connection[] {
  return Array.from({ length: count }, (_, index) => ({
    id: newUuid(account.random),
    colo_name: colos[index % colos.length] ?? "dfw01",
    opened_at: account.now(),
  }));
}
