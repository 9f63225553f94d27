/* What tunnels are told to do: drawn, written by others, and held against what the programs make of it. */
import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../../src/simulator/tunnel/configuration.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { type Draw, drawFrom } from "./draw.ts";

/** A document as the API holds it. */
export interface Document {
  readonly [key: string]: unknown;
}

/** What an entry may write of one. */
export interface Sections {
  readonly ingress?: readonly object[];
  readonly originRequest?: object;
  readonly "warp-routing"?: object;
}

export const SECTIONS = ["ingress", "originRequest", "warp-routing"] as const;

const APP = { hostname: "app.example.com", service: "http://localhost:8080" };
const NOTHING = { service: "http_status:404" };
const INGRESSES = [
  [NOTHING],
  [APP, NOTHING],
  [{ ...APP, path: "^/api/", originRequest: { connectTimeout: 10 } }, APP, NOTHING],
  [{ ...APP, originRequest: { noTLSVerify: true } }, { ...APP, hostname: "www.example.net" }, NOTHING],
];
const SETTINGS = [{ http2Origin: true }, { http2Origin: false, noTLSVerify: true }, { connectTimeout: 20 }];

/** What an entry of a tunnel writes of its configuration, half of the time with the settings for all rules. */
export function drawSections(draw: Draw): Sections {
  return {
    ingress: draw.pick(INGRESSES),
    ...(draw.chance(0.5) && { originRequest: draw.pick(SETTINGS) }),
    ...(draw.chance(0.2) && { "warp-routing": { enabled: true } }),
  };
}

/** Whether anything of a tunnel's configuration is managed by an entry. */
export function writesConfiguration(entry: Sections): boolean {
  return SECTIONS.some((section) => entry[section] !== undefined);
}

/** A document that somebody else has written, with what no program of ours writes. */
export function drawDocument(draw: Draw): Document {
  return {
    ingress: draw.pick(INGRESSES),
    ...(draw.chance(0.5) && { originRequest: { ...draw.pick(SETTINGS), keepAliveConnections: 7 } }),
    ...(draw.chance(0.3) && { "warp-routing": { enabled: draw.chance(0.5) } }),
    ...(draw.chance(0.5) && { "of-tomorrow": { size: draw.between(1, 99) } }),
  };
}

/** What is there once a seed's tunnels are: most of those that follow the API have one, some of the others report theirs. */
export function seedConfigurations(seed: number, simulator: Simulator): void {
  const draw = drawFrom(seed, "configurations");
  if (!draw.chance(0.5)) {
    return;
  }
  const live = simulator.tunnels.filter((each) => each.kind === "cfd_tunnel" && each.deleted_at === null);
  for (const { id, attributes } of live.slice(0, 40)) {
    const isRemote = attributes["config_src"] === "cloudflare";
    if (draw.chance(isRemote ? 0.6 : 0.2)) {
      // Of the form that a seed takes: JSON.
      const config = drawDocument(draw) as never;
      simulator.add("configurations", [{ tunnel_id: id, config, source: isRemote ? "cloudflare" : "local" }]);
    }
  }
}

/** The configuration of a tunnel, as it truly is. */
export function configurationOf(simulator: Simulator, id: string): Configuration | undefined {
  return simulator.rows("configurations").find((each) => each.id === id && each.deleted_at === null);
}

/** The connectors that say in `connections`, a list of the API, that they do not have a tunnel's configuration yet. */
export function laggardsOf(simulator: Simulator, id: string, connections: string): readonly string[] {
  const { result } = JSON.parse(connections) as {
    readonly result: readonly { readonly id: string; readonly config_version?: number | null }[] | null;
  };
  const version = configurationOf(simulator, id)?.version ?? -1;
  return (result ?? []).flatMap((each) => ((each.config_version ?? version) < version ? [each.id] : []));
}

/** What an entry asks for and a document does not say. */
export function unmetSections(entry: Sections, config: unknown): readonly string[] {
  const document = asDocument(config);
  return SECTIONS.filter((section) => {
    const wanted = entry[section];
    if (wanted === undefined) {
      return false;
    }
    return section === "ingress"
      ? !isDeepStrictEqual(cleaned(document[section]), cleaned(wanted))
      : !Object.entries(wanted).every(([key, value]) =>
          isDeepStrictEqual(cleaned(asDocument(document[section])[key]), value),
        );
  });
}

/** What of a document the next one has lost, of all that the entry does not write. */
export function lostSections(entry: Sections, before: Document, after: Document): readonly string[] {
  return Object.entries(before).flatMap(([key, value]) => {
    const wanted = asDocument((entry as Document)[key]);
    if (key === "ingress") {
      return entry.ingress !== undefined || isDeepStrictEqual(cleaned(value), cleaned(after[key]))
        ? []
        : [key];
    }
    if (!SECTIONS.some((section) => section === key)) {
      return isDeepStrictEqual(value, after[key]) ? [] : [key];
    }
    return Object.entries(asDocument(value))
      .filter(([name, held]) => cleaned(held) !== undefined && !(name in wanted))
      .filter(([name, held]) => !isDeepStrictEqual(cleaned(held), cleaned(asDocument(after[key])[name])))
      .map(([name]) => `${key}.${name}`);
  });
}

export function asDocument(value: unknown): Document {
  return typeof value === "object" && value !== null ? (value as Document) : {};
}

/** Without what says nothing: nulls and empty objects. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(cleaned);
  }
  if (typeof value !== "object") {
    return value;
  }
  const kept = Object.entries(value ?? {}).flatMap(([key, held]) => {
    const own = cleaned(held);
    return own === undefined ? [] : [[key, own]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
