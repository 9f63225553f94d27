import fc from "fast-check";
import type {
  ActualResource,
  DesiredEntry,
  DesiredState,
  PruneScope,
} from "../../src/engine/model/resource.ts";
import { byKindAndName } from "../../src/engine/model/resource.ts";
import { entry, facts, id, LONG_AGO, scope, state, tunnel } from "./builders.ts";

/** What the files ask for and what the account holds, at odds in every way that the file rules allow. */
export interface Case {
  readonly desired: DesiredState;
  readonly actual: readonly ActualResource[];
}

const KINDS = ["cfd_tunnel", "warp_connector"] as const;

/** Few names, so that they collide; two prefixes that a file may claim. */
const NAMES = ["a", "b", "c", "d", "p-a", "p-b", "p-c", "q-a", "q-b"] as const;
const PREFIXES = ["p-", "q-"] as const;
const CONFIG_SRC = [undefined, "local", "cloudflare"] as const;

const kind = fc.constantFrom(...KINDS);
const name = fc.constantFrom(...NAMES);

/** Numbers of ids: few, so that pins meet tunnels, and some meet none. */
const number = fc.integer({ min: 1, max: 12 });

const wildEntry = fc.record({
  kind,
  name,
  absent: weighted(0.15),
  pin: fc.option(number, { freq: 2 }),
  from: fc.option(name, { freq: 2 }),
  replace: fc.constantFrom("none", "none", "own", "other"),
  config_src: fc.constantFrom(...CONFIG_SRC),
  secret: weighted(0.2),
});

const wildTunnel = fc.record({
  kind,
  name,
  status: fc.constantFrom("inactive", "down", "inactive", "down", "healthy", null),
  created_at: fc.constantFrom(LONG_AGO, LONG_AGO, "2025-12-31T23:59:00Z", null),
  config_src: fc.constantFrom(...CONFIG_SRC),
  aside: weighted(0.05),
});

const rules = fc.record({
  claims: fc.subarray([...PREFIXES]),
  emptied: fc.subarray([...KINDS]),
  protected: fc.subarray(["a", "p-*", "*-b"]),
  max_deletes: fc.constantFrom(0, 3, 100),
  min_idle: fc.constantFrom(0, 3_600_000, 3_600_000),
});

/** Anything goes: most plans of these are blocked somewhere. */
const wildCase: fc.Arbitrary<Case> = fc
  .record({
    entries: fc.array(wildEntry, { maxLength: 10 }),
    tunnels: fc.array(wildTunnel, { maxLength: 12 }),
    rules,
  })
  .map(({ entries, tunnels, rules }) => {
    const actual = tunnels.map(toTunnel).sort(byKindAndName);
    return {
      desired: stateOf(
        entries.map((entry) => toEntry(entry, actual)),
        rules,
      ),
      actual,
    };
  });

/**
 * Renames above all: tunnels of both kinds, and entries that ask for most of them under names of each other, by pin,
 * by `renamed_from` or by both. Nothing is live, protected or of another `config_src`, so little is blocked.
 */
const movingCase: fc.Arbitrary<Case> = fc
  .record({
    places: fc.uniqueArray(fc.tuple(kind, name), { maxLength: 10, selector: (pair) => pair.join("/") }),
    goals: fc.array(
      fc.record({
        name,
        how: fc.constantFrom("pin", "rename", "both", "name", "replace"),
        absent: weighted(0.1),
      }),
      { minLength: 10, maxLength: 10 },
    ),
    aside: fc.array(weighted(0.05), { minLength: 10, maxLength: 10 }),
    more: fc.array(fc.tuple(kind, name), { maxLength: 2 }),
    rules: rules.map((rules) => ({ ...rules, protected: [], max_deletes: 100 })),
  })
  .map(({ places, goals, aside, more, rules }) => {
    const actual = places.map(([kind, name], at) =>
      toTunnel({ ...IDLE, kind, name, aside: aside[at] ?? false }, at),
    );
    const entries = actual.flatMap((resource, at) => {
      const goal = goals[at];
      const oldName = places[at]?.[1] ?? resource.name;
      if (goal === undefined) {
        return [];
      }
      const { how, absent } = goal;
      const kept = how === "name" || how === "replace" ? oldName : goal.name;
      return [
        entry(kept, {
          kind: resource.kind,
          state: absent ? "absent" : "present",
          id: how === "pin" || how === "both" ? resource.id : null,
          renamed_from: how === "rename" || how === "both" ? oldName : how === "replace" ? goal.name : null,
          replace: how === "replace" ? resource.id : null,
          spec: how === "replace" && resource.kind === "cfd_tunnel" ? { config_src: "cloudflare" } : {},
        }),
      ];
    });
    const wished = more.map(([kind, name]) => entry(name, { kind }));
    return { desired: stateOf([...entries, ...wished], rules), actual: [...actual].sort(byKindAndName) };
  });

/** A permutation of names with every id pinned: swaps and longer cycles, some of them across the kinds. */
export const swapCase: fc.Arbitrary<Case> = fc.integer({ min: 2, max: 8 }).chain((size) =>
  fc
    .record({
      goal: fc.shuffledSubarray([...NAMES].slice(0, size), { minLength: size, maxLength: size }),
      kinds: fc.array(kind, { minLength: size, maxLength: size }),
      oneKind: fc.boolean(),
    })
    .map(({ goal, kinds, oneKind }) => {
      const kindAt = (at: number) => (oneKind ? "cfd_tunnel" : (kinds[at] ?? "cfd_tunnel"));
      const actual = goal.map((_, at) => toTunnel({ ...IDLE, kind: kindAt(at), name: nameAt(at) }, at));
      const entries = goal.map((name, at) => entry(name, { kind: kindAt(at), id: id(at + 1) }));
      return { desired: stateOf(entries, CALM), actual: [...actual].sort(byKindAndName) };
    }),
);

/** The mixture that most properties are held against. */
export const anyCase: fc.Arbitrary<Case> = fc.oneof(
  { arbitrary: wildCase, weight: 4 },
  { arbitrary: movingCase, weight: 4 },
  { arbitrary: swapCase, weight: 1 },
);

/** An account that already is what a state asks for; pinned ids are there, and nothing else. */
export function worldOf(desired: DesiredState): readonly ActualResource[] {
  const taken = new Set(desired.entries.map((entry) => entry.id));
  let next = 100;
  return desired.entries.flatMap(({ kind, name, state, id: pin, spec }) => {
    while (taken.has(id(next))) {
      next += 1;
    }
    next += 1;
    const reported = kind === "cfd_tunnel" ? { config_src: "local", ...spec } : {};
    return state === "absent" ? [] : [tunnel(name, 0, { kind, id: pin ?? id(next - 1), spec: reported })];
  });
}

/** Choices for a player: the same ones for the same case, and shrinkable. */
export const dice: fc.Arbitrary<(count: number) => number> = fc
  .array(fc.nat(997), { minLength: 1, maxLength: 20 })
  .map((throws) => {
    let at = 0;
    return (count: number) => (throws[at++ % throws.length] ?? 0) % count;
  });

const IDLE = {
  status: "inactive",
  created_at: LONG_AGO,
  config_src: "local",
  aside: false,
} as const;

/** Rules that refuse nothing. */
const CALM: Rules = { claims: [], emptied: [], protected: [], max_deletes: 3, min_idle: 0 };

interface Rules {
  readonly claims: readonly string[];
  /** Kinds that a claiming file writes without an entry. */
  readonly emptied: readonly string[];
  readonly protected: readonly string[];
  readonly max_deletes: number;
  readonly min_idle: number;
}

type WildEntry = typeof wildEntry extends fc.Arbitrary<infer E> ? E : never;
type WildTunnel = typeof wildTunnel extends fc.Arbitrary<infer T> ? T : never;

function weighted(probability: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 0, max: 99 }).map((roll) => roll >= 100 - probability * 100);
}

function nameAt(at: number): (typeof NAMES)[number] {
  return NAMES[at] ?? "a";
}

function toTunnel(
  { kind, name, status, created_at, config_src, aside }: WildTunnel,
  at: number,
): ActualResource {
  return tunnel(aside ? `warren-rename-${id(at + 1)}` : name, at + 1, {
    kind,
    spec: kind === "cfd_tunnel" && config_src !== undefined ? { config_src } : {},
    ...facts({ status, created_at }),
  });
}

function toEntry(wild: WildEntry, actual: readonly ActualResource[]): DesiredEntry {
  const { kind, name, absent, pin, from, replace, config_src, secret } = wild;
  const cfd = kind === "cfd_tunnel";
  const own = actual.find((other) => other.kind === kind && other.name === name)?.id ?? null;
  return entry(name, {
    kind,
    state: absent ? "absent" : "present",
    id: pin === null ? null : id(pin),
    renamed_from: from,
    replace: replace === "own" ? own : replace === "other" ? id(3) : null,
    spec: cfd && config_src !== undefined ? { config_src } : {},
    secrets: cfd && secret ? { tunnel_secret: { env: "SECRET" } } : {},
  });
}

/** Makes the entries keep the rules of the file, by dropping what breaks one. */
function stateOf(entries: readonly DesiredEntry[], rules: Rules): DesiredState {
  const kept = asFilesMaySay(entries);
  const prune = rules.claims.map((prefix): PruneScope => {
    const written = kept.filter(({ name }) => name.startsWith(prefix)).map(({ kind }) => kind);
    return scope(prefix, [...new Set([...written, ...rules.emptied])].sort());
  });
  const { max_deletes, min_idle } = rules;
  return state([...kept].sort(byKindAndName), {
    prune,
    protected: [...rules.protected].sort(),
    limits: { max_deletes, min_idle, max_routes: 1_000 },
  });
}

/** The entries, without what a file may not say. */
export function asFilesMaySay(entries: readonly DesiredEntry[]): readonly DesiredEntry[] {
  return withValidRenames(withoutTwice(entries));
}

/** No name, id or old name twice; no tombstone with an old name; nothing renamed from itself. */
function withoutTwice(entries: readonly DesiredEntry[]): readonly DesiredEntry[] {
  const seen = new Set<string>();
  const once = (key: string) => !seen.has(key) && seen.add(key).has(key);
  return entries.flatMap((entry) => {
    const { kind, name, state, renamed_from: from } = entry;
    if (!once(`name ${kind}/${name}`)) {
      return [];
    }
    const keepsFrom = state === "present" && from !== null && from !== name && once(`from ${kind}/${from}`);
    const keepsId = entry.id !== null && once(`id ${entry.id}`);
    return [{ ...entry, renamed_from: keepsFrom ? from : null, id: keepsId ? entry.id : null }];
  });
}

/** Old names are free or have a rename of their own, and cycles are pinned: the rest is dropped, until it is so. */
function withValidRenames(entries: readonly DesiredEntry[]): readonly DesiredEntry[] {
  const byName = new Map(entries.map((entry) => [`${entry.kind}/${entry.name}`, entry]));
  const source = ({ kind, renamed_from }: DesiredEntry) => byName.get(`${kind}/${renamed_from}`);
  const bad = entries.find((entry) => {
    if (entry.renamed_from === null) {
      return false;
    }
    let next = source(entry);
    if (next !== undefined && next.renamed_from === null) {
      return true;
    }
    for (let steps = 0; next !== undefined && steps < entries.length; steps += 1) {
      if (next === entry) {
        return entry.id === null;
      }
      next = source(next);
    }
    return false;
  });
  return bad === undefined
    ? entries
    : withValidRenames(entries.map((entry) => (entry === bad ? { ...entry, renamed_from: null } : entry)));
}
