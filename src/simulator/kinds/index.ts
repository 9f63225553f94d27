import { configuration } from "./configuration.ts";
import { dnsRecord } from "./dns_record.ts";
import { hostnameRoute } from "./hostname_route.ts";
import type { AnyKind } from "./kind.ts";
import { route } from "./route.ts";
import { tunnel } from "./tunnel.ts";
import { virtualNetwork } from "./virtual_network.ts";
import { zone } from "./zone.ts";

/** Every kind of the sandbox, by the name of its table. */
export const kinds = {
  tunnels: tunnel,
  configurations: configuration,
  virtual_networks: virtualNetwork,
  routes: route,
  hostname_routes: hostnameRoute,
  zones: zone,
  dns_records: dnsRecord,
} as const satisfies { readonly [table: string]: AnyKind };

export type TableName = keyof typeof kinds;

/** The record of a table, and what puts one there. */
export type RowOf<T extends TableName> = ReturnType<(typeof kinds)[T]["seed"]>;
export type SeedOf<T extends TableName> = Parameters<(typeof kinds)[T]["seed"]>[1];

export const allKinds: readonly AnyKind[] = Object.values(kinds);

/** For the state file: the tables in their order. */
export const allTables = allKinds.map(({ table }) => table);
