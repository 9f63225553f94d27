import { isObject } from "../../base/json.ts";
import { ApiError } from "../../cloudflare/error.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { ResourceKind } from "../../engine/model/kind.ts";
import type { ActualResource, JsonValue, Spec } from "../../engine/model/resource.ts";
import { cleaned, doesTheSame } from "../../ingress/compare.ts";
import { maskPassword } from "../../ingress/service.ts";
import { readConnectors } from "../../tunnels/api.ts";
import { GONE, type Row, textOrNull, timeOrNull, unlessGone, unreadable } from "../../tunnels/row.ts";
import { cfdTunnel } from "../cfd_tunnel/index.ts";

const KIND = "cfd_tunnel_configuration";
const pathOf = (id: string) => `/cfd_tunnel/${encodeURIComponent(id)}/configurations`;

/** The API's code for a tunnel that was never given one. */
const NONE = 1055;

/** What a configuration that says nothing holds of each attribute. */
const NOTHING: Spec = { ingress: [], originRequest: {}, "warp-routing": {} };

/**
 * What a tunnel's connectors follow: one document for each, replaced whole, with a version that counts up. It has the
 * tunnel's id and no DELETE: it goes with the tunnel.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/subresources/cloudflared/subresources/configurations/
 */
export const cfdTunnelConfiguration: ResourceKind = {
  kind: KIND,
  immutable: [],
  references: { tunnel_id: { to: [cfdTunnel.kind], output: "id" } },
  partOf: "tunnel_id",
  card: {
    noun: "configuration",
    paths: [],
    permission: cfdTunnel.card.permission,
    keeps: [],
    rules: "ingress",
    exportedAs: "ingress",
    givesToken: false,
  },
  identityOf: tunnelOf,
  isAsWanted: doesTheSame,
  forbids(actual, wanted) {
    if (actual?.facts["source"] === "local") {
      return { code: "config_is_local" };
    }
    const rules = wanted?.["ingress"] ?? actual?.spec["ingress"] ?? [];
    return Array.isArray(rules) && rules.length === 0 ? { code: "no_rules" } : null;
  },
  async followers(client, id) {
    const connectors = (await readConnectors(client, { kind: "cfd_tunnel", id })) ?? [];
    return connectors.map((connector) => ({
      id: connector.id,
      software: [connector.version, connector.arch].filter((text) => text !== null).join(", "),
      host: connector.connections.find(({ origin_ip }) => origin_ip !== null)?.origin_ip ?? null,
      version: connector.config_version === null ? null : String(connector.config_version),
    }));
  },
  async list(client) {
    const tunnels = await cfdTunnel.list(client);
    const found = await Promise.all(
      tunnels.map(async ({ id, name }) => {
        const configuration = await read(client, id);
        return configuration === null ? [] : [{ ...toResource(configuration, id), name }];
      }),
    );
    return found.flat();
  },
  async read(client, id) {
    const configuration = await read(client, id);
    return configuration === null ? null : toResource(configuration, id);
  },
  async find(client, { name, spec }) {
    const id = tunnelOf(spec);
    const configuration = id === null ? null : await read(client, id);
    return configuration === null || id === null ? [] : [{ ...toResource(configuration, id), name }];
  },
  async create(client, { name, spec }) {
    const id = tunnelOf(spec);
    if (id === null) {
      throw new Error("Internal error: a configuration of no tunnel");
    }
    const there = await read(client, id);
    if (there !== null) {
      throw taken(id);
    }
    return { ...toResource(await put(client, id, {}, spec), id), name };
  },
  async update(client, id, { spec, version }) {
    const there = await read(client, id);
    if (there === null) {
      throw unreadable("GET", pathOf(id), "the tunnel has no configuration any more");
    }
    const expected = version ?? String(there.version);
    if (String(there.version) !== expected) {
      return { code: "overtaken", expected, found: String(there.version), written: false };
    }
    const written = await put(client, id, there.config, spec);
    return written.version === there.version + 1
      ? undefined
      : {
          code: "overtaken",
          expected: String(there.version + 1),
          found: String(written.version),
          written: true,
        };
  },
};

/** Null while the tunnel is still a reference. */
function tunnelOf({ tunnel_id }: Spec): string | null {
  return typeof tunnel_id === "string" ? tunnel_id : null;
}

/** A configuration as the API tells it: what no attribute names is in it, too. */
interface Configuration {
  readonly version: number;
  readonly source: string | null;
  readonly created_at: string | null;
  readonly config: Row;
}

/** Null where there is none, or no tunnel. */
async function read(client: CloudflareClient, id: string): Promise<Configuration | null> {
  const path = pathOf(id);
  let answer: unknown;
  try {
    answer = await unlessGone(client.get(path));
  } catch (error) {
    if (error instanceof ApiError && error.errors.some(({ code }) => code === NONE)) {
      return null;
    }
    throw error;
  }
  return answer === GONE ? null : parse(answer, id, "GET");
}

/** Null for one that was never written, which some servers show as an empty one. */
function parse(answer: unknown, id: string, method: string): Configuration | null {
  const path = pathOf(id);
  const isWrite = method !== "GET";
  if (!isObject(answer)) {
    throw unreadable(method, path, "the answer holds no configuration", isWrite);
  }
  const { tunnel_id, version, config = null, source } = answer;
  if (typeof tunnel_id === "string" && tunnel_id.toLowerCase() !== id) {
    throw unreadable(method, path, `asked for ${id}, got ${tunnel_id}`, isWrite);
  }
  if (typeof version !== "number" || !Number.isSafeInteger(version)) {
    throw unreadable(method, path, "the configuration has no version", isWrite);
  }
  if (config !== null && !isObject(config)) {
    throw unreadable(method, path, "the configuration is not an object", isWrite);
  }
  const created_at = timeOrNull(answer["created_at"]);
  return config === null && version === 0 && source !== "local"
    ? null
    : { version, source: textOrNull(source), created_at, config: config ?? {} };
}

/** Writes a document in which every key stands as it was, but for those that are wanted. */
async function put(client: CloudflareClient, id: string, there: Row, spec: Spec): Promise<Configuration> {
  const wanted = Object.fromEntries(Object.entries(spec).filter(([key]) => key in NOTHING));
  const settings = (key: string) =>
    key in wanted ? { [key]: { ...fieldsOf(there[key]), ...fieldsOf(wanted[key]) } } : {};
  const config = {
    ...there,
    ...wanted,
    ...settings("originRequest"),
    ...settings("warp-routing"),
  };
  const answer = await client.put(pathOf(id), { config }, { atOnce: true });
  const written = parse(answer, id, "PUT");
  if (written === null) {
    throw unreadable("PUT", pathOf(id), "the answer to a write does not hold the configuration", true);
  }
  return written;
}

function toResource({ version, source, created_at, config }: Configuration, id: string): ActualResource {
  const attributes = Object.keys(NOTHING).map((key): [string, JsonValue] => [
    key,
    // It came as JSON, and is in no other form.
    key === "ingress" ? rulesOf(config[key]) : ((cleaned(config[key]) ?? NOTHING[key] ?? null) as JsonValue),
  ]);
  return {
    kind: KIND,
    // Whoever asked knows what the tunnel is called.
    name: id,
    id,
    spec: { tunnel_id: id, ...Object.fromEntries(attributes) },
    facts: { version: String(version), source, created_at },
  };
}

/** What says nothing is left out, and no password is taken in. */
function rulesOf(ingress: unknown): JsonValue {
  const rules = Array.isArray(ingress) ? ingress : [];
  return rules.map((rule: unknown) => {
    const kept = cleaned(rule) ?? {};
    const service = isObject(kept) ? kept["service"] : null;
    // It came as JSON, too.
    return (
      isObject(kept) && typeof service === "string" ? { ...kept, service: maskPassword(service) } : kept
    ) as JsonValue;
  });
}

function fieldsOf(value: unknown): Row {
  const kept = cleaned(value);
  return isObject(kept) ? kept : {};
}

function taken(id: string): ApiError {
  return new ApiError("somebody else has written a configuration since the plan", {
    failure: "refused",
    method: "GET",
    path: pathOf(id),
    status: 409,
  });
}
