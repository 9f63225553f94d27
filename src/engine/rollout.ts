import type { CloudflareClient } from "../cloudflare/client.ts";
import { type Limits, wait, whyOver } from "../base/limits.ts";
import type { Progress } from "./execute.ts";
import { keyOf } from "./model/account-index.ts";
import type { ResourceKind } from "./model/kind.ts";
import type { Laggard, Rollout, Silent } from "./model/outcome.ts";
import { versionOf } from "./model/resource.ts";
import type { Planned } from "./plan-account.ts";

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
  readonly progress?: Progress;
}

/** The first wait, and the longest. Milliseconds. */
const SHORTEST = 1_000;
const LONGEST = 10_000;

/**
 * Asks those who follow each resource, side by side and ever more rarely, until all have its version or the time is up.
 * Who does not say is not waited for. Throws `ApiError`.
 */
export async function awaitRollout(releases: readonly Release[], options: RolloutOptions): Promise<Rollout> {
  const { rolloutTimeout = 0 } = options;
  const waiting =
    rolloutTimeout === 0 ? [] : releases.map((release) => awaited(release, rolloutTimeout, options));
  return together(await Promise.all(waiting));
}

/**
 * Asks once how far those have got who follow what is declared and lives. What is blocked is left out: it may be that
 * nobody is to follow it. Throws `ApiError`.
 */
export async function askRollout(
  { plan, matched }: Pick<Planned, "plan" | "matched">,
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
): Promise<Rollout> {
  const blocked = new Set(plan.blocked.flatMap(({ kind, name }) => (kind === null ? [] : keyOf(kind, name))));
  const releases = [...matched.matches].flatMap(([key, match]): readonly Release[] => {
    const kind = kinds.find((each) => each.kind === match.entry.kind);
    if (match.state === "absent" || kind?.followers === undefined || blocked.has(key)) {
      return [];
    }
    const { entry, actual } = match;
    const version = actual === null ? null : versionOf(actual);
    return actual === null || version === null ? [] : [{ kind, name: entry.name, id: actual.id, version }];
  });
  return together(await Promise.all(releases.map((release) => asked(release, client))));
}

async function awaited(release: Release, timeout: number, options: RolloutOptions): Promise<Rollout> {
  const { client, clock, progress } = options;
  const of = { kind: release.kind.kind, name: release.name };
  const end = clock.now() + timeout;
  for (let pause = SHORTEST; ; pause = Math.min(2 * pause, LONGEST)) {
    const rollout = await asked(release, client);
    const left = end - clock.now();
    if (rollout.behind.length > 0 && left > 0) {
      progress?.following?.(of, rollout.behind.length, left);
      await wait(Math.min(pause, left), options);
      if (whyOver(options) === null) {
        continue;
      }
    }
    progress?.following?.(of, 0, 0);
    return rollout;
  }
}

async function asked({ kind, name, id, version }: Release, client: CloudflareClient): Promise<Rollout> {
  const followers = (await kind.followers?.(client, id)) ?? [];
  const of = { kind: kind.kind, name, id };
  return {
    asked: followers.length,
    behind: followers
      .filter((follower) => follower.version !== null && isBefore(follower.version, version))
      .map((follower): Laggard => ({ code: "not_arrived", ...of, follower, expected: version })),
    silent: followers
      .filter((follower) => follower.version === null)
      .map((follower): Silent => ({ code: "not_told", ...of, follower })),
  };
}

function together(rollouts: readonly Rollout[]): Rollout {
  return {
    asked: rollouts.reduce((sum, { asked: count }) => sum + count, 0),
    behind: rollouts.flatMap(({ behind }) => behind),
    silent: rollouts.flatMap(({ silent }) => silent),
  };
}

/** Versions are counted. */
function isBefore(one: string, other: string): boolean {
  return Number(one) < Number(other);
}
