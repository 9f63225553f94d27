import type { Account } from "../account.ts";
import type { Store } from "../state/store.ts";
import { checkFields, textField } from "../wire/body.ts";
import { refusal, type Refusal } from "../wire/envelope.ts";
import { isObject, type Json, type JsonObject } from "../wire/json.ts";
import { canonicalName, nameInZone } from "./name.ts";
import type { DnsRecord, dnsRecords, Zone } from "./records.ts";

export type RecordStore = Pick<
  Store<DnsRecord, keyof (typeof dnsRecords)["indexes"]>,
  "live" | "getLive" | "put"
>;

/** What bodies have, and what they may have of any type. */
const FIELDS = {
  name: 255,
  type: "string",
  content: "string",
  proxied: "boolean",
  comment: "string",
  settings: "object",
  data: "object",
} as const;

const TYPES =
  "A AAAA CAA CERT CNAME DNSKEY DS HTTPS LOC MX NAPTR NS OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI".split(
    " ",
  );

/** What a plan allows. */
export const LIMITS = {
  free: { comment: 100, operations: 200, tags: 0 },
  paid: { comment: 500, operations: 3500, tags: 20 },
} as const;

/** The record as the body wants it, over what is there; or what is wrong with that. */
export function changedRecord(
  { switches, now }: Account,
  zone: Zone,
  before: DnsRecord,
  body: JsonObject,
): DnsRecord | Refusal {
  const { ttl = before.ttl, tags = before.tags, settings, data, priority } = body;
  const proxied = typeof body["proxied"] === "boolean" ? body["proxied"] : before.proxied;
  const type = textField(body, "type")?.toUpperCase() ?? before.type;
  const comment = textField(body, "comment") ?? (body["comment"] === null ? "" : before.comment);
  const content = textField(body, "content") ?? before.content;
  const name = textField(body, "name");
  const limits = LIMITS[switches.zone_plan];
  if (comment.length > limits.comment) {
    return refusal(400, 9313, `DNS record comment exceeds the limit of ${limits.comment} characters`);
  }
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    return invalid("tags must be a list of strings");
  }
  if (tags.length > limits.tags) {
    return invalid(`exceeds the tag quota of ${limits.tags}`, 9300);
  }
  const isTtl = typeof ttl === "number" && (ttl === 1 || (ttl >= 60 && ttl <= 86_400));
  const wrong =
    checkFields(body, FIELDS, "ignored") ??
    (isTtl ? null : invalid("ttl must be 1 for automatic, or between 60 and 86400 seconds")) ??
    (TYPES.includes(type) ? null : invalid(`type ${type} is not known`)) ??
    contentFault(type, content, data) ??
    (proxied && !isProxiable(type) ? invalid("this record type cannot be proxied") : null);
  if (wrong) {
    return wrong;
  }
  return {
    ...before,
    name: name === undefined ? before.name : nameInZone(name, zone.name),
    type,
    content: type === "CNAME" || type === "NS" ? canonicalName(content) : content,
    proxied,
    // A proxied record is always automatic.
    ttl: proxied ? 1 : Number(ttl),
    comment,
    tags,
    settings: isObject(settings) ? (settings as Json) : before.settings, // Out of JSON.
    more: {
      ...before.more,
      ...(isObject(data) && { data: data as Json }), // Out of JSON.
      ...(typeof priority === "number" && { priority }),
    },
    modified_at: now(),
  };
}

/** Why a record cannot stand beside those of its name; null when it can. */
export function conflict({ switches }: Account, store: RecordStore, record: DnsRecord): Refusal | null {
  const others = store
    .live("name", `${record.zone_id} ${record.name}`)
    .filter((other) => other.id !== record.id);
  if (others.some((other) => other.type === record.type && other.content === record.content)) {
    return refusal(400, switches.identical_record_code, "An identical record already exists.");
  }
  if (record.type === "CNAME" && others.some((other) => EXCLUDED_BY_CNAME.includes(other.type))) {
    return refusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
  }
  return EXCLUDED_BY_CNAME.includes(record.type) && others.some((other) => other.type === "CNAME")
    ? refusal(400, 81054, "A CNAME record with that host already exists.")
    : null;
}

const EXCLUDED_BY_CNAME = ["A", "AAAA", "CNAME", "NS"];

export function isProxiable(type: string): boolean {
  return type === "A" || type === "AAAA" || type === "CNAME";
}

function contentFault(type: string, content: string, data: unknown): Refusal | null {
  if (content === "" && !isObject(data)) {
    return invalid("content is missing");
  }
  const isFitting =
    (type !== "A" || /^\d{1,3}(\.\d{1,3}){3}$/.test(content)) &&
    (type !== "AAAA" || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(content)) &&
    (type !== "CNAME" || /^[^\s/:]+$/.test(content));
  return isFitting ? null : invalid(`content for ${type} record is invalid`);
}

/** 1004, with what is wrong in its chain. */
export function invalid(message: string, code = 9000): Refusal {
  const { error, ...rest } = refusal(400, 1004, "DNS Validation Error");
  return { ...rest, error: { ...error, error_chain: [{ code, message }] } };
}
