import type { Change, Plan } from "../model/change.ts";

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
export function wayRound({ changes, blocked }: Pick<Plan, "changes" | "blocked">): WayRound {
  const limit = blocked.find(({ reason }) => reason.code === "max_deletes")?.reason;
  const most = limit?.code === "max_deletes" ? limit.max_deletes : Number.POSITIVE_INFINITY;
  const all = changes.filter(({ action }) => action === "replace");
  const replacements = all.slice(0, most);
  const targets = changes.filter(
    (change) =>
      change.reason.code !== "prune" &&
      change.reason.code !== "goes_with" &&
      (change.action !== "replace" || replacements.includes(change)),
  );
  const prunes = changes.filter(({ reason }) => reason.code === "prune").length;
  return { targets, prunes, overLimit: all.length - replacements.length };
}
