import { timingSafeEqual } from "node:crypto";
import type { Secret } from "../base/secret.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import type { ResourceKind, SecretComparison, Secrets } from "../engine/kind.ts";
import type { ActualResource, JsonValue, Spec } from "../engine/resource.ts";

/** Where two kinds of tunnel differ. */
export interface TunnelTraits {
  readonly kind: string;
  readonly immutable: readonly string[];
  /** The managed attributes that a row reports. */
  spec(row: Row): Spec;
}

/** An answer's object before anybody has checked it. */
export type Row = { readonly [field: string]: unknown };

/**
 * A kind of tunnel. Both kinds live under `/{kind}` with the same calls and the same row; what they do not share
 * comes in as traits. https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/
 */
export function tunnelKind(traits: TunnelTraits): ResourceKind {
  const { kind, immutable } = traits;
  const collection = `/${kind}`;
  const item = (id: string) => `${collection}/${encodeURIComponent(id)}`;
  const parse = (row: unknown) => toResource(traits, row, collection);
  // Sent every time: the default was to list deleted tunnels too until 2025-12-01, and may still be elsewhere.
  const live = { is_deleted: false };
  return {
    kind,
    immutable,
    isLive: (actual) => {
      const status = actual.facts["status"];
      return status !== "inactive" && status !== "down";
    },
    lastActive,
    list: (client) => client.list(collection, live, parse),
    async read(client, id) {
      const row = await unlessGone(client.get(item(id)));
      const resource = row === GONE ? null : toResource(traits, row, item(id));
      if (resource !== null && resource.id !== id) {
        throw unreadable("GET", item(id), `asked for ${id}, got ${resource.id}`);
      }
      return resource;
    },
    async findByName(client, name) {
      const found = await client.find(collection, { name, ...live }, parse);
      // The API ignores a filter that it does not know, so each row is held against it.
      return found.filter((resource) => resource.name === name);
    },
    async create(client, { name, spec, secrets }) {
      const answer = await client.post(collection, { name, ...spec, ...revealed(secrets) });
      const id = isRow(answer) ? answer["id"] : undefined;
      if (typeof id !== "string" || !UUID.test(id)) {
        throw unreadable("POST", collection, "the answer to a create has no id", true);
      }
      return id.toLowerCase();
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
    compareSecret: (client, id, attribute, value) => compareSecret(client, item(id), id, attribute, value),
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Read-only fields of a tunnel that plans and reports show. `connections` is not one: the API retired it. */
const FACTS = ["status", "created_at", "conns_active_at", "conns_inactive_at"] as const;

function toResource(traits: TunnelTraits, row: unknown, path: string): ActualResource | null {
  if (!isRow(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  // A deleted tunnel stays readable by id, and some servers list it: null or absent is live.
  if (typeof row["deleted_at"] === "string") {
    return null;
  }
  const { id, name, tun_type: type } = row;
  if (typeof id !== "string" || !UUID.test(id)) {
    throw unreadable("GET", path, "a row has no id");
  }
  if (typeof name !== "string" || name === "") {
    throw unreadable("GET", path, `tunnel ${id} has no name`);
  }
  if (type !== undefined && type !== null && type !== traits.kind) {
    throw unreadable("GET", path, `tunnel ${id} is a ${JSON.stringify(type)}, not a ${traits.kind}`);
  }
  return {
    kind: traits.kind,
    name,
    id: id.toLowerCase(),
    spec: traits.spec(row),
    facts: Object.fromEntries(FACTS.map((field) => [field, textOrNull(row[field])])),
  };
}

function lastActive(actual: ActualResource): { readonly text: string; readonly time: number } | null {
  const { created_at, conns_active_at, conns_inactive_at } = actual.facts;
  if (typeof created_at !== "string") {
    return null;
  }
  const texts = [created_at, conns_active_at, conns_inactive_at].filter((text) => typeof text === "string");
  const moments = texts.map((text) => ({ text, time: Date.parse(text) }));
  // One time that cannot be read could be the latest of them.
  return moments.some(({ time }) => Number.isNaN(time))
    ? null
    : moments.reduce((latest, moment) => (moment.time > latest.time ? moment : latest));
}

/**
 * The secret is readable only inside the run token: base64 of JSON with the account `a`, the tunnel `t` and the
 * secret `s`. Reading it needs a write permission.
 */
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
    if (error instanceof ApiError && error.failure === "refused") {
      return { verdict: "unknown", why: "the token may not be read: that needs a write permission" };
    }
    throw error;
  }
  const held = secretOfToken(token, client.accountId, id);
  if (held === null) {
    return { verdict: "unknown", why: "the token is not in the form that is known" };
  }
  const declared = Buffer.from(value.reveal(), "base64");
  const same = held.length === declared.length && timingSafeEqual(held, declared);
  return { verdict: same ? "same" : "differs" };
}

/** The bytes of the secret in a run token of this account and tunnel; null for anything else. */
function secretOfToken(token: unknown, accountId: string, id: string): Buffer | null {
  if (typeof token !== "string") {
    return null;
  }
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token.trim(), "base64").toString("utf8"));
  } catch {
    return null;
  }
  if (!isRow(parts) || parts["a"] !== accountId || parts["t"] !== id || typeof parts["s"] !== "string") {
    return null;
  }
  return Buffer.from(parts["s"], "base64");
}

/** No answer can be taken for this one, also not a `null`. */
const GONE = Symbol("gone");

/** The answer, or `GONE` where the API says that there is no such tunnel. */
async function unlessGone(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return GONE;
    }
    throw error;
  }
}

/** A yes without the row that was written says nothing: the legacy API said yes to deletes that it did not make. */
function requireRow(answer: unknown, id: string, method: string, path: string): void {
  const written = isRow(answer) ? answer["id"] : null;
  if (typeof written !== "string" || written.toLowerCase() !== id) {
    throw unreadable(method, path, "the answer to a write does not hold the tunnel", true);
  }
}

function revealed(secrets: Secrets): { readonly [attribute: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(secrets).map(([attribute, secret]) => [attribute, secret.reveal()]),
  );
}

function unreadable(method: string, path: string, what: string, ambiguous = false): ApiError {
  return new ApiError(`${method} ${path}: ${what}`, { failure: "unreadable", method, path, ambiguous });
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
