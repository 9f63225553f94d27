import type { Table } from "../state/table.ts";
import { isFields, isFlag, isList, isNumber, isText, orNull } from "../wire/checks.ts";
import { isObject, type Json } from "../wire/json.ts";
import { collectionOf } from "./collections.ts";

/** One connection of a connector to a data centre. */
export interface Connection {
  readonly id: string;
  readonly colo_name: string;
  /** Milliseconds since the Unix epoch, like every time in these records. */
  readonly opened_at: number;
}

/** One running cloudflared, or WARP connector. */
export interface Connector {
  readonly id: string;
  readonly version: string;
  readonly arch: string;
  readonly origin_ip: string;
  /** The version that it ran on when it was last told how to take them; null for one that says nothing. */
  readonly config_version: number | null;
  /** How long it takes for a new version; null for one that refuses it. Where it is left out, the switch says. */
  readonly config_lag_ms?: number | null;
  readonly run_at: number;
  /** The tunnel secret that it was started with, which a rotation leaves behind. */
  readonly secret: string;
  /** How many connections it holds when all is well. */
  readonly expected: number;
  /** Whether it comes back, while its secret holds, after its connections were cut by the API. */
  readonly reconnects: boolean;
  /** When it will come back; null while it is connected. */
  readonly returns_at: number | null;
  /** Empty only while it waits to come back. */
  readonly connections: readonly Connection[];
}

/** A stretch of time with at least one connection; `to` is null while it lasts. */
interface Activity {
  readonly from: number;
  readonly to: number | null;
}

/** One tunnel as the sandbox keeps it. Never changed: each write puts a new record in its place. */
export interface Tunnel {
  readonly id: string;
  /** A kind of `collections.ts`. */
  readonly kind: string;
  readonly name: string;
  readonly created_at: number;
  readonly deleted_at: number | null;
  /** Base64. */
  readonly secret: string;
  readonly metadata: Json;
  /** What the kind keeps besides: `config_src`, `ha`. */
  readonly attributes: { readonly [name: string]: Json };
  /** Oldest first. */
  readonly activity: readonly Activity[];
  readonly connectors: readonly Connector[];
}

const isConnection = isFields({ id: isText, colo_name: isText, opened_at: isNumber });

const isConnector = isFields({
  id: isText,
  version: isText,
  arch: isText,
  origin_ip: isText,
  config_version: orNull(isNumber),
  config_lag_ms: (value) => value === undefined || orNull(isNumber)(value),
  run_at: isNumber,
  secret: isText,
  expected: isNumber,
  reconnects: isFlag,
  returns_at: orNull(isNumber),
  connections: isList(isConnection),
});

/** The tunnels of all kinds. */
export const tunnels: Table<Tunnel, "name" | "kind"> = {
  name: "tunnels",
  indexes: { name: (tunnel) => nameKey(tunnel.kind, tunnel.name), kind: (tunnel) => tunnel.kind },
  isRow: isFields({
    id: isText,
    kind: (value) => isText(value) && collectionOf(value) !== undefined,
    name: isText,
    created_at: isNumber,
    deleted_at: orNull(isNumber),
    secret: isText,
    metadata: isObject,
    attributes: isObject,
    activity: isList(isFields({ from: isNumber, to: orNull(isNumber) })),
    connectors: isList(isConnector),
  }),
};

/** What live tunnels share when their names are the same with case set aside. */
export function nameKey(kind: string, name: string): string {
  return `${kind} ${name.toLowerCase()}`;
}

export type Status = "inactive" | "degraded" | "healthy" | "down";

/** Computed from the connections, as the API does: a tunnel that has ever run never goes back to `inactive`. */
export function statusOf(tunnel: Tunnel): Status {
  if (!isActive(tunnel)) {
    return idleStatusOf(tunnel);
  }
  const whole = tunnel.connectors.every(
    (connector) => connector.returns_at !== null || connector.connections.length >= connector.expected,
  );
  return whole ? "healthy" : "degraded";
}

/** The status without the connections that there are now. */
export function idleStatusOf({ activity }: Tunnel): Status {
  return activity.every(({ to }) => to === null) ? "inactive" : "down";
}

/** Whether the tunnel has a connection now. */
export function isActive(tunnel: Tunnel): boolean {
  return tunnel.connectors.some((connector) => connector.connections.length > 0);
}

/** Whether a connector waits to come back. */
export function awaitsConnector(tunnel: Tunnel): boolean {
  return tunnel.connectors.some((connector) => connector.returns_at !== null);
}

/** The tunnel with other connectors, its activity brought up to date. */
export function withConnectors(tunnel: Tunnel, connectors: readonly Connector[], now: number): Tunnel {
  const next = { ...tunnel, connectors };
  if (isActive(next) === isActive(tunnel)) {
    return next;
  }
  if (isActive(next)) {
    return { ...next, activity: [...tunnel.activity, { from: now, to: null }] };
  }
  const earlier = tunnel.activity.slice(0, -1);
  const last = tunnel.activity.at(-1);
  return { ...next, activity: last ? [...earlier, { from: last.from, to: now }] : earlier };
}

/** When the last connection was lost; null while one is there, and for a tunnel that never ran. */
export function lostAt(tunnel: Tunnel): number | null {
  return tunnel.activity.at(-1)?.to ?? null;
}

/** Whether the tunnel had a connection at that time. */
export function wasActive(tunnel: Tunnel, time: number): boolean {
  return tunnel.activity.some(({ from, to }) => from <= time && (to === null || time < to));
}
