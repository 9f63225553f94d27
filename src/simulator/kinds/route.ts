import { deleteRecord, lagOf, type Account } from "../account.ts";
import { cidrText, contains, parseAddress, parseCidr, type Cidr } from "../network/cidr.ts";
import { routableTunnel, routeQuotaFault, routes, tunnelFields, type Route } from "../network/routes.ts";
import { newUuid } from "../random.ts";
import { reference } from "../state/references.ts";
import { tunnels } from "../tunnel/tunnel.ts";
import { ofTypes } from "../tunnel/list.ts";
import { textField, withBody } from "../wire/body.ts";
import { isId, isText, isTime } from "../wire/checks.ts";
import { needs, type Call } from "../wire/endpoint.ts";
import { refusal, success, timeText, unreadable, type Refusal, type Reply } from "../wire/envelope.ts";
import * as filter from "../wire/filters.ts";
import { isUuid, type JsonObject } from "../wire/json.ts";
import { listRows } from "../wire/list.ts";
import type { Kind } from "./kind.ts";
import { defaultNetwork, networkNotFound, virtualNetworks } from "./virtual_network.ts";

export interface SeedRoute {
  readonly network: string;
  readonly tunnel_id: string;
  readonly id?: string;
  /** The account's default, where it is left out. */
  readonly virtual_network_id?: string;
  readonly comment?: string;
  /** Milliseconds since the Unix epoch. */
  readonly created_at?: number;
}

const MANY = "/accounts/{account_id}/teamnet/routes";
const ONE = `${MANY}/{route_id}`;
const [reads, writes] = [needs("networks", "read"), needs("networks", "write")];

/** Ranges of private addresses that lead to a tunnel, each unique in its virtual network, whatever the tunnel. */
export const route: Kind<Route, SeedRoute> = {
  table: routes,
  endpoints: [
    { method: "GET", path: MANY, lacks: reads, answer: list },
    { method: "POST", path: MANY, lacks: writes, answer: create },
    { method: "GET", path: `${MANY}/ip/{ip}`, lacks: reads, answer: byAddress },
    {
      method: "GET",
      path: ONE,
      lacks: reads,
      answer: ({ account, param }) => {
        const row = account.tables.of(routes).read(param("route_id"));
        return row ? success(rowOf(row)) : notFound();
      },
    },
    { method: "PATCH", path: ONE, lacks: writes, answer: edit },
    { method: "DELETE", path: ONE, lacks: writes, answer: remove },
  ],
  references: [
    reference(routes, "tunnel", tunnels.name, ({ delete_with_routes }) =>
      delete_with_routes === "refused"
        ? refusal(400, 1023, "Cannot delete tunnel because it has Warp routing configured")
        : "goes",
    ),
    reference(routes, "virtual_network", virtualNetworks.name, ({ network_refusal_code }) =>
      refusal(400, network_refusal_code, "Cannot delete virtual network because it has routes"),
    ),
  ],
  seed: (account, seed) => {
    const range = parseCidr(seed.network);
    const virtual_network_id = seed.virtual_network_id ?? defaultNetwork(account)?.id;
    if (!range || virtual_network_id === undefined) {
      throw new Error(`A route cannot be made of ${seed.network}.`);
    }
    const row: Route = {
      id: seed.id?.toLowerCase() ?? newUuid(account.random),
      network: cidrText(range),
      tunnel_id: seed.tunnel_id.toLowerCase(),
      virtual_network_id: virtual_network_id.toLowerCase(),
      comment: seed.comment ?? "",
      created_at: seed.created_at ?? account.now(),
      deleted_at: null,
    };
    account.tables.of(routes).put(row);
    return row;
  },
  seedFields: {
    network: isText,
    tunnel_id: isId,
    id: isId,
    virtual_network_id: isId,
    comment: isText,
    created_at: isTime,
  },
  seedNeeds: ["network", "tunnel_id"],
  show: (_, row) => JSON.stringify(rowOf(row)),
};

function rowOf({ created_at, deleted_at, ...row }: Route): object {
  return {
    ...row,
    created_at: timeText(created_at),
    deleted_at: deleted_at === null ? null : timeText(deleted_at),
  };
}

/** As lists and the look by address show it. */
function fullRow(account: Account, row: Route): object {
  return {
    ...rowOf(row),
    ...tunnelFields(account, row.tunnel_id),
    virtual_network_name: account.tables.of(virtualNetworks).get(row.virtual_network_id)?.name,
  };
}

function list(call: Call): Reply {
  const { account } = call;
  const ranged = (holds: (asked: Cidr, row: Cidr) => boolean) => (value: string) => {
    const asked = parseCidr(value);
    return asked && ((row: Route) => holds(asked, rangeOf(row)));
  };
  return listRows(call, {
    rows: () => account.tables.of(routes).list(),
    filters: {
      ...filter.commonFilters,
      comment: filter.equals((row) => row.comment),
      route_id: filter.isId((row) => row.id),
      tunnel_id: filter.isId((row) => row.tunnel_id),
      virtual_network_id: filter.isId((row) => row.virtual_network_id),
      network_subset: ranged(contains),
      network_superset: ranged((asked, row) => contains(row, asked)),
      tun_types: ofTypes((row) => account.tables.of(tunnels).get(row.tunnel_id)?.kind),
    },
    show: (row) => JSON.stringify(fullRow(account, row)),
  });
}

/** The route that traffic to an address takes: of those that hold it the narrowest. An empty row where none does. */
function byAddress({ account, param, query }: Call): Reply {
  const address = parseAddress(decoded(param("ip")));
  if (!address) {
    return unreadable("invalid IP address");
  }
  const network = query.get("virtual_network_id");
  if (network !== null && !isUuid(network)) {
    return unreadable("Query deserialize error: invalid value for `virtual_network_id`");
  }
  const fallback =
    query.get("default_virtual_network_fallback") === "false" ? null : defaultNetwork(account)?.id;
  const wanted = network?.toLowerCase() ?? fallback ?? null;
  const store = account.tables.of(routes);
  const [found] = (wanted === null ? store.live("all", "") : store.live("virtual_network", wanted))
    .filter((row) => contains(rangeOf(row), address))
    .toSorted((a, b) => rangeOf(b).prefix - rangeOf(a).prefix);
  return success(found ? fullRow(account, found) : {});
}

const FIELDS = {
  network: "string",
  tunnel_id: "string",
  comment: 100,
  virtual_network_id: "string",
} as const;

function create(call: Call): Reply {
  const { account } = call;
  return withBody(call, FIELDS, (body) => {
    const missing = ["network", "tunnel_id"].find((field) => textField(body, field) === undefined);
    if (missing !== undefined) {
      return unreadable(`Json deserialize error: missing field \`${missing}\``);
    }
    const row: Route = {
      id: newUuid(account.random),
      network: "",
      tunnel_id: "",
      virtual_network_id: defaultNetwork(account)?.id ?? "",
      comment: "",
      created_at: account.now(),
      deleted_at: null,
    };
    return kept(account, changed(account, row, body), routeQuotaFault(account));
  });
}

function edit(call: Call): Reply {
  const { account } = call;
  const row = account.tables.of(routes).getLive(call.param("route_id"));
  if (!row) {
    return notFound();
  }
  return withBody(call, FIELDS, (body) =>
    Object.keys(FIELDS).some((field) => textField(body, field) !== undefined)
      ? kept(account, changed(account, row, body), null)
      : unreadable("Json deserialize error: nothing to change"),
  );
}

function remove({ account, param }: Call): Reply {
  const row = account.tables.of(routes).get(param("route_id"));
  if (!row || (row.deleted_at !== null && account.switches.delete_deleted_route === "not_found")) {
    return notFound();
  }
  return success(rowOf(row.deleted_at === null ? deleteRecord(account, routes, row) : row));
}

/** The route as the body wants it, or what is wrong with that. */
function changed(account: Account, row: Route, body: JsonObject): Route | Refusal {
  const network = textField(body, "network");
  const range = network === undefined ? null : parseCidr(network);
  if (network !== undefined && !range) {
    return unreadable(`network: invalid address: ${network}`);
  }
  const tunnel = routableTunnel(account, textField(body, "tunnel_id") ?? row.tunnel_id);
  if ("ok" in tunnel) {
    return tunnel;
  }
  const networkId = textField(body, "virtual_network_id") ?? row.virtual_network_id;
  if (!isUuid(networkId)) {
    return unreadable("virtual_network_id: invalid UUID");
  }
  if (!account.tables.of(virtualNetworks).getLive(networkId.toLowerCase())) {
    return networkNotFound();
  }
  return {
    ...row,
    network: range ? cidrText(range) : row.network,
    tunnel_id: tunnel.id,
    virtual_network_id: networkId.toLowerCase(),
    comment: textField(body, "comment") ?? row.comment,
  };
}

function kept(account: Account, row: Route | Refusal, quotaFault: Refusal | null): Reply {
  if ("ok" in row) {
    return row;
  }
  const store = account.tables.of(routes);
  const isTaken = store
    .live("subnet", `${row.network} ${row.virtual_network_id}`)
    .some((other) => other.id !== row.id);
  if (isTaken) {
    return refusal(409, 1014, "You already have a route defined for this exact IP subnet");
  }
  if (quotaFault) {
    return quotaFault;
  }
  store.put(row, lagOf(account));
  return success(rowOf(row));
}

/** The range of a route; what is kept is canonical. */
function rangeOf({ network }: Route): Cidr {
  return parseCidr(network) ?? { version: 4, base: 0n, prefix: 0 };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function notFound(): Refusal {
  return refusal(404, 1015, "You are trying to modify the route for a network that isn't routed");
}
