import { isObject, isUuid } from "../../base/json.ts";
import type { Secret } from "../../base/secret.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import { ApiError } from "../../cloudflare/error.ts";
import type { ResourceKind, SecretComparison, Secrets } from "../../engine/model/kind.ts";
import { latest, type Moment } from "../../engine/model/moment.ts";
import type { ActualResource, JsonValue, Liveness, Spec } from "../../engine/model/resource.ts";
import { GONE, type Row, timeOrNull, unlessGone, unreadable } from "../../tunnels/row.ts";
import { connectionsOf, parseTunnel, type Tunnel } from "../../tunnels/tunnel-row.ts";
import { isSameSecret, openRunToken } from "../../tunnels/run-token.ts";
import { tunnelSecretFlaw } from "./tunnel-secret.ts";

/** Where two kinds of tunnel differ. */
export interface TunnelTraits {
  readonly kind: string;
  readonly immutable: readonly string[];
  /** As on the kind's card. */
  readonly paths: readonly string[];
  readonly permission: string;
  /** The managed attributes that a row reports. */
  spec(tunnel: Tunnel): Spec;
  /** As of any kind. */
  readonly outputs?: NonNullable<ResourceKind["outputs"]>;
}

/** A tunnel carries connections, and its secret can be written. */
export type TunnelResourceKind = ResourceKind & Required<Pick<ResourceKind, "use" | "secrets" | "delete">>;

/**
 * A kind of tunnel. Both kinds live under `/{kind}` with the same calls and the same row; what they do not share
 * comes in as traits. https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/
 */
export function tunnelKind(traits: TunnelTraits): TunnelResourceKind {
  const { kind, immutable, outputs } = traits;
  const collection = `/${kind}`;
  const item = (id: string) => `${collection}/${encodeURIComponent(id)}`;
  const parse = (row: unknown) => toResource(traits, row, collection);
  // Sent every time: the default was to list deleted tunnels too until 2025-12-01, and may still be elsewhere.
  const live = { is_deleted: false };
  return {
    kind,
    immutable,
    ...(outputs === undefined ? {} : { outputs }),
    card: {
      noun: "tunnel",
      paths: traits.paths,
      permission: traits.permission,
      keeps: ["id", "token", "routes"],
      givesToken: true,
    },
    use: { livenessOf, lastActive },
    secrets: {
      flaw: (attribute, value) => (attribute === "tunnel_secret" ? tunnelSecretFlaw(value) : null),
      compare: (client, id, attribute, value) => compareSecret(client, item(id), id, attribute, value),
    },
    list: (client) => client.list(collection, live, parse),
    async read(client, id) {
      const row = await unlessGone(client.get(item(id)));
      const resource = row === GONE ? null : toResource(traits, row, item(id));
      if (resource !== null && resource.id !== id) {
        throw unreadable("GET", item(id), `asked for ${id}, got ${resource.id}`);
      }
      return resource;
    },
    async find(client, { name }) {
      const found = await client.find(collection, { name, ...live }, parse);
      // The API ignores a filter that it does not know, so each row is held against it.
      return found.filter((resource) => resource.name === name);
    },
    async create(client, { name, spec, secrets }) {
      const answer = await client.post(collection, { name, ...spec, ...revealed(secrets) });
      const id = isObject(answer) ? answer["id"] : undefined;
      if (!isObject(answer) || !isUuid(id)) {
        throw unreadable("POST", collection, "the answer to a create has no id", true);
      }
      // Whatever else the answer may lack, the tunnel is there: no other field is asked of it.
      const made = parseTunnel({ ...answer, name, tun_type: kind }, kind, collection);
      return { kind, name, id: made.id, spec: traits.spec(made), facts: factsOf(made, answer) };
    },
    async update(client, id, { name, spec, secrets }) {
      const body = { ...(name === undefined ? {} : { name }), ...spec, ...revealed(secrets) };
      requireRow(await client.patch(item(id), body, { atOnce: true }), id, "PATCH", item(id));
    },
    async delete(client, id) {
      const answer = await unlessGone(client.delete(item(id), undefined, { atOnce: true }));
      if (answer !== GONE) {
        requireRow(answer, id, "DELETE", item(id));
      }
    },
  };
}

function toResource(traits: TunnelTraits, row: unknown, path: string): ActualResource | null {
  if (!isObject(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  // A deleted tunnel stays readable by id, and some servers list it: null, absent or a zero time is live.
  if (timeOrNull(row["deleted_at"]) !== null) {
    return null;
  }
  const tunnel = parseTunnel(row, traits.kind, path);
  const { name, id } = tunnel;
  return { kind: traits.kind, name, id, spec: traits.spec(tunnel), facts: factsOf(tunnel, row) };
}

/** Read-only fields that plans and reports show. The API has retired `connections`: they are shown where there are any. */
function factsOf(tunnel: Tunnel, row: Row): ActualResource["facts"] {
  const { status, created_at, conns_active_at, conns_inactive_at } = tunnel;
  const connections = connectionsOf(row).length;
  const times = { created_at, conns_active_at, conns_inactive_at };
  return { status, ...times, ...(connections === 0 ? {} : { connections: String(connections) }) };
}

/** Whether anything that the API reports says that connectors may be there; a status alone may lag behind. */
function livenessOf({ facts }: ActualResource): Liveness | null {
  const { status, conns_active_at: since, conns_inactive_at: until } = facts;
  if (status !== "inactive" && status !== "down") {
    return "status";
  }
  if (typeof facts["connections"] === "string") {
    return "connections";
  }
  return typeof since === "string" && !isOver(since, until ?? null) ? "activity" : null;
}

/** Whether activity is known to have ended: an end from before its beginning is that of an earlier one. */
function isOver(since: string, until: string | null): boolean {
  const end = until === null ? null : latest([until]);
  return end !== null && latest([since, end.text])?.time === end.time;
}

function lastActive(actual: ActualResource): Moment | null {
  const { created_at, conns_active_at, conns_inactive_at } = actual.facts;
  if (typeof created_at !== "string") {
    return null;
  }
  return latest([created_at, conns_active_at, conns_inactive_at].filter((text) => typeof text === "string"));
}

/** The secret is readable only inside the run token, and reading that needs a write permission. */
async function compareSecret(
  client: CloudflareClient,
  path: string,
  id: string,
  attribute: string,
  value: Secret,
): Promise<SecretComparison> {
  if (attribute !== "tunnel_secret") {
    return { verdict: "unknown", why: `${attribute} cannot be read back` };
  }
  let token: unknown;
  try {
    token = await client.get(`${path}/token`);
  } catch (error) {
    const why = error instanceof ApiError ? whyUnreadable(error) : null;
    if (why !== null) {
      return { verdict: "unknown", why };
    }
    throw error;
  }
  const opened = openRunToken(token, client.accountId, id);
  switch (opened.is) {
    case "own":
      return { verdict: (await isSameSecret(value, opened.secret)) ? "same" : "differs" };
    case "of_another":
      return { verdict: "unknown", why: "the token that the API gave is another tunnel's or account's" };
    case "of_unknown_form":
      return { verdict: "unknown", why: "the token is not in the form that is known" };
  }
}

/** Why there is no token to look at; null for an error that says nothing about that. */
function whyUnreadable({ status }: ApiError): string | null {
  if (status === 401 || status === 403) {
    return "the token may not be read: that needs a write permission";
  }
  return status === 404 ? "the API has no token for it" : null;
}

/** A yes without the row that was written says nothing: the legacy API said yes to deletes that it did not make. */
function requireRow(answer: unknown, id: string, method: string, path: string): void {
  const written = isObject(answer) ? answer["id"] : null;
  if (typeof written !== "string" || written.toLowerCase() !== id) {
    throw unreadable(method, path, "the answer to a write does not hold the tunnel", true);
  }
}

function revealed(secrets: Secrets): { readonly [attribute: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(secrets).map(([attribute, secret]) => [attribute, secret.reveal()]),
  );
}
