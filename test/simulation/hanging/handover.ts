/* A name that one tunnel serves and leads to, and that the file gives to another: drawn apart, since chance finds it seldom. */
import type { SeedTunnel } from "../../../src/simulator/seed.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { configurationOf } from "../configurations.ts";
import { drawFrom } from "../draw.ts";
import { hostnamesIn, LISTS, type Owner } from "./items.ts";

/** Who has the name at the beginning: a tunnel's id. */
export type Giver = string;

const NAME = "app.example.com";
const NOTHING = { service: "http_status:404" };
const RULE = { hostname: NAME, service: "http://localhost:8080" };

/** In half of the files that can have one: the entries, and the tunnel that gives. */
export function withHandover<E extends Owner & { readonly replace?: string }>(
  seed: number,
  entries: readonly E[],
  tunnels: readonly SeedTunnel[],
): { readonly entries: readonly E[]; readonly giver?: Giver } {
  const draw = drawFrom(seed, "handover");
  const able = draw.shuffle(
    entries.filter(
      ({ kind, state, replace, ingress }) =>
        kind === "cfd_tunnel" && state === undefined && replace === undefined && ingress !== undefined,
    ),
  );
  const live = tunnels.filter(
    ({ kind, deleted_at, config_src }) =>
      kind === "cfd_tunnel" && deleted_at === undefined && config_src === "cloudflare",
  );
  const from = able.find((entry) => live.some(({ name }) => name === entry.name));
  const others = able.filter((entry) => entry !== from);
  const to = others.find((entry) => live.some(({ name }) => name === entry.name)) ?? others[0];
  const giver = live.find(({ name }) => name === from?.name)?.id;
  if (from === undefined || to === undefined || giver === undefined || !draw.chance(0.5)) {
    return { entries };
  }
  const word = draw.chance(0.5) ? ("ingress" as const) : { name: NAME };
  // Among many entries one is blocked as a rule, so that nothing is written.
  const meant = draw.chance(0.6) ? [from, to] : entries;
  return {
    entries: meant.map((entry): E => {
      const rest = without(entry);
      if (entry === to) {
        return { ...rest, ingress: [RULE, NOTHING], dns: [word] };
      }
      return entry === from ? { ...rest, ingress: [NOTHING] } : rest;
    }),
    giver,
  };
}

export function seedHandover(simulator: Simulator, giver: Giver): void {
  // Of the form that a seed takes: JSON.
  const config = { ingress: [RULE, NOTHING] } as never;
  if (configurationOf(simulator, giver) === undefined) {
    simulator.add("configurations", [{ tunnel_id: giver, config, source: "cloudflare" }]);
  } else {
    simulator.edit("configurations", giver, { config });
  }
  const record = { type: "CNAME", content: `${giver}.cfargotunnel.com`, proxied: true };
  const held = simulator.rows("dns_records").find(({ name }) => name === NAME);
  if (held === undefined) {
    simulator.add("dns_records", [{ name: NAME, ...record }]);
  } else {
    simulator.edit("dns_records", held.id, record);
  }
}

/** An entry that asks for no record of the name. */
function without<E extends Owner>(entry: E): E {
  const lists = LISTS.flatMap(([list]) => {
    const isWord = (each: unknown) => each === "ingress" && hostnamesIn(entry).includes(NAME);
    const items = entry[list]?.filter(
      (each) => !isWord(each) && (each === "ingress" || !("name" in each && each.name === NAME)),
    );
    return items === undefined ? [] : [[list, items]];
  });
  return { ...entry, ...Object.fromEntries(lists) };
}
