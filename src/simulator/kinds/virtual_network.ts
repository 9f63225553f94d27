import { deleteRecord, lagOf, whatNeeds, type Account } from "../account.ts";
import { newUuid, uuidOf } from "../random.ts";
import type { Kept, Table } from "../state/table.ts";
import { flagField, textField, withBody } from "../wire/body.ts";
import { isFields, isFlag, isId, isNumber, isText, isTime, orNull } from "../wire/checks.ts";
import { needs, type Call, type Endpoint } from "../wire/endpoint.ts";
import { refusal, timeText, unreadable, type Refusal, type Reply } from "../wire/envelope.ts";
import * as filter from "../wire/filters.ts";
import { listRows } from "../wire/list.ts";
import type { Kind } from "./kind.ts";
import { forLive } from "./live.ts";

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

export const virtualNetworks: Table<VirtualNetwork, "name" | "default"> = {
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

/** The network of whatever names none. */
export function defaultNetwork(account: Account): VirtualNetwork | undefined {
  return account.tables.of(virtualNetworks).live("default", "true")[0];
}

const MANY = "/accounts/{account_id}/teamnet/virtual_networks";
const ONE = `${MANY}/{virtual_network_id}`;
const [reads, writes] = [needs("networks", "read"), needs("networks", "write")];
const live = forLive(virtualNetworks, "virtual_network_id", networkNotFound);

const endpoints: readonly Endpoint[] = [
  { method: "GET", path: MANY, lacks: reads, answer: list },
  { method: "POST", path: MANY, lacks: writes, answer: create },
  { method: "GET", path: ONE, lacks: reads, answer: live.reading(shown) },
  { method: "PATCH", path: ONE, lacks: writes, answer: live.writing(edit) },
  { method: "DELETE", path: ONE, lacks: writes, answer: live.writing(remove) },
];

/** Virtual networks, of which an account has one from the start. */
export const virtualNetwork: Kind<VirtualNetwork, SeedVirtualNetwork> = {
  table: virtualNetworks,
  endpoints,
  initial: ({ accountId, now }) => [
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
    pageSize: null,
  });
}

const FIELDS = { name: 256, comment: 256, is_default_network: "boolean" } as const;

function create(call: Call): Reply {
  const { account } = call;
  return withBody(call, { ...FIELDS, is_default: "boolean" }, (body) => {
    const name = textField(body, "name");
    if (name === undefined) {
      return unreadable("Json deserialize error: missing field `name`");
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
    return nameFault(account, network) ?? kept(account, network);
  });
}

function edit(call: Call, network: VirtualNetwork): Reply {
  const { account } = call;
  return withBody(call, FIELDS, (body) => {
    const isDemoted = flagField(body, "is_default_network") === false && network.is_default_network;
    if (isDemoted && account.switches.demote_default_network === "refused") {
      return refused(
        account,
        "The default virtual network can only be changed by making another the default",
      );
    }
    const next: VirtualNetwork = {
      ...network,
      name: textField(body, "name") ?? network.name,
      comment: textField(body, "comment") ?? network.comment,
      is_default_network: flagField(body, "is_default_network") === true || network.is_default_network,
    };
    return nameFault(account, next) ?? kept(account, next);
  });
}

function kept(account: Account, network: VirtualNetwork): Reply {
  put(account, network);
  return shown(account, network);
}

function shown(account: Account, network: VirtualNetwork): Reply {
  return { ok: true, result: show(account, network) };
}

function remove({ account, query }: Call, network: VirtualNetwork): Reply {
  if (network.is_default_network) {
    return refused(account, "The default virtual network cannot be deleted");
  }
  const all = query.get("force") === "true";
  const needed = all ? null : whatNeeds(account, virtualNetworks.name, network.id);
  return needed ?? shown(account, deleteRecord(account, virtualNetworks, network, { all }));
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

function nameFault(account: Account, { id, name }: VirtualNetwork): Refusal | null {
  if (name === "") {
    return unreadable("name must not be empty");
  }
  const isTaken = account.tables
    .of(virtualNetworks)
    .live("name", name)
    .some((other) => other.id !== id);
  return isTaken ? refusal(409, 1014, "You already have a virtual network with this name") : null;
}

export function networkNotFound(): Refusal {
  return refusal(404, 1046, "Virtual network not found");
}

function refused({ switches }: Account, message: string): Refusal {
  return refusal(400, switches.network_refusal_code, message);
}
