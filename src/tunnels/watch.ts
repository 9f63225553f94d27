import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import { type Limits, wait, whyOver } from "../base/limits.ts";
import { readConnectors } from "./api.ts";
import type { Connector, ManagedTunnel } from "./tunnel-row.ts";

const INTERVAL = 5_000;

/** What tells a connector that runs on the old secret. */
export interface Rotated {
  /** As they were read right before the rotation. */
  readonly before: readonly Connector[];
  /** When the new secret was seen in force, by the API's own clock; null where its answers have no date. */
  readonly at: number | null;
}

/** Who runs on which secret, when the watch ended. */
export interface Watched {
  readonly renewed: readonly Connector[];
  readonly old: readonly Connector[];
  /** Why nobody could look; null where somebody did. */
  readonly unseen: ApiError | null;
}

/** Told while it is watched, each time that another number runs on the old secret. */
export type Watching = (old: number, all: number) => void;

/** Watches until no connector runs on the old secret any more, or the time is up. Reads the state, and keeps none. */
export async function watchConnectors(
  client: CloudflareClient,
  tunnel: ManagedTunnel,
  rotated: Rotated,
  seconds: number,
  tell: Watching,
  limits: Limits,
): Promise<Watched> {
  const { clock } = limits;
  const end = clock.now() + seconds * 1_000;
  let told: number | null = null;
  for (;;) {
    let connectors: readonly Connector[];
    try {
      connectors = (await readConnectors(client, tunnel)) ?? [];
    } catch (error) {
      if (error instanceof ApiError) {
        return { renewed: [], old: [], unseen: error };
      }
      throw error;
    }
    const old = connectors.filter((connector) => runsOnOldSecret(connector, rotated));
    const left = end - clock.now();
    if (old.length === 0 || left <= 0 || whyOver(limits) !== null) {
      return { renewed: connectors.filter((connector) => !old.includes(connector)), old, unseen: null };
    }
    if (old.length !== told) {
      tell(old.length, connectors.length);
      told = old.length;
    }
    await wait(Math.min(INTERVAL, left), limits);
  }
}

/**
 * A connector that was there before and has not started anew, or that started before the rotation. `Date` has whole
 * seconds, so that for a start within the rotation's own second only the reading before it can tell.
 */
function runsOnOldSecret({ id, run_at }: Connector, { before, at }: Rotated): boolean {
  const same = before.some((other) => other.id === id && other.run_at === run_at);
  return same || (run_at !== null && at !== null && Date.parse(run_at) < at);
}
