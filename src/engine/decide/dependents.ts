import type { ResourceKind } from "../model/kind.ts";
import { referencesIn } from "../model/reference.ts";
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
      dependents.set(key, [...(dependents.get(key) ?? []), keyOf(entry.kind, entry.name)]);
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
    const { action, kind, name, id, before, source } = change;
    const reason = {
      code: "replace_with_dependents",
      dependents: [...new Set(found)].sort(compareText),
    } as const;
    return { ...verdict, change: null, blocked: { action, kind, name, id, reason, before, source } };
  });
}
