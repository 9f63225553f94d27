import type { Account } from "../account.ts";
import { forbidden, permits, type Permissions } from "../wire/auth.ts";
import { readBody } from "../wire/body.ts";
import { needs, type Call, type Endpoint } from "../wire/endpoint.ts";
import {
  emptyResult,
  notFound,
  refusal,
  success,
  unreadable,
  type Refusal,
  type Reply,
} from "../wire/envelope.ts";
import { isUuid } from "../wire/json.ts";
import type { Switches } from "../switches.ts";
import { collections, type Collection } from "./collections.ts";
import { cleanUp } from "./connectors.ts";
import { listAll, listKind } from "./list.ts";
import { clientRows, rowText } from "./rows.ts";
import { managementToken, runToken } from "./token.ts";
import { tunnels, type Tunnel } from "./tunnel.ts";
import { createTunnel, deleteTunnel, editTunnel } from "./write.ts";

/** What cloudflared asks management tokens for, each in the path and without a body. */
const RESOURCES = ["logs", "admin", "host_details"];

/** All that is done to the tunnels of one kind. */
export function tunnelEndpoints(collection: Collection): readonly Endpoint[] {
  const { kind } = collection;
  const [reads, writes] = [needs(kind, "read"), needs(kind, "write")];
  const many = `/accounts/{account_id}/${kind}`;
  const one = `${many}/{tunnel_id}`;
  const isOffered = (switches: Switches): boolean => collection.readsConnections(switches);
  const endpoints: readonly Endpoint[] = [
    { method: "GET", path: many, lacks: reads, answer: (call) => listKind(call, kind) },
    {
      method: "POST",
      path: many,
      lacks: writes,
      answer: ({ account, request }) => {
        const read = readBody(request);
        return read.ok ? createTunnel(account, collection, read.body) : read;
      },
    },
    {
      method: "GET",
      path: one,
      lacks: reads,
      answer: reading(kind, ({ account }, tunnel) => ({ ok: true, result: rowText(account, tunnel) })),
    },
    {
      method: "PATCH",
      path: one,
      lacks: writes,
      answer: writing(kind, ({ account, request }, tunnel) => {
        const read = readBody(request);
        return read.ok ? editTunnel(account, collection, tunnel, read.body) : read;
      }),
    },
    {
      method: "DELETE",
      path: one,
      lacks: writes,
      answer: writing(kind, ({ account, query }, tunnel) =>
        deleteTunnel(account, tunnel, query.get("cascade") === "true"),
      ),
    },
    {
      method: "GET",
      path: `${one}/token`,
      lacks: (permissions, switches) => lacksToken(collection, permissions, switches),
      answer: writing(kind, ({ account }, tunnel) => token(account, tunnel)),
    },
    {
      method: "GET",
      path: `${one}/connections`,
      lacks: reads,
      isOffered,
      answer: reading(kind, ({ account }, tunnel) => success(clientRows(account, tunnel))),
    },
    {
      method: "GET",
      path: `${one}/connectors/{connector_id}`,
      lacks: reads,
      isOffered,
      answer: reading(kind, (call, tunnel) => {
        const client = clientRows(call.account, tunnel).find(
          (each) => each.id === call.param("connector_id"),
        );
        return client ? success(client) : notFound(call.account.switches, "Connector");
      }),
    },
  ];
  if (!collection.manages) {
    return endpoints;
  }
  return [
    ...endpoints,
    { method: "DELETE", path: `${one}/connections`, lacks: writes, answer: writing(kind, disconnect) },
    { method: "POST", path: `${one}/management`, lacks: writes, answer: writing(kind, management) },
    ...RESOURCES.map(
      (resource): Endpoint => ({
        method: "POST",
        path: `${one}/management/${resource}`,
        lacks: writes,
        answer: writing(kind, ({ account }, tunnel) =>
          tunnel.deleted_at === null
            ? success(managementToken(account, tunnel, [resource]))
            : notFound(account.switches),
        ),
      }),
    ),
  ];
}

const kinds = collections.map(({ kind }) => kind);

/** The tunnels of all kinds together. */
export const allTunnels: Endpoint = {
  method: "GET",
  path: "/accounts/{account_id}/tunnels",
  lacks: (permissions, switches) => {
    const enough = switches.tunnels_for_warp_only === "allowed" ? kinds : (["cfd_tunnel"] as const);
    return enough.some((kind) => permits(permissions, kind, "read"))
      ? null
      : forbidden(switches.forbidden_status);
  },
  answer: (call) => listAll(call, kinds),
};

type ForTunnel = (call: Call, tunnel: Tunnel) => Reply;

/** A read of one tunnel, live or deleted, as readers see it. */
function reading(kind: string, answer: ForTunnel): Endpoint["answer"] {
  return (call) => {
    const tunnel = call.account.tables.of(tunnels).read(call.param("tunnel_id"));
    return tunnel?.kind === kind ? answer(call, tunnel) : notFound(call.account.switches);
  };
}

/** Whatever rests on the tunnel as it truly is. */
function writing(kind: string, answer: ForTunnel): Endpoint["answer"] {
  return (call) => {
    const tunnel = call.account.tables.of(tunnels).get(call.param("tunnel_id"));
    return tunnel?.kind === kind ? answer(call, tunnel) : notFound(call.account.switches);
  };
}

function token({ id, switches }: Account, tunnel: Tunnel): Reply {
  if (tunnel.deleted_at !== null) {
    return notFound(switches);
  }
  const text = runToken(id, tunnel);
  return switches.token_body === "text" ? { ...success(text), bare: text } : success(text);
}

function lacksToken(
  { kind, tokenPermission }: Collection,
  permissions: Permissions,
  switches: Switches,
): Refusal | null {
  if (permits(permissions, tokenPermission(switches), "write")) {
    return null;
  }
  // A token that may read gets another answer than one that may not.
  return permits(permissions, kind, "read")
    ? refusal(401, 1001, "Not authorized")
    : forbidden(switches.forbidden_status);
}

function disconnect({ account, query }: Call, tunnel: Tunnel): Reply {
  if (tunnel.deleted_at !== null) {
    return notFound(account.switches);
  }
  const client = query.get("client_id");
  if (client !== null && !isUuid(client)) {
    return unreadable("Query deserialize error: invalid value for `client_id`");
  }
  cleanUp(account, tunnel, client?.toLowerCase() ?? null);
  return { ok: true, result: emptyResult(account.switches) };
}

function management({ account, request }: Call, tunnel: Tunnel): Reply {
  if (tunnel.deleted_at !== null) {
    return notFound(account.switches);
  }
  const read = readBody(request);
  if (!read.ok) {
    return read;
  }
  const resources: unknown = read.body["resources"];
  if (!Array.isArray(resources) || !resources.length || !resources.every((each) => each === "logs")) {
    return unreadable("Json deserialize error: `resources` must be a list of `logs`");
  }
  return success(managementToken(account, tunnel, ["logs"]));
}
