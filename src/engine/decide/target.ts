import { nearest } from "../../base/spelling.ts";
import type { Match, Matched } from "../model/match.ts";
import type { ActualResource, DesiredEntry, DesiredState } from "../model/resource.ts";
import type { ResourceKind } from "../model/kind.ts";
import { hangingBy, type Reference, referenceIn, referencesIn } from "../model/reference.ts";
import { addTo, keyOf } from "../model/account-index.ts";

/** An entry that the user named with `--target`. */
export interface Target {
  readonly kind: string;
  readonly name: string;
}

/** What names no entry: it has no kind, or none is declared like it, the nearest of them being another. */
export type TargetFlaw =
  | { readonly code: "no_kind"; readonly text: string }
  | { readonly code: "unknown"; readonly text: string; readonly nearest: string | null };

/** The entries that texts name as `KIND/NAME`, and the flaws of those that name none. */
export function readTargets(
  texts: readonly string[],
  { entries }: Pick<DesiredState, "entries">,
): { readonly targets: readonly Target[]; readonly flaws: readonly TargetFlaw[] } {
  const declared = new Map(entries.map(({ kind, name }) => [keyOf(kind, name), { kind, name }]));
  const targets: Target[] = [];
  const flaws: TargetFlaw[] = [];
  for (const text of texts) {
    const target = declared.get(text);
    if (target !== undefined) {
      targets.push(target);
    } else if (text.includes("/")) {
      flaws.push({ code: "unknown", text, nearest: nearest(text, [...declared.keys()]) });
    } else {
      flaws.push({ code: "no_kind", text });
    }
  }
  return { targets, flaws };
}

/** The matches that a run with these targets judges. */
export type Select = (targets: readonly Target[]) => readonly Match[];

/**
 * A run with targets judges the named entries, what is written in them, what must be made before them, and the renames
 * that free a name they want. Of such a rename nothing but the name is judged.
 */
export function targetsIn(matched: Matched, kinds: readonly ResourceKind[]): Select {
  const { matches, world } = matched;
  const movers = new Map<string, Match>();
  for (const match of matches.values()) {
    if (match.state === "moving") {
      movers.set(keyOf(match.actual.kind, match.actual.id), match);
    }
  }
  const owners = ownersIn(matched.entries, kinds);
  const hanging = new Map<string, string[]>();
  for (const [key, owner] of owners) {
    addTo(hanging, keyOf(owner.kind, owner.name), key);
  }
  const earlier = earlierIn(matched, owners, kinds);
  return (targets) => {
    const selected = new Map<string, Match>();
    const select = (key: string) => {
      const match = matches.get(key);
      if (match !== undefined && !selected.has(key)) {
        selected.set(key, match);
      }
    };
    for (const { kind, name } of targets) {
      const key = keyOf(kind, name);
      [key, ...(hanging.get(key) ?? [])].forEach(select);
    }
    for (const match of selected.values()) {
      // A map visits what is added to it while it is walked.
      earlier(match).forEach(select);
    }
    const queue = [...selected.values()];
    for (let match = queue.pop(); match !== undefined; match = queue.pop()) {
      for (const holder of wantsName(match) ? world.same(match.entry) : []) {
        const mover = movers.get(keyOf(holder.kind, holder.id));
        const key = mover === undefined ? "" : keyOf(mover.entry.kind, mover.entry.name);
        if (mover !== undefined && !selected.has(key)) {
          const renameOnly = { ...mover, entry: nameOnly(mover.entry) };
          selected.set(key, renameOnly);
          queue.push(renameOnly);
        }
      }
    }
    return [...selected.values()];
  };
}

/** The entry that each one is written in. By `keyOf`. */
function ownersIn(
  entries: readonly DesiredEntry[],
  kinds: readonly ResourceKind[],
): ReadonlyMap<string, Reference> {
  const attributes = new Map(kinds.map((kind) => [kind.kind, hangingBy(kind)]));
  return new Map(
    entries.flatMap(({ kind, name, spec }) => {
      const owner = referenceIn(spec[attributes.get(kind) ?? ""]);
      return owner === null ? [] : [[keyOf(kind, name), owner] as const];
    }),
  );
}

/**
 * What must be made before a match: what it refers to, and what serves it there; before a promotion all that is to lie in
 * what is promoted; before a delete what other entries take over of all that hangs on what goes; before what serves names
 * changes, those that are led elsewhere.
 */
function earlierIn(
  { matches, resting, world }: Matched,
  owners: ReadonlyMap<string, Reference>,
  kinds: readonly ResourceKind[],
): (match: Match) => readonly string[] {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  /** What is led away, by what it hangs on now: by `keyOf` and that one's id. */
  const taken = new Map<string, { readonly key: string; readonly servedBy: string | undefined }[]>();
  for (const [key, match] of matches) {
    const { ownedBy, servedBy } = byKind.get(match.entry.kind) ?? {};
    if (ownedBy === undefined || match.entry.state === "absent") {
      continue;
    }
    const { entry } = match;
    // Also what is blocked is claimed.
    const own = match.state === "absent" ? null : (match.actual ?? world.byId(entry.kind, entry.id ?? ""));
    const claimed = own == null ? world.same(entry) : [own];
    for (const actual of claimed) {
      const owner = world.ownerOf(actual);
      if (owner !== undefined && entry.spec[ownedBy.attribute] !== actual.spec[ownedBy.attribute]) {
        addTo(taken, keyOf(owner.kind, owner.id), { key, servedBy });
      }
    }
  }
  const takenFrom = (actual: ActualResource | null | undefined) =>
    (actual ? taken.get(keyOf(actual.kind, actual.id)) : undefined) ?? [];
  return (match) => {
    const { entry } = match;
    const actual = match.state === "absent" ? null : match.actual;
    const kind = byKind.get(entry.kind);
    const owner = entry.state === "absent" ? undefined : owners.get(keyOf(entry.kind, entry.name));
    const pending = kind === undefined ? [] : referencesIn(entry.spec, kind);
    const isDefault = actual?.spec[kind?.defaultBy ?? ""] === true;
    const promotes = kind?.defaultBy !== undefined && entry.spec[kind.defaultBy] === true && !isDefault;
    const goes = actual !== null && (entry.state === "absent" || entry.replace !== null);
    const whole = kind?.partOf === undefined ? undefined : matches.get(wholeOf(entry, kind));
    const serves = whole?.state === "found" || whole?.state === "moving" ? takenFrom(whole.actual) : [];
    return [
      ...pending.map(([, { kind: to, name }]) => keyOf(to, name)),
      ...(kind?.servedBy === undefined || owner === undefined ? [] : [keyOf(kind.servedBy, owner.name)]),
      ...(promotes ? [...resting].flatMap(([key, to]) => (to.kind === entry.kind ? [key] : [])) : []),
      ...(goes ? takenFrom(actual) : serves.filter(({ servedBy }) => servedBy === entry.kind)).map(
        ({ key }) => key,
      ),
    ];
  };
}

/** That which an entry is a part of: it is called the same. By `keyOf`. */
function wholeOf({ name }: DesiredEntry, { partOf, references = {} }: ResourceKind): string {
  return keyOf(references[partOf ?? ""]?.to[0] ?? "", name);
}

function wantsName(match: Match): boolean {
  return match.state === "moving" || (match.state === "absent" && match.entry.state === "present");
}

function nameOnly(entry: DesiredEntry): DesiredEntry {
  return { ...entry, spec: {}, secrets: {}, replace: null };
}
