import type { VirtualNetwork } from "../../src/simulator/kinds/virtual_network.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import type { Switches } from "../../src/simulator/switches.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { drawsHanging, drawSeeds, type Seeds } from "./hanging/items.ts";

/** The account that a scenario begins with, and the ways of the API there. */
export interface World {
  readonly tunnels: readonly SeedTunnel[];
  /** One of those that live is the default. */
  readonly networks: readonly VirtualNetwork[];
  /** What hangs on the tunnels, in some worlds. */
  readonly hanging: Seeds | null;
  /** How this API answers for good. */
  readonly switches: Partial<Switches>;
  /** What passes: set while faults happen, taken back when they stop. */
  readonly passing: Partial<Switches>;
}

/** When every scenario begins. */
export const BEGINNING = Date.UTC(2026, 0, 1);
export const PREFIX = "prod-";
export const COMMENTS = ["", "production", "a\u202eb"];

const MINUTE = 60_000;
const HEX = "0123456789abcdef";
const YEAR = 365 * 24 * 60 * MINUTE;
const WORDS = ["web", "api", "db", "core", "edge", "vpn", "mail", "git", "log", "ci", "dev", "auth"];
const ODD_NAMES = [
  "röuter 9",
  'quo"ted',
  "right\u202eleft",
  "::error::x",
  "-dash",
  "💡",
  "a/b",
  "per%2Fcent",
  "?x=&y",
  "prod-*",
  "null",
  "1",
  "~",
  `prod-${"long".repeat(60)}`,
  "prod-tab\tbed",
  "back\\slash",
  "warren-rename-me",
];

export function drawWorld(seed: number): World {
  const draw = drawFrom(seed, "world");
  const size = drawSize(draw);
  const networks = drawNetworks(seed);
  // The routes lie in the default network. Where that one may change, they would keep another from being deleted.
  const tunnels = Array.from({ length: size }, () => drawTunnel(draw, size)).map((tunnel) =>
    networks.length > 1 ? { ...tunnel, has_routes: false } : tunnel,
  );
  const switches = drawSwitches(draw);
  const kept = withConnectors(seed, withoutNamesakes(tunnels, switches.names === "shared", draw));
  return {
    tunnels: kept,
    networks,
    hanging: drawSeeds(seed, kept, networks, BEGINNING),
    switches: { ...switches, ...drawConfigurationSwitches(seed) },
    passing: { ...drawPassing(draw, size), ...drawRollout(seed) },
  };
}

/** A name that may or may not be there already. */
export function drawName(draw: Draw, size = 10): string {
  if (draw.chance(0.06)) {
    return draw.pick(ODD_NAMES);
  }
  const word = `${draw.pick(WORDS)}${size > 20 || draw.chance(0.2) ? draw.between(0, size) : ""}`;
  return draw.chance(0.6) ? `${PREFIX}${word}` : word;
}

export function drawId(draw: Draw): string {
  const hex = (length: number) => {
    let digits = "";
    while (digits.length < length) {
      digits += HEX[Math.floor(draw.fraction() * 16)];
    }
    return digits;
  };
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

/** Most accounts are small; one in a few hundred is as large as Cloudflare allows, and larger. */
function drawSize(draw: Draw): number {
  const sort = draw.fraction();
  if (sort < 0.6) {
    return draw.between(0, 9);
  }
  if (sort < 0.94) {
    return draw.between(10, 25);
  }
  if (sort < 0.997) {
    return draw.between(26, 70);
  }
  return draw.between(200, 2_500);
}

function drawTunnel(draw: Draw, size: number): SeedTunnel {
  const created_at = BEGINNING - draw.between(MINUTE, draw.chance(0.04) ? 60 * MINUTE : YEAR);
  const ended = draw.chance(0.2) ? BEGINNING - draw.between(1, BEGINNING - created_at - 1) : null;
  return {
    kind: draw.chance(0.75) ? "cfd_tunnel" : "warp_connector",
    name: drawName(draw, size),
    id: drawId(draw),
    created_at,
    config_src: draw.pick(["local", "cloudflare"]),
    has_routes: draw.chance(0.1),
    ...(ended === null ? {} : { activity: [{ from: created_at, to: ended }] }),
    ...(draw.chance(0.07) ? { connectors: [{ connections: draw.between(1, 4) }] } : {}),
    ...(draw.chance(0.15) ? { deleted_at: BEGINNING - draw.between(0, MINUTE) } : {}),
  };
}

/** Half of the accounts have none but the default one. */
function drawNetworks(seed: number): readonly VirtualNetwork[] {
  const draw = drawFrom(seed, "networks");
  const live = new Set<string>();
  return Array.from({ length: draw.chance(0.5) ? 1 : draw.between(2, 9) }, (_, index): VirtualNetwork => {
    const is_default_network = index === 0;
    const name = is_default_network && draw.chance(0.7) ? "default" : drawName(draw);
    const isDeleted = !is_default_network && (draw.chance(0.15) || (live.has(name) && !draw.chance(0.03)));
    if (!isDeleted) {
      live.add(name);
    }
    return {
      id: drawId(draw),
      name,
      comment: draw.pick(COMMENTS),
      is_default_network,
      created_at: BEGINNING - draw.between(MINUTE, draw.chance(0.1) ? 60 * MINUTE : YEAR),
      deleted_at: isDeleted ? BEGINNING - 1 : null,
    };
  });
}

/**
 * Two live namesakes of a kind are rare: the API makes none, but nobody promises that there are none. Where the kinds
 * share their names (`shared`) there are none of two kinds either.
 */
function withoutNamesakes(
  tunnels: readonly SeedTunnel[],
  shared: boolean,
  draw: Draw,
): readonly SeedTunnel[] {
  const live = new Set<string>();
  return tunnels.flatMap((tunnel) => {
    const key = shared ? tunnel.name : `${tunnel.kind}/${tunnel.name}`;
    if (tunnel.deleted_at !== undefined) {
      return [tunnel];
    }
    if (live.has(key) && (shared || !draw.chance(0.03))) {
      return [{ ...tunnel, deleted_at: BEGINNING - 1 }];
    }
    live.add(key);
    return [tunnel];
  });
}

/** Records wait for connectors: where there are records, more of the tunnels that follow the API have some. */
function withConnectors(seed: number, tunnels: readonly SeedTunnel[]): readonly SeedTunnel[] {
  const draw = drawFrom(seed, "connectors");
  return tunnels.map((tunnel) => {
    const isApt = tunnel.kind === "cfd_tunnel" && tunnel.config_src === "cloudflare";
    return drawsHanging(seed) && isApt && tunnel.deleted_at === undefined && draw.chance(0.4)
      ? { ...tunnel, connectors: [{ connections: 2 }] }
      : tunnel;
  });
}

function drawSwitches(draw: Draw): Partial<Switches> {
  // The quota passes (below): an account at its limit would be a reason to fail for good.
  if (draw.chance(0.35)) {
    return { quota: null };
  }
  const sometimes = <K extends keyof Switches>(name: K, values: readonly Switches[K][], odds = 0.15) =>
    draw.chance(odds) ? { [name]: draw.pick(values) } : {};
  return {
    quota: null,
    ...sometimes("names", ["shared"], 0.05),
    ...sometimes("not_found_code", [1001, 1046]),
    ...sometimes("delete_deleted", ["not_found"]),
    ...sometimes("config_src_in_patch", ["refused"]),
    ...sometimes("per_page_max", [20, 50, 100], 0.5),
    ...sometimes("page_check", ["clamp"], 0.3),
    // Pages cut short under a total that is short as well look like a whole list: nothing could tell.
    ...draw.pick([
      sometimes("page_cap", [3, 10, 100], 0.3),
      sometimes("total_count", ["unfiltered", "short"], 0.3),
    ]),
    ...sometimes("result_info", ["absent"], 0.1),
    ...sometimes("order", ["oldest_first", "shuffled"], 0.3),
    ...sometimes("order_seed", [1, 2, 3]),
    ...sometimes("is_deleted_default", ["both"]),
    ...sometimes("ignored_filters", [["name"], ["is_deleted"], ["per_page"], ["name", "is_deleted"]], 0.3),
    ...sometimes("connections_field", ["absent", "full"]),
    ...sometimes("status_on_read", ["late"], 0.3),
    ...sometimes("config_src_on_read", ["absent"], 0.1),
    ...sometimes("remote_config_on_read", ["absent"], 0.1),
    ...sometimes("token_body", ["text"]),
    ...sometimes("forbidden_status", [401]),
    ...sometimes("empty_result", ["object"]),
    ...sometimes("retry_after", ["date", "absent"]),
    ...sometimes("rate_limit_body", ["text"]),
    ...sometimes("secret_check", ["bytes"]),
  };
}

function drawConfigurationSwitches(seed: number): Partial<Switches> {
  const draw = drawFrom(seed, "switches of configurations");
  return {
    ...(draw.chance(0.15) && { no_configuration: "empty" as const }),
    ...(draw.chance(0.15) && { configuration_nulls: "absent" as const }),
    ...(draw.chance(0.1) && { config_src_on_put: "cloudflare" as const }),
    ...(draw.chance(0.2) && { config_version_unset: draw.pick(["zero", "absent"] as const) }),
  };
}

/** Connectors that take their time for a new version, or refuse it. */
function drawRollout(seed: number): Partial<Switches> {
  const draw = drawFrom(seed, "rollout");
  return draw.chance(0.3) ? { config_lag_ms: draw.pick([2_000, 30_000, 90_000, null]) } : {};
}

function drawPassing(draw: Draw, size: number): Partial<Switches> {
  if (draw.chance(0.6)) {
    return {};
  }
  return {
    ...(draw.chance(0.3) && { list_lag: draw.between(1, 3) }),
    ...(draw.chance(0.2) && { read_lag: draw.between(1, 2) }),
    ...(draw.chance(0.2) && { name_lag: draw.between(1, 3) }),
    ...(draw.chance(0.1) && { linger_ms: 5 * MINUTE }),
    ...(draw.chance(0.1) && { quota: draw.between(0, size + 2) }),
    ...(draw.chance(0.1) && { delete_with_routes: "refused" as const }),
    ...(draw.chance(0.3) && { rate_limit: draw.between(5, 60), rate_block_s: draw.pick([30, 300]) }),
  };
}
