import { textOrNull } from "./row.ts";
import { type Cidr, holds, parseCidr } from "../base/cidr.ts";
import { trimHostname } from "../base/hostname.ts";
import { compareText, type DesiredEntry, type Location, type Spec } from "../engine/model/resource.ts";
import { referenceIn } from "../engine/model/reference.ts";

/** A route of the files. */
export interface WrittenRoute {
  /** A range of addresses, or a private name. */
  readonly network: string;
  /** Null for the account's default network, and for a private name. */
  readonly virtual_network: string | null;
  /** The tunnel that it leads to, as kind/name. */
  readonly tunnel: string;
  readonly source: Location;
}

/** The route that traffic takes, and those that would take it were this one not there. */
export interface FoundRoute extends WrittenRoute {
  readonly shadows: readonly WrittenRoute[];
}

/**
 * The routes of the files that lead to an address: in each virtual network the one with the longest prefix. That of the
 * default network comes first.
 */
export function routesTo(
  address: string,
  {
    routes: entries,
    promoted,
  }: { readonly routes: readonly DesiredEntry[]; readonly promoted: string | null },
): readonly FoundRoute[] {
  const wanted = parseCidr(address);
  if (wanted === null) {
    return [];
  }
  const byNetwork = new Map<string, { readonly range: Cidr; readonly route: WrittenRoute }[]>();
  for (const entry of live(entries, "route")) {
    const route = routeOf(entry, "network");
    const range = parseCidr(route.network);
    if (range !== null && holds(range, wanted)) {
      const key = route.virtual_network ?? promoted ?? "";
      byNetwork.set(key, [...(byNetwork.get(key) ?? []), { range, route }]);
    }
  }
  const isDefault = (key: string) => key === "" || key === promoted;
  return [...byNetwork]
    .sort(([a], [b]) => Number(isDefault(b)) - Number(isDefault(a)) || compareText(a, b))
    .flatMap(([, found]) =>
      first(found.sort((a, b) => b.range.prefix - a.range.prefix).map(({ route }) => route)),
    );
}

/** The private name of the files that leads to a host: the name itself, else the one a level above. Null where none does. */
export function hostnameRouteTo(host: string, entries: readonly DesiredEntry[]): FoundRoute | null {
  const name = trimHostname(host);
  const above = name.slice(name.indexOf(".") + 1);
  const routes = live(entries, "hostname_route").map((entry) => routeOf(entry, "hostname"));
  const named = (wanted: string) => routes.filter(({ network }) => network === wanted);
  return first([...named(name), ...(above === name ? [] : named(above))])[0] ?? null;
}

function first([route, ...shadows]: readonly WrittenRoute[]): readonly FoundRoute[] {
  return route === undefined ? [] : [{ ...route, shadows }];
}

function live(entries: readonly DesiredEntry[], wanted: string): readonly DesiredEntry[] {
  return entries.filter(({ kind, state }) => kind === wanted && state === "present");
}

function routeOf({ spec, source }: DesiredEntry, attribute: string): WrittenRoute {
  const tunnel = referenceIn(spec["tunnel_id"]);
  return {
    network: textOrNull(spec[attribute]) ?? "",
    virtual_network: networkOf(spec),
    tunnel: tunnel === null ? "" : `${tunnel.kind}/${tunnel.name}`,
    source,
  };
}

function networkOf(spec: Spec): string | null {
  return referenceIn(spec["virtual_network_id"])?.name ?? null;
}
