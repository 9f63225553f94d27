import type { CloudflareClient } from "../cloudflare/client.ts";
import { type Limits, wait, whyOver } from "../base/limits.ts";
import type { ResourceKind } from "./model/kind.ts";
import type { Laggard } from "./model/outcome.ts";

/** A resource that others follow, and the version that they should have. */
export interface Release {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly id: string;
  readonly version: string;
}

export interface RolloutOptions extends Limits {
  readonly client: CloudflareClient;
  /** How long those who follow a resource have for it. Milliseconds; 0: nobody is asked. */
  readonly rolloutTimeout?: number;
}

/** The first wait, and the longest. Milliseconds. */
const SHORTEST = 1_000;
const LONGEST = 10_000;

/**
 * Asks those who follow each resource, side by side and ever more rarely, until all have its version or the time is up,
 * and tells who has not. Who does not say is not waited for. Throws `ApiError`.
 */
export async function laggardsOf(
  releases: readonly Release[],
  options: RolloutOptions,
): Promise<readonly Laggard[]> {
  const { rolloutTimeout = 0 } = options;
  const waiting =
    rolloutTimeout === 0 ? [] : releases.map((release) => awaited(release, rolloutTimeout, options));
  return (await Promise.all(waiting)).flat();
}

async function awaited(
  { kind, name, id, version }: Release,
  timeout: number,
  options: RolloutOptions,
): Promise<readonly Laggard[]> {
  const { client, clock } = options;
  const end = clock.now() + timeout;
  for (let pause = SHORTEST; ; pause = Math.min(2 * pause, LONGEST)) {
    const followers = (await kind.followers?.(client, id)) ?? [];
    const behind = followers.filter(
      (follower) => follower.version !== null && isBefore(follower.version, version),
    );
    const left = end - clock.now();
    if (behind.length === 0 || left <= 0 || whyOver(options) !== null) {
      return behind.map((follower) => ({
        code: "not_arrived",
        kind: kind.kind,
        name,
        id,
        follower,
        expected: version,
      }));
    }
    await wait(Math.min(pause, left), options);
  }
}

/** Versions are counted. */
function isBefore(one: string, other: string): boolean {
  return Number(one) < Number(other);
}
