import { deleteRecord, lagOf, type Account } from "../account.ts";
import {
  hostnameRoutes,
  routableTunnel,
  routeQuotaFault,
  tunnelFields,
  type HostnameRoute,
} from "../network/routes.ts";
import { newUuid } from "../random.ts";
import { reference } from "../state/references.ts";
import { tunnels } from "../tunnel/tunnel.ts";
import { textField, withBody } from "../wire/body.ts";
import { isId, isText, isTime } from "../wire/checks.ts";
import { needs, type Call } from "../wire/endpoint.ts";
import { notFound, refusal, timeText, unreadable, type Refusal, type Reply } from "../wire/envelope.ts";
import * as filter from "../wire/filters.ts";
import type { JsonObject } from "../wire/json.ts";
import { listRows } from "../wire/list.ts";
import type { Kind } from "./kind.ts";
import { forLive } from "./live.ts";

export interface SeedHostnameRoute {
  readonly hostname: string;
  readonly tunnel_id: string;
  readonly id?: string;
  readonly comment?: string;
  /** Milliseconds since the Unix epoch. */
  readonly created_at?: number;
}

const MANY = "/accounts/{account_id}/zerotrust/routes/hostname";
const ONE = `${MANY}/{hostname_route_id}`;
const [reads, writes] = [needs("networks", "read"), needs("networks", "write")];
const live = forLive(hostnameRoutes, "hostname_route_id", ({ switches }) =>
  notFound(switches, "Hostname route"),
);

/** Private names that lead to a tunnel, each unique in the account. */
export const hostnameRoute: Kind<HostnameRoute, SeedHostnameRoute> = {
  table: hostnameRoutes,
  endpoints: [
    { method: "GET", path: MANY, lacks: reads, answer: list },
    { method: "POST", path: MANY, lacks: writes, answer: create },
    { method: "GET", path: ONE, lacks: reads, answer: live.reading(shown) },
    {
      method: "PATCH",
      path: ONE,
      lacks: writes,
      answer: live.writing((call, row) =>
        withBody(call, FIELDS, (body) => kept(call.account, changed(call.account, row, body), null)),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      lacks: writes,
      answer: live.writing(({ account }, row) => shown(account, deleteRecord(account, hostnameRoutes, row))),
    },
  ],
  references: [
    reference(hostnameRoutes, "tunnel", tunnels.name, ({ delete_with_hostname_routes }) =>
      delete_with_hostname_routes === "refused"
        ? refusal(400, 1023, "Cannot delete tunnel because it has hostname routes configured")
        : "goes",
    ),
  ],
  seed: (account, seed) => {
    const row: HostnameRoute = {
      id: seed.id?.toLowerCase() ?? newUuid(account.random),
      hostname: trimmed(seed.hostname),
      tunnel_id: seed.tunnel_id.toLowerCase(),
      comment: seed.comment ?? "",
      created_at: seed.created_at ?? account.now(),
      deleted_at: null,
    };
    account.tables.of(hostnameRoutes).put(row);
    return row;
  },
  seedFields: { hostname: isText, tunnel_id: isId, id: isId, comment: isText, created_at: isTime },
  seedNeeds: ["hostname", "tunnel_id"],
  show,
};

function show(account: Account, { created_at, deleted_at, ...row }: HostnameRoute): string {
  return JSON.stringify({
    ...row,
    ...tunnelFields(account, row.tunnel_id),
    created_at: timeText(created_at),
    deleted_at: deleted_at === null ? null : timeText(deleted_at),
  });
}

function shown(account: Account, row: HostnameRoute): Reply {
  return { ok: true, result: show(account, row) };
}

function list(call: Call): Reply {
  const { account } = call;
  return listRows(call, {
    rows: () => account.tables.of(hostnameRoutes).list(),
    filters: {
      ...filter.commonFilters,
      id: filter.isId((row) => row.id),
      tunnel_id: filter.isId((row) => row.tunnel_id),
      comment: filter.equals((row) => row.comment),
      hostname: (value) => (row) => row.hostname.includes(value.toLowerCase()),
    },
    show: (row) => show(account, row),
  });
}

const FIELDS = { hostname: "string", tunnel_id: "string", comment: "string" } as const;

function create(call: Call): Reply {
  const { account } = call;
  return withBody(call, FIELDS, (body) => {
    const missing = ["hostname", "tunnel_id"].find((field) => textField(body, field) === undefined);
    if (missing !== undefined) {
      return unreadable(`Json deserialize error: missing field \`${missing}\``);
    }
    const row: HostnameRoute = {
      id: newUuid(account.random),
      hostname: "",
      tunnel_id: "",
      comment: "",
      created_at: account.now(),
      deleted_at: null,
    };
    return kept(account, changed(account, row, body), routeQuotaFault(account));
  });
}

/** The route as the body wants it, or what is wrong with that. */
function changed(account: Account, row: HostnameRoute, body: JsonObject): HostnameRoute | Refusal {
  const hostname = textField(body, "hostname");
  if (hostname !== undefined && !isHostname(trimmed(hostname))) {
    return unreadable(`hostname: invalid hostname: ${hostname}`);
  }
  const tunnel = routableTunnel(account, textField(body, "tunnel_id") ?? row.tunnel_id);
  if ("ok" in tunnel) {
    return tunnel;
  }
  return {
    ...row,
    hostname: hostname === undefined ? row.hostname : trimmed(hostname),
    tunnel_id: tunnel.id,
    comment: textField(body, "comment") ?? row.comment,
  };
}

function kept(account: Account, row: HostnameRoute | Refusal, quotaFault: Refusal | null): Reply {
  if ("ok" in row) {
    return row;
  }
  const store = account.tables.of(hostnameRoutes);
  if (store.live("hostname", row.hostname).some((other) => other.id !== row.id)) {
    const { hostname_conflict_code } = account.switches;
    return refusal(409, hostname_conflict_code, "This hostname is already routed to another tunnel");
  }
  if (quotaFault) {
    return quotaFault;
  }
  store.put(row, lagOf(account));
  return shown(account, row);
}

/** As it is stored: a wildcard in front and the dots around it mean nothing. */
function trimmed(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\.+|\.+$/g, "")
    .replace(/^\*\.+/, "");
}

function isHostname(hostname: string): boolean {
  return hostname !== "" && hostname.length < 255 && !/[\s/:*]|\.\./.test(hostname);
}
