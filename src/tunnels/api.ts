import { Secret } from "../base/secret.ts";
import type { CloudflareClient, Query } from "../cloudflare/client.ts";
import { openRunToken } from "./run-token.ts";
import { GONE, unlessGone, unlessNotOffered, unreadable } from "./row.ts";
import {
  byStart,
  type Connector,
  type ManagedTunnel,
  parseConnector,
  parseTunnel,
  type Tunnel,
  type TunnelKind,
} from "./tunnel-row.ts";

/** A tunnel of a kind that can be asked for by its path. */
export interface TunnelRef {
  readonly kind: TunnelKind;
  readonly id: string;
}

/**
 * One list, `/tunnels` or a kind's own, whole: proved so where nothing narrows it. Each row is held against `matches`,
 * since the API ignores a filter that it does not know.
 */
export async function listTunnels(
  client: CloudflareClient,
  path: string,
  query: Query,
  matches: (tunnel: Tunnel) => boolean,
): Promise<readonly Tunnel[]> {
  const kind = path === "/tunnels" ? null : path.slice(1);
  const parse = (row: unknown) => {
    const tunnel = parseTunnel(row, kind, path);
    return matches(tunnel) ? tunnel : null;
  };
  const narrowed = Object.keys(query).some((name) => name !== "is_deleted" && name !== "tun_types");
  // The API's total says nothing about a filtered list.
  return narrowed || query["is_deleted"] === true
    ? client.find(path, query, parse)
    : client.list(path, query, parse);
}

/** One row of a list with these filters, if there is any: the cheapest way to ask. */
export async function hasTunnels(client: CloudflareClient, kind: TunnelKind, query: Query): Promise<boolean> {
  const rows = await client.get(`/${kind}`, { ...query, page: 1, per_page: 1 });
  if (!Array.isArray(rows)) {
    throw unreadable("GET", `/${kind}`, "the result is not a list");
  }
  return rows.length > 0;
}

/** One tunnel by id, deleted or not; null where the API knows none of this kind. */
export async function readTunnel(
  client: CloudflareClient,
  kind: TunnelKind,
  id: string,
): Promise<ManagedTunnel | null> {
  const path = `/${kind}/${id}`;
  const row = await unlessGone(client.get(path));
  if (row === GONE) {
    return null;
  }
  const tunnel = parseTunnel(row, kind, path);
  if (tunnel.id !== id) {
    throw unreadable("GET", path, `asked for ${id}, got ${tunnel.id}`);
  }
  return { ...tunnel, kind };
}

/** The connectors of a tunnel, sorted by start, then id; null where the server does not offer them (a WARP connector's). */
export async function readConnectors(
  client: CloudflareClient,
  { kind, id }: TunnelRef,
): Promise<readonly Connector[] | null> {
  const path = `/${kind}/${id}/connections`;
  const answer = client.get(path);
  const rows = await (kind === "warp_connector" ? unlessNotOffered(answer) : answer);
  if (rows === GONE) {
    return null;
  }
  if (!Array.isArray(rows)) {
    throw unreadable("GET", path, "the result is not a list");
  }
  return rows.map((row) => parseConnector(row, path)).sort(byStart);
}

/** One connector of a tunnel; null where the API knows no such connector, or does not offer them. */
export async function readConnector(
  client: CloudflareClient,
  tunnel: TunnelRef,
  connectorId: string,
): Promise<Connector | null> {
  const path = `/${tunnel.kind}/${tunnel.id}/connectors/${connectorId}`;
  const row = await unlessGone(client.get(path));
  return row === GONE ? null : parseConnector(row, path);
}

/** The token that connectors run on, and the secret in it; null where it is in a form that nobody knows. */
export interface TokenInForce {
  readonly token: Secret;
  readonly secret: Buffer | null;
}

/**
 * The token that connectors run on. Reading it needs a write permission. One that names another tunnel or account is
 * never returned: it throws `ApiError`, as for any answer that is not what the API promises.
 */
export async function readRunToken(client: CloudflareClient, { kind, id }: TunnelRef): Promise<TokenInForce> {
  const path = `/${kind}/${id}/token`;
  const token = secretText(await client.get(path), "GET", path);
  const opened = openRunToken(token.reveal(), client.accountId, id);
  if (opened.is === "of_another") {
    throw unreadable("GET", path, "the token is another tunnel's or account's, so it is not handed out");
  }
  return { token, secret: opened.is === "own" ? opened.secret : null };
}

/** A short-lived token for a cfd tunnel's own management, as its log stream. */
export async function requestManagementToken(
  client: CloudflareClient,
  id: string,
  resources: readonly string[],
): Promise<Secret> {
  const path = `/cfd_tunnel/${id}/management`;
  return secretText(await client.post(path, { resources }), "POST", path);
}

/**
 * Puts another secret in the place of a tunnel's own. Its connections stay; who connects anew needs the new token. Sent
 * at once or not at all.
 */
export async function replaceSecret(
  client: CloudflareClient,
  { kind, id }: TunnelRef,
  secret: Secret,
): Promise<void> {
  await client.patch(`/${kind}/${id}`, { tunnel_secret: secret.reveal() }, { atOnce: true });
}

/**
 * Cuts the connections of a cfd tunnel, all or one connector's. A connector whose token holds comes back. Sent at once
 * or not at all.
 */
export async function cutConnections(
  client: CloudflareClient,
  id: string,
  connectorId: string | null,
): Promise<void> {
  await client.delete(
    `/cfd_tunnel/${id}/connections`,
    connectorId === null ? {} : { client_id: connectorId },
    { atOnce: true },
  );
}

function secretText(value: unknown, method: string, path: string): Secret {
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value.trim())) {
    throw unreadable(method, path, "the answer is not a token");
  }
  return new Secret(value.trim());
}
