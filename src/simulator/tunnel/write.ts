import { deleteRecord, lagOf, whatNeeds, type Account } from "../account.ts";
import { newSecret, newUuid } from "../random.ts";
import { checkFields, textField, type FieldType } from "../wire/body.ts";
import { notFound, refusal, success, unreadable, type Refusal, type Reply } from "../wire/envelope.ts";
import { isUuid, type Json, type JsonObject } from "../wire/json.ts";
import { collections, type Collection } from "./collections.ts";
import { newRow, rowOf, rowText } from "./rows.ts";
import { runToken, secretFault } from "./token.ts";
import { isActive, lostAt, nameKey, tunnels, withConnectors, type Tunnel } from "./tunnel.ts";

const COMMON_FIELDS = { name: "string", tunnel_secret: "string" } as const satisfies Record<
  string,
  FieldType
>;

/** POST: makes a tunnel, and answers with the only row that holds `token` and `credentials_file`. */
export function createTunnel(account: Account, collection: Collection, body: JsonObject): Reply {
  const { switches } = account;
  const store = account.tables.of(tunnels);
  const attributeTypes = Object.entries(collection.attributes).map(
    ([field, { type }]) => [field, type] as const,
  );
  const fields = { ...COMMON_FIELDS, metadata: "object", ...Object.fromEntries(attributeTypes) } as const;
  const name = textField(body, "name");
  const secret = textField(body, "tunnel_secret");
  const wrong =
    checkFields(body, fields, switches.unknown_fields) ??
    (name === undefined ? unreadable("Json deserialize error: missing field `name`") : null) ??
    nameFault(account, name) ??
    readSecret(account, secret) ??
    nameTaken(account, collection.kind, name ?? "", null);
  if (wrong) {
    return wrong;
  }

  const quota = switches.quota === "documented" ? collection.quota : switches.quota;
  if (quota !== null && store.liveCount("kind", collection.kind) >= quota) {
    const message = `You have reached the maximum number of tunnels for this account (limit ${quota})`;
    return refusal(switches.quota_status, switches.quota_code, message);
  }

  const attributes = Object.entries(collection.attributes).map(([field, { initial }]) => [
    field,
    body[field] ?? initial,
  ]);
  const tunnel: Tunnel = {
    id: newUuid(account.random),
    kind: collection.kind,
    name: name ?? "",
    created_at: account.now(),
    deleted_at: null,
    secret: secret === undefined ? newSecret(account.random) : secret,
    // Checked above: an object out of JSON.
    metadata: (body["metadata"] ?? {}) as Json,
    attributes: Object.fromEntries(attributes),
    activity: [],
    connectors: [],
  };
  store.put(tunnel, lagOf(account));
  return success(newRow(account, tunnel));
}

/** PATCH: `name` and `tunnel_secret` only. Connections stay: a connector finds out at its next reconnect. */
export function editTunnel(
  account: Account,
  collection: Collection,
  tunnel: Tunnel,
  body: JsonObject,
): Reply {
  const { switches } = account;
  if (tunnel.deleted_at !== null && switches.edit_deleted === "not_found") {
    return notFound(switches);
  }
  const name = textField(body, "name");
  const secret = textField(body, "tunnel_secret");
  const config_src = textField(body, "config_src");
  const takesSource = switches.config_src_in_patch !== "refused";
  const wrong =
    checkFields(
      body,
      takesSource ? { ...COMMON_FIELDS, config_src: "string" } : COMMON_FIELDS,
      takesSource || !("config_src" in body) ? switches.unknown_fields : "refused",
    ) ??
    nameFault(account, name) ??
    readSecret(account, secret) ??
    (name === undefined || tunnel.deleted_at !== null
      ? null
      : nameTaken(account, tunnel.kind, name, tunnel.id));
  if (wrong) {
    return wrong;
  }

  const applies = switches.config_src_in_patch === "applied" && config_src !== undefined;
  const next: Tunnel = {
    ...tunnel,
    name: name ?? tunnel.name,
    secret: secret ?? tunnel.secret,
    attributes: applies ? { ...tunnel.attributes, config_src } : tunnel.attributes,
  };
  account.tables.of(tunnels).put(next, lagOf(account));
  const row = rowOf(account, next);
  const showsToken = secret !== undefined && collection.showsNewToken(switches);
  return success(showsToken ? { ...row, token: runToken(account.id, next) } : row);
}

/** DELETE: sets `deleted_at`, unless connections (or, by a switch, routes) are in the way and `cascade` is not set. */
export function deleteTunnel(account: Account, tunnel: Tunnel, cascade: boolean): Reply {
  const { switches } = account;
  const now = account.now();
  if (tunnel.deleted_at !== null) {
    if (switches.delete_deleted === "not_found") {
      return notFound(switches);
    }
    return { ok: true, result: rowText(account, tunnel) };
  }
  if (!cascade) {
    const lost = lostAt(tunnel);
    if (isActive(tunnel) || (lost !== null && now < lost + switches.linger_ms)) {
      return refusal(400, 1022, "Cannot delete tunnel because it has active connections");
    }
  }
  const needed = cascade ? null : whatNeeds(account, tunnels.name, tunnel.id);
  if (needed) {
    return needed;
  }
  const deleted = deleteRecord(account, tunnels, withConnectors(tunnel, [], now), { all: cascade });
  if (switches.name_lag > 0) {
    account.heldNames.set(tunnel.name, switches.name_lag);
  }
  return { ok: true, result: rowText(account, deleted) };
}

function nameFault({ switches }: Account, name: string | undefined): Refusal | null {
  if (name === undefined) {
    return null;
  }
  const { name_max_length: longest } = switches;
  if (name === "" && switches.empty_name === "refused") {
    return unreadable("name must not be empty");
  }
  if (longest !== null && name.length > longest) {
    return unreadable(`name is longer than ${longest}`);
  }
  if (switches.uuid_name === "refused" && isUuid(name)) {
    return unreadable("name must not be a UUID");
  }
  return null;
}

function nameTaken(account: Account, kind: string, name: string, ownId: string | null): Refusal | null {
  const { switches, heldNames } = account;
  const kinds = switches.names === "shared" ? collections.map((each) => each.kind) : [kind];
  const isTaken = kinds
    .flatMap((each) => account.tables.of(tunnels).live("name", nameKey(each, name)))
    .some((other) => other.id !== ownId && (switches.name_case === "insensitive" || other.name === name));
  const held = heldNames.get(name) ?? 0;
  if (held > 1) {
    heldNames.set(name, held - 1);
  } else {
    heldNames.delete(name);
  }
  return isTaken || held > 0 ? refusal(409, 1013, NAME_TAKEN) : null;
}

/** Clients look for the first sentence. */
const NAME_TAKEN =
  "You already have a tunnel with this name. Delete the existing tunnel, or choose a different name for your new tunnel.";

function readSecret({ switches }: Account, secret: string | undefined): Refusal | null {
  const fault = secret === undefined ? null : secretFault(secret, switches.secret_check);
  return fault === null ? null : unreadable(fault);
}
