import type { ActualResource, JsonValue, Liveness, Location, SecretReferences, Spec } from "./resource.ts";

export type Action = "create" | "update" | "delete" | "replace";

/** Why a change is in the plan. */
export type Reason =
  | { readonly code: "declared" }
  | { readonly code: "renamed_from"; readonly from: string }
  /** The pinned id lives under another name. */
  | { readonly code: "pinned"; readonly from: string }
  | { readonly code: "differs"; readonly attributes: readonly string[] }
  | { readonly code: "tombstone" }
  | { readonly code: "prune"; readonly prefix: string }
  | { readonly code: "replace_allowed"; readonly attributes: readonly string[] }
  /** It hangs on what this plan deletes. */
  | { readonly code: "goes_with"; readonly kind: string; readonly name: string; readonly id: string };

/** What a live resource hangs on. `name` is null where nobody has said it. */
export interface Owner {
  readonly kind: string | null;
  readonly name: string | null;
  readonly id: string;
}

/** What a resource is to be after a change. */
export interface Wanted {
  readonly name: string;
  /** Every managed attribute, changed or not. */
  readonly spec: Spec;
  /** The write-only attributes that this change sends, and no others. */
  readonly secrets: SecretReferences;
}

interface AnyChange {
  readonly kind: string;
  /** The declared name; for a prune, the live one. */
  readonly name: string;
  /** The attributes that this change sets or removes, sorted; `name` is one of them when it is. */
  readonly fields: readonly string[];
  readonly reason: Reason;
  /** Which resource each attribute leads to that leads to one, as kind/name; not there where none does. */
  readonly refers?: {
    readonly before: { readonly [attribute: string]: string };
    readonly after: { readonly [attribute: string]: string };
  };
  readonly source: Location;
}

export interface Create extends AnyChange {
  readonly action: "create";
  readonly id: null;
  readonly before: null;
  readonly after: Wanted;
}

export interface Update extends AnyChange {
  readonly action: "update";
  readonly id: string;
  readonly before: ActualResource;
  readonly after: Wanted;
  /** The temporary name that a member of a cycle of renames passes through; null for all others. */
  readonly via: string | null;
}

export interface Delete extends AnyChange {
  readonly action: "delete";
  readonly id: string;
  readonly before: ActualResource;
  readonly after: null;
}

/** A delete, seen gone, then a create: the new resource has another id. */
export interface Replace extends AnyChange {
  readonly action: "replace";
  readonly id: string;
  readonly before: ActualResource;
  readonly after: Wanted;
}

export type Change = Create | Update | Delete | Replace;

/** A record that has a name which the files want for a tunnel. */
export interface DnsHolder {
  readonly id: string;
  readonly type: string;
  readonly content: string;
  readonly comment: string;
}

/** Why a change that the file asks for is not made. */
export type BlockedReason =
  | { readonly code: "ambiguous_name"; readonly name: string; readonly ids: readonly string[] }
  | { readonly code: "id_gone"; readonly id: string }
  | { readonly code: "id_of_other_kind"; readonly id: string; readonly kind: string }
  /** A tombstone's pinned id lives under another name. */
  | { readonly code: "id_under_other_name"; readonly id: string; readonly live_name: string }
  /** The wanted name is held by a resource that this plan does not move. */
  | { readonly code: "name_held"; readonly name: string; readonly holder: string }
  /** Two entries would act on the same live resource; `by` is the other one's name. */
  | { readonly code: "claimed_twice"; readonly id: string; readonly by: string }
  | {
      readonly code: "immutable_attribute";
      readonly id: string;
      readonly attributes: readonly {
        readonly name: string;
        readonly live: JsonValue;
        readonly declared: JsonValue;
      }[];
    }
  /** `replace` gives a new id, so it contradicts a pinned `id`. */
  | { readonly code: "replace_of_pinned"; readonly id: string }
  /** `replace` together with a rename that is still to be made. */
  | { readonly code: "replace_while_renaming"; readonly id: string; readonly live_name: string }
  /** What the entry refers to is neither declared nor in the account. */
  | { readonly code: "reference_missing"; readonly kind: string; readonly name: string }
  /** Several live ones bear the name, and none is declared. */
  | {
      readonly code: "reference_ambiguous";
      readonly kind: string;
      readonly name: string;
      readonly ids: readonly string[];
    }
  /** What the entry refers to is declared as absent. */
  | { readonly code: "reference_to_deleted"; readonly kind: string; readonly name: string }
  /** What the entry refers to is blocked itself. */
  | { readonly code: "reference_blocked"; readonly kind: string; readonly name: string }
  /** The default network is neither demoted nor deleted. */
  | { readonly code: "default_network"; readonly id: string; readonly name: string }
  /** What connectors follow is a file beside them. */
  | { readonly code: "config_is_local" }
  /** Settings alone, where there are no rules for them. */
  | { readonly code: "no_rules" }
  /** A replacement gives a new id, and what is named refers to the old one. */
  | { readonly code: "replace_with_dependents"; readonly dependents: readonly string[] }
  /** It lives, and hangs on what the files do not declare. */
  | { readonly code: "route_taken"; readonly id: string; readonly owner: Owner }
  | { readonly code: "hostname_route_taken"; readonly id: string; readonly owner: Owner }
  /** A record leads to a tunnel that the files do not declare, and that was not deleted either. */
  | { readonly code: "dns_points_elsewhere"; readonly id: string; readonly owner: Owner }
  /** Other records have the name. */
  | { readonly code: "dns_conflict"; readonly records: readonly DnsHolder[] }
  /** Its owner may have connectors, and the one that it is to go to has none. */
  | { readonly code: "target_not_connected"; readonly from: Owner; readonly to: string }
  /** Others that stay refer to it. */
  | { readonly code: "network_in_use"; readonly names: readonly string[] }
  /** The name lies in no zone of the account; `seesNone`: the account shows none at all. */
  | { readonly code: "zone_unknown"; readonly candidates: readonly string[]; readonly seesNone: boolean }
  | { readonly code: "live"; readonly status: string | null; readonly because: Liveness }
  | { readonly code: "protected"; readonly pattern: string; readonly name: string }
  /** Times are the API's own text. `min_idle` in milliseconds. */
  | { readonly code: "recently_active"; readonly last_active: string; readonly min_idle: number }
  /** The API gave no readable time, so nobody can say how long the resource has been idle. */
  | { readonly code: "activity_unknown"; readonly min_idle: number };

/** Why the plan as a whole may not be applied. */
export type PlanRefusal =
  | { readonly code: "max_deletes"; readonly deletes: number; readonly max_deletes: number }
  /** The account would hold more than it may. */
  | {
      readonly code: "route_quota";
      readonly live: number;
      readonly after: number;
      readonly max_routes: number;
    };

export type Blocked =
  | {
      readonly action: Action | null;
      readonly kind: string;
      readonly name: string;
      readonly id: string | null;
      readonly reason: BlockedReason;
      readonly before: ActualResource | null;
      readonly source: Location;
    }
  | {
      readonly action: null;
      readonly kind: null;
      readonly name: null;
      readonly id: null;
      readonly reason: PlanRefusal;
      readonly before: null;
      readonly source: Location | null;
    };

/** What a reader of the plan should know, though it changes nothing. */
export type NoteReason =
  /** Both the old and the new name live and neither moves: `renamed_from` does nothing. */
  | { readonly code: "rename_has_no_effect"; readonly from: string; readonly from_id: string }
  /** Nothing live has the old name or the new one, so that this is a create; `nearest` is a live name like the old one. */
  | { readonly code: "rename_source_missing"; readonly from: string; readonly nearest: string | null }
  /** `replace` names the live resource, but no immutable attribute is known to differ. */
  | { readonly code: "replace_has_no_effect"; readonly id: string }
  /** Two undeclared live resources share a name. */
  | { readonly code: "duplicate_unmanaged"; readonly ids: readonly string[] }
  /** A tombstone's resource hangs on another owner, and is left alone. */
  | { readonly code: "not_ours"; readonly id: string; readonly owner: Owner }
  /** What its resource hung on was deleted: the entry takes it over. */
  | { readonly code: "adopted"; readonly id: string; readonly owner: Owner; readonly deleted_at: string }
  /** It swaps owners with another one: between two writes nobody serves it. */
  | { readonly code: "gap" }
  /** What the entry lies in is not in use yet. */
  | { readonly code: "zone_pending"; readonly zone: string; readonly status: string }
  /** A namesake of a pinned entry lives and is left alone. */
  | { readonly code: "namesake_spared"; readonly id: string }
  /** Deletes and creates in one kind: `renamed_from` would keep the id. `name` is null. */
  | { readonly code: "delete_and_create" };

export interface Note {
  readonly kind: string;
  readonly name: string | null;
  readonly id: string | null;
  readonly reason: NoteReason;
  readonly source: Location | null;
}

/** A declared write-only attribute that could not be compared. */
export interface Unknown {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly attribute: string;
  /** Why, in a sentence. */
  readonly why: string;
  readonly source: Location;
}

/** `kind/name#operation`: unique in a plan. */
export type StepId = string;

interface AnyStep {
  readonly id: StepId;
  /** `teardown` begins when all of `build` has ended. */
  readonly stage: "build" | "teardown";
  /** All must have been applied, else this step is skipped. */
  readonly needs: readonly StepId[];
  /** All must have ended, however they ended. */
  readonly after: readonly StepId[];
}

/** One piece of work. A replacement takes two: its delete, then its create. */
export type Step = AnyStep &
  (
    | {
        readonly operation: "create";
        readonly change: Create | Replace;
        /** Another step of this plan takes the name from whoever bears it. */
        readonly nameIsFreed: boolean;
        /** The attribute that a step of its own sets later (`promote`); null where there is none. */
        readonly withheld: string | null;
      }
    | { readonly operation: "update"; readonly change: Update; readonly withheld: string | null }
    /** The second half of a promotion: the attribute that makes it the one that is meant where none is named. */
    | { readonly operation: "promote"; readonly change: Create | Update; readonly attribute: string }
    /** A replacement in one request. */
    | { readonly operation: "swap"; readonly change: Replace }
    /** The first half of a member of a cycle: to the temporary name `change.via`. */
    | { readonly operation: "rename_aside"; readonly change: Update }
    | { readonly operation: "delete"; readonly change: Delete | Replace }
  );

/** Everything that `apply` would do, why, in which order, and what it would not do. A value: no functions in it. */
export interface Plan {
  /** Sorted by kind, then name. A resource is in one change at most. */
  readonly changes: readonly Change[];
  /** Sorted likewise; what concerns the whole plan comes last. Not empty: `apply` refuses. */
  readonly blocked: readonly Blocked[];
  readonly notes: readonly Note[];
  readonly unknown: readonly Unknown[];
  /** Live resources of the declared kinds that no entry mentions and no prune deletes. */
  readonly unmanaged: readonly ActualResource[];
  /** How many more of them there are, where nobody asked which. */
  readonly unlisted?: number;
  /** Entries that already agree with the account. */
  readonly unchanged: number;
  /** Each stands after those that it waits for. */
  readonly steps: readonly Step[];
  /** The changes, by `keyOf`, that cannot be made without something that is blocked. Empty where nothing is said. */
  readonly heldUp?: readonly string[];
}

/** The same plan, with what is unmanaged counted and no more. */
export function withoutUnmanaged(plan: Plan): Plan {
  return { ...plan, unmanaged: [], unlisted: countUnmanaged(plan) };
}

export function countUnmanaged({ unmanaged, unlisted = 0 }: Plan): number {
  return unmanaged.length + unlisted;
}
