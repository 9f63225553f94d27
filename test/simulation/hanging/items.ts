/* What the entries of a drawn file say of what hangs on their tunnels, and what there is of it before. */
import type { SeedDnsRecord } from "../../../src/simulator/kinds/dns_record.ts";
import type { SeedHostnameRoute } from "../../../src/simulator/kinds/hostname_route.ts";
import type { SeedRoute } from "../../../src/simulator/kinds/route.ts";
import type { VirtualNetwork } from "../../../src/simulator/kinds/virtual_network.ts";
import type { SeedTunnel } from "../../../src/simulator/seed.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { NETWORK } from "../account.ts";
import { asDocument, type Sections } from "../configurations.ts";
import { type Draw, drawFrom } from "../draw.ts";
import { DNS_RECORD, HOSTNAME_ROUTE, type HangingKind, ROUTE } from "./rows.ts";

/** An entry as far as lists may stand in it, or say where they lead. */
export interface Owner extends Lists, Sections {
  readonly kind: string;
  readonly name: string;
  readonly state?: "absent";
  readonly id?: string;
  readonly renamed_from?: string;
  readonly is_default_network?: boolean;
}

interface Owners {
  readonly entries: readonly Owner[];
}

/** An item as it is written, and what it hangs on. */
export interface Item extends Written {
  readonly kind: HangingKind;
  /** Its network, hostname or name. */
  readonly key: string;
  readonly entry: Owner;
}

interface Written {
  readonly virtual_network?: string;
  readonly comment?: string;
  readonly state?: "absent";
  readonly id?: string;
  readonly replace?: string;
}

/** The lists of an entry. */
export interface Lists {
  readonly routes?: readonly (Written & { readonly network: string })[];
  readonly hostname_routes?: readonly (Written & { readonly hostname: string })[];
  /** The word stands for the hostnames of the entry's rules. */
  readonly dns?: readonly ((Written & { readonly name: string }) | "ingress")[];
}

export const LISTS = [
  ["routes", ROUTE, "network"],
  ["hostname_routes", HOSTNAME_ROUTE, "hostname"],
  ["dns", DNS_RECORD, "name"],
] as const;

/** What hangs on the tunnels of an account at the beginning. */
export interface Seeds {
  readonly zones: readonly string[];
  readonly routes: readonly SeedRoute[];
  readonly hostname_routes: readonly SeedHostnameRoute[];
  readonly dns_records: readonly SeedDnsRecord[];
}

const NETWORKS = ["172.16.0.0/16", "172.16.1.0/24", "192.168.10.0/24", "192.168.0.0/16", "fd00:1::/64"];
const HOSTNAMES = ["db.corp.internal", "corp.internal", "git.corp.internal", "printer.lab.internal"];
const NAMES = [
  "app.example.com",
  "www.example.net",
  "example.com",
  "api.example.com",
  "*.example.net",
  "api.dev.example.com",
];
/** Ends in the letters of a zone, and lies in none. */
const OUTSIDE = "app.myexample.com";
const COMMENTS = ["", "ours", "a\u202eb"];
const MINUTE = 60_000;

/** Whether a seed has any of this: a third do. */
export function drawsHanging(seed: number): boolean {
  return drawFrom(seed, "hanging").chance(0.35);
}

export function drawSeeds(
  seed: number,
  tunnels: readonly SeedTunnel[],
  networks: readonly VirtualNetwork[],
  now: number,
): Seeds | null {
  if (!drawsHanging(seed)) {
    return null;
  }
  const draw = drawFrom(seed, "what hangs");
  const live = tunnels.filter(({ deleted_at }) => deleted_at === undefined);
  const served = live.filter(({ kind }) => kind === "cfd_tunnel");
  const dead = tunnels.filter(({ kind, deleted_at }) => kind === "cfd_tunnel" && deleted_at !== undefined);
  const idOf = (some: readonly SeedTunnel[]) => draw.pick(some).id ?? "";
  const some = <T>(from: readonly T[]) => draw.shuffle(from).slice(0, draw.between(0, from.length));
  const common = () => ({
    id: idFrom(draw),
    comment: draw.pick(COMMENTS),
    created_at: now - draw.between(MINUTE, draw.chance(0.2) ? 60 * MINUTE : 100_000 * MINUTE),
  });
  const places = networks.filter(({ deleted_at }) => deleted_at === null);
  const content = () => {
    const to = draw.fraction();
    if (to < 0.6 && served.length > 0) {
      return { type: "CNAME", content: `${idOf(served)}.cfargotunnel.com`, proxied: draw.chance(0.9) };
    }
    return to < 0.8 && dead.length > 0
      ? { type: "CNAME", content: `${idOf(dead)}.cfargotunnel.com`, proxied: true }
      : draw.pick([
          { type: "CNAME", content: "edge.example.org", proxied: false },
          { type: "A", content: "192.0.2.1", proxied: draw.chance(0.5) },
        ]);
  };
  return {
    zones: ["example.com", "example.net", ...(draw.chance(0.3) ? ["dev.example.com"] : [])],
    routes:
      live.length === 0
        ? []
        : some(NETWORKS).map((network) => ({
            network,
            tunnel_id: idOf(live),
            virtual_network_id: (draw.chance(0.6) ? places[0] : draw.pick(places))?.id ?? "",
            ...common(),
          })),
    hostname_routes:
      live.length === 0
        ? []
        : some(HOSTNAMES).map((hostname) => ({ hostname, tunnel_id: idOf(live), ...common() })),
    dns_records: some(NAMES).map((name) => {
      const { created_at: _, id, ...rest } = common();
      return { name, ...content(), ...rest, id: id.replaceAll("-", "") };
    }),
  };
}

export function seedHanging(simulator: Simulator, seeds: Seeds): void {
  simulator.add("routes", seeds.routes);
  simulator.add("hostname_routes", seeds.hostname_routes);
  simulator.add("dns_records", seeds.dns_records);
}

/** What the entries say of it, in the files of such a seed. A place is one item's. */
export function withLists<E extends Owner>(
  seed: number,
  entries: readonly E[],
  seeds: Seeds | null,
  networks: readonly VirtualNetwork[],
): readonly E[] {
  if (seeds === null) {
    return entries;
  }
  const draw = drawFrom(seed, "lists");
  const free = {
    [ROUTE]: [...draw.shuffle(NETWORKS)],
    [HOSTNAME_ROUTE]: [...draw.shuffle(HOSTNAMES)],
    [DNS_RECORD]: [...draw.shuffle(draw.chance(0.05) ? [...NAMES, OUTSIDE] : NAMES)],
  };
  const taken = new Set<string>();
  const named = namesOf(entries, networks);
  return entries.map((entry): E => {
    if (!["cfd_tunnel", "warp_connector"].includes(entry.kind) || entry.state === "absent") {
      return entry;
    }
    const lists = LISTS.flatMap(([key, kind, main]): readonly (readonly [string, readonly unknown[]])[] => {
      if ((kind === DNS_RECORD && entry.kind !== "cfd_tunnel") || !draw.chance(0.5)) {
        return [];
      }
      const word = kind === DNS_RECORD && draw.chance(0.4) ? wordOf(entry, taken) : [];
      const keys = free[kind].filter((each) => !taken.has(each)).slice(0, draw.between(0, 2));
      for (const each of keys) {
        taken.add(each);
      }
      const items = keys.map((each) => ({
        [main]: each,
        ...drawItem(draw, kind, each, seeds, entry.kind === "cfd_tunnel" ? named : []),
      }));
      return [[key, [...word, ...items]]];
    });
    return { ...entry, ...Object.fromEntries(lists) };
  });
}

/** The word, where no other item has one of the names that it stands for. */
function wordOf(entry: Owner, taken: Set<string>): readonly "ingress"[] {
  const names = hostnamesIn(entry);
  if (entry.ingress === undefined || names.some((name) => taken.has(name))) {
    return [];
  }
  for (const name of names) {
    taken.add(name);
  }
  return ["ingress"];
}

function drawItem(
  draw: Draw,
  kind: HangingKind,
  key: string,
  seeds: Seeds,
  networks: readonly string[],
): Written {
  const id = idOfSeed(kind, key, seeds);
  if (draw.chance(0.15)) {
    return { state: "absent" };
  }
  const record = kind === DNS_RECORD ? seeds.dns_records.find(({ name }) => name === key) : undefined;
  const isForeign = record !== undefined && !record.content.endsWith(".cfargotunnel.com");
  return {
    ...(draw.chance(0.3) && { comment: draw.pick(COMMENTS) }),
    ...(kind === ROUTE &&
      networks.length > 0 &&
      draw.chance(0.4) && { virtual_network: draw.pick(networks) }),
    ...(isForeign
      ? draw.chance(0.7) && { replace: record.id ?? "" }
      : id !== undefined && draw.chance(0.4) && { id }),
  };
}

/** Of a route only where it is the only one: another of that network would be taken for another item's. */
function idOfSeed(kind: HangingKind, key: string, seeds: Seeds): string | undefined {
  switch (kind) {
    case ROUTE:
      return seeds.routes.find(({ network }) => network === key)?.id;
    case HOSTNAME_ROUTE:
      return seeds.hostname_routes.find(({ hostname }) => hostname === key)?.id;
    case DNS_RECORD:
      return seeds.dns_records.find(({ name }) => name === key)?.id;
  }
}

/** Virtual networks that stay and are not the default one: what lies in that one is written without a name. */
function namesOf(entries: readonly Owner[], networks: readonly VirtualNetwork[]): readonly string[] {
  const own = entries.filter(({ kind }) => kind === NETWORK);
  const untouched = networks.filter(
    ({ id, name, deleted_at, is_default_network }) =>
      deleted_at === null &&
      !is_default_network &&
      !own.some((entry) => entry.id === id || entry.name === name || entry.renamed_from === name),
  );
  const isDefault = (entry: Owner) =>
    entry.is_default_network === true ||
    networks.some(
      ({ id, name, is_default_network }) =>
        is_default_network && (id === entry.id || name === entry.name || name === entry.renamed_from),
    );
  const declared = own.filter((entry) => entry.state !== "absent" && !isDefault(entry));
  return [...untouched, ...declared].map(({ name }) => name);
}

const known = new WeakMap<Owners, readonly Item[]>();

/** Every item of a file, the word's included. */
export function itemsOf(file: Owners): readonly Item[] {
  const items = known.get(file) ?? file.entries.flatMap(itemsIn);
  known.set(file, items);
  return items;
}

export function itemsIn(entry: Owner): readonly Item[] {
  return LISTS.flatMap(([list, kind, main]) =>
    (entry[list] ?? []).flatMap((each): readonly Item[] => {
      if (each === "ingress") {
        const named = (entry.dns ?? []).flatMap((item) => (item === "ingress" ? [] : [item.name]));
        return hostnamesIn(entry)
          .filter((key) => !named.includes(key))
          .map((key) => ({ kind, key, entry }));
      }
      return [{ ...each, kind, key: String(asDocument(each)[main]), entry }];
    }),
  );
}

/** The list of an entry that says what of a kind hangs on its tunnel; undefined where it leaves that alone. */
export function listOf(entry: Owner, kind: HangingKind): readonly unknown[] | undefined {
  const [list] = LISTS.find(([, each]) => each === kind) ?? [];
  return list === undefined ? undefined : entry[list];
}

/** The names that the rules of a configuration serve. */
export function hostnamesIn(configuration: unknown): readonly string[] {
  const { ingress } = asDocument(configuration);
  const rules = Array.isArray(ingress) ? ingress.map(asDocument) : [];
  return [...new Set(rules.flatMap(({ hostname }) => (typeof hostname === "string" ? [hostname] : [])))];
}

function idFrom(draw: Draw): string {
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(draw.fraction() * 16).toString(16)).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
