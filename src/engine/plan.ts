import type { Blocked, Change, Plan } from "./model/change.ts";
import { type DeleteRules, deleteRulesOf, refusePrune } from "./decide/guard.ts";
import { type ComparedSecret, deletion, judge, secretKey, type Verdict } from "./decide/judge.ts";
import type { ResourceKind } from "./model/kind.ts";
import type { Match, Matched } from "./model/match.ts";
import { matchAccount } from "./decide/match.ts";
import { refuseHeldNames } from "./decide/held-names.ts";
import { dependentsOf, refuseDependents, refuseStranded } from "./decide/dependents.ts";
import { noteMatches } from "./decide/notes.ts";
import type { ActualState } from "./observe.ts";
import { orderSteps } from "./order/order.ts";
import {
  type ActualResource,
  byKindAndName,
  compareText,
  type DesiredEntry,
  type DesiredState,
  type PruneScope,
} from "./model/resource.ts";
import { selectTargets, type Target } from "./decide/target.ts";
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
  { world, entries, matches }: Matched,
  kinds: readonly ResourceKind[],
  options: PlanOptions,
): Plan {
  const targets = options.targets ?? [];
  const rules = deleteRulesOf(desired);
  const isKept = ({ kind, name }: Target) => options.only?.has(keyOf(kind, name)) ?? true;
  // Before names are judged: what is left out frees none.
  const selected = selectTargets(matches, targets, world, kinds).filter(({ entry }) => isKept(entry));
  const dependents = dependentsOf(entries, kinds);
  const held = refuseHeld(refuseDependents(judgeAll(selected, kinds, rules, options), dependents), world);
  const verdicts = refuseStranded(held, kinds);
  const rest = sortUnmentioned(
    [...matches.values()].map(({ entry }) => entry),
    verdicts,
    desired,
    world,
    // What an entry refers to is not its own, and yet it must stay.
    ({ kind, name }) => targets.length === 0 && !dependents.has(keyOf(kind, name)),
  );
  const prunable = rest.prunable.filter(({ actual }) => isKept(actual));
  const prunes = judgePrunes(prunable, kinds, rules, options.now);

  const judged = [...verdicts.flatMap(({ change }) => change ?? []), ...prunes.changes];
  const { changes, steps } = orderSteps(judged.sort(byKindAndName), entries, world, kinds);
  const blocked = [...verdicts.flatMap((verdict) => verdict.blocked ?? []), ...prunes.blocked];
  return {
    changes,
    blocked: [...blocked.sort(byBlockedName), ...refuseTooManyDeletes(changes, desired)],
    notes: noteMatches(selected, verdicts, changes, rest.duplicates, world),
    unknown: verdicts.flatMap(({ unknown }) => unknown).sort(byKindAndName),
    unmanaged: rest.unmanaged,
    unchanged: verdicts.filter(({ change, blocked }) => change === null && blocked === null).length,
    steps,
  };
}

function judgeAll(
  selected: readonly Match[],
  kinds: readonly ResourceKind[],
  rules: DeleteRules,
  options: PlanOptions,
): readonly Verdict[] {
  const secrets = new Map(
    (options.secrets ?? []).map(({ id, attribute, comparison }) => [secretKey(id, attribute), comparison]),
  );
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  return selected.map((match) => judge(match, kindOf(byKind, match.entry.kind), { rules, secrets }));
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

interface Prunable {
  readonly actual: ActualResource;
  readonly scope: PruneScope;
}

/**
 * Parts what no entry mentions into what a prune scope covers and what is unmanaged. Two that share a name when the
 * plan is done are never pruned: nobody knows which of them is meant.
 */
function sortUnmentioned(
  entries: readonly DesiredEntry[],
  verdicts: readonly Verdict[],
  desired: DesiredState,
  world: World,
  mayGo: (actual: ActualResource) => boolean,
): {
  readonly prunable: readonly Prunable[];
  readonly unmanaged: readonly ActualResource[];
  readonly duplicates: ReadonlyMap<string, readonly ActualResource[]>;
} {
  const isMentioned = mentions(entries, world);
  const renamed = new Set(
    verdicts.flatMap(({ change }) =>
      change?.action === "update" && change.fields.includes("name") ? [keyOf(change.kind, change.id)] : [],
    ),
  );
  const prunable: Prunable[] = [];
  const unmanaged: ActualResource[] = [];
  const duplicates = new Map<string, readonly ActualResource[]>();
  for (const actual of world.resources) {
    // What is read only because others refer to it is not declared.
    if (isMentioned(actual) || !desired.kinds.includes(actual.kind)) {
      continue;
    }
    const namesakes = world.same(actual).filter(({ kind, id }) => !renamed.has(keyOf(kind, id)));
    const scope = mayGo(actual) ? scopeOf(actual, desired.prune) : undefined;
    if (namesakes.length > 1) {
      duplicates.set(keyOf(actual.kind, actual.name), namesakes);
    }
    if (scope !== undefined && namesakes.length === 1) {
      prunable.push({ actual, scope });
    } else {
      unmanaged.push(actual);
    }
  }
  return { prunable, unmanaged, duplicates };
}

/** Whether an entry speaks of a resource: by name, by old name, or by id, whatever the entry's state and kind. */
function mentions(entries: readonly DesiredEntry[], world: World): (actual: ActualResource) => boolean {
  const names = new Set<string>();
  const ids = new Set<string | null>();
  for (const entry of entries) {
    const { kind, renamed_from, id, replace } = entry;
    names.add(keyOf(kind, world.identityOf(entry) ?? ""));
    if (renamed_from !== null) {
      names.add(keyOf(kind, renamed_from));
    }
    ids.add(id).add(replace);
  }
  return (actual) => names.has(keyOf(actual.kind, world.identityOf(actual) ?? "")) || ids.has(actual.id);
}

function scopeOf({ kind, name }: ActualResource, scopes: readonly PruneScope[]): PruneScope | undefined {
  return scopes.find(({ prefix, kinds }) => kinds.includes(kind) && name.startsWith(prefix));
}

function judgePrunes(
  prunable: readonly Prunable[],
  kinds: readonly ResourceKind[],
  rules: DeleteRules,
  now: number,
): { readonly changes: readonly Change[]; readonly blocked: readonly Blocked[] } {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const changes: Change[] = [];
  const blocked: Blocked[] = [];
  for (const { actual, scope } of prunable) {
    const reason = refusePrune(actual, kindOf(byKind, actual.kind), rules, now);
    if (reason === null) {
      changes.push(deletion(actual, { code: "prune", prefix: scope.prefix }, scope.source));
    } else {
      const { kind, name, id } = actual;
      blocked.push({ action: "delete", kind, name, id, reason, before: actual, source: scope.source });
    }
  }
  return { changes, blocked };
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

function kindOf(kinds: ReadonlyMap<string, ResourceKind>, name: string): ResourceKind {
  const kind = kinds.get(name);
  if (kind === undefined) {
    throw new Error(`Internal error: no kind named ${name}`);
  }
  return kind;
}
