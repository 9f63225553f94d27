import type { ActualResource, DesiredEntry, DesiredState } from "../../src/engine/model/resource.ts";
import { entry, id, LONG_AGO, scope, state, tunnel } from "../support/builders.ts";

export const SIZES = [1_000, 10_000, 50_000] as const;

/** What is planned, and how many changes there are to find. */
export interface BenchCase {
  readonly name: string;
  readonly desired: DesiredState;
  readonly actual: readonly ActualResource[];
  readonly changes: number;
}

/** Every sort of plan that could have a quadratic step, with so many entries and so many live tunnels. */
export function casesOf(size: number): readonly BenchCase[] {
  const all = Array.from({ length: size }, (_, at) => at);
  const spec = { config_src: "local" };
  const limits = { max_deletes: size, min_idle: 0, max_routes: 1_000 };
  const pinned = all.map((at) => entry(`n${at}`, { id: id(at), spec }));
  return [
    {
      name: "nothing to do",
      desired: state(all.map((at) => entry(`n${at}`, { spec }))),
      actual: all.map((at) => tunnel(`n${at}`, at)),
      changes: 0,
    },
    {
      name: "all to create, all to prune",
      desired: state(
        all.map((at) => entry(`n-new-${at}`)),
        { prune: [scope("n")], limits },
      ),
      actual: all.map((at) => tunnel(`n${at}`, at)),
      changes: 2 * size,
    },
    {
      name: "all to prune, beside 1,000 protected names and 100 globs",
      desired: state(
        all.map((at) => entry(`n-new-${at}`)),
        {
          prune: [scope("n")],
          limits,
          protected: [
            ...all.slice(0, 1_000).map((at) => `x${at}`),
            ...all.slice(0, 100).map((at) => `x*${at}`),
          ].sort(),
        },
      ),
      actual: all.map((at) => tunnel(`n${at}`, at)),
      changes: 2 * size,
    },
    {
      name: "one chain of renames",
      desired: state(all.map((at) => entry(`n${at}`, { renamed_from: `n${at + 1}` }))),
      actual: all.map((at) => tunnel(`n${at + 1}`, at)),
      changes: size,
    },
    {
      name: "swaps",
      desired: state(pinned),
      actual: all.map((at) => tunnel(`n${at ^ 1}`, at)),
      changes: size,
    },
    {
      name: "one cycle of renames",
      desired: state(pinned),
      actual: all.map((at) => tunnel(`n${(at + 1) % size}`, at)),
      changes: size,
    },
  ];
}

const network = (at: number) => `10.${String(at >> 16)}.${String((at >> 8) & 255)}.${String(at & 255)}/32`;
const DEFAULT = id(900_001);
const OTHER = id(900_002);

function route(at: number, tunnel: number, lies: string): ActualResource {
  return {
    kind: "route",
    name: network(at),
    id: id(1_000_000 + at),
    spec: { network: network(at), tunnel_id: id(tunnel), virtual_network_id: lies, comment: "" },
    facts: { created_at: LONG_AGO },
  };
}

function routeEntry(at: number, tunnel: string): DesiredEntry {
  return entry(network(at), {
    kind: "route",
    spec: {
      network: network(at),
      tunnel_id: { $ref: { kind: "cfd_tunnel", name: tunnel, output: "id" } },
      virtual_network_id: { $ref: { kind: "virtual_network", name: null, output: "id" } },
    },
  });
}

/** The same with so many routes on one tunnel, each way that they can go. */
export function hangingCasesOf(size: number): readonly BenchCase[] {
  const all = Array.from({ length: size }, (_, at) => at);
  const limits = { max_deletes: size, min_idle: 0, max_routes: 2 * size };
  const networks: readonly ActualResource[] = [
    { kind: "virtual_network", name: "default", id: DEFAULT, spec: { is_default_network: true }, facts: {} },
    { kind: "virtual_network", name: "other", id: OTHER, spec: { is_default_network: false }, facts: {} },
  ];
  const kinds = ["cfd_tunnel", "route", "virtual_network"];
  const live = [...networks, tunnel("one", 1), tunnel("two", 2), ...all.map((at) => route(at, 1, DEFAULT))];
  const tunnels = [entry("one"), entry("two")];
  const routes = (owner: string) => all.map((at) => routeEntry(at, owner));
  const promoted = entry("other", { kind: "virtual_network", spec: { is_default_network: true } });
  return [
    {
      name: "nothing to do",
      desired: state([...tunnels, ...routes("one")], { kinds, limits }),
      actual: live,
      changes: 0,
    },
    {
      name: "all to create",
      desired: state([...tunnels, ...routes("one")], { kinds, limits }),
      actual: live.slice(0, 4),
      changes: size,
    },
    {
      name: "all to move",
      desired: state([...tunnels, ...routes("two")], { kinds, limits }),
      actual: live,
      changes: size,
    },
    {
      name: "all to go with their tunnel",
      desired: state([entry("one", { state: "absent" })], { limits }),
      actual: live,
      changes: size + 1,
    },
    {
      name: "all to move into the network that becomes the default",
      desired: state([...tunnels, ...routes("one"), promoted], { kinds, limits }),
      actual: live,
      changes: size + 1,
    },
    {
      name: "all to move into the network that is made the default",
      desired: state([...tunnels, ...routes("one"), { ...promoted, name: "new" }], { kinds, limits }),
      actual: live,
      changes: size + 1,
    },
  ];
}
