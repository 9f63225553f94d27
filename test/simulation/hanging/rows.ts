/* What hangs on tunnels, as the account truly holds it. */
import type { Simulator } from "../../../src/simulator/simulator.ts";

export const ROUTE = "route";
export const HOSTNAME_ROUTE = "hostname_route";
export const DNS_RECORD = "dns_record";
export const HANGING = [ROUTE, HOSTNAME_ROUTE, DNS_RECORD] as const;

export type HangingKind = (typeof HANGING)[number];

/** One live route, hostname route or DNS record. */
export interface Row {
  readonly kind: HangingKind;
  readonly id: string;
  /** Its network, hostname or name. */
  readonly key: string;
  /** The tunnel that it leads to; null for a record that leads to none. */
  readonly owner: string | null;
  readonly comment: string;
  readonly created_at: number;
  /** Of a route. */
  readonly virtual_network_id?: string;
  /** Of a record: what it lies in, and whether it is as warren writes one. */
  readonly zone_id?: string;
  readonly type?: string;
  readonly proxied?: boolean;
}

const TUNNEL = /^([0-9a-f-]{36})\.cfargotunnel\.com$/;
const TABLES = { route: "routes", hostname_route: "hostname_routes", dns_record: "dns_records" } as const;
/** What stands in the way of a CNAME of the same name. */
const EXCLUSIVE = ["A", "AAAA", "CNAME", "NS"];

export function isHanging(kind: string): kind is HangingKind {
  return HANGING.some((each) => each === kind);
}

/** All that live, of the records those that a CNAME cannot stand beside. */
export function liveRows(simulator: Simulator): readonly Row[] {
  const live = <T extends { readonly deleted_at: number | null }>(rows: readonly T[]) =>
    rows.filter(({ deleted_at }) => deleted_at === null);
  return [
    ...live(simulator.rows("routes")).map(
      ({ id, network, tunnel_id, comment, created_at, virtual_network_id }): Row => ({
        kind: ROUTE,
        id,
        key: network,
        owner: tunnel_id,
        comment,
        created_at,
        virtual_network_id,
      }),
    ),
    ...live(simulator.rows("hostname_routes")).map(
      ({ id, hostname, tunnel_id, comment, created_at }): Row => ({
        kind: HOSTNAME_ROUTE,
        id,
        key: hostname,
        owner: tunnel_id,
        comment,
        created_at,
      }),
    ),
    ...live(simulator.rows("dns_records"))
      .filter(({ type }) => EXCLUSIVE.includes(type))
      .map(
        ({ id, name, type, content, comment, created_at, zone_id, proxied }): Row => ({
          kind: DNS_RECORD,
          id,
          key: name,
          owner: type === "CNAME" ? tunnelIn(content) : null,
          comment,
          created_at,
          zone_id,
          type,
          proxied,
        }),
      ),
  ];
}

/** The id of the one that was made last. */
export function newestRow(simulator: Simulator, kind: HangingKind): string | null {
  return simulator.rows(tableOf(kind)).at(-1)?.id ?? null;
}

export function tableOf(kind: HangingKind): (typeof TABLES)[HangingKind] {
  return TABLES[kind];
}

/** The tunnel that a record's content leads to; null for any other. */
export function tunnelIn(content: string): string | null {
  return TUNNEL.exec(content)?.[1] ?? null;
}

/** The zone that a name lies in: the longest whose labels it ends in. */
export function zoneOf(simulator: Simulator, name: string): string | null {
  const [zone] = simulator
    .rows("zones")
    .filter((each) => name === each.name || name.endsWith(`.${each.name}`))
    .toSorted((a, b) => b.name.length - a.name.length);
  return zone?.id ?? null;
}

/** What a request asks for by what one goes by, in its body or its query. */
export function keyAsked(
  kind: HangingKind,
  query: URLSearchParams,
  body: { readonly [field: string]: unknown } | null,
): string {
  const [field, filter] = (
    {
      route: ["network", "network_subset"],
      hostname_route: ["hostname", "hostname"],
      dns_record: ["name", "name.exact"],
    } as const
  )[kind];
  const posts = body?.["posts"];
  const written = (Array.isArray(posts) ? posts[0] : body) as { readonly [field: string]: unknown } | null;
  const key = query.get(filter) ?? written?.[field];
  return typeof key === "string" ? key : "";
}
