import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import type { ResourceKind } from "../engine/model/kind.ts";
import { type ActualResource, compareText } from "../engine/model/resource.ts";
import { refusedOr } from "./find.ts";

/** What leads to tunnels, and the networks in which some of it lies. */
export interface RouteKinds {
  /** Whatever leads to a tunnel by its `tunnel_id`. */
  readonly kinds: readonly Pick<ResourceKind, "kind" | "list">[];
  readonly networks: Pick<ResourceKind, "list">;
}

/** What leads to tunnels, by kind; and the kinds that may not be read. */
interface Routes {
  readonly read: readonly {
    readonly kind: string;
    /** Sorted. */
    readonly namesFor: (tunnelId: string | null) => readonly string[];
  }[];
  readonly refused: readonly { readonly kind: string; readonly error: ApiError }[];
}

/** One list a kind, for all tunnels; nothing is asked where none of them lives. Throws `ApiError`. */
export async function readRoutes(
  client: CloudflareClient,
  { kinds, networks }: RouteKinds,
  isAsked: boolean,
): Promise<Routes> {
  const asked = isAsked ? kinds : [];
  const lists = await Promise.all(
    asked.map(async (each) => ({ kind: each.kind, found: await refusedOr(() => each.list(client)) })),
  );
  const found = lists.flatMap((list) => (list.found instanceof ApiError ? [] : list.found));
  const suffixOf = await readSuffixes(client, found, networks);
  const read: Routes["read"][number][] = [];
  const refused: Routes["refused"][number][] = [];
  for (const list of lists) {
    if (list.found instanceof ApiError) {
      refused.push({ kind: list.kind, error: list.found });
      continue;
    }
    const names = new Map<unknown, string[]>();
    for (const resource of list.found) {
      const tunnel = resource.spec["tunnel_id"];
      const others = names.get(tunnel);
      const name = `${resource.name}${suffixOf(resource)}`;
      if (others === undefined) {
        names.set(tunnel, [name]);
      } else {
        others.push(name);
      }
    }
    read.push({ kind: list.kind, namesFor: (id) => [...(names.get(id) ?? [])].sort(compareText) });
  }
  return { read, refused };
}

/** `@prod-net` for what does not lie in the default network. Networks are read only where something lies in one. */
async function readSuffixes(
  client: CloudflareClient,
  resources: readonly ActualResource[],
  networks: RouteKinds["networks"],
): Promise<(resource: ActualResource) => string> {
  if (!resources.some(({ spec }) => typeof spec["virtual_network_id"] === "string")) {
    return () => "";
  }
  const found = await refusedOr(() => networks.list(client));
  const suffixes = new Map<unknown, string>(
    (found instanceof ApiError ? [] : found).map(({ id, name, spec }) => [
      id,
      spec["is_default_network"] === true ? "" : `@${name}`,
    ]),
  );
  return ({ spec }) => suffixes.get(spec["virtual_network_id"]) ?? "";
}
