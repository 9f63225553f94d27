import { keyOf } from "../model/account-index.ts";
import type { Blocked, Change, Plan } from "../model/change.ts";

/** What of a plan in which something is blocked could be applied by itself. */
export interface WayRound {
  /** The changes that `--target` can name. */
  readonly targets: readonly Change[];
  /** Prunes are no entry's, so that none can be named. */
  readonly prunes: number;
  /** Replacements beyond what the limit allows, where it is the limit that blocks. */
  readonly overLimit: number;
}

/** Whether `apply` refuses a plan as a whole. */
export function isRefused({ blocked }: Pick<Plan, "blocked">): boolean {
  return blocked.length > 0;
}

/** What `--target` can apply although something else is blocked. */
export function wayRound({
  changes,
  blocked,
  heldUp,
}: Pick<Plan, "changes" | "blocked" | "heldUp">): WayRound {
  const overLimit = replacementsOver(blocked, changes);
  const stuck = new Set(heldUp);
  const targets = changes.filter(
    (change) =>
      change.reason.code !== "prune" &&
      change.reason.code !== "goes_with" &&
      !stuck.has(keyOf(change.kind, change.name)) &&
      !overLimit.includes(change),
  );
  const prunes = changes.filter(({ reason }) => reason.code === "prune").length;
  return { targets, prunes, overLimit: overLimit.length };
}

/** The replacements beyond what the limit allows, where it is the limit that blocks. */
export function replacementsOver(blocked: readonly Blocked[], changes: readonly Change[]): readonly Change[] {
  const limit = blocked.find(({ reason }) => reason.code === "max_deletes")?.reason;
  return limit?.code === "max_deletes"
    ? changes.filter(({ action }) => action === "replace").slice(limit.max_deletes)
    : [];
}
