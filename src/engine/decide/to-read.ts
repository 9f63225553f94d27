/* What of an account planning has to know: all that is declared, or all that targets and what they take along rest on. */
import type { ResourceKind } from "../model/kind.ts";
import type { Match, Matched } from "../model/match.ts";
import { keyOf } from "../model/account-index.ts";
import { closureOf, hangingBy, hangsOn, referenceIn } from "../model/reference.ts";
import type { DesiredEntry, DesiredState } from "../model/resource.ts";
import { type Target, targetsIn } from "./target.ts";

/** What is to be planned. */
export interface PlanRequest {
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
}

/** The parts that targets take along, and that were not read with them. `seen` holds those from now on. */
export function unseenParts(
  matched: Matched,
  targets: readonly Target[],
  kinds: readonly ResourceKind[],
  seen: Set<string>,
): readonly Match[] {
  const parts = new Set(kinds.flatMap(({ kind, partOf }) => (partOf === undefined ? [] : [kind])));
  const unseen = (targets.length === 0 ? [] : targetsIn(matched, kinds)(targets)).filter(
    ({ entry: { kind, name } }) => parts.has(kind) && !seen.has(keyOf(kind, name)),
  );
  for (const { entry } of unseen) {
    seen.add(keyOf(entry.kind, entry.name));
  }
  return unseen;
}

/** The kinds that are declared, with targets those of the targets and of their parts; and all that these refer to. */
export function kindsToRead(
  { desired, targets }: PlanRequest,
  kinds: readonly ResourceKind[],
): readonly ResourceKind[] {
  const named = targets.length === 0 ? desired.kinds : targets.map(({ kind }) => kind);
  const promoted = promotedBy({ desired, targets }, kinds);
  const hanging = kinds.filter(
    (kind) =>
      desired.kinds.includes(kind.kind) &&
      (named.some(hangsOn(kind)) || Object.values(kind.references ?? {}).some(({ to }) => to.some(promoted))),
  );
  const wanted = new Set([...named, ...hanging.map(({ kind }) => kind)]);
  // What moves may come from a declared one of any kind.
  const givers = kinds.flatMap(({ kind, ownedBy, references = {} }) =>
    ownedBy === undefined || !wanted.has(kind) ? [] : (references[ownedBy.attribute]?.to ?? []),
  );
  // What brings traffic, and what serves it, wait for one another.
  const serving = kinds.flatMap(({ kind, servedBy }) =>
    servedBy !== undefined && (wanted.has(kind) || wanted.has(servedBy)) ? [kind, servedBy] : [],
  );
  const declared = [...givers, ...serving].filter((kind) => desired.kinds.includes(kind));
  return closureOf([...wanted, ...declared], kinds, desired.entries);
}

/**
 * The entries that reading is about. With targets, of parts only those of the targets and of what these are written in; and
 * of what lies in containers only what is a target or written in one, unless what leads elsewhere has to go first.
 */
export function entriesToRead(
  { desired, targets }: PlanRequest,
  kinds: readonly ResourceKind[],
): readonly DesiredEntry[] {
  if (targets.length === 0) {
    return desired.entries;
  }
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const ownerOf = ({ kind, spec }: DesiredEntry) => {
    const attribute = hangingBy(byKind.get(kind) ?? {});
    const owner = attribute === null ? null : referenceIn(spec[attribute]);
    return owner === null ? "" : keyOf(owner.kind, owner.name);
  };
  const named = new Set(targets.map(({ kind, name }) => keyOf(kind, name)));
  const meant = desired.entries.filter(({ kind, name }) => named.has(keyOf(kind, name)));
  const whole = new Set([...named, ...meant.map(ownerOf)]);
  const isPart = ({ kind }: DesiredEntry) => byKind.get(kind)?.partOf !== undefined;
  const givesUp =
    meant.some((entry) => entry.state === "absent" || entry.replace !== null || isPart(entry)) ||
    desired.entries.some((entry) => isPart(entry) && named.has(ownerOf(entry)));
  return desired.entries.filter((entry) => {
    const { partOf, within } = byKind.get(entry.kind) ?? {};
    const isMeant = named.has(keyOf(entry.kind, entry.name));
    const isIn = (owners: ReadonlySet<string>) => isMeant || owners.has(ownerOf(entry));
    return partOf === undefined ? within === undefined || givesUp || isIn(named) : isIn(whole);
  });
}

/** Whether a target makes one of a kind the default: what is to lie in it goes first. */
function promotedBy(
  { desired, targets }: PlanRequest,
  kinds: readonly ResourceKind[],
): (kind: string) => boolean {
  const attributes = new Map(kinds.map(({ kind, defaultBy }) => [kind, defaultBy]));
  const promoted = new Set(
    desired.entries
      .filter(({ kind, name, spec }) => {
        const isTarget = targets.some((target) => target.kind === kind && target.name === name);
        return isTarget && spec[attributes.get(kind) ?? ""] === true;
      })
      .map(({ kind }) => kind),
  );
  return (kind) => promoted.has(kind);
}
