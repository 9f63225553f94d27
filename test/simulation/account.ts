import type { VirtualNetwork } from "../../src/simulator/kinds/virtual_network.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import type { Tunnel } from "../../src/simulator/tunnel/tunnel.ts";
import { DNS_RECORD, isHanging, newestRow } from "./hanging/rows.ts";

/** What an account holds that has an id and a name, as it truly is. */
export type Resource = Tunnel | NetworkResource;

type NetworkResource = VirtualNetwork & { readonly kind: typeof NETWORK };

export const NETWORK = "virtual_network";
export const CONFIGURATION = "cfd_tunnel_configuration";

/** Where requests for a kind go, below the account, where that is not the kind's own name. */
const PATHS: { readonly [kind: string]: string } = {
  [NETWORK]: "teamnet/virtual_networks",
  route: "teamnet/routes",
  hostname_route: "zerotrust/routes/hostname",
};

/** The kind and the id that a path below the account, or one of zones, speaks of: null for a whole collection. */
export function subjectOf(path: string): { readonly kind: string; readonly id: string | null } {
  const [, zones, zone = null, records, record] = path.split("/");
  if (zones === "zones") {
    const isOne = record !== undefined && record !== "batch";
    return records === undefined
      ? { kind: "zone", id: zone }
      : { kind: DNS_RECORD, id: isOne ? record : null };
  }
  for (const [kind, collection] of Object.entries(PATHS)) {
    if (path === `/${collection}` || path.startsWith(`/${collection}/`)) {
      return { kind, id: path.slice(collection.length + 2) || null };
    }
  }
  const [, kind = "", id = null, part] = path.split("/");
  return { kind: part === "configurations" ? CONFIGURATION : kind, id };
}

/** The path of a kind's collection below the account. */
export function pathOf(kind: string): string {
  return `/${PATHS[kind] ?? kind}`;
}

/** Deleted ones included. */
export function resourcesOf(simulator: Simulator): readonly Resource[] {
  return [...simulator.tunnels, ...networksOf(simulator)];
}

export function liveOf(simulator: Simulator): readonly Resource[] {
  return resourcesOf(simulator).filter(({ deleted_at }) => deleted_at === null);
}

export function resourceOf(simulator: Simulator, id: string | null): Resource | undefined {
  return simulator.tunnel(id ?? "") ?? networksOf(simulator).find((network) => network.id === id);
}

export function isLive(simulator: Simulator, id: string | null): id is string {
  return resourceOf(simulator, id)?.deleted_at === null;
}

/** The one that was made last. */
export function newestOf(simulator: Simulator, kind: string): string | null {
  return isHanging(kind)
    ? newestRow(simulator, kind)
    : ((kind === NETWORK ? networksOf(simulator) : simulator.tunnels).at(-1)?.id ?? null);
}

export function isNetwork(resource: Resource): resource is NetworkResource {
  return resource.kind === NETWORK;
}

function networksOf(simulator: Simulator): readonly NetworkResource[] {
  return simulator.rows("virtual_networks").map((network) => ({ ...network, kind: NETWORK }));
}
