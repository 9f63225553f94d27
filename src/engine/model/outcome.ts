import type { ApiError } from "../../cloudflare/error.ts";
import type { BlockedReason, Change } from "./change.ts";
import type { Follower, Overtaken } from "./kind.ts";
import type { JsonValue, Liveness } from "./resource.ts";

/** Why a change that was begun did not come to its end. */
export type Failure =
  | { readonly code: "api"; readonly error: ApiError }
  /** No answer, and reading the truth back gave none either: it may or may not have been done. */
  | { readonly code: "uncertain"; readonly error: ApiError }
  /** Right before its delete the resource was live, or had been since the plan. */
  | {
      readonly code: "came_alive";
      readonly status: string | null;
      /** Null: it is not live now, and was since the plan. */
      readonly because: Liveness | null;
    }
  /** Right before its delete it was what the rules of its kind spare. */
  | { readonly code: "forbidden"; readonly kind: string; readonly reason: BlockedReason }
  /** Right before the write it bore another name than the plan says. */
  | { readonly code: "name_changed"; readonly live_name: string }
  /** Somebody else wrote since the plan, or at the same time. */
  | Overtaken
  /** Right before its update it was no more. */
  | { readonly code: "gone" }
  /** A create found the name taken; `holder` is null where nobody could be seen to hold it. */
  | {
      readonly code: "name_taken";
      readonly holder: {
        readonly id: string;
        readonly created_at: string | null;
        readonly status: string | null;
      } | null;
      /** What the API said of it. */
      readonly error: ApiError;
    }
  /** No answer to a create, and what now bears the name is not what was asked for. */
  | { readonly code: "created_by_someone_else"; readonly id: string }
  /** Right before the write it hung on another owner than the plan says. */
  | { readonly code: "owner_changed"; readonly attribute: string; readonly found: JsonValue }
  /** It was to go with its owner, and that one is not to be deleted any more: nothing of it was touched. */
  | { readonly code: "owner_stays"; readonly kind: string; readonly name: string; readonly cause: Failure }
  /** All but the promotion was done. */
  | { readonly code: "not_promoted"; readonly cause: Failure | SkipReason }
  /** A replacement's delete was accepted, but the old one is still there; nothing was created. */
  | { readonly code: "not_seen_gone" }
  /** A replacement's old one is gone, and the new one was not made. */
  | { readonly code: "replaced_half"; readonly cause: Failure }
  /** A member of a cycle of renames bears the temporary name `name`; the next apply moves it on. */
  | { readonly code: "left_aside"; readonly name: string; readonly cause: Failure | SkipReason };

/** Why a change was not begun. */
export type SkipReason =
  | { readonly code: "interrupted" }
  /** The time that the run may take was over. */
  | { readonly code: "deadline" }
  /** A change that must come first was not applied. */
  | { readonly code: "needs_failed"; readonly kind: string; readonly name: string }
  /** What must lead on what it brings has reached nobody who follows it. */
  | { readonly code: "not_followed"; readonly kind: string; readonly name: string }
  /** A write met 401, 403 or an exhausted quota: the next would meet it too. */
  | { readonly code: "stopped"; readonly error: ApiError }
  /** Several changes in a row had no answer at all: nothing can be reached any more. */
  | { readonly code: "unreachable"; readonly error: ApiError };

/** What became of a change. `id` is the resource's: for a create or a replacement the new one's, once it is known. */
export type Outcome =
  | {
      readonly status: "applied";
      readonly change: Change;
      readonly id: string;
      /** Known by reading back, since no answer said so. */
      readonly confirmed: boolean;
    }
  | {
      readonly status: "failed";
      readonly change: Change;
      readonly id: string | null;
      readonly failure: Failure;
    }
  | {
      readonly status: "skipped";
      readonly change: Change;
      readonly id: string | null;
      readonly because: SkipReason;
    };

/** Who has not got the version that is live. */
export interface Laggard {
  readonly code: "not_arrived";
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly follower: Follower;
  /** The version that it should have. */
  readonly expected: string;
}

/** Who follows, and does not say which version it has: neither behind nor known to have arrived. */
export interface Silent extends Pick<Laggard, "kind" | "name" | "id" | "follower"> {
  readonly code: "not_told";
}

/** How far those who follow resources have got. */
export interface Rollout {
  /** How many were asked. */
  readonly asked: number;
  readonly behind: readonly Laggard[];
  readonly silent: readonly Silent[];
}

/** Where the account, read after the last change, is not what an applied change says. */
export type Difference =
  | { readonly code: "missing"; readonly kind: string; readonly name: string; readonly id: string }
  | {
      readonly code: "still_there";
      readonly kind: string;
      readonly name: string;
      readonly id: string;
    }
  | {
      readonly code: "other_value";
      readonly kind: string;
      readonly name: string;
      readonly id: string;
      readonly attribute: string;
      readonly expected: JsonValue;
      readonly found: JsonValue;
    };

/** Whether the account, read once more, shows what was applied. */
export type Verification =
  | { readonly verified: true; readonly because: "shown"; readonly silent?: readonly Silent[] }
  /** Nothing is known to have been done, so there was nothing to look for. */
  | { readonly verified: true; readonly because: "nothing_applied" }
  | { readonly verified: false; readonly because: "differs"; readonly differences: readonly Difference[] }
  /** The account shows it, and not all who follow it had got it in the time that they were given. */
  | {
      readonly verified: false;
      readonly because: "not_rolled_out";
      /** What ended the wait before its time; null: nothing did. */
      readonly ended: "interrupted" | "deadline" | null;
      readonly differences: readonly Laggard[];
      readonly silent?: readonly Silent[];
    }
  | { readonly verified: false; readonly because: "unreadable"; readonly error: ApiError }
  | { readonly verified: false; readonly because: "interrupted" };

/** What an apply did. Outcomes stand in the order of the plan's changes. */
export interface Report {
  readonly outcomes: readonly Outcome[];
  readonly verification: Verification;
}
