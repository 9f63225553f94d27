import type { Plan } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import type { Matched } from "../model/match.ts";
import { matchFiles } from "../match/account.ts";
import { type ChangeOrigin, originOf } from "./origin.ts";
import type { DesiredEntry, DesiredState, Location } from "../model/resource.ts";
import { actualOf, type Side, sideOf } from "./side.ts";
import { keyOf } from "../model/account-index.ts";

/** A live resource that the files speak of and the base did not: from now on it is managed, whoever made it. */
export interface Adopted {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  /** As the API gave it; null where it gave none. */
  readonly created_at: string | null;
  /** The name that it lives under, where it is to be renamed. */
  readonly live_name: string;
  readonly source: Location;
}

/** What the base declared and the files do not mention any more: it lives on, unmanaged. */
export interface Released {
  readonly kind: string;
  readonly name: string;
  /** Null where its kind was not read, since the files do not write it any more. */
  readonly id: string | null;
}

export interface BaseComparison {
  /** One for each change and each blocked entry of the plan, in the plan's order. */
  readonly origins: readonly ChangeOrigin[];
  readonly adopted: readonly Adopted[];
  readonly released: readonly Released[];
}

/** Holds a plan against the base. Pure, and costs no request: `matched` is what the plan was made from. */
export function compareWithBase(
  base: DesiredState,
  desired: DesiredState,
  { plan, matched }: { readonly plan: Pick<Plan, "changes" | "blocked">; readonly matched: Matched },
  kinds: readonly ResourceKind[],
): BaseComparison {
  const files = sideOf(desired, matched);
  const before = sideOf(base, matchFiles(base.entries, matched.world, kinds));
  const planned = [...plan.changes, ...plan.blocked];
  const subjects = new Map(
    planned.flatMap((each) => (each.kind === null ? [] : [[keyOf(each.kind, each.name), each] as const])),
  );
  const origins = planned.flatMap((each) => {
    if (each.kind === null) {
      return [];
    }
    // What goes with another one goes for that one's reason.
    const { kind, name, reason } = each;
    const cause = reason.code === "goes_with" ? subjects.get(keyOf(reason.kind, reason.name)) : undefined;
    return [{ ...originOf(cause ?? each, before, files), kind, name }];
  });
  return {
    origins,
    adopted: desired.entries.flatMap((entry) => adopted(entry, before, files)),
    released: base.entries.flatMap((entry) => released(entry, before, files, subjects)),
  };
}

function adopted(entry: DesiredEntry, before: Side, files: Side): readonly Adopted[] {
  const { kind, name, source } = entry;
  const match = files.matches.get(keyOf(kind, name));
  if (entry.state === "absent" || (match?.state !== "found" && match?.state !== "moving")) {
    return [];
  }
  const { actual: live } = match;
  if (before.byLive.get(keyOf(live.kind, live.id))?.state === "present") {
    return [];
  }
  const created_at = live.facts["created_at"] ?? null;
  return [{ kind, name, id: live.id, created_at, live_name: live.name, source }];
}

function released(
  earlier: DesiredEntry,
  before: Side,
  files: Side,
  subjects: ReadonlyMap<string, unknown>,
): readonly Released[] {
  const { kind, name } = earlier;
  const live = actualOf(earlier, before);
  const isRead = files.desired.kinds.includes(kind);
  const goesOn =
    files.names.has(keyOf(kind, name)) ||
    (live !== null && (files.ids.has(live.id) || files.names.has(keyOf(kind, live.name))));
  // What is pruned has a change of its own.
  const isSubject = subjects.has(keyOf(kind, live?.name ?? name));
  return earlier.state === "absent" || goesOn || isSubject || (isRead && live === null)
    ? []
    : [{ kind, name, id: live?.id ?? null }];
}
