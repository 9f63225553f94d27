import { nearest } from "../../base/spelling.ts";
import type { Match, Matched } from "../model/match.ts";
import type { DesiredEntry, DesiredState } from "../model/resource.ts";
import type { ResourceKind } from "../model/kind.ts";
import { hangingBy, referenceIn, referencesIn } from "../model/reference.ts";
import { keyOf } from "../model/account-index.ts";

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

/**
 * The matches that a run with targets judges: the named entries, what is written in them, what must be made
 * before them, and the renames that free a name they want. Of such a rename nothing but the name is judged. Without
 * targets: all of them.
 */
export function selectTargets(
  { matches, entries, resting, world }: Matched,
  targets: readonly Target[],
  kinds: readonly ResourceKind[],
): readonly Match[] {
  if (targets.length === 0) {
    return [...matches.values()];
  }
  const movers = new Map<string, Match>();
  for (const match of matches.values()) {
    if (match.state === "moving") {
      movers.set(keyOf(match.actual.kind, match.actual.id), match);
    }
  }
  const selected = new Map<string, Match>();
  for (const key of keysConcerned(targets, entries, kinds)) {
    const match = matches.get(key);
    if (match !== undefined) {
      selected.set(key, match);
    }
  }
  for (const match of selected.values()) {
    // A map visits what is added to it while it is walked.
    for (const key of earlier(match, resting, kinds)) {
      const neighbour = matches.get(key);
      if (neighbour !== undefined && !selected.has(key)) {
        selected.set(key, neighbour);
      }
    }
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
}

/** The targets, what is written in their entries, and the parts that must serve what of these is to be there. By `keyOf`. */
export function keysConcerned(
  targets: readonly Target[],
  entries: readonly DesiredEntry[],
  kinds: readonly ResourceKind[],
): ReadonlySet<string> {
  const named = new Set(targets.map(({ kind, name }) => keyOf(kind, name)));
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const concerned = entries.flatMap(({ kind: of, name, spec, state }) => {
    const { servedBy, ...kind } = byKind.get(of) ?? {};
    const owner = referenceIn(spec[hangingBy(kind) ?? ""]);
    const key = keyOf(of, name);
    if (!named.has(key) && (owner === null || !named.has(keyOf(owner.kind, owner.name)))) {
      return [];
    }
    return owner === null || servedBy === undefined || state === "absent"
      ? [key]
      : [key, keyOf(servedBy, owner.name)];
  });
  return new Set([...named, ...concerned]);
}

/** What must be made first: what is referred to, and before a promotion all that is to lie in what is promoted. */
function earlier(
  match: Match,
  resting: Matched["resting"],
  kinds: readonly ResourceKind[],
): readonly string[] {
  const { entry } = match;
  const kind = kinds.find((each) => each.kind === entry.kind);
  const pending = kind === undefined ? [] : referencesIn(entry.spec, kind);
  const isDefault = match.state !== "absent" && match.actual?.spec[kind?.defaultBy ?? ""] === true;
  const promotes = kind?.defaultBy !== undefined && entry.spec[kind.defaultBy] === true && !isDefault;
  return [
    ...pending.map(([, { kind, name }]) => keyOf(kind, name)),
    ...(promotes ? [...resting].flatMap(([key, to]) => (to.kind === entry.kind ? [key] : [])) : []),
  ];
}

function wantsName(match: Match): boolean {
  return match.state === "moving" || (match.state === "absent" && match.entry.state === "present");
}

function nameOnly(entry: DesiredEntry): DesiredEntry {
  return { ...entry, spec: {}, secrets: {}, replace: null };
}
