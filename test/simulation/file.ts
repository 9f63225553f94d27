import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { NETWORK } from "./account.ts";
import { drawSections, type Sections } from "./configurations.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { type Giver, withHandover } from "./hanging/handover.ts";
import { type Lists, withLists } from "./hanging/items.ts";
import { COMMENTS, drawId, drawName, PREFIX, type World } from "./world.ts";

/** An entry as the scenario means it. Checks are made against this, and not against what warren reads. */
export interface Entry extends Sections, Lists {
  readonly kind: string;
  readonly name: string;
  readonly state?: "absent";
  readonly id?: string;
  readonly renamed_from?: string;
  readonly replace?: string;
  readonly config_src?: "local" | "cloudflare";
  readonly ha?: boolean;
  readonly comment?: string;
  readonly is_default_network?: boolean;
  /** `config_src` is not written, and follows from what else is. */
  readonly implies_config_src?: true;
  /** The variable that holds the `tunnel_secret`. */
  readonly secret?: string;
}

/** A file as the scenario means it. */
export interface File {
  readonly kinds: readonly string[];
  readonly entries: readonly Entry[];
  readonly prunes: boolean;
  readonly max_deletes: number | null;
  /** Minutes. */
  readonly min_idle: number | null;
  readonly protected: readonly string[];
  /** In how many files it is written. */
  readonly parts: number;
  /** The tunnel that has a name at the beginning which the file gives to another. */
  readonly giver?: Giver;
}

/** A text, and what the command line calls it. */
export interface Part {
  readonly path: string;
  readonly text: string;
}

const TUNNELS = ["cfd_tunnel", "warp_connector"] as const;
const KINDS = [...TUNNELS, NETWORK] as const;

/** `parts`: in how many files; drawn where it is not given. */
export function drawFile(
  seed: number,
  { tunnels, networks, hanging }: World,
  parts = drawFrom(seed, "parts").pick([1, 1, 1, 2, 3]),
): File {
  const draw = drawFrom(seed, "file");
  const prunes = draw.chance(0.45);
  const live = draw.shuffle(tunnels.filter(({ deleted_at }) => deleted_at === undefined)).slice(0, 30);
  const gone = tunnels.filter(({ deleted_at }) => deleted_at !== undefined);
  const makers = Array.from({ length: draw.chance(0.1) ? draw.between(10, 40) : draw.between(0, 9) }, () =>
    draw.pick(MAKERS),
  );
  const own = makers.flatMap((make) => make({ draw, live, gone, kindOf: tunnelKind }));
  const entries = [...own, ...drawNetworkEntries(seed, networks), ...drawFollowed(seed, live)];
  // Where a file prunes, all of its names begin with the prefix; those of the other files do not.
  const configured = withConfigurations(seed, keepSound(entries, prunes && parts === 1), tunnels);
  const listed = withLists(seed, configured, hanging, networks);
  const { entries: kept, giver } =
    hanging === null ? { entries: listed } : withHandover(seed, listed, tunnels);
  return {
    kinds: [
      ...TUNNELS.filter((kind) => kept.some((entry) => entry.kind === kind) || draw.chance(0.4)),
      ...(kept.some(({ kind }) => kind === NETWORK) || drawFrom(seed, "kinds").chance(0.1) ? [NETWORK] : []),
    ],
    entries: kept,
    prunes,
    max_deletes: draw.chance(0.8) ? draw.between(0, 30) : null,
    min_idle: draw.chance(0.5) ? draw.pick([0, 10, 600]) : null,
    protected: draw.chance(0.25) ? [draw.pick(["prod-db*", "*core*", "web", "prod-*1"])] : [],
    parts,
    ...(giver !== undefined && { giver }),
  };
}

const WITH_CONFIGURATIONS = 0.4;

/** Of a file that writes configurations: entries for some tunnels whose connectors follow the API. */
function drawFollowed(seed: number, live: World["tunnels"]): readonly Entry[] {
  if (!drawFrom(seed, "file of configurations").chance(WITH_CONFIGURATIONS)) {
    return [];
  }
  const draw = drawFrom(seed, "tunnels that follow");
  return live
    .filter(({ kind, config_src }) => kind === "cfd_tunnel" && config_src === "cloudflare")
    .slice(0, draw.between(1, 4))
    .map(({ kind, name }) => ({ kind, name }));
}

/** Two fifths of the files write configurations, seldom where the connectors of what lives follow a file of their own. */
function withConfigurations(
  seed: number,
  entries: readonly Entry[],
  tunnels: World["tunnels"],
): readonly Entry[] {
  const draw = drawFrom(seed, "file of configurations");
  if (!draw.chance(WITH_CONFIGURATIONS)) {
    return entries;
  }
  return entries.map((entry) => {
    const { kind, state, config_src } = entry;
    const isLocal = tunnels.some(
      (each) =>
        each.config_src === "local" &&
        (each.id === entry.id || each.name === entry.name || each.name === entry.renamed_from),
    );
    const isApt = kind === "cfd_tunnel" && state !== "absent" && config_src !== "local";
    const isClear = !isLocal && entry.replace === undefined;
    if (!isApt || !draw.chance(isClear ? 0.6 : 0.05)) {
      return entry;
    }
    const implied = config_src === undefined && { implies_config_src: true as const };
    return { ...entry, config_src: "cloudflare", ...implied, ...drawSections(draw) };
  });
}

/** What a third of the files says of virtual networks: of the default one alone less, since it is not to be deleted. */
function drawNetworkEntries(seed: number, networks: World["networks"]): readonly Entry[] {
  const draw = drawFrom(seed, "file of networks");
  if (!draw.chance(networks.length > 1 ? 0.55 : 0.15)) {
    return [];
  }
  const rows = draw
    .shuffle(networks)
    .map(({ deleted_at, ...row }) => ({ row: { kind: NETWORK, ...row }, isLive: deleted_at === null }));
  const making = {
    draw,
    live: rows.flatMap(({ row, isLive }) => (isLive ? row : [])),
    gone: rows.flatMap(({ row, isLive }) => (isLive ? [] : row)),
    kindOf: () => NETWORK,
  };
  const makers = MAKERS.filter((make) => make !== replace);
  return Array.from({ length: draw.between(1, 5) }, () => draw.pick(makers)(making)).flat();
}

/** The same as one text of YAML, for one that is in one part. */
export function toYaml(file: File): string {
  return textOf(file, file.entries, true);
}

/** The same as the texts of YAML that the command line is given: standard input, or files. */
export function toParts(seed: number, file: File): readonly Part[] {
  const draw = drawFrom(seed, "which part");
  if (file.parts === 1) {
    return [{ path: draw.pick(["-", "tunnels.yaml"]), text: toYaml(file) }];
  }
  const entries: Entry[][] = Array.from({ length: file.parts }, () => []);
  for (const entry of file.entries) {
    const isInFirst = file.prunes && entry.name.startsWith(PREFIX);
    const part = isInFirst ? 0 : draw.between(file.prunes ? 1 : 0, file.parts - 1);
    entries[part]?.push(entry);
  }
  return entries.map((own, part) => ({
    path: `part-${part + 1}.yaml`,
    text: textOf(part === 0 ? file : { ...file, ...others, limits: draw.chance(0.3) }, own, part === 0),
  }));
}

/** What one of several files says for them all. Limits may be said again. */
const others = { prunes: false, protected: [], kinds: [] };

/** `first`: whether kinds without entries are written, too. */
function textOf(file: File & { readonly limits?: boolean }, own: readonly Entry[], first: boolean): string {
  const lines = ["version: 1"];
  if (file.prunes) {
    lines.push("prune:", `  prefix: ${PREFIX}`);
  }
  const { max_deletes, min_idle } = file.limits === false ? NO_LIMITS : file;
  if (max_deletes !== null || min_idle !== null) {
    lines.push("limits:");
  }
  if (max_deletes !== null) {
    lines.push(`  max_deletes: ${max_deletes}`);
  }
  if (min_idle !== null) {
    lines.push(`  min_idle: ${min_idle === 0 ? "0" : `${min_idle}m`}`);
  }
  if (file.protected.length > 0) {
    lines.push(`protected: ${JSON.stringify(file.protected)}`);
  }
  for (const kind of first ? file.kinds : KINDS) {
    const entries = own.filter((entry) => entry.kind === kind);
    if (entries.length > 0 || first) {
      lines.push(entries.length === 0 ? `${kind}: {}` : `${kind}:`);
    }
    for (const { name, kind: _, secret, config_src, implies_config_src, ...attributes } of entries) {
      const source = config_src === undefined || implies_config_src ? {} : { config_src };
      const written = {
        ...attributes,
        ...source,
        ...(secret === undefined ? {} : { tunnel_secret: { env: secret } }),
      };
      lines.push(`  ${JSON.stringify(name)}: ${JSON.stringify(written)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

const NO_LIMITS = { max_deletes: null, min_idle: null, max_routes: 1_000 };

/** What lives, as far as an entry is made from it. */
type Existing = Pick<SeedTunnel, "kind" | "name" | "id" | "config_src">;

interface Making {
  readonly draw: Draw;
  readonly live: readonly Existing[];
  readonly gone: readonly Existing[];
  /** The kind of what is not there yet. */
  readonly kindOf: (draw: Draw) => string;
}

/** One thing that a person might write. */
type Maker = (making: Making) => readonly Entry[];

const tunnelKind = (draw: Draw): string => (draw.chance(0.75) ? "cfd_tunnel" : "warp_connector");

/** Attributes that may agree with what lives, or not. */
function attributes({ draw }: Making, kind: string): Partial<Entry> {
  if (draw.chance(0.6)) {
    return {};
  }
  switch (kind) {
    case "cfd_tunnel":
      return { config_src: draw.pick(["local", "cloudflare"]) };
    case NETWORK:
      return {
        ...(draw.chance(0.6) && { comment: draw.pick(COMMENTS) }),
        ...(draw.chance(0.5) && { is_default_network: draw.chance(0.7) }),
      };
    default:
      return { ha: draw.chance(0.5) };
  }
}

function existing(
  making: Making,
  entry: (tunnel: Existing, id: string) => Partial<Entry> & { name: string },
): readonly Entry[] {
  const { draw, live } = making;
  if (live.length === 0) {
    return create(making);
  }
  const tunnel = draw.pick(live);
  return [{ kind: tunnel.kind, ...entry(tunnel, tunnel.id ?? "") }];
}

const create: Maker = (making) => {
  const { draw, kindOf } = making;
  const kind = kindOf(draw);
  const secret =
    kind === "cfd_tunnel" && draw.chance(0.3) ? { secret: draw.pick(["SECRET_A", "SECRET_B"]) } : {};
  return [
    { kind, name: `${drawName(draw)}-new${draw.between(0, 99)}`, ...attributes(making, kind), ...secret },
  ];
};
const keep: Maker = (making) =>
  existing(making, ({ kind, name }) => ({
    name,
    ...(making.draw.chance(0.3) && attributes(making, kind)),
    ...(kind === "cfd_tunnel" && making.draw.chance(0.3) && { secret: "SECRET_B" }),
  }));
const adoptOrCreate: Maker = (making) => {
  const kind = making.kindOf(making.draw);
  return [{ kind, name: drawName(making.draw), ...attributes(making, kind) }];
};
const rename: Maker = (making) =>
  existing(making, ({ name }) => ({ name: drawName(making.draw), renamed_from: name }));
const renameOfNobody: Maker = ({ draw, kindOf }) => [
  { kind: kindOf(draw), name: drawName(draw), renamed_from: drawName(draw) },
];
const renamePinned: Maker = (making) => existing(making, (_, id) => ({ name: drawName(making.draw), id }));
const pin: Maker = (making) => existing(making, ({ name }, id) => ({ name, id }));
const pinOfNobody: Maker = ({ draw, gone, kindOf }) => [
  {
    kind: kindOf(draw),
    name: drawName(draw),
    id: gone.length > 0 && draw.chance(0.7) ? (draw.pick(gone).id ?? "") : drawId(draw),
  },
];
const tombstone: Maker = (making) => existing(making, ({ name }) => ({ name, state: "absent" }));
const tombstonePinned: Maker = (making) =>
  existing(making, ({ name }, id) => ({ name, id, state: "absent" }));
const replace: Maker = (making) =>
  existing(making, ({ kind, name, config_src }, id) => ({
    name,
    replace: id,
    ...(kind === "cfd_tunnel"
      ? {
          config_src: config_src === "local" ? "cloudflare" : "local",
          ...(making.draw.chance(0.3) && { secret: "SECRET_A" }),
        }
      : {}),
  }));
/** Names go round a ring of tunnels of a kind. In such a cycle every entry is pinned. */
const ring: Maker = ({ draw, live, kindOf }) => {
  const kind = kindOf(draw);
  const members = live.filter((tunnel) => tunnel.kind === kind).slice(0, draw.between(2, 4));
  const saysFrom = draw.chance(0.5);
  return members.map((tunnel, index) => {
    const before = members[(index + members.length - 1) % members.length] ?? tunnel;
    return {
      kind,
      name: tunnel.name,
      id: before.id ?? "",
      ...(saysFrom && before !== tunnel && { renamed_from: before.name }),
    };
  });
};
/** Each takes the next one's name, and the last one a new name. */
const chain: Maker = (making) => {
  const { draw, live, kindOf } = making;
  const kind = kindOf(draw);
  const members = live.filter((tunnel) => tunnel.kind === kind).slice(0, draw.between(2, 4));
  return members.map((tunnel, index) => ({
    kind,
    name: members[index + 1]?.name ?? `${drawName(draw)}-end`,
    renamed_from: tunnel.name,
  }));
};

const MAKERS: readonly Maker[] = [
  create,
  create,
  create,
  rename,
  rename,
  renamePinned,
  keep,
  keep,
  tombstone,
  tombstone,
  ring,
  chain,
  replace,
  create,
  create,
  create,
  keep,
  keep,
  keep,
  adoptOrCreate,
  rename,
  rename,
  rename,
  renameOfNobody,
  renamePinned,
  pin,
  pinOfNobody,
  tombstone,
  tombstone,
  tombstone,
  tombstonePinned,
  replace,
  ring,
  chain,
];

/** Leaves out what the loader would refuse: a file with a mistake in it tells nothing about the rest. */
function keepSound(entries: readonly Entry[], prefixed: boolean): readonly Entry[] {
  const kept: Entry[] = [];
  const taken = new Set<string>();
  const claim = (keys: readonly string[]) => {
    if (keys.some((key) => taken.has(key))) {
      return false;
    }
    for (const key of keys) {
      taken.add(key);
    }
    return true;
  };
  for (const entry of entries) {
    const { kind, name, id, renamed_from, replace, is_default_network } = entry;
    if (prefixed && !name.startsWith(PREFIX)) {
      continue;
    }
    if (renamed_from === name) {
      continue;
    }
    const keys = [
      `${kind} name ${name}`,
      ...(renamed_from === undefined ? [] : [`${kind} from ${renamed_from}`]),
      ...(id === undefined ? [] : [`id ${id}`]),
      ...(replace === undefined ? [] : [`id ${replace}`]),
      ...(is_default_network === true ? ["the default network"] : []),
    ];
    if (claim(keys)) {
      kept.push(entry);
    }
  }
  return withoutBrokenChains(kept.filter((entry) => entry.id !== undefined || !isInCycle(entry, kept)));
}

/** In a cycle of old names every entry needs an id. */
function isInCycle(start: Entry, entries: readonly Entry[]): boolean {
  const declared = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const from = (entry: Entry | undefined) => declared.get(`${entry?.kind}/${entry?.renamed_from}`);
  const seen = new Set<Entry>();
  for (let entry = from(start); entry !== undefined && !seen.has(entry); entry = from(entry)) {
    if (entry === start) {
      return true;
    }
    seen.add(entry);
  }
  return false;
}

/** An old name that is declared as well must have a rename of its own. */
function withoutBrokenChains(entries: readonly Entry[]): readonly Entry[] {
  const declared = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const sound = entries.filter(({ kind, renamed_from }) => {
    const other = declared.get(`${kind}/${renamed_from}`);
    return renamed_from === undefined || other === undefined || other.renamed_from !== undefined;
  });
  return sound.length === entries.length ? entries : withoutBrokenChains(sound);
}

const keyOf = ({ kind, name }: Entry): string => `${kind}/${name}`;
