import { lagOf, type Account } from "../account.ts";
import { newHex } from "../random.ts";
import { textField } from "../wire/body.ts";
import { refusal, type Refusal } from "../wire/envelope.ts";
import type { JsonObject } from "../wire/json.ts";
import { changedRecord, conflict, invalid, type RecordStore } from "./change.ts";
import type { DnsRecord, Zone } from "./records.ts";

/** What a record is before anybody says anything of it. */
export function blankRecord(account: Account, zone: Zone): DnsRecord {
  const now = account.now();
  return {
    id: newHex(account.random),
    zone_id: zone.id,
    name: "",
    type: "",
    content: "",
    proxied: false,
    ttl: 1,
    comment: "",
    tags: [],
    settings: {},
    more: {},
    created_at: now,
    modified_at: now,
    deleted_at: null,
  };
}

/** Makes a record of a body, and puts it there; or says what is wrong. */
export type Write = (
  account: Account,
  zone: Zone,
  store: RecordStore,
  body: JsonObject,
) => DnsRecord | Refusal;

function kept(account: Account, store: RecordStore, record: DnsRecord | Refusal): DnsRecord | Refusal {
  if ("ok" in record) {
    return record;
  }
  const wrong = conflict(account, store, record);
  if (!wrong) {
    store.put(record, lagOf(account));
  }
  return wrong ?? record;
}

export const posted: Write = (account, zone, store, body) =>
  missing(body) ?? kept(account, store, changedRecord(account, zone, blankRecord(account, zone), body));

export const patched: Write = (account, zone, store, body) => {
  const before = ownRecord(zone, store, body);
  return before ? kept(account, store, changedRecord(account, zone, before, body)) : recordNotFound();
};

/** What is left out is as in a new record: `proxied` is false again. */
export const replaced: Write = (account, zone, store, body) => {
  const before = ownRecord(zone, store, body);
  if (!before) {
    return recordNotFound();
  }
  const { id, created_at } = before;
  const bare = { ...blankRecord(account, zone), id, created_at };
  return missing(body) ?? kept(account, store, changedRecord(account, zone, bare, body));
};

const removed: Write = (account, zone, store, body) => {
  const before = ownRecord(zone, store, body);
  if (!before) {
    return recordNotFound();
  }
  const record = { ...before, deleted_at: account.now() };
  store.put(record, lagOf(account));
  return record;
};

export function ownRecord(zone: Zone, store: RecordStore, body: JsonObject): DnsRecord | undefined {
  const record = store.getLive(textField(body, "id")?.toLowerCase() ?? "");
  return record?.zone_id === zone.id ? record : undefined;
}

function missing(body: JsonObject): Refusal | null {
  const field = ["name", "type"].find((each) => textField(body, each) === undefined);
  return field === undefined ? null : invalid(`${field} is missing`);
}

/** In this order, whatever the order in the body. */
export const OPERATIONS: readonly (readonly [string, Write])[] = [
  ["deletes", removed],
  ["patches", patched],
  ["puts", replaced],
  ["posts", posted],
];

export function recordNotFound(): Refusal {
  return refusal(404, 81044, "Record does not exist.");
}
