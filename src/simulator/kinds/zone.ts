import type { Account } from "../account.ts";
import { canonicalName } from "../dns/name.ts";
import { zones, type Zone } from "../dns/records.ts";
import { hexOf } from "../random.ts";
import { forbidden, permits } from "../wire/auth.ts";
import { isHexId, isOneOf, isText } from "../wire/checks.ts";
import type { Call, Endpoint } from "../wire/endpoint.ts";
import { refusal, timeText, type Refusal, type Reply } from "../wire/envelope.ts";
import { listRows, type Filter } from "../wire/list.ts";
import type { Kind } from "./kind.ts";
import { forLive } from "./live.ts";

export interface SeedZone {
  readonly name: string;
  /** 32 hexadecimal digits; where it is left out, the name decides it. */
  readonly id?: string;
  readonly status?: Zone["status"];
  readonly type?: Zone["type"];
}

const STATUSES = ["initializing", "pending", "active", "moved"] as const;
const TYPES = ["full", "partial", "secondary", "internal"] as const;
const ACCOUNT_NAME = "Sandbox";

/** What answers where a zone is not there, or is somebody else's: nobody is told which. */
export function zoneNotFound(): Refusal {
  return refusal(403, 9109, "Unauthorized to access requested resource");
}

const live = forLive(zones, "zone_id", zoneNotFound);

/** Domains of the account. The API's ways to add one are not offered: seeds are. */
export const zone: Kind<Zone, SeedZone> = {
  table: zones,
  endpoints: [
    {
      method: "GET",
      path: "/zones",
      // Whether one that may not read zones is refused or shown none, the list decides.
      lacks: (permissions, { zone_list_forbidden }) =>
        permits(permissions, "zone", "read") || zone_list_forbidden === "empty" ? null : zoneNotFound(),
      answer: list,
    },
    {
      method: "GET",
      path: "/zones/{zone_id}",
      lacks: (permissions, { forbidden_status }) =>
        permits(permissions, "zone", "read") || permits(permissions, "dns", "read")
          ? null
          : forbidden(forbidden_status),
      answer: live.reading((account, row) => ({ ok: true, result: show(account, row) })),
    },
  ] satisfies readonly Endpoint[],
  initial: ({ now, zones: names }) => names.map((name) => newZone({ name }, now)),
  seed: (account, seed) => {
    const row = newZone(seed, account.now());
    if (account.tables.of(zones).live("name", row.name).length > 0) {
      throw new Error(`The sandbox has a zone ${row.name} already.`);
    }
    account.tables.of(zones).put(row);
    return row;
  },
  seedFields: { name: isText, id: isHexId, status: isOneOf(...STATUSES), type: isOneOf(...TYPES) },
  seedNeeds: ["name"],
  show,
};

function newZone({ name, id, status = "active", type = "full" }: SeedZone, now: number): Zone {
  const canonical = canonicalName(name);
  return {
    id: id?.toLowerCase() ?? hexOf(`the zone ${canonical}`),
    name: canonical,
    status,
    type,
    created_at: now,
    deleted_at: null,
  };
}

function list(call: Call): Reply {
  const { account, permissions, query } = call;
  const isShown = (row: Zone): boolean =>
    permits(permissions, "zone", "read") && (query.has("type") || row.type !== "internal");
  return listRows(call, {
    rows: () => account.tables.of(zones).list().filter(isShown),
    filters: {
      name: byOperator((row) => row.name),
      "account.id": (value) => () => value === account.id,
      "account.name": byOperator(() => ACCOUNT_NAME),
      status: (value) => (STATUSES.some((each) => each === value) ? (row) => row.status === value : null),
      type: (value) => {
        const wanted = value.split(",");
        return (row) => wanted.includes(row.type);
      },
    },
    show: (row) => show(account, row),
    pageSize: { initial: 20, least: 5, most: 50 },
    isAny: query.get("match") === "any",
    order: orderOf(query),
    countsPages: true,
  });
}

/** A text, or a text with an operator before it: `contains:example`. */
function byOperator(field: (row: Zone) => string): Filter<Zone> {
  return (value) => {
    const [, operator = "equal", text = value] =
      /^(equal|not_equal|(?:starts_with|ends_with|contains)(?:_case_sensitive)?):(.*)$/s.exec(value) ?? [];
    const isKeen = operator.endsWith("_case_sensitive");
    const fold = (each: string) => (isKeen ? each : each.toLowerCase());
    const wanted = fold(text);
    const holds: { readonly [operator: string]: (own: string) => boolean } = {
      equal: (own) => own === wanted,
      not_equal: (own) => own !== wanted,
      starts_with: (own) => own.startsWith(wanted),
      ends_with: (own) => own.endsWith(wanted),
      contains: (own) => own.includes(wanted),
    };
    const test = holds[operator.replace("_case_sensitive", "")];
    return test ? (row) => test(fold(field(row))) : null;
  };
}

function orderOf(query: URLSearchParams): ((a: Zone, b: Zone) => number) | null {
  const by = query.get("order");
  if (by !== "name" && by !== "status") {
    return null;
  }
  const sign = query.get("direction") === "desc" ? -1 : 1;
  return (a, b) => (a[by] < b[by] ? -sign : a[by] > b[by] ? sign : 0);
}

function show(account: Account, row: Zone): string {
  const created = timeText(row.created_at);
  return JSON.stringify({
    id: row.id,
    name: row.name,
    status: row.status,
    paused: false,
    type: row.type,
    development_mode: 0,
    name_servers: ["amy.ns.cloudflare.com", "bob.ns.cloudflare.com"],
    original_name_servers: null,
    original_registrar: null,
    original_dnshost: null,
    created_on: created,
    modified_on: created,
    activated_on: row.status === "active" ? created : null,
    meta: { step: 2, page_rule_quota: 3, phishing_detected: false },
    owner: { id: account.id, type: "user", name: ACCOUNT_NAME },
    account: { id: account.id, name: ACCOUNT_NAME },
    permissions: ["#dns_records:read", "#dns_records:edit", "#zone:read"],
    plan: { name: account.switches.zone_plan === "free" ? "Free Website" : "Pro Website" },
  });
}
