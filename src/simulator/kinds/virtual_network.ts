import { deleteRecord, lagOf, whatNeeds, type Account } from "../account.ts";
import { newUuid, uuidOf } from "../random.ts";
import type { Kept, Table } from "../state/table.ts";
import { checkFields, flagField, readBody, textField } from "../wire/body.ts";
import { isFields, isFlag, isId, isNumber, isText, isTime, orNull } from "../wire/checks.ts";
import { needs, type Call, type Endpoint } from "../wire/endpoint.ts";
import { refusal, timeText, unreadable, type Refusal, type Reply } from "../wire/envelope.ts";
import * as filter from "../wire/filters.ts";
import type { JsonObject } from "../wire/json.ts";
import { listRows } from "../wire/list.ts";
import type { Kind } from "./kind.ts";

/** A range of addresses of its own: two networks may route the same range. */
export interface VirtualNetwork extends Kept {
  readonly name: string;
  readonly comment: string;
  /** Exactly one live network of an account is. */
  readonly is_default_network: boolean;
}

export interface SeedVirtualNetwork {
  readonly name: string;
  readonly id?: string;
  readonly comment?: string;
  /** Takes it from the network that is. */
  readonly is_default_network?: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly created_at?: number;
}

const virtualNetworks: Table<VirtualNetwork, "name" | "default"> = {
  name: "virtual_networks",
  indexes: {
    name: (network) => network.name,
    default: (network) => String(network.is_default_network),
  },
  isRow: isFields({
    id: isText,
    created_at: isNumber,
    deleted_at: orNull(isNumber),
    name: isText,
    comment: isText,
    is_default_network: isFlag,
  }),
};

const MANY = "/accounts/{account_id}/teamnet/virtual_networks";
const ONE = `${MANY}/{virtual_network_id}`;
const [reads, writes] = [needs("networks", "read"), needs("networks", "write")];

const endpoints: readonly Endpoint[] = [
  { method: "GET", path: MANY, lacks: reads, answer: list },
  { method: "POST", path: MANY, lacks: writes, answer: create },
  {
    method: "GET",
    path: ONE,
    lacks: reads,
    answer: ({ account, param }) => {
      const network = account.tables.of(virtualNetworks).read(param("virtual_network_id"));
      return network?.deleted_at === null ? { ok: true, result: show(account, network) } : notFound();
    },
  },
  { method: "PATCH", path: ONE, lacks: writes, answer: forLive(edit) },
  { method: "DELETE", path: ONE, lacks: writes, answer: forLive(remove) },
];

/** Virtual networks, of which an account has one from the start. */
export const virtualNetwork: Kind<VirtualNetwork, SeedVirtualNetwork> = {
  table: virtualNetworks,
  endpoints,
  initial: (accountId, now) => [
    {
      id: uuidOf(`the default network of ${accountId}`),
      name: "default",
      comment: "",
      is_default_network: true,
      created_at: now,
      deleted_at: null,
    },
  ],
  seed: (account, { id, created_at, name, comment = "", is_default_network = false }) => {
    const network: VirtualNetwork = {
      id: id?.toLowerCase() ?? newUuid(account.random),
      name,
      comment,
      is_default_network,
      created_at: created_at ?? account.now(),
      deleted_at: null,
    };
    put(account, network);
    return network;
  },
  put,
  seedFields: { name: isText, id: isId, comment: isText, is_default_network: isFlag, created_at: isTime },
  seedNeeds: ["name"],
  show,
};

function show(_: Account, { id, name, comment, is_default_network, ...times }: VirtualNetwork): string {
  return JSON.stringify({
    id,
    name,
    comment,
    is_default_network,
    created_at: timeText(times.created_at),
    deleted_at: times.deleted_at === null ? null : timeText(times.deleted_at),
  });
}

function list(call: Call): Reply {
  const isDefault = filter.flag<VirtualNetwork>((network) => network.is_default_network);
  return listRows(call, {
    rows: () => call.account.tables.of(virtualNetworks).list(),
    filters: {
      is_deleted: filter.commonFilters.is_deleted,
      id: filter.isId((network) => network.id),
      name: filter.equals((network) => network.name),
      is_default: isDefault,
      is_default_network: isDefault,
    },
    show: (network) => show(call.account, network),
    isWhole: true,
  });
}

const FIELDS = { name: 256, comment: 256, is_default_network: "boolean" } as const;

function create({ account, request }: Call): Reply {
  const read = readBody(request);
  if (!read.ok) {
    return read;
  }
  const { body } = read;
  const name = textField(body, "name");
  const wrong = bodyFault(account, body, { ...FIELDS, is_default: "boolean" }, null);
  if (wrong || !name) {
    return wrong ?? unreadable("Json deserialize error: missing field `name`");
  }
  const network: VirtualNetwork = {
    id: newUuid(account.random),
    name,
    comment: textField(body, "comment") ?? "",
    // The older spelling is the one that cloudflared sends.
    is_default_network: flagField(body, "is_default_network") ?? flagField(body, "is_default") ?? false,
    created_at: account.now(),
    deleted_at: null,
  };
  put(account, network);
  return { ok: true, result: show(account, network) };
}

function edit({ account, request }: Call, network: VirtualNetwork): Reply {
  const read = readBody(request);
  if (!read.ok) {
    return read;
  }
  const { body } = read;
  const wrong = bodyFault(account, body, FIELDS, network.id);
  if (wrong) {
    return wrong;
  }
  const isDefault = flagField(body, "is_default_network") ?? network.is_default_network;
  if (network.is_default_network && !isDefault && account.switches.demote_default_network === "refused") {
    return refused(account, "The default virtual network can only be changed by making another the default");
  }
  const next: VirtualNetwork = {
    ...network,
    name: textField(body, "name") ?? network.name,
    comment: textField(body, "comment") ?? network.comment,
    is_default_network: isDefault || network.is_default_network,
  };
  put(account, next);
  return { ok: true, result: show(account, next) };
}

function remove({ account, query }: Call, network: VirtualNetwork): Reply {
  if (network.is_default_network) {
    return refused(account, "The default virtual network cannot be deleted");
  }
  const all = query.get("force") === "true";
  const needed = all ? null : whatNeeds(account, virtualNetworks.name, network.id);
  return (
    needed ?? {
      ok: true,
      result: show(account, deleteRecord(account, virtualNetworks, network, { all })),
    }
  );
}

/** Puts a network; one that is to be the default takes that from the one that was. */
function put(account: Account, network: VirtualNetwork): void {
  const store = account.tables.of(virtualNetworks);
  const former = network.is_default_network ? store.live("default", "true") : [];
  for (const other of former.filter(({ id }) => id !== network.id)) {
    store.put({ ...other, is_default_network: false }, lagOf(account));
  }
  store.put(network, lagOf(account));
}

function bodyFault(
  account: Account,
  body: JsonObject,
  fields: Parameters<typeof checkFields>[1],
  ownId: string | null,
): Refusal | null {
  const name = textField(body, "name");
  const wrong = checkFields(body, fields, account.switches.unknown_fields);
  if (wrong || name === undefined) {
    return wrong;
  }
  if (name === "") {
    return unreadable("name must not be empty");
  }
  const isTaken = account.tables
    .of(virtualNetworks)
    .live("name", name)
    .some(({ id }) => id !== ownId);
  return isTaken ? refusal(409, 1014, "You already have a virtual network with this name") : null;
}

function forLive(answer: (call: Call, network: VirtualNetwork) => Reply): Endpoint["answer"] {
  return (call) => {
    const network = call.account.tables.of(virtualNetworks).getLive(call.param("virtual_network_id"));
    return network ? answer(call, network) : notFound();
  };
}

function notFound(): Refusal {
  return refusal(404, 1046, "Virtual network not found");
}

function refused({ switches }: Account, message: string): Refusal {
  return refusal(400, switches.network_refusal_code, message);
}
