import type { Kept, Table } from "../state/table.ts";
import { isFields, isFlag, isList, isNumber, isText, orNull } from "../wire/checks.ts";
import { isObject, type Json } from "../wire/json.ts";

/** A domain of the account. */
export interface Zone extends Kept {
  readonly name: string;
  /** Only an `active` one is asked by resolvers. */
  readonly status: "initializing" | "pending" | "active" | "moved";
  readonly type: "full" | "partial" | "secondary" | "internal";
}

export const zones: Table<Zone, "name"> = {
  name: "zones",
  indexes: { name: (zone) => zone.name },
  isRow: isFields({
    id: isText,
    created_at: isNumber,
    deleted_at: orNull(isNumber),
    name: isText,
    status: isText,
    type: isText,
  }),
};

export interface DnsRecord extends Kept {
  readonly zone_id: string;
  /** The whole name, in lower case and Punycode. */
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly proxied: boolean;
  /** Seconds; 1 is automatic. */
  readonly ttl: number;
  readonly comment: string;
  readonly tags: readonly string[];
  readonly settings: Json;
  /** What types other than those of one content have: `data`, `priority`. */
  readonly more: { readonly [field: string]: Json };
  readonly modified_at: number;
}

export const dnsRecords: Table<DnsRecord, "zone" | "name"> = {
  name: "dns_records",
  indexes: { zone: (record) => record.zone_id, name: (record) => `${record.zone_id} ${record.name}` },
  isRow: isFields({
    id: isText,
    created_at: isNumber,
    deleted_at: orNull(isNumber),
    zone_id: isText,
    name: isText,
    type: isText,
    content: isText,
    proxied: isFlag,
    ttl: isNumber,
    comment: isText,
    tags: isList(isText),
    settings: isObject,
    more: isObject,
    modified_at: isNumber,
  }),
};
