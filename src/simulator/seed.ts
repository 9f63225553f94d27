import type { Account } from "./account.ts";
import { defaultNetwork } from "./kinds/virtual_network.ts";
import { addSomeRoute } from "./network/routes.ts";
import { newSecret, newUuid } from "./random.ts";
import { collectionOf } from "./tunnel/collections.ts";
import { attach, connectorOptions, type ConnectorOptions } from "./tunnel/connectors.ts";
import { tunnels, type Tunnel } from "./tunnel/tunnel.ts";
import {
  isFields,
  isFlag,
  isId,
  isList,
  isOneOf,
  isText,
  isTime,
  readFields,
  type Checks,
} from "./wire/checks.ts";
import { isObject, type Json } from "./wire/json.ts";

/** A tunnel to put into the account as if it had always been there: no rule about names or numbers applies. */
export interface SeedTunnel {
  readonly kind: string;
  readonly name: string;
  readonly id?: string;
  /** Milliseconds since the Unix epoch. */
  readonly created_at?: number;
  readonly deleted_at?: number;
  readonly tunnel_secret?: string;
  readonly config_src?: "local" | "cloudflare";
  readonly ha?: boolean;
  readonly metadata?: Json;
  /** Whether a CIDR route leads to it, of a range that nobody else has. */
  readonly has_routes?: boolean;
  /** Times with a connection, oldest first. */
  readonly activity?: readonly { readonly from: number; readonly to: number }[];
  readonly connectors?: readonly ConnectorOptions[];
}

/** Throws an `Error` when the kind is unknown or the id is there already. */
export function seedTunnel(account: Account, seed: SeedTunnel): Tunnel {
  const collection = collectionOf(seed.kind);
  if (!collection) {
    throw new Error(`The sandbox has no kind "${seed.kind}".`);
  }
  const store = account.tables.of(tunnels);
  const id = seed.id?.toLowerCase() ?? newUuid(account.random);
  if (store.get(id)) {
    throw new Error(`The sandbox has a tunnel ${id} already.`);
  }
  const given: { readonly [field: string]: Json | undefined } = { config_src: seed.config_src, ha: seed.ha };
  const attributes = Object.entries(collection.attributes).map(([field, { initial }]) => [
    field,
    given[field] ?? initial,
  ]);
  const tunnel: Tunnel = {
    id,
    kind: seed.kind,
    name: seed.name,
    created_at: seed.created_at ?? account.now(),
    deleted_at: null,
    secret: seed.tunnel_secret ?? newSecret(account.random),
    metadata: seed.metadata ?? {},
    attributes: Object.fromEntries(attributes),
    activity: seed.activity ?? [],
    connectors: [],
  };
  store.put(tunnel);
  for (const connector of seed.connectors ?? []) {
    attach(account, store.get(id) ?? tunnel, connector);
  }
  const network = defaultNetwork(account);
  if (seed.has_routes && network && seed.deleted_at === undefined) {
    addSomeRoute(account, id, network.id);
  }
  if (seed.deleted_at !== undefined) {
    store.put({ ...(store.get(id) ?? tunnel), connectors: [], deleted_at: seed.deleted_at });
  }
  return store.get(id) ?? tunnel;
}

/** What each field of a seed takes. */
export const tunnelSeedFields: Checks = {
  kind: isText,
  name: isText,
  id: isId,
  created_at: isTime,
  deleted_at: isTime,
  tunnel_secret: isText,
  config_src: isOneOf("local", "cloudflare"),
  ha: isFlag,
  metadata: isObject,
  has_routes: isFlag,
  activity: isList(isFields({ from: isTime, to: isTime })),
  connectors: isList((value) => Boolean(readFields(value, connectorOptions, "A connector"))),
};
