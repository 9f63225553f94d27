import type { BlockedReason } from "../model/change.ts";
import { placeEntry } from "../model/container.ts";
import type { ResourceKind } from "../model/kind.ts";
import { type Reference, referencesIn, resolveReferences } from "../model/reference.ts";
import type { ActualResource, DesiredEntry, JsonValue } from "../model/resource.ts";
import { keyOf, outputsOf, type World } from "../model/account-index.ts";
import type { Match } from "../model/match.ts";

/** An entry whose references are values as far as that can be, and why it may not be planned. */
export interface ResolvedEntry {
  readonly entry: DesiredEntry;
  readonly reason: BlockedReason | null;
}

/** What a reference leads to: a value, what is not there yet or any more, or nothing that it may lead to. */
type Found =
  | { readonly state: "known"; readonly value: JsonValue }
  | { readonly state: "pending" }
  | { readonly state: "blocked"; readonly reason: BlockedReason };

/** Resolves the references of an entry and gives its attributes their one form. `matches` holds all that the files declare of the kinds that it refers to. */
export function resolveEntry(
  entry: DesiredEntry,
  kind: ResourceKind,
  matches: ReadonlyMap<string, Match>,
  world: World,
  kinds: readonly ResourceKind[],
): ResolvedEntry {
  const references = referencesIn(entry.spec, kind);
  const follow = (reference: Reference) => found(reference, entry, matches, world, kinds);
  const blocked = references.map(([, reference]) => follow(reference)).find((end) => end.state === "blocked");
  const spec = resolveReferences(entry.spec, kind, (reference) => {
    const end = follow(reference);
    return end.state === "known" ? end.value : null;
  });
  // What is blocked has its place all the same: nobody else is to take what lives there for unclaimed.
  const placed = placeEntry({ ...entry, spec: kind.normalise?.(spec) ?? spec }, kind, world);
  return blocked === undefined ? placed : { entry: placed.entry, reason: blocked.reason };
}

function found(
  reference: Reference,
  { state }: DesiredEntry,
  matches: ReadonlyMap<string, Match>,
  world: World,
  kinds: readonly ResourceKind[],
): Found {
  const { kind, name } = reference;
  const known = (actual: ActualResource): Found => ({
    state: "known",
    value:
      outputsOf(
        actual,
        kinds.find((each) => each.kind === kind),
      )[reference.output] ?? null,
  });
  const blocked = (reason: BlockedReason): Found => ({ state: "blocked", reason });
  const match = matches.get(keyOf(kind, name));
  if (match === undefined) {
    const [actual, ...others] = world.holders(kind, name);
    if (actual === undefined) {
      // What is to be gone may have gone together with what it referred to.
      return state === "absent" ? { state: "pending" } : blocked({ code: "reference_missing", kind, name });
    }
    const ids = [actual, ...others].map(({ id }) => id);
    return others.length === 0 ? known(actual) : blocked({ code: "reference_ambiguous", kind, name, ids });
  }
  if (match.entry.state === "absent" && state === "present") {
    return blocked({ code: "reference_to_deleted", kind, name });
  }
  switch (match.state) {
    case "found":
    case "moving":
      return known(match.actual);
    case "absent":
      return { state: "pending" };
    case "blocked":
      return blocked({ code: "reference_blocked", kind, name });
  }
}
