import { byKindAndName, type ActualResource, type DesiredEntry, type JsonValue } from "../model/resource.ts";
import type { ActualState } from "../observe.ts";
import type { Match, Matched } from "../model/match.ts";
import type { ResourceKind } from "../model/kind.ts";
import { defaultIn, type Reference } from "../model/reference.ts";
import { keyOf, outputsOf, type World } from "../model/account-index.ts";
import { matchEntries } from "./match.ts";

/** Of one kind, the one that is meant where a reference names none. */
interface Default {
  /** The entry that makes it so in this plan; null where the files leave it as it is. */
  readonly entry: DesiredEntry | null;
  /** It is so today. */
  readonly today: ActualResource | null;
  /** It is so once the plan is done; null where it is still to be made. */
  readonly next: ActualResource | null;
}

/** By kind. */
export type Defaults = ReadonlyMap<string, Default>;

/** Which one of each kind is the default, today and once the plan is done. */
export function findDefaults(
  entries: readonly DesiredEntry[],
  world: World,
  kinds: readonly ResourceKind[],
): Defaults {
  const defaults = new Map<string, Default>();
  for (const kind of kinds) {
    const { defaultBy } = kind;
    if (defaultBy === undefined) {
      continue;
    }
    const today = world.resources.find(
      (actual) => actual.kind === kind.kind && actual.spec[defaultBy] === true,
    );
    const own = entries.filter((entry) => entry.kind === kind.kind);
    const entry = own.find(({ state, spec }) => state === "present" && spec[defaultBy] === true);
    const match =
      entry === undefined ? undefined : matchEntries(own, world, [kind]).get(keyOf(kind.kind, entry.name));
    const promoted = match?.state === "found" || match?.state === "moving" ? match.actual : null;
    defaults.set(kind.kind, {
      entry: entry ?? null,
      today: today ?? null,
      next: entry === undefined ? (today ?? null) : promoted,
    });
  }
  return defaults;
}

/** Puts what is meant in the place of each reference that names none. */
export function nameDefaults(
  entries: readonly DesiredEntry[],
  defaults: Defaults,
  kinds: readonly ResourceKind[],
): { readonly entries: readonly DesiredEntry[]; readonly resting: Matched["resting"] } {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const resting = new Map<string, { readonly attribute: string; readonly kind: string }>();
  const named = entries.map((entry) => {
    const found = Object.keys(byKind.get(entry.kind)?.references ?? {}).flatMap((attribute) => {
      const rest = defaultIn(entry.spec[attribute]);
      if (rest === null) {
        return [];
      }
      resting.set(keyOf(entry.kind, entry.name), { attribute, kind: rest.kind });
      return [[attribute, meant(rest, defaults, byKind)] as const];
    });
    return found.length === 0 ? entry : { ...entry, spec: { ...entry.spec, ...Object.fromEntries(found) } };
  });
  return { entries: named, resting };
}

function meant(
  { kind, output }: Omit<Reference, "name">,
  defaults: Defaults,
  byKind: ReadonlyMap<string, ResourceKind>,
): JsonValue {
  const found = defaults.get(kind);
  const known = found?.entry ?? found?.next;
  if (found?.entry == null && found?.next != null) {
    return outputsOf(found.next, byKind.get(kind))[output] ?? null;
  }
  // An account without a default is one that nothing can be said of: the reference is missing.
  return { $ref: { kind, name: known?.name ?? "default", output } };
}

/** Live resources under the names that people call them once the plan is done. Sorted. */
export function nameResources(
  resources: ActualState,
  defaults: Defaults,
  world: World,
  kinds: readonly ResourceKind[],
): ActualState {
  const named = new Map(kinds.flatMap((kind) => (kind.nameOf === undefined ? [] : [[kind.kind, kind]])));
  const present = resources.some(({ kind }) => named.has(kind));
  return present
    ? resources
        .map((actual) => {
          const kind = named.get(actual.kind);
          const name = kind?.nameOf?.(actual.spec, referredBy(actual, kind, defaults, world)) ?? null;
          return name === null ? actual : { ...actual, name };
        })
        .sort(byKindAndName)
    : resources;
}

function referredBy(
  actual: ActualResource,
  { references = {} }: ResourceKind,
  defaults: Defaults,
  world: World,
) {
  return Object.fromEntries(
    Object.keys(references).map((attribute) => {
      const found = world.referred(actual, attribute);
      const isDefault = found !== undefined && defaults.get(found.kind)?.next?.id === found.id;
      return [attribute, found === undefined ? undefined : { name: found.name, isDefault }];
    }),
  );
}

/**
 * Where the plan makes another one the default, what rests on it follows: an entry that finds nothing there means what
 * lies in today's default, unless that one is another entry's or hangs on what is not declared. What an entry has the id of
 * is its own.
 */
export function followDefaults(
  matches: ReadonlyMap<string, Match>,
  resting: Matched["resting"],
  defaults: Defaults,
  world: World,
  kinds: readonly ResourceKind[],
): readonly Match[] {
  const taken = new Set(
    [...matches.values()].flatMap((match) =>
      match.state === "absent" || match.actual === null ? [] : [keyOf(match.actual.kind, match.actual.id)],
    ),
  );
  return [...resting].flatMap(([key, { attribute, kind: of }]): readonly Match[] => {
    const match = matches.get(key);
    const kind = kinds.find((each) => each.kind === match?.entry.kind);
    const to = kind?.references?.[attribute];
    const { today = null, next = null } = defaults.get(of) ?? {};
    const isElsewhere = match?.state === "blocked" && match.reason.code === "id_under_other_name";
    if (match === undefined || to === undefined || today === null || today.id === next?.id) {
      return [];
    }
    if (match.state !== "absent" && !isElsewhere) {
      return [];
    }
    const { entry } = match;
    const there = { ...entry.spec, [attribute]: outputsOf(today, undefined)[to.output] ?? null };
    const [actual, another] = world.same({ ...entry, spec: there });
    if (isElsewhere) {
      return actual?.id === entry.id ? [{ state: "found", entry, actual }] : [];
    }
    const isFree = another === undefined && actual !== undefined && !taken.has(keyOf(actual.kind, actual.id));
    const owner = actual === undefined ? undefined : world.ownerOf(actual);
    const isOurs =
      kind?.ownedBy === undefined || (owner !== undefined && taken.has(keyOf(owner.kind, owner.id)));
    return isFree && isOurs ? [{ state: "found", entry, actual }] : [];
  });
}
