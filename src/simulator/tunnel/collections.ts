import type { Switches } from "../switches.ts";
import type { Area } from "../wire/auth.ts";
import type { FieldType } from "../wire/body.ts";
import type { Json } from "../wire/json.ts";

export interface Collection {
  /** The path segment below the account, and the `tun_type` of its rows. */
  readonly kind: Area;
  /** Live tunnels of this kind that an account may have, as documented. */
  readonly quota: number;
  /** What POST takes besides `name`, `tunnel_secret` and `metadata`, with the value that holds when it is left out. */
  readonly attributes: { readonly [field: string]: { readonly type: FieldType; readonly initial: Json } };
  /** What the kind adds to a row. */
  echo(
    attributes: { readonly [field: string]: Json },
    switches: Switches,
  ): { readonly [field: string]: Json };
  /** Whether `…/connections` and `…/connectors/{id}` can be read; DELETE and `…/management` are offered with `manages`. */
  readsConnections(switches: Switches): boolean;
  /** Whether connections can be cleaned up and management tokens asked for. */
  readonly manages: boolean;
  /** Whether the documented connection of a connector has `uuid` and `is_pending_reconnect`. */
  readonly fullConnections: boolean;
  /** What the kind adds to a connector. */
  readonly connectorFields: { readonly [field: string]: Json } | "config_version";
  /** Whether the answer to a PATCH of the secret holds the new token. */
  showsNewToken(switches: Switches): boolean;
  /** Whose write permission `GET …/token` needs. */
  readonly tokenPermission: (switches: Switches) => Area;
}

const cfdTunnel: Collection = {
  kind: "cfd_tunnel",
  quota: 1000,
  attributes: { config_src: { type: ["local", "cloudflare"], initial: "local" } },
  echo: (attributes, switches) => {
    const isRemote = attributes["config_src"] === "cloudflare";
    return {
      ...(switches.config_src_on_read === "present" && { config_src: isRemote ? "cloudflare" : "local" }),
      ...(switches.remote_config_on_read !== "absent" && {
        remote_config: isRemote === (switches.remote_config_on_read === "present"),
      }),
    };
  },
  readsConnections: () => true,
  manages: true,
  fullConnections: true,
  connectorFields: "config_version",
  showsNewToken: () => true,
  tokenPermission: () => "cfd_tunnel",
};

const warpConnector: Collection = {
  kind: "warp_connector",
  quota: 50,
  attributes: { ha: { type: "boolean", initial: false } },
  echo: () => ({}),
  readsConnections: (switches) => switches.warp_connections === "present",
  manages: false,
  fullConnections: false,
  connectorFields: { ha_status: "active" },
  showsNewToken: (switches) => switches.warp_token_in_patch === "present",
  tokenPermission: (switches) => switches.warp_token_permission,
};

/** Every kind of tunnel that the sandbox has. A new one is one more entry. */
export const collections: readonly Collection[] = [cfdTunnel, warpConnector];

const byKind = new Map<string, Collection>(collections.map((collection) => [collection.kind, collection]));

export function collectionOf(kind: string): Collection | undefined {
  return byKind.get(kind);
}
