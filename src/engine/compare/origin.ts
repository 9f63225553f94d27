import { isDeepStrictEqual } from "node:util";
import type { ActualResource, DesiredEntry } from "../model/resource.ts";
import { actualOf, type Side } from "./side.ts";
import { keyOf } from "../model/account-index.ts";

/**
 * Where a change of a plan comes from, told by a third point: what the files said before, the base. What differs
 * between base and files is this change; what differs between base and account is drift that was there before; where
 * both have moved the same thing, they contradict each other.
 */
export interface ChangeOrigin {
  readonly kind: string;
  readonly name: string;
  readonly origin: "this_change" | "drift" | "conflict";
  /** What the files say otherwise than the base: attributes, `name`, `id`, or `state` for whether it is there. Sorted. */
  readonly proposed: readonly string[];
  /** What the account has otherwise than the base. Sorted. */
  readonly drifted: readonly string[];
  /** What both have moved, and not to the same. Not empty: a conflict. Sorted. */
  readonly contested: readonly string[];
}

/** What a plan changes, or would. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly before: ActualResource | null;
}

/** Tells where the change of `subject` comes from. */
export function originOf(subject: Subject, before: Side, files: Side): ChangeOrigin {
  const entry = files.byKey.get(keyOf(subject.kind, subject.name));
  if (entry === undefined) {
    return pruneOrigin(subject, before);
  }
  const earlier = baseEntryOf(entry, before, files);
  if (earlier === null) {
    return origin(subject, ["state"], [], []);
  }
  const live = actualOf(earlier, before);
  const isMoving = files.matches.get(keyOf(entry.kind, entry.name))?.state === "moving";
  const proposed = proposedBy(earlier, entry, isMoving);
  const drifted = driftOf(earlier, live);
  return origin(subject, proposed, drifted, contested(entry, live, proposed, drifted));
}

/** The entry of the base that speaks of the same resource; where there is none, the one that had its pin or its name. */
function baseEntryOf(entry: DesiredEntry, before: Side, files: Side): DesiredEntry | null {
  const { kind, id, renamed_from: from } = entry;
  const live = actualOf(entry, files);
  const named = before.byKey.get(keyOf(kind, entry.name));
  if (named !== undefined && (live === null || actualOf(named, before)?.id === live.id)) {
    return named;
  }
  const pinned = id === null ? undefined : before.byId.get(id);
  const old = from === null ? undefined : before.byKey.get(keyOf(kind, from));
  return (
    (live === null ? undefined : before.byLive.get(keyOf(live.kind, live.id))) ??
    (pinned?.kind === kind ? pinned : undefined) ??
    named ??
    // It was to be renamed, and is gone.
    (old !== undefined && !files.byKey.has(keyOf(kind, old.name)) ? old : null)
  );
}

/** A prune is this change where the base mentioned what goes, or did not prune it; else it was to be made already. */
function pruneOrigin(subject: Subject, { names, scopeOf }: Side): ChangeOrigin {
  const mentioned = names.has(keyOf(subject.kind, subject.name));
  const pruned = subject.before !== null && scopeOf(subject.before) !== undefined;
  return pruned && !mentioned ? origin(subject, [], ["state"], []) : origin(subject, ["state"], [], []);
}

function origin(
  { kind, name }: { readonly kind: string; readonly name: string },
  proposed: readonly string[],
  drifted: readonly string[],
  contested: readonly string[],
): ChangeOrigin {
  const from = contested.length > 0 ? "conflict" : proposed.length > 0 ? "this_change" : "drift";
  return { kind, name, origin: from, proposed, drifted, contested };
}

/** What an entry says otherwise than it did. `renamed_from` counts where it is in force and no other name tells. */
function proposedBy(earlier: DesiredEntry, entry: DesiredEntry, isMoving: boolean): readonly string[] {
  const renames = isMoving && entry.id === null && earlier.name === entry.name;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["id", earlier.id, entry.id],
    ["name", earlier.name, entry.name],
    ["renamed_from", renames ? earlier.renamed_from : null, renames ? entry.renamed_from : null],
    ["replace", earlier.replace, entry.replace],
    ["state", earlier.state, entry.state],
    ...[...new Set([...Object.keys(earlier.spec), ...Object.keys(entry.spec)])].map(
      (key) => [key, earlier.spec[key], entry.spec[key]] as const,
    ),
    ...[...new Set([...Object.keys(earlier.secrets), ...Object.keys(entry.secrets)])].map(
      (key) => [key, earlier.secrets[key], entry.secrets[key]] as const,
    ),
  ];
  return pairs.flatMap(([key, a, b]) => (isDeepStrictEqual(a, b) ? [] : [key])).sort();
}

/** What the account has otherwise than an entry of the base asked for. */
function driftOf(earlier: DesiredEntry, live: ActualResource | null): readonly string[] {
  if (earlier.state === "absent") {
    return live === null ? [] : ["state"];
  }
  if (live === null) {
    return ["state"];
  }
  const attributes = Object.entries(earlier.spec).flatMap(([key, declared]) => {
    const found = live.spec[key];
    return found === undefined || isDeepStrictEqual(found, declared) ? [] : [key];
  });
  return [...attributes, ...(live.name === earlier.name ? [] : ["name"])].sort();
}

/** What both sides have moved, save where they agree by now. A side that deletes contradicts any change of the other. */
function contested(
  entry: DesiredEntry,
  live: ActualResource | null,
  proposed: readonly string[],
  drifted: readonly string[],
): readonly string[] {
  if (proposed.length === 0 || drifted.length === 0) {
    return [];
  }
  if (live === null) {
    return entry.state === "absent" ? [] : ["state"];
  }
  if (entry.state === "absent") {
    return proposed.includes("state") ? drifted : [];
  }
  return drifted.filter((key) => {
    const value = key === "name" ? live.name : live.spec[key];
    const wanted = key === "name" ? entry.name : entry.spec[key];
    // What the files no longer say anything about is left as it is.
    return proposed.includes(key) && wanted !== undefined && !isDeepStrictEqual(value, wanted);
  });
}
