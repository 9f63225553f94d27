import type { Blocked, Change, Plan } from "./model/change.ts";
import { deleteRulesOf } from "./decide/guard.ts";
import { deletesOfHanging, refuseInUse, refuseQuota, usedUnnamed } from "./decide/hanging.ts";
import { type ComparedSecret, judge, secretKey, type Verdict } from "./decide/judge.ts";
import { kindOf, type ResourceKind } from "./model/kind.ts";
import type { Match, Matched } from "./model/match.ts";
import { matchAccount } from "./match/account.ts";
import { refuseHeldNames } from "./decide/held-names.ts";
import { dependentsOf, refuseDependents, refuseStranded, refuseUnserved } from "./decide/dependents.ts";
import { noteMatches } from "./decide/notes.ts";
import { declaredIn, judgeOwnership, type OwnershipOptions } from "./decide/ownership.ts";
import { judgePrunes, sortUnmentioned } from "./decide/prune.ts";
import type { ActualState } from "./observe.ts";
import { replacementsOver } from "./decide/way-round.ts";
import { orderSteps } from "./order/order.ts";
import { referenceIn } from "./model/reference.ts";
import {
  type ActualResource,
  byKindAndName,
  compareText,
  type DesiredState,
  type Spec,
} from "./model/resource.ts";
import { type Target, targetsIn } from "./decide/target.ts";
import { containerNotes } from "./model/container.ts";
import { keyOf, type World } from "./model/account-index.ts";

export interface PlanOptions {
  /** Milliseconds since the epoch, to hold `min_idle` against. */
  readonly now: number;
  /** Only these entries are judged, with the renames that free a name they want; nothing is pruned. Empty: all. */
  readonly targets?: readonly Target[];
  /** What is known of write-only attributes. One that is not here is not compared. */
  readonly secrets?: readonly ComparedSecret[];
  /** Only these, by `keyOf`, are judged; what else differs is left for another plan. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Compares what the files ask for with what the account holds. Pure: the same inputs give the same plan, and so do
 * inputs in another order. `kinds` must hold every kind that `desired` and `actual` name, and `actual` all live
 * resources of those kinds.
 */
export function plan(
  desired: DesiredState,
  actual: ActualState,
  kinds: readonly ResourceKind[],
  options: PlanOptions,
): Plan {
  return planMatched(desired, matchAccount(desired, actual, kinds), kinds, options);
}

/** As `plan`, for entries that are matched already. */
export function planMatched(
  desired: DesiredState,
  matched: Matched,
  kinds: readonly ResourceKind[],
  options: PlanOptions,
): Plan {
  const { world, entries, matches } = matched;
  const targets = options.targets ?? [];
  const rules = deleteRulesOf(desired);
  const isKept = ({ kind, name }: Target) => options.only?.has(keyOf(kind, name)) ?? true;
  // Before names are judged: what is left out frees none.
  const meant = targets.length === 0 ? [...matches.values()] : targetsIn(matched, kinds)(targets);
  const selected = meant.filter(({ entry }) => isKept(entry));
  const dependents = dependentsOf(entries, kinds);
  const ownership = { kinds, rules, world, declared: declaredIn(matches) };
  const judged = judgeAll(selected, ownership, options);
  const held = refuseHeld(refuseDependents(judged, dependents), world);
  const verdicts = refuseUnserved(refuseStranded(held, kinds), entries, kinds);
  const rest = sortUnmentioned(
    [...matches.values()],
    verdicts,
    desired,
    world,
    // What an entry refers to is not its own, and yet it must stay.
    ({ kind, name }) => targets.length === 0 && !dependents.has(keyOf(kind, name)),
  );
  const prunable = rest.prunable.filter(({ actual }) => isKept(actual));
  const prunes = judgePrunes(prunable, ownership, options.now);

  const own = [...verdicts.flatMap(({ change }) => change ?? []), ...prunes.changes];
  const all = refuseInUse([...own, ...deletesOfHanging(own, world)], world, kinds);
  const { changes, steps, gaps } = orderSteps(
    all.changes.map((change) => withReferred(change, ownership)).sort(byKindAndName),
    matched,
    world,
    kinds,
  );
  const single = [...verdicts.flatMap((verdict) => verdict.blocked ?? []), ...prunes.blocked, ...all.blocked];
  const blocked = [
    ...single.sort(byBlockedName),
    ...refuseTooManyDeletes(changes, desired),
    ...refuseQuota(changes, world.resources, kinds, desired.limits.max_routes),
  ];
  const leaving = new Set(changes.map(({ kind, id }) => keyOf(kind, id ?? "")));
  return {
    changes,
    blocked,
    notes: noteMatches(selected, verdicts, { changes, gaps }, rest.duplicates, world),
    unknown: verdicts.flatMap(({ unknown }) => unknown).sort(byKindAndName),
    unmanaged: rest.unmanaged.filter(({ kind, id }) => !leaving.has(keyOf(kind, id))),
    unchanged: verdicts.filter(({ change, blocked }) => change === null && blocked === null).length,
    steps,
    heldUp: heldUpBy(blocked, changes, matched, kinds),
  };
}

/** The changes that no `--target` makes by themselves: each takes along what may not be made. By `keyOf`. */
function heldUpBy(
  blocked: readonly Blocked[],
  changes: readonly Change[],
  matched: Matched,
  kinds: readonly ResourceKind[],
): readonly string[] {
  if (blocked.length === 0) {
    return [];
  }
  const { matches, world } = matched;
  const select = targetsIn(matched, kinds);
  const inUse = usedUnnamed(changes, world, kinds);
  const stuck = [...blocked, ...replacementsOver(blocked, changes)];
  const keys = new Set(stuck.map(({ kind, name }) => keyOf(kind ?? "", name ?? "")));
  // Of a rename that only frees a name nothing but the name is judged.
  const isStuck = (match: Match) => {
    const key = keyOf(match.entry.kind, match.entry.name);
    return keys.has(key) && matches.get(key) === match;
  };
  return changes.flatMap(({ action, kind, name, id }) =>
    (action === "delete" && inUse.has(keyOf(kind, id ?? ""))) || select([{ kind, name }]).some(isStuck)
      ? [keyOf(kind, name)]
      : [],
  );
}

function judgeAll(
  selected: readonly Match[],
  ownership: OwnershipOptions,
  options: PlanOptions,
): readonly Verdict[] {
  const { kinds, rules, world } = ownership;
  const secrets = new Map(
    (options.secrets ?? []).map(({ id, attribute, comparison }) => [secretKey(id, attribute), comparison]),
  );
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  return selected.map((found) => {
    const kind = kindOf(byKind, found.entry.kind);
    const owned = judgeOwnership(found, kind, ownership);
    const { match } = owned;
    const notes = [...owned.notes, ...containerNotes(match.entry, kind, world)];
    const verdict = judge(match, kind, { rules, secrets });
    return notes.length === 0 ? verdict : { ...verdict, notes: [...verdict.notes, ...notes] };
  });
}

/** Blocks each rename and create whose name is held by a resource that stays where it is. */
function refuseHeld(verdicts: readonly Verdict[], world: World): readonly Verdict[] {
  const wishes = verdicts.flatMap((verdict) => {
    const { change } = verdict;
    return change?.action === "create" || (change?.action === "update" && change.fields.includes("name"))
      ? [
          {
            kind: change.kind,
            identity: world.identityOf({ kind: change.kind, ...change.after }),
            mover: change.id,
            verdict,
            change,
          },
        ]
      : [];
  });
  const held = new Map<Verdict, Blocked>();
  for (const [{ verdict, change }, holder] of refuseHeldNames(wishes, world)) {
    const { action, kind, name, before, source } = change;
    const reason = { code: "name_held", name, holder } as const;
    held.set(verdict, { action, kind, name, id: change.id, reason, before, source });
  }
  return verdicts.map((verdict) => {
    const blocked = held.get(verdict);
    return blocked === undefined ? verdict : { ...verdict, change: null, blocked };
  });
}

/** Tombstones do not count: each of them was written, and read by a reviewer, one by one. */
function refuseTooManyDeletes(changes: readonly Change[], desired: DesiredState): readonly Blocked[] {
  const { max_deletes } = desired.limits;
  const deletes = changes.filter(
    ({ action, reason }) => action === "replace" || reason.code === "prune",
  ).length;
  return deletes > max_deletes
    ? [
        {
          action: null,
          kind: null,
          name: null,
          id: null,
          reason: { code: "max_deletes", deletes, max_deletes },
          before: null,
          source: null,
        },
      ]
    : [];
}

function byBlockedName(a: Blocked, b: Blocked): number {
  return compareText(a.kind ?? "", b.kind ?? "") || compareText(a.name ?? "", b.name ?? "");
}

/** Says of the attributes of a change what they lead to: an id tells nobody. */
function withReferred(change: Change, { world, kinds, declared }: OwnershipOptions): Change {
  const { kind: of, before, after } = change;
  const attributes = Object.keys(kinds.find(({ kind }) => kind === of)?.references ?? {});
  const referred = (spec: Spec | undefined, nameOf: (live: ActualResource) => string) =>
    Object.fromEntries(
      attributes.flatMap((attribute) => {
        const pending = referenceIn(spec?.[attribute]);
        const live =
          spec && pending === null
            ? world.referred({ kind: of, name: "", id: "", spec, facts: {} }, attribute)
            : undefined;
        const key = live === undefined ? null : keyOf(live.kind, nameOf(live));
        const found = pending === null ? key : keyOf(pending.kind, pending.name);
        return found === null ? [] : [[attribute, found] as const];
      }),
    );
  const refers = {
    before: referred(before?.spec, ({ name }) => name),
    // What is renamed in the same plan goes by the name that it will have: another one may take over the old one.
    after: referred(after?.spec, ({ kind, id, name }) => declared.get(keyOf(kind, id))?.name ?? name),
  };
  const isNone = Object.keys(refers.before).length + Object.keys(refers.after).length === 0;
  return isNone ? change : { ...change, refers };
}
