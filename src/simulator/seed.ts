import type { Account } from "./account.ts";
import { collectionOf } from "./collections.ts";
import { attach, readConnectorOptions, type ConnectorOptions } from "./connectors.ts";
import { isObject, isUuid, type Json } from "./json.ts";
import { newSecret, newUuid } from "./random.ts";
import type { Tunnel } from "./tunnel.ts";

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
  readonly has_routes?: boolean;
  /** Times with a connection, oldest first. */
  readonly activity?: readonly { readonly from: number; readonly to: number }[];
  readonly connectors?: readonly ConnectorOptions[];
}

/** Adds the tunnels in order. Throws an `Error` when a kind is unknown or an id is there already. */
export function seed(account: Account, tunnels: readonly SeedTunnel[]): readonly Tunnel[] {
  return tunnels.map((each) => {
    const collection = collectionOf(each.kind);
    if (!collection) {
      throw new Error(`The sandbox has no kind "${each.kind}".`);
    }
    const id = each.id?.toLowerCase() ?? newUuid(account.random);
    if (account.store.get(id)) {
      throw new Error(`The sandbox has a tunnel ${id} already.`);
    }
    const given: { readonly [field: string]: Json | undefined } = {
      config_src: each.config_src,
      ha: each.ha,
    };
    const attributes = Object.entries(collection.attributes).map(([field, { initial }]) => [
      field,
      given[field] ?? initial,
    ]);
    const tunnel: Tunnel = {
      id,
      kind: each.kind,
      name: each.name,
      created_at: each.created_at ?? account.now(),
      deleted_at: null,
      secret: each.tunnel_secret ?? newSecret(account.random),
      metadata: each.metadata ?? {},
      attributes: Object.fromEntries(attributes),
      has_routes: each.has_routes ?? false,
      activity: each.activity ?? [],
      connectors: [],
    };
    account.store.put(tunnel);
    for (const connector of each.connectors ?? []) {
      attach(account, account.store.get(id) ?? tunnel, connector);
    }
    const seeded = account.store.get(id) ?? tunnel;
    if (each.deleted_at !== undefined) {
      account.store.put({ ...seeded, connectors: [], deleted_at: each.deleted_at });
    }
    return account.store.get(id) ?? tunnel;
  });
}

/** Reads seeds out of a request's body. Throws an `Error` that names what is wrong. */
export function readSeeds(body: unknown): readonly SeedTunnel[] {
  if (!Array.isArray(body)) {
    throw new Error("Seeds are a list of tunnels.");
  }
  return body.map((each: unknown) => {
    if (!isObject(each)) {
      throw new Error("A seed is an object.");
    }
    for (const [field, value] of Object.entries(each)) {
      const accepts = Object.hasOwn(SEED_CHECKS, field) ? SEED_CHECKS[field] : undefined;
      if (!accepts) {
        throw new Error(`A seed has no field "${field}".`);
      }
      if (!accepts(value)) {
        throw new Error(`The seed's field "${field}" has a value it does not take.`);
      }
    }
    if (!("kind" in each && "name" in each)) {
      throw new Error("A seed has a kind and a name.");
    }
    return each as unknown as SeedTunnel; // Each field has just been checked.
  });
}

const isText = (value: unknown): boolean => typeof value === "string";

const SEED_CHECKS: { readonly [field: string]: (value: unknown) => boolean } = {
  kind: isText,
  name: isText,
  id: (value) => typeof value === "string" && isUuid(value),
  created_at: Number.isSafeInteger,
  deleted_at: Number.isSafeInteger,
  tunnel_secret: isText,
  config_src: (value) => value === "local" || value === "cloudflare",
  ha: (value) => typeof value === "boolean",
  metadata: isObject,
  has_routes: (value) => typeof value === "boolean",
  activity: (value) =>
    Array.isArray(value) &&
    value.every(
      (each) => isObject(each) && Number.isSafeInteger(each["from"]) && Number.isSafeInteger(each["to"]),
    ),
  connectors: (value) =>
    Array.isArray(value) && value.every((each) => isObject(each) && Boolean(readConnectorOptions(each))),
};
