import { collectionOf, type Collection } from "./collections.ts";
import { noRoute, type Refusal } from "./envelope.ts";
import { isUuid } from "./json.ts";
import type { Switches } from "./switches.ts";

/** What a path and method ask for. */
export type Route =
  | { readonly to: "list"; readonly collection: Collection }
  | { readonly to: "create"; readonly collection: Collection }
  | {
      readonly to: "read" | "edit" | "delete" | "token" | "connections" | "clean_up";
      readonly collection: Collection;
      readonly id: string;
    }
  | {
      readonly to: "management";
      readonly collection: Collection;
      readonly id: string;
      /** Null where the body names it. */
      readonly resource: string | null;
    }
  | {
      readonly to: "connector";
      readonly collection: Collection;
      readonly id: string;
      readonly connectorId: string;
    }
  | { readonly to: "all_tunnels" }
  | { readonly to: "user" | "verify" | "accounts" | "account" | "memberships" };

/** Where a request goes: the route, its name for counting, and the account it names. */
export interface Destination {
  /** As `GET /cfd_tunnel/{id}/token`. */
  readonly endpoint: string;
  readonly accountId: string | null;
  readonly route: Route | Refusal;
}

/** Finds the endpoint of a path below `/client/v4`. */
export function destinationOf(method: string, path: string, switches: Switches): Destination {
  const segments = path.slice(1).split("/");
  if (segments[0] !== "accounts" || segments.length < 3) {
    return aboveAccount(method, path, segments);
  }
  const [, accountId = "", first = "", id, sub, last] = segments;
  const pattern = ["", first, id && "{id}", sub, last && "{id}"].filter((part) => part !== undefined);
  const found = { endpoint: `${method} ${pattern.join("/")}`, accountId };
  // An id that was left empty makes the gateway say something odd.
  if (segments.includes("")) {
    return { ...found, route: notAllowed(method) };
  }
  if (segments.length === 3 && first === "tunnels") {
    return { ...found, route: method === "GET" ? { to: "all_tunnels" } : notAllowed(method) };
  }
  const collection = collectionOf(first);
  if (!collection || segments.length > 6) {
    return unknown(method, path, accountId);
  }
  if (id !== undefined && !isUuid(id)) {
    return { ...found, route: noRoute(400, path) };
  }
  const targets = targetsOf(collection, id?.toLowerCase(), sub, last, switches);
  if (!targets) {
    return unknown(method, path, accountId);
  }
  return { ...found, route: targets[method] ?? notAllowed(method) };
}

/** The routes of a path by method; null for a path that does not exist. */
function targetsOf(
  collection: Collection,
  id: string | undefined,
  sub: string | undefined,
  last: string | undefined,
  switches: Switches,
): { readonly [method: string]: Route } | null {
  if (id === undefined) {
    return { GET: { to: "list", collection }, POST: { to: "create", collection } };
  }
  const target = { collection, id };
  const reads = collection.readsConnections(switches);
  if (sub === undefined) {
    return {
      GET: { to: "read", ...target },
      PATCH: { to: "edit", ...target },
      DELETE: { to: "delete", ...target },
    };
  }
  if (sub === "connectors" && last !== undefined && reads) {
    return { GET: { to: "connector", ...target, connectorId: last.toLowerCase() } };
  }
  if (sub === "management" && collection.manages && (!last || RESOURCES.includes(last))) {
    return { POST: { to: "management", ...target, resource: last ?? null } };
  }
  if (last !== undefined) {
    return null;
  }
  if (sub === "token") {
    return { GET: { to: "token", ...target } };
  }
  if (sub === "connections" && reads) {
    const connections: Route = { to: "connections", ...target };
    return collection.manages
      ? { GET: connections, DELETE: { to: "clean_up", ...target } }
      : { GET: connections };
  }
  return null;
}

/** What cloudflared asks management tokens for, each in the path and without a body. */
const RESOURCES: readonly string[] = ["logs", "admin", "host_details"];

/** The few paths that are not below an account's tunnels, but which clients ask for first. */
function aboveAccount(method: string, path: string, segments: readonly string[]): Destination {
  const found = { endpoint: `${method} ${path}`, accountId: null };
  const to = ABOVE[path];
  if (to && method === "GET") {
    return { ...found, route: { to } };
  }
  if (segments[0] === "accounts" && segments[1] && method === "GET") {
    return { endpoint: "GET /accounts/{id}", accountId: segments[1], route: { to: "account" } };
  }
  return unknown(method, path, null);
}

const ABOVE: { readonly [path: string]: "user" | "verify" | "accounts" | "memberships" } = {
  "/user": "user",
  "/user/tokens/verify": "verify",
  "/accounts": "accounts",
  "/memberships": "memberships",
};

function unknown(method: string, path: string, accountId: string | null): Destination {
  return { endpoint: `${method} (no route)`, accountId, route: noRoute(404, path) };
}

function notAllowed(method: string): Refusal {
  const message = `${method} method not allowed for the api_token authentication scheme`;
  return { ok: false, status: 405, error: { code: 10000, message }, gateway: true };
}
