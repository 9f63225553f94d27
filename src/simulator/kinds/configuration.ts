import { lagOf, type Account } from "../account.ts";
import { documentFault, rulesOf } from "../ingress/document.ts";
import { knownKeys, withNulls } from "../ingress/shown.ts";
import { reference } from "../state/references.ts";
import { collectionOf } from "../tunnel/collections.ts";
import { configurations, nextVersion, type Configuration } from "../tunnel/configuration.ts";
import { tunnels, type Tunnel } from "../tunnel/tunnel.ts";
import { checkFields, readBody } from "../wire/body.ts";
import { isId, isOneOf, isText } from "../wire/checks.ts";
import { needs, type Call, type Endpoint } from "../wire/endpoint.ts";
import { refusal, timeText, unreadable, type Refusal, type Reply } from "../wire/envelope.ts";
import { isObject, type Json, type JsonObject } from "../wire/json.ts";
import type { Kind } from "./kind.ts";

export interface SeedConfiguration {
  readonly tunnel_id: string;
  /** As the dashboard would save it, or, with `source: local`, as a connector would report it. */
  readonly config: Json;
  readonly source?: "local" | "cloudflare";
  /** Of a WARP connector: `none` where it is left out. */
  readonly ha_mode?: string;
}

const HA_MODES = ["none", "disabled", "aws", "local"];

/** What tunnels are told to do: one document a tunnel, replaced whole. */
export const configuration: Kind<Configuration, SeedConfiguration> = {
  table: configurations,
  endpoints: [
    ...endpointsOf("cfd_tunnel", readIngress),
    ...endpointsOf("warp_connector", readHighAvailability),
  ],
  references: [reference(configurations, "tunnel", tunnels.name, () => "goes")],
  seed: (account, { tunnel_id, config, source = "cloudflare", ha_mode = "none" }) => {
    const tunnel = account.tables.of(tunnels).getLive(tunnel_id);
    if (!tunnel) {
      throw new Error(`The sandbox has no live tunnel ${tunnel_id}.`);
    }
    const isWarp = tunnel.kind === "warp_connector";
    const next = nextVersion(account, tunnel, { source, config, ha_mode: isWarp ? ha_mode : null });
    account.tables.of(configurations).put(next);
    return next;
  },
  seedFields: {
    tunnel_id: isId,
    config: isObject,
    source: isOneOf("local", "cloudflare"),
    ha_mode: isOneOf(...HA_MODES),
  },
  seedNeeds: ["tunnel_id", "config"],
  show: (account, row) => {
    const tunnel = account.tables.of(tunnels).get(row.id);
    return JSON.stringify(tunnel ? rowOf(account, tunnel, row) : row);
  },
};

/** What a PUT asks for, or why it is refused. */
type Wanted = Pick<Configuration, "config" | "ha_mode">;
type Read = (account: Account, body: JsonObject) => Wanted | Refusal;

function endpointsOf(kind: "cfd_tunnel" | "warp_connector", read: Read): readonly Endpoint[] {
  const path = `/accounts/{account_id}/${kind}/{tunnel_id}/configurations`;
  return [
    { method: "GET", path, lacks: needs(kind, "read"), answer: ofTunnel(kind, show) },
    {
      method: "PUT",
      path,
      lacks: needs(kind, "write"),
      answer: ofTunnel(kind, (call, tunnel) => put(call, tunnel, read)),
    },
  ];
}

function ofTunnel(kind: string, answer: (call: Call, tunnel: Tunnel) => Reply): Endpoint["answer"] {
  return (call) => {
    const tunnel = call.account.tables.of(tunnels).getLive(call.param("tunnel_id"));
    return tunnel?.kind === kind ? answer(call, tunnel) : refusal(404, 1002, "Tunnel not found");
  };
}

function show({ account }: Call, tunnel: Tunnel): Reply {
  const row = account.tables.of(configurations).read(tunnel.id);
  if (row?.deleted_at === null) {
    return { ok: true, result: JSON.stringify(rowOf(account, tunnel, row)) };
  }
  if (account.switches.no_configuration === "not_found") {
    return refusal(404, 1055, "No configuration was found for this tunnel");
  }
  const first: Configuration = {
    id: tunnel.id,
    created_at: tunnel.created_at,
    deleted_at: null,
    version: 0,
    source: tunnel.attributes["config_src"] === "local" ? "local" : "cloudflare",
    ha_mode: "none",
    config: null,
    versions: [],
  };
  return { ok: true, result: JSON.stringify(rowOf(account, tunnel, first)) };
}

function put({ account, request }: Call, tunnel: Tunnel, read: Read): Reply {
  const body = readBody(request);
  if (!body.ok) {
    return body;
  }
  const wanted = read(account, body.body);
  if ("ok" in wanted) {
    return wanted;
  }
  const row = nextVersion(account, tunnel, { ...wanted, source: "cloudflare" });
  account.tables.of(configurations).put(row, lagOf(account));
  if (account.switches.config_src_on_put === "cloudflare" && "config_src" in tunnel.attributes) {
    const attributes = { ...tunnel.attributes, config_src: "cloudflare" };
    account.tables.of(tunnels).put({ ...tunnel, attributes }, lagOf(account));
  }
  return { ok: true, result: JSON.stringify(rowOf(account, tunnel, row)) };
}

function readIngress({ switches }: Account, body: JsonObject): Wanted | Refusal {
  const { config } = body;
  const isEmpty = rulesOf(config).length === 0;
  if (isEmpty && switches.empty_configuration === "refused") {
    return invalid("The config file doesn't contain any ingress rules");
  }
  const fault = switches.configuration_check === "none" ? null : documentFault(config ?? {});
  if (fault !== null) {
    return invalid(fault);
  }
  const document = (config ?? {}) as Json; // Out of JSON.
  return {
    config: switches.configuration_unknown_keys === "dropped" ? knownKeys(document) : document,
    ha_mode: null,
  };
}

function readHighAvailability({ switches }: Account, body: JsonObject): Wanted | Refusal {
  const { ha_mode, config } = body;
  const wrong = checkFields(body, { ha_mode: HA_MODES, config: "object" }, switches.unknown_fields);
  if (wrong) {
    return wrong;
  }
  if (!isText(ha_mode)) {
    return unreadable("Json deserialize error: missing field `ha_mode`");
  }
  if (!isObject(config) || Object.keys(config).length === 0) {
    return { ha_mode, config: null };
  }
  if (ha_mode === "aws" && !isText(config["fnr_id"])) {
    return unreadable("Json deserialize error: missing field `fnr_id`");
  }
  const isFitting = areAddresses(config["vips"], 1) && areAddresses(config["vips_previous"] ?? [], 0);
  if (ha_mode === "local" && !isFitting) {
    return unreadable("Json deserialize error: `vips` must be a list of 1 to 8 addresses");
  }
  return { ha_mode, config: config as Json }; // Out of JSON.
}

function areAddresses(value: unknown, least: number): boolean {
  return (
    Array.isArray(value) &&
    value.length >= least &&
    value.length <= 8 &&
    value.every((each) => isObject(each) && isText(each["address"]))
  );
}

/** The row as the kind of its tunnel has it. */
function rowOf(account: Account, tunnel: Tunnel, row: Configuration): object {
  const at = row.versions.at(-1)?.at ?? row.created_at;
  if (collectionOf(tunnel.kind)?.kind === "warp_connector") {
    return {
      tunnel_id: row.id,
      configuration_version: row.version,
      ha_mode: row.ha_mode,
      created_at: timeText(row.created_at),
      updated_at: row.versions.length > 1 ? timeText(at) : null,
      config: row.config,
    };
  }
  const isFilled = account.switches.configuration_nulls === "filled" && row.source === "cloudflare";
  return {
    account_id: account.id,
    tunnel_id: row.id,
    version: row.version,
    config: isFilled ? withNulls(row.config) : row.config,
    source: row.source,
    created_at: timeText(at),
  };
}

/** In the words that the API puts around cloudflared's own. */
function invalid(fault: string): Refusal {
  return refusal(400, 1056, `Bad Configuration: Validation failed: ${fault}`);
}
