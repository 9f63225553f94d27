import type { Progress } from "../../engine/execute.ts";
import type { Change } from "../../engine/model/change.ts";
import type { Outcome } from "../../engine/model/outcome.ts";
import { address } from "../../render/headline.ts";

/** How far the changes of a plan are. */
export interface Tally {
  readonly progress: Progress;
  /** `12 done, 1 failed, 27 left`: what failed is not done, and what was skipped is neither done nor left. */
  counts(): string;
  /** The counts, and what is in flight, or what the end is waited for. */
  line(): { readonly head: string; readonly tail: string };
}

/** More in flight than this are counted. */
const MOST_SHOWN = 3;

/** `changed` is called whenever the line has become another one. */
export function createTally(total: number, changed: () => void): Tally {
  const ended = { applied: 0, failed: 0, skipped: 0 } satisfies { [status in Outcome["status"]]: number };
  const inFlight = new Set<Change>();
  /** What is waited for once all changes have ended. */
  let after: string | null = null;
  const behind = new Map<string, { readonly count: number; readonly seconds: number }>();

  const counts = () => {
    const { applied, failed, skipped } = ended;
    const left = total - applied - failed - skipped;
    return [
      `${applied} done`,
      `${failed} failed`,
      ...(skipped === 0 ? [] : [`${skipped} skipped`]),
      `${left} left`,
    ].join(", ");
  };
  const line = () => {
    const names = [...inFlight].map((change) => `${change.action} ${address(change)}`);
    return { head: counts(), tail: after ?? some(names) };
  };
  return {
    counts,
    line,
    progress: {
      started: (change) => {
        inFlight.add(change);
        changed();
      },
      ended: ({ change, status }) => {
        inFlight.delete(change);
        ended[status] += 1;
        changed();
      },
      verifying: () => {
        after = "reading the account once more";
        changed();
      },
      following: (of, count, left) => {
        behind.set(address(of), { count, seconds: Math.ceil(left / 1_000) });
        const waited = [...behind].filter(([, { count }]) => count > 0);
        const names = waited.map(
          ([name, { count, seconds }]) => `${name} (${count} behind, for up to ${seconds} s more)`,
        );
        after =
          names.length === 0
            ? "reading the account once more"
            : `waiting until connectors follow ${some(names)}`;
        changed();
      },
    },
  };
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_SHOWN;
  return `${names.slice(0, MOST_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
