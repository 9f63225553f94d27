import type { Blocked, BlockedReason, PlanRefusal } from "../engine/model/change.ts";
import type { Outcome } from "../engine/model/outcome.ts";
import type { Location } from "../engine/model/resource.ts";
import { blockedWords } from "./words/blocked.ts";
import { failureWords } from "./words/failure.ts";
import { blockedHeadline, headline } from "./headline.ts";
import { toText } from "./words/sentence.ts";
import { visible } from "./visible.ts";

/** What GitHub is to show beside a line of a file, or of the run where there is no place. */
export interface Annotation {
  /** Not said: an error. */
  readonly level?: "error" | "warning";
  /** One sentence, safe to print. */
  readonly message: string;
  readonly location: Location | null;
}

/** GitHub shows no more than this of one step. */
const MOST = 10;

/**
 * Workflow commands that make GitHub show errors and warnings in the changed files: one a line, ten at most, those that come first
 * in the list being the ones that matter most; the tenth says how many more there are.
 */
export function renderAnnotations(annotations: readonly Annotation[]): string {
  const more = annotations.length - MOST;
  return annotations
    .slice(0, MOST)
    .map(({ level = "error", message, location }, position) => {
      const rest = position === MOST - 1 && more > 0 ? ` (And ${more} more: see the log.)` : "";
      return `::${level}${properties(location)}::${escapeData(message + rest)}\n`;
    })
    .join("");
}

/** What is blocked as annotations: what could do most harm first, then in the plan's order. */
export function blockedAnnotations(blocked: readonly Blocked[]): readonly Annotation[] {
  return [...blocked]
    .sort((a, b) => RANK[a.reason.code] - RANK[b.reason.code])
    .map((one) => ({
      message: `Blocked: ${blockedHeadline(one)}: ${toText(blockedWords(one))}`,
      location: one.source,
    }));
}

/** What failed in an apply, in the plan's order. */
export function failureAnnotations(outcomes: readonly Outcome[]): readonly Annotation[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status !== "failed") {
      return [];
    }
    const { action, source } = outcome.change;
    const message = `Failed: ${action} ${headline(outcome.change)}: ${toText(failureWords(outcome.failure))}`;
    return [{ message, location: source }];
  });
}

/** Deletes that must not happen, then entries that may be somebody else's, then what is merely impossible. */
const RANK: { readonly [code in BlockedReason["code"] | PlanRefusal["code"]]: number } = {
  max_deletes: 0,
  route_quota: 0,
  live: 1,
  protected: 2,
  recently_active: 3,
  activity_unknown: 4,
  ambiguous_name: 5,
  claimed_twice: 6,
  id_gone: 7,
  id_of_other_kind: 8,
  id_under_other_name: 9,
  name_held: 10,
  immutable_attribute: 11,
  replace_of_pinned: 12,
  replace_while_renaming: 13,
  route_taken: 5,
  hostname_route_taken: 5,
  target_not_connected: 1,
  network_in_use: 14,
  default_network: 14,
  replace_with_dependents: 14,
  reference_to_deleted: 15,
  reference_missing: 16,
  reference_ambiguous: 17,
  reference_blocked: 18,
  config_is_local: 19,
  no_rules: 19,
  zone_unknown: 20,
  dns_conflict: 14,
  dns_points_elsewhere: 14,
};

function properties(location: Location | null): string {
  if (location === null) {
    return "";
  }
  const { file, line, column } = location;
  return ` file=${escapeProperty(file)},line=${line},col=${column}`;
}

function escapeData(text: string): string {
  return text.replace(/[%\r\n]/g, percent);
}

function escapeProperty(text: string): string {
  return visible(text.replace(/[%:,\r\n]/g, percent));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
