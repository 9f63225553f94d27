import type { Account } from "./account.ts";
import { forbidden, permits, type Permissions } from "./auth.ts";
import { readBody } from "./body.ts";
import { collections } from "./collections.ts";
import { cleanUp } from "./connectors.ts";
import { emptyResult, notFound, refusal, success, unreadable, type Refusal, type Reply } from "./envelope.ts";
import type { SimulatorRequest } from "./exchange.ts";
import { isUuid } from "./json.ts";
import { listTunnels } from "./list.ts";
import type { Route } from "./route.ts";
import { clientRows, rowText } from "./rows.ts";
import { managementToken, runToken } from "./token.ts";
import type { Tunnel } from "./tunnel.ts";
import { createTunnel, deleteTunnel, editTunnel } from "./write.ts";

/** Carries out a request whose account and credential are good. */
export function respond(
  account: Account,
  route: Route,
  permissions: Permissions,
  request: SimulatorRequest,
  query: URLSearchParams,
): Reply {
  const { switches } = account;
  const refused = permissionFault(account, route, permissions);
  if (refused) {
    return refused;
  }
  switch (route.to) {
    case "list":
      return listTunnels(account, [route.collection.kind], query, false);
    case "all_tunnels":
      return listTunnels(account, shownKinds(account, permissions), query, true);
    case "create": {
      const read = readBody(request);
      return read.ok ? createTunnel(account, route.collection, read.body) : read;
    }
    case "user":
      return success({ id: USER_ID, email: USER_EMAIL });
    case "verify":
      return {
        ...success({ id: USER_ID, status: "active" }),
        messages: [{ code: 10000, message: "This API Token is valid and active", type: null }],
      };
    case "account":
      return success(accountRow(account));
    case "accounts":
      return onePage(accountRow(account), query);
    case "memberships":
      return onePage(
        { id: USER_ID, status: "accepted", account: accountRow(account), roles: ["Administrator"] },
        query,
      );
    case "read":
    case "edit":
    case "delete":
    case "token":
    case "management":
    case "connections":
    case "clean_up":
    case "connector": {
      const isRead = route.to === "read" || route.to === "connections" || route.to === "connector";
      const tunnel = isRead ? account.store.read(route.id) : account.store.get(route.id);
      if (tunnel?.kind !== route.collection.kind) {
        return notFound(switches);
      }
      return respondFor(account, tunnel, route, request, query);
    }
  }
}

/** A request for one tunnel that exists, live or deleted. */
function respondFor(
  account: Account,
  tunnel: Tunnel,
  route: Extract<Route, { readonly id: string }>,
  request: SimulatorRequest,
  query: URLSearchParams,
): Reply {
  const { switches } = account;
  switch (route.to) {
    case "read":
      return { ok: true, result: rowText(account, tunnel) };
    case "edit": {
      const read = readBody(request);
      return read.ok ? editTunnel(account, route.collection, tunnel, read.body) : read;
    }
    case "delete":
      return deleteTunnel(account, tunnel, query.get("cascade") === "true");
    case "token": {
      if (tunnel.deleted_at !== null) {
        return notFound(switches);
      }
      const token = runToken(account.id, tunnel);
      return switches.token_body === "text" ? { ...success(token), bare: token } : success(token);
    }
    case "management":
      return management(account, tunnel, route.resource ?? request);
    case "connections":
      return success(clientRows(tunnel));
    case "connector": {
      const client = clientRows(tunnel).find((each) => each.id === route.connectorId);
      return client ? success(client) : notFound(switches, "Connector");
    }
    case "clean_up": {
      if (tunnel.deleted_at !== null) {
        return notFound(switches);
      }
      const client = query.get("client_id");
      if (client !== null && !isUuid(client)) {
        return unreadable("Query deserialize error: invalid value for `client_id`");
      }
      cleanUp(account, tunnel, client?.toLowerCase() ?? null);
      return { ok: true, result: emptyResult(switches) };
    }
  }
}

/** The resource in the path, or a list of them in the body. */
function management(account: Account, tunnel: Tunnel, asked: string | SimulatorRequest): Reply {
  if (tunnel.deleted_at !== null) {
    return notFound(account.switches);
  }
  if (typeof asked === "string") {
    return success(managementToken(account, tunnel, [asked]));
  }
  const read = readBody(asked);
  if (!read.ok) {
    return read;
  }
  const resources: unknown = read.body["resources"];
  if (!Array.isArray(resources) || !resources.length || !resources.every((each) => each === "logs")) {
    return unreadable("Json deserialize error: `resources` must be a list of `logs`");
  }
  return success(managementToken(account, tunnel, ["logs"]));
}

/** What the credential lacks for this route; null when it has it. */
function permissionFault({ switches }: Account, route: Route, permissions: Permissions): Refusal | null {
  const denied = forbidden(switches.forbidden_status);
  switch (route.to) {
    case "user":
    case "verify":
    case "accounts":
    case "account":
    case "memberships":
      return null;
    case "all_tunnels": {
      const others = switches.tunnels_for_warp_only === "allowed" ? collections.map(({ kind }) => kind) : [];
      return ["cfd_tunnel", ...others].some((kind) => permits(permissions, kind, "read")) ? null : denied;
    }
    case "token":
      if (permits(permissions, route.collection.tokenPermission(switches), "write")) {
        return null;
      }
      // A token that may read gets another answer than one that may not.
      return permits(permissions, route.collection.kind, "read")
        ? refusal(401, 1001, "Not authorized")
        : denied;
    case "list":
    case "read":
    case "connections":
    case "connector":
      return permits(permissions, route.collection.kind, "read") ? null : denied;
    case "create":
    case "edit":
    case "delete":
    case "management":
    case "clean_up":
      return permits(permissions, route.collection.kind, "write") ? null : denied;
  }
}

function shownKinds({ switches }: Account, permissions: Permissions): readonly string[] {
  const kinds = collections.map((collection) => collection.kind);
  return switches.tunnels_rows === "all" ? kinds : kinds.filter((kind) => permits(permissions, kind, "read"));
}

function accountRow(account: Account): object {
  return { id: account.id, name: "Sandbox", type: "standard", settings: { enforce_twofactor: false } };
}

/** A list of one row. Pages past the first are empty: clients that follow pages stop at nothing else. */
function onePage(row: object, query: URLSearchParams): Reply {
  const page = Number(query.get("page") ?? 1);
  const rows = page > 1 ? [] : [row];
  return success(rows, { count: rows.length, page, per_page: 20, total_count: 1 });
}

const USER_ID = "5a9db0c5a9db0c5a9db0c5a9db0c5a9d";
/** Whose global key a served sandbox takes. */
export const USER_EMAIL = "sandbox@example.com";
