import type { BlockedReason, Change } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import { levelsOf, type Reference, referenceIn, referencesIn } from "../model/reference.ts";
import { compareText, type DesiredEntry } from "../model/resource.ts";
import { keyOf } from "../model/account-index.ts";
import type { Verdict } from "./judge.ts";

/** Who refers to what, both by `keyOf`: the entries that are to be there. `entries` have their references unresolved. */
export type Dependents = ReadonlyMap<string, readonly string[]>;

/** Reads who refers to what. */
export function dependentsOf(entries: readonly DesiredEntry[], kinds: readonly ResourceKind[]): Dependents {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const dependents = new Map<string, string[]>();
  for (const entry of entries) {
    const kind = byKind.get(entry.kind);
    const references = kind === undefined || entry.state === "absent" ? [] : referencesIn(entry.spec, kind);
    for (const [, { kind: to, name }] of references) {
      const key = keyOf(to, name);
      const found = dependents.get(key) ?? [];
      dependents.set(key, found);
      found.push(keyOf(entry.kind, entry.name));
    }
  }
  return dependents;
}

/** Blocks each replacement of what other entries refer to: they refer to an id that would be gone. */
export function refuseDependents(verdicts: readonly Verdict[], dependents: Dependents): readonly Verdict[] {
  return verdicts.map((verdict) => {
    const { entry, change } = verdict;
    const found = dependents.get(keyOf(entry.kind, entry.name));
    if (change?.action !== "replace" || found === undefined) {
      return verdict;
    }
    return refused(verdict, change, {
      code: "replace_with_dependents",
      dependents: [...new Set(found)].sort(compareText),
    });
  });
}

/**
 * Blocks each change that waits for the output of what is not made, being blocked or left for another plan; and a part
 * of what is blocked.
 */
export function refuseStranded(
  verdicts: readonly Verdict[],
  kinds: readonly ResourceKind[],
): readonly Verdict[] {
  const ends = new Map<string, Verdict>();
  for (const kind of levelsOf(kinds).flat()) {
    for (const verdict of verdicts.filter(({ entry }) => entry.kind === kind.kind)) {
      ends.set(keyOf(kind.kind, verdict.entry.name), refuseWhereStranded(verdict, kind, ends));
    }
  }
  return verdicts.map((verdict) => ends.get(keyOf(verdict.entry.kind, verdict.entry.name)) ?? verdict);
}

/** Blocks each change that leads to what is not served as its entry says, what serves it being blocked. */
export function refuseUnserved(
  verdicts: readonly Verdict[],
  entries: readonly DesiredEntry[],
  kinds: readonly ResourceKind[],
): readonly Verdict[] {
  const bringing = new Map(
    kinds.filter(({ servedBy }) => servedBy !== undefined).map((kind) => [kind.kind, kind]),
  );
  const blocked = new Set(
    verdicts.flatMap(({ entry, blocked }) => (blocked === null ? [] : [keyOf(entry.kind, entry.name)])),
  );
  const owners = new Map(
    entries.flatMap(({ kind, name, spec }) => {
      const owner = referenceIn(spec[bringing.get(kind)?.ownedBy?.attribute ?? ""]);
      return owner === null ? [] : [[keyOf(kind, name), owner.name] as const];
    }),
  );
  return verdicts.map((verdict) => {
    const { change, entry } = verdict;
    const { servedBy = "", ownedBy } = bringing.get(entry.kind) ?? {};
    const owner = owners.get(keyOf(entry.kind, entry.name)) ?? "";
    const isLed =
      change !== null && change.after !== null && change.fields.includes(ownedBy?.attribute ?? "");
    return isLed && blocked.has(keyOf(servedBy, owner))
      ? refused(verdict, change, { code: "reference_blocked", kind: servedBy, name: owner })
      : verdict;
  });
}

function refused(verdict: Verdict, change: Change, reason: BlockedReason): Verdict {
  const { action, kind, name, id, before } = change;
  const { source } = verdict.entry;
  return { ...verdict, change: null, blocked: { action, kind, name, id, reason, before, source } };
}

/** `ends`: what becomes of all that the verdict may wait for. */
function refuseWhereStranded(
  verdict: Verdict,
  kind: ResourceKind,
  ends: ReadonlyMap<string, Verdict>,
): Verdict {
  const { change, entry } = verdict;
  const waitsFor = change === null || change.after === null ? [] : referencesIn(change.after.spec, kind);
  // A part is called as what it is a part of, and goes nowhere without it.
  const wholeBlocked = () =>
    (kind.references?.[kind.partOf ?? ""]?.to ?? [])
      .map((to) => ({ kind: to, name: entry.name }))
      .find((whole) => endOf(whole)?.blocked);
  const endOf = ({ kind: to, name }: Pick<Reference, "kind" | "name">) => ends.get(keyOf(to, name));
  const missing = waitsFor.find(([, reference]) => !endOf(reference)?.change)?.[1] ?? wholeBlocked();
  if (change === null || missing === undefined) {
    return verdict;
  }
  const code = endOf(missing)?.blocked ? "reference_blocked" : "reference_missing";
  return refused(verdict, change, { code, kind: missing.kind, name: missing.name });
}
