import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import { type Limits, wait, whyOver } from "../base/limits.ts";
import type { Follower, ResourceKind } from "./model/kind.ts";

export interface ArrivalOptions extends Limits {
  readonly client: CloudflareClient;
  /** How long those have who follow what others wait for. Milliseconds; 0: nobody is waited for. */
  readonly rolloutTimeout?: number;
  /** Asks in turn with all that goes on besides, so that nothing which must follow at once is held up. */
  readonly inTurn: <T>(ask: () => Promise<T>) => Promise<T>;
}

/** The first wait, and the longest. Milliseconds. */
const SHORTEST = 1_000;
const LONGEST = 10_000;

/**
 * Whether the first of those who follow a resource has got this version of it, or a later one, before the time is up. Where
 * nobody follows there is nothing to wait for. What cannot be read has not arrived.
 */
export async function reachesAnyone(
  kind: ResourceKind,
  id: string,
  version: string,
  options: ArrivalOptions,
): Promise<boolean> {
  const { client, clock, inTurn, rolloutTimeout = 0 } = options;
  if (rolloutTimeout === 0) {
    return true;
  }
  const end = clock.now() + rolloutTimeout;
  try {
    for (let pause = SHORTEST; ; pause = Math.min(2 * pause, LONGEST)) {
      const followers = (await inTurn(async () => kind.followers?.(client, id))) ?? [];
      if (followers.length === 0 || followers.some((follower) => hasGot(follower, version))) {
        return true;
      }
      const left = end - clock.now();
      if (left <= 0 || whyOver(options) !== null) {
        return false;
      }
      await wait(Math.min(pause, left), options);
    }
  } catch (error) {
    if (error instanceof ApiError) {
      return false;
    }
    throw error;
  }
}

/** Who does not say which version it has is not waited for. Versions are counted. */
function hasGot(follower: Follower, version: string): boolean {
  return follower.version === null || Number(follower.version) >= Number(version);
}
