export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The attributes that a user controls and the API can report, spelled as the API spells them. */
export type Spec = { readonly [attribute: string]: JsonValue };

/** A place in a file that the user wrote. `line` and `column` count from 1; `column` counts UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where a write-only attribute's value is to be found when it is sent. Never the value itself.
 * `file` is a path as the process sees it: one that was written relative to the YAML file is already joined to
 * that file's folder.
 */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** Write-only attributes (`tunnel_secret`) by name. */
export type SecretReferences = { readonly [attribute: string]: SecretReference };

/** What one entry of the file asks for. */
export interface DesiredEntry {
  readonly kind: string;
  readonly name: string;
  /** `absent` is a tombstone: a delete that a reviewer can read. */
  readonly state: "present" | "absent";
  /** A pin: this resource and no namesake. Lower case. */
  readonly id: string | null;
  readonly renamed_from: string | null;
  /** The id of the one resource that may be replaced. Lower case. */
  readonly replace: string | null;
  /** Only what was written: an attribute that is not here is not managed. */
  readonly spec: Spec;
  readonly secrets: SecretReferences;
  readonly source: Location;
}

/** A container that the files name: of its kind only those count that are named, where any are. */
export interface DesiredContainer {
  /** What its kind calls it. */
  readonly kind: string;
  readonly name: string;
  /** Where it is not to be looked up. Lower case. */
  readonly id: string | null;
  readonly source: Location;
}

/** The claim of one file to be the whole truth for the names under a prefix, in the kinds that it writes. */
export interface PruneScope {
  readonly prefix: string;
  readonly kinds: readonly string[];
  /** The lists that its entries write, each whole for one resource: the kind of its items, and what they hang on. */
  readonly collections: readonly {
    readonly kind: string;
    readonly of: { readonly kind: string; readonly name: string };
  }[];
  readonly source: Location;
}

/** All that the files of a run ask for. Plain data; the order of files and entries leaves no trace in it. */
export interface DesiredState {
  /** As the files set it, `${NAME}` replaced; null where no file does. */
  readonly account_id: string | null;
  /** Every kind that a file writes, also an empty one (`cfd_tunnel: {}`). Sorted. */
  readonly kinds: readonly string[];
  /** Sorted by kind, then name; at most one for each pair. */
  readonly entries: readonly DesiredEntry[];
  readonly prune: readonly PruneScope[];
  /** Sorted by kind, then name. */
  readonly containers: readonly DesiredContainer[];
  readonly limits: {
    readonly max_deletes: number;
    /** Milliseconds; 0 is off. */
    readonly min_idle: number;
    /** Routes of all sorts that the account may hold. */
    readonly max_routes: number;
  };
  /** Names or globs (`*` stands for any run of characters), as written. Sorted. */
  readonly protected: readonly string[];
}

/** What the API holds: one live resource. Holds only the fields that a kind's row type names. */
export interface ActualResource {
  readonly kind: string;
  /** What it goes by; of a kind with an identity of other attributes, words for that identity, for people to read. */
  readonly name: string;
  readonly id: string;
  /** Attributes that the API reported. One that is missing here is unknown, never a difference. */
  readonly spec: Spec;
  /** Read-only fields worth showing (`status`, `created_at`, …), as the API gave them; null where it gave none. */
  readonly facts: { readonly [field: string]: string | null };
}

/** What the API counts up with every write to a resource; null where it counts nothing. */
export function versionOf({ facts }: Pick<ActualResource, "facts">): string | null {
  return facts["version"] ?? null;
}

/**
 * What says that a resource is in use: its `status` (also one that is absent or unknown), `connections` that are open
 * whatever the status, or `activity` that began and has no end.
 */
export type Liveness = "status" | "connections" | "activity";

/** Orders by kind, then name, then id, by code unit: the same in every locale. */
export function byKindAndName(
  a: { readonly kind: string; readonly name: string; readonly id?: string | null },
  b: { readonly kind: string; readonly name: string; readonly id?: string | null },
): number {
  return compareText(a.kind, b.kind) || compareText(a.name, b.name) || compareText(a.id ?? "", b.id ?? "");
}

/** Code-unit order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
