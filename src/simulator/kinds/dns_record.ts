import { deleteRecord, lagOf, type Account } from "../account.ts";
import { changedRecord, invalid, isProxiable, LIMITS } from "../dns/change.ts";
import { recordFilters, recordOrder } from "../dns/filters.ts";
import { canonicalName } from "../dns/name.ts";
import { dnsRecords, zones, type DnsRecord, type Zone } from "../dns/records.ts";
import {
  blankRecord,
  OPERATIONS,
  ownRecord,
  patched,
  posted,
  recordNotFound,
  replaced,
  type Write,
} from "../dns/write.ts";
import { reference } from "../state/references.ts";
import { Store } from "../state/store.ts";
import { tunnels } from "../tunnel/tunnel.ts";
import { readBody, textField } from "../wire/body.ts";
import { isFlag, isHexId, isText } from "../wire/checks.ts";
import { needs, type Call, type Endpoint } from "../wire/endpoint.ts";
import {
  notFound,
  refusal,
  success,
  timeText,
  unreadable,
  type Refusal,
  type Reply,
} from "../wire/envelope.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import { listRows } from "../wire/list.ts";
import type { Kind } from "./kind.ts";
import { zoneNotFound } from "./zone.ts";

export interface SeedDnsRecord {
  /** The whole name: of the zones that it ends in the longest is its own. */
  readonly name: string;
  readonly type: string;
  readonly content: string;
  /** 32 hexadecimal digits. */
  readonly id?: string;
  readonly proxied?: boolean;
  readonly comment?: string;
}

const MANY = "/zones/{zone_id}/dns_records";
const ONE = `${MANY}/{dns_record_id}`;
const [reads, writes] = [needs("dns", "read"), needs("dns", "write")];

/** DNS records, of which those that lead to a tunnel outlive it. */
export const dnsRecord: Kind<DnsRecord, SeedDnsRecord> = {
  table: dnsRecords,
  endpoints: [
    { method: "GET", path: MANY, lacks: reads, answer: inZone(list) },
    { method: "POST", path: MANY, lacks: writes, answer: inZone(post) },
    { method: "POST", path: `${MANY}/batch`, lacks: writes, answer: inZone(batch) },
    { method: "GET", path: ONE, lacks: reads, answer: inZone(read) },
    { method: "PATCH", path: ONE, lacks: writes, answer: inZone(edit(patched)) },
    { method: "PUT", path: ONE, lacks: writes, answer: inZone(edit(replaced)) },
    { method: "DELETE", path: ONE, lacks: writes, answer: inZone(remove) },
    {
      method: "PUT",
      path: "/zones/{zone_id}/tunnels/{tunnel_id}/routes",
      lacks: writes,
      answer: inZone(routeDns),
    },
  ],
  references: [reference(dnsRecords, "zone", zones.name, () => "goes")],
  seed: (account, { name, type, content, id, proxied = false, comment = "" }) => {
    const whole = canonicalName(name);
    const [zone] = account.tables
      .of(zones)
      .all()
      .filter((each) => whole === each.name || whole.endsWith(`.${each.name}`))
      .toSorted((a, b) => b.name.length - a.name.length);
    if (!zone) {
      throw new Error(`The sandbox has no zone of ${name}.`);
    }
    const record = {
      ...blankRecord(account, zone),
      ...(id !== undefined && { id: id.toLowerCase() }),
      name: whole,
      type,
      content,
      proxied,
      comment,
    };
    account.tables.of(dnsRecords).put(record);
    return record;
  },
  seedFields: { name: isText, type: isText, content: isText, id: isHexId, proxied: isFlag, comment: isText },
  seedNeeds: ["name", "type", "content"],
  show: (account, record) => JSON.stringify(rowOf(account, record)),
};

type InZone = (call: Call, zone: Zone) => Reply;

function inZone(answer: InZone): Endpoint["answer"] {
  return (call) => {
    const zone = call.account.tables.of(zones).getLive(call.param("zone_id"));
    return zone ? answer(call, zone) : zoneNotFound();
  };
}

function rowOf({ switches }: Account, record: DnsRecord): object {
  return {
    id: record.id,
    name: record.name,
    type: record.type,
    content: record.content,
    ...record.more,
    proxiable: isProxiable(record.type),
    proxied: record.proxied,
    ttl: record.ttl,
    settings: record.settings,
    meta: {},
    comment: record.comment === "" && switches.empty_comment === "null" ? null : record.comment,
    tags: record.tags,
    created_on: timeText(record.created_at),
    modified_on: timeText(record.modified_at),
  };
}

function list(call: Call, zone: Zone): Reply {
  const { account, query } = call;
  return listRows(call, {
    rows: () =>
      account.tables
        .of(dnsRecords)
        .list()
        .filter((record) => record.zone_id === zone.id),
    filters: recordFilters,
    show: (record) => JSON.stringify(rowOf(account, record)),
    pageSize: { initial: 100, least: 1, most: account.switches.dns_per_page_max },
    isAny: query.get("match") === "any",
    order: recordOrder(query),
    countsPages: true,
  });
}

function read({ account, param }: Call, zone: Zone): Reply {
  const record = account.tables.of(dnsRecords).read(param("dns_record_id"));
  const isThere = record?.deleted_at === null && record.zone_id === zone.id;
  return isThere ? success(rowOf(account, record)) : recordNotFound();
}

function answered(account: Account, record: DnsRecord | Refusal): Reply {
  return "ok" in record ? record : success(rowOf(account, record));
}

function post({ account, request }: Call, zone: Zone): Reply {
  const body = readBody(request);
  return body.ok ? answered(account, posted(account, zone, account.tables.of(dnsRecords), body.body)) : body;
}

function edit(write: Write): InZone {
  return ({ account, request, param }, zone) => {
    const body = readBody(request);
    const id = param("dns_record_id");
    return body.ok
      ? answered(account, write(account, zone, account.tables.of(dnsRecords), { ...body.body, id }))
      : body;
  };
}

function remove({ account, param }: Call, zone: Zone): Reply {
  const store = account.tables.of(dnsRecords);
  const record = ownRecord(zone, store, { id: param("dns_record_id") });
  return record ? success({ id: deleteRecord(account, dnsRecords, record).id }) : recordNotFound();
}

/** All or nothing: tried on a copy first. */
function batch({ account, request }: Call, zone: Zone): Reply {
  const read = readBody(request);
  if (!read.ok) {
    return read;
  }
  const asked = OPERATIONS.map(([name, write]) => ({ name, write, bodies: read.body[name] ?? [] }));
  const wrong = asked.find(({ bodies }) => !Array.isArray(bodies) || !bodies.every(isObject));
  if (wrong) {
    return unreadable(`Json deserialize error: invalid value for \`${wrong.name}\`, expected a list`);
  }
  const { operations } = LIMITS[account.switches.zone_plan];
  if (asked.reduce((count, { bodies }) => count + (bodies as readonly unknown[]).length, 0) > operations) {
    return invalid(`a batch has at most ${operations} operations`);
  }
  const real = account.tables.of(dnsRecords);
  const scratch = new Store(dnsRecords);
  scratch.restore(real.live("zone", zone.id));
  const result: { [name: string]: readonly object[] } = {};
  const changed: DnsRecord[] = [];
  for (const { name, write, bodies } of asked) {
    const rows: object[] = [];
    for (const body of bodies as readonly JsonObject[]) {
      const record = write(account, zone, scratch, body);
      if ("ok" in record) {
        return record;
      }
      changed.push(record);
      rows.push(rowOf(account, record));
    }
    result[name] = rows;
  }
  for (const record of changed) {
    real.put(record, lagOf(account));
  }
  return success(result);
}

/** What `cloudflared tunnel route dns` asks for: a proxied CNAME to the tunnel. */
function routeDns({ account, request, param }: Call, zone: Zone): Reply {
  const read = readBody(request);
  if (!read.ok) {
    return read;
  }
  const { body } = read;
  const hostname = textField(body, "user_hostname");
  if (body["type"] !== "dns" || hostname === undefined) {
    return unreadable("Json deserialize error: expected `type` to be `dns`, with a `user_hostname`");
  }
  const tunnel = account.tables.of(tunnels).getLive(param("tunnel_id"));
  if (!tunnel) {
    return notFound(account.switches);
  }
  const wanted = { name: hostname, type: "CNAME", content: `${tunnel.id}.cfargotunnel.com`, proxied: true };
  const store = account.tables.of(dnsRecords);
  const next = changedRecord(account, zone, blankRecord(account, zone), wanted);
  if ("ok" in next) {
    return next;
  }
  const { name } = next;
  const there = store
    .live("name", `${zone.id} ${name}`)
    .filter(({ type }) => type === "A" || type === "AAAA" || type === "CNAME");
  if (there.some(({ type, content }) => type === "CNAME" && content === next.content)) {
    return success({ cname: "unchanged", name });
  }
  if (there.length > 0 && body["overwrite_existing"] !== true) {
    return refusal(400, 1003, "An A, AAAA, or CNAME record with that host already exists.");
  }
  const [first, ...others] = there;
  for (const other of others) {
    deleteRecord(account, dnsRecords, other);
  }
  store.put(first ? { ...next, id: first.id, created_at: first.created_at } : next, lagOf(account));
  return success({ cname: first ? "updated" : "new", name });
}
