import type { ActualState } from "../observe.ts";
import type { Matched } from "../model/match.ts";
import type { ResourceKind } from "../model/kind.ts";
import { byKindAndName, type DesiredEntry, type DesiredState } from "../model/resource.ts";
import { indexWorld, keyOf, type World } from "../model/account-index.ts";
import { findDefaults, followDefaults, nameDefaults, nameResources } from "./defaults.ts";
import { matchEntries } from "./match.ts";

/** Holds what the files ask for against a reading. Pure; the order of both leaves no trace. */
export function matchAccount(
  desired: Pick<DesiredState, "entries">,
  actual: ActualState,
  kinds: readonly ResourceKind[],
): Matched {
  const entries = [...desired.entries].sort(byKindAndName);
  const raw = indexWorld([...actual].sort(byKindAndName), kinds);
  const named = nameResources(raw.resources, findDefaults(entries, raw, kinds), raw, kinds);
  return matchFiles(entries, named === raw.resources ? raw : indexWorld(named, kinds), kinds);
}

/** Matches the entries of one version of the files, those included that rest on a default. */
export function matchFiles(
  written: readonly DesiredEntry[],
  world: World,
  kinds: readonly ResourceKind[],
): Matched {
  const defaults = findDefaults(written, world, kinds);
  const { entries, resting } = nameDefaults(written, defaults, kinds);
  const matches = new Map(matchEntries(entries, world, kinds));
  for (const match of followDefaults(matches, resting, defaults, world, kinds)) {
    matches.set(keyOf(match.entry.kind, match.entry.name), match);
  }
  return { world, entries, matches, resting };
}
