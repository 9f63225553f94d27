import type { BlockedReason } from "./change.ts";
import type { World } from "./account-index.ts";
import type { ActualResource, DesiredEntry } from "./resource.ts";

/** The entries of the files, held against one reading of the account. */
export interface Matched {
  readonly world: World;
  /** Sorted by kind, then name. */
  readonly entries: readonly DesiredEntry[];
  /** By `keyOf(kind, name)`, one an entry. */
  readonly matches: ReadonlyMap<string, Match>;
  /** The entries that refer to the default of a kind, by `keyOf`: which attribute does, and to which kind. */
  readonly resting: ReadonlyMap<string, { readonly attribute: string; readonly kind: string }>;
}

/**
 * Which live resource an entry speaks of, and where that one is to go.
 *
 * ```text
 * entry            the account holds              match
 * ---------------  -----------------------------  ------------------------------------------
 * name             nothing of that name           absent
 * name             one of that name               found
 * name             two of that name               blocked: ambiguous
 * id               that id under the name         found
 * id               that id under another name     moving (a tombstone: blocked)
 * id               no such id, or another kind's  blocked (a tombstone of no such id: absent)
 * renamed_from     the old name, and the new one  moving
 *                  is free or is being freed
 * renamed_from     both names, neither moving     found under the new name, and a note
 * renamed_from     no such old name               as if it were not written
 * ```
 */
export type Match =
  | { readonly state: "absent"; readonly entry: DesiredEntry }
  | { readonly state: "found"; readonly entry: DesiredEntry; readonly actual: ActualResource }
  | { readonly state: "moving"; readonly entry: DesiredEntry; readonly actual: ActualResource }
  | {
      readonly state: "blocked";
      readonly entry: DesiredEntry;
      readonly actual: ActualResource | null;
      readonly reason: BlockedReason;
    };
