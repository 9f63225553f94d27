import { isUuid } from "../base/json.ts";
import type { CloudflareClient, Query } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import { listTunnels, readTunnel } from "./api.ts";
import { isManaged, type ManagedTunnel, TUNNEL_KINDS, type Tunnel, type TunnelKind } from "./tunnel-row.ts";

/** How a user named one tunnel: `kind/name`, a name, or an id. */
export interface TunnelName {
  /** Null where it was not written. */
  readonly kind: TunnelKind | null;
  /** A name, or an id in lower case. */
  readonly text: string;
  readonly isId: boolean;
}

/** What bears that name, and which kinds could not be looked at. Live ones; of an id also a deleted one. */
export type FoundTunnels = EachKind<ManagedTunnel>;

/** Any text is a name but `kind/…` of a known kind, and a UUID, which is an id. A name may itself hold a slash. */
export function parseTunnelName(text: string): TunnelName {
  const kind = TUNNEL_KINDS.find((kind) => text.startsWith(`${kind}/`)) ?? null;
  const rest = kind === null ? text : text.slice(kind.length + 1);
  const isId = isUuid(rest);
  return { kind, text: isId ? rest.toLowerCase() : rest, isId };
}

/**
 * Looks a tunnel up, by one request where that finds it. Only when nothing is found there, each kind is asked by
 * itself, so that "none" is told apart from "not allowed". Throws `ApiError` when no kind at all may be read.
 */
export async function findTunnels(client: CloudflareClient, name: TunnelName): Promise<FoundTunnels> {
  if (name.kind !== null) {
    return { tunnels: await findInKind(client, name.kind, name), refused: [] };
  }
  const together = await refusedOr(() => findTogether(client, name));
  if (!(together instanceof ApiError) && together.length > 0) {
    return { tunnels: together, refused: [] };
  }
  // By name, the common list has answered for cfd tunnels already; by id it hides deleted ones.
  const isAnswered = !name.isId && !(together instanceof ApiError);
  return eachKind(async (kind) =>
    kind === "cfd_tunnel" && isAnswered ? [] : findInKind(client, kind, name),
  );
}

/** What could be read of each kind, and the kinds that could not. */
export interface EachKind<T> {
  readonly tunnels: readonly T[];
  readonly refused: readonly { readonly kind: TunnelKind; readonly error: ApiError }[];
}

/**
 * Reads one kind after the other, so that a refusal of the second knows whether the first was granted. Throws the
 * first refusal where all are refused.
 */
export async function eachKind<T>(read: (kind: TunnelKind) => Promise<readonly T[]>): Promise<EachKind<T>> {
  const tunnels: T[] = [];
  const refused: { kind: TunnelKind; error: ApiError }[] = [];
  for (const kind of TUNNEL_KINDS) {
    const found = await refusedOr(() => read(kind));
    if (found instanceof ApiError) {
      refused.push({ kind, error: found });
    } else {
      tunnels.push(...found);
    }
  }
  const [first] = refused;
  if (first !== undefined && refused.length === TUNNEL_KINDS.length) {
    throw first.error;
  }
  return { tunnels, refused };
}

async function findTogether(
  client: CloudflareClient,
  { text, isId }: TunnelName,
): Promise<readonly ManagedTunnel[]> {
  const query = { tun_types: TUNNEL_KINDS.join(","), is_deleted: false, [isId ? "uuid" : "name"]: text };
  return findLive(client, "/tunnels", query, (tunnel) => (isId ? tunnel.id : tunnel.name) === text);
}

/** In one kind, an id is looked up first; a text that reads as one may still be a name. */
async function findInKind(
  client: CloudflareClient,
  kind: TunnelKind,
  { text, isId }: TunnelName,
): Promise<readonly ManagedTunnel[]> {
  const tunnel = isId ? await readTunnel(client, kind, text) : null;
  if (tunnel !== null) {
    return [tunnel];
  }
  const query = { is_deleted: false, name: text };
  return findLive(client, `/${kind}`, query, ({ name }) => name === text);
}

async function findLive(
  client: CloudflareClient,
  path: string,
  query: Query,
  matches: (tunnel: Tunnel) => boolean,
): Promise<readonly ManagedTunnel[]> {
  const tunnels = await listTunnels(
    client,
    path,
    query,
    (tunnel) => tunnel.deleted_at === null && matches(tunnel),
  );
  return tunnels.filter(isManaged);
}

/** The refusal itself, where the API says that the credentials may not; any other error is thrown. */
export async function refusedOr<T>(work: () => Promise<T>): Promise<T | ApiError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      return error;
    }
    throw error;
  }
}
