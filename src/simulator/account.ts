import type { RandomBytes } from "./random.ts";
import type { Store } from "./store.ts";
import type { Switches } from "./switches.ts";
import type { Tunnel } from "./tunnel.ts";

/** What every endpoint works on. */
export interface Account {
  readonly id: string;
  readonly store: Store;
  readonly switches: Switches;
  readonly now: () => number;
  readonly random: RandomBytes;
  /** Rows as JSON, kept while neither the record nor a switch that shows changes: a page of a thousand costs little. */
  readonly rowTexts: WeakMap<Tunnel, string>;
  /** Names that a deleted tunnel still holds, and for how many more attempts. */
  readonly heldNames: Map<string, number>;
  /** Tunnels with a connector that waits to come back. */
  readonly returning: Set<string>;
}
