import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import type { Change } from "./model/change.ts";
import type { ResourceKind } from "./model/kind.ts";
import { containerOf } from "./model/container.ts";
import { wait, whyOver } from "../base/limits.ts";
import { type ActualState, observe } from "./observe.ts";
import type { Difference, Failure, Outcome, Verification } from "./model/outcome.ts";
import { keyOf, outputsOf } from "./model/account-index.ts";
import { type Reference, resolveReferences } from "./model/reference.ts";

import { isAsWanted } from "./model/as-wanted.ts";
import { awaitRollout, type Release, type RolloutOptions } from "./rollout.ts";
import { type ActualResource, type JsonValue, type Spec, versionOf } from "./model/resource.ts";

/** How often the account is read before it is believed to differ: lists may lag behind writes. */
const READINGS = 4;

/** What a verification works with. */
export interface VerifyOptions extends RolloutOptions {
  readonly kinds: readonly ResourceKind[];
}

/**
 * Reads the account once more and holds it against what was done. Reads again, after a wait, while it differs and the
 * deadline allows. An interrupted run is not verified, since nothing new is begun.
 */
export async function verify(outcomes: readonly Outcome[], options: VerifyOptions): Promise<Verification> {
  const claims = outcomes.flatMap(claimsOf);
  const touched = new Set(claims.map(({ kind }) => kind));
  const kinds = options.kinds.filter(({ kind }) => touched.has(kind));
  const changes = outcomes.flatMap(({ status, change }) => (status === "skipped" ? [] : [change]));
  for (let reading = 1; ; reading += 1) {
    if (options.stop?.aborted) {
      return { verified: false, because: "interrupted" };
    }
    if (claims.length === 0) {
      return { verified: true, because: "nothing_applied" };
    }
    let differences: readonly Difference[];
    try {
      const actual = await readClaimed(claims, changes, kinds, options.client);
      differences = compareClaims(claims, actual, options.kinds);
      if (differences.length === 0) {
        const { behind, silent } = await awaitRollout(releasesOf(claims, actual, kinds), options);
        const untold = silent.length === 0 ? {} : { silent };
        return behind.length === 0
          ? { verified: true, because: "shown", ...untold }
          : {
              verified: false,
              because: "not_rolled_out",
              ended: whyOver(options),
              differences: behind,
              ...untold,
            };
      }
    } catch (error) {
      if (error instanceof ApiError) {
        return { verified: false, because: "unreadable", error };
      }
      throw error;
    }
    if (reading === READINGS || whyOver(options) === "deadline") {
      return { verified: false, because: "differs", differences };
    }
    await wait(1_000 * 2 ** (reading - 1), options);
  }
}

/** What an outcome says that the account must show of one resource: these values, or (null) that it is gone. */
interface Claim {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly values: Spec | null;
}

function claimsOf(outcome: Outcome): readonly Claim[] {
  switch (outcome.status) {
    case "applied":
      return claimsOfApplied(outcome.change, outcome.id);
    case "failed":
      return claimsOfFailed(outcome.change, outcome.failure);
    case "skipped":
      return [];
  }
}

function claimsOfApplied(change: Change, id: string): readonly Claim[] {
  const { kind, name } = change;
  switch (change.action) {
    case "create":
    case "update":
      return [{ kind, name, id, values: { name, ...change.after.spec } }];
    case "delete":
      return [{ kind, name, id: change.id, values: null }];
    case "replace":
      return [
        { kind, name, id: change.id, values: null },
        { kind, name, id, values: { name, ...change.after.spec } },
      ];
  }
}

/** Half of some failed changes was done. */
function claimsOfFailed({ kind, name, id }: Change, failure: Failure): readonly Claim[] {
  if (id !== null && failure.code === "replaced_half") {
    return [{ kind, name, id, values: null }];
  }
  if (id !== null && failure.code === "left_aside" && failure.cause.code !== "uncertain") {
    return [{ kind, name, id, values: { name: failure.name } }];
  }
  return [];
}

/** The kinds that were touched; of what is a part of another resource, or lies in one, only the parts and containers that were. */
async function readClaimed(
  claims: readonly Claim[],
  changes: readonly Change[],
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
): Promise<ActualState> {
  const parts = kinds
    .filter(({ partOf }) => partOf !== undefined)
    .flatMap((kind) =>
      claims.filter((claim) => claim.kind === kind.kind).map(({ id }) => kind.read(client, id)),
    );
  const contained = kinds
    .filter(({ within }) => within !== undefined)
    .flatMap((kind) => {
      const touched = changes.filter((change) => change.kind === kind.kind);
      const within = touched.map((change) => containerOf(change.after ?? change.before, kind));
      return [...new Set(within)].map((container) => kind.list(client, container));
    });
  const whole = observe(
    kinds.filter(({ partOf, within }) => partOf === undefined && within === undefined),
    client,
  );
  const [first, lists, ...others] = await Promise.all([whole, Promise.all(contained), ...parts]);
  return [...first, ...lists.flat(), ...others.flatMap((part) => part ?? [])];
}

/** What was written that others follow, in the version that the account shows. */
function releasesOf(
  claims: readonly Claim[],
  actual: ActualState,
  kinds: readonly ResourceKind[],
): readonly Release[] {
  return kinds.flatMap((kind) =>
    (kind.followers === undefined ? [] : claims).flatMap((claim) => {
      const found = actual.find((each) => each.kind === kind.kind && each.id === claim.id);
      const version = found === undefined ? null : versionOf(found);
      return claim.kind !== kind.kind || version === null
        ? []
        : [{ kind, name: claim.name, id: claim.id, version }];
    }),
  );
}

/** Where the account is not what is claimed. Write-only attributes cannot be seen, and are not judged. */
function compareClaims(
  claims: readonly Claim[],
  actual: ActualState,
  kinds: readonly ResourceKind[],
): readonly Difference[] {
  const byId = new Map(actual.map((resource) => [keyOf(resource.kind, resource.id), resource]));
  const claimed = new Map(claims.map(({ kind, name, id }) => [keyOf(kind, name), byId.get(keyOf(kind, id))]));
  const valueOf = ({ kind: to, name, output }: Reference) => {
    const made = claimed.get(keyOf(to, name));
    return made === undefined
      ? null
      : (outputsOf(
          made,
          kinds.find((each) => each.kind === to),
        )[output] ?? null);
  };
  return claims.flatMap(({ kind, name, id, values }): readonly Difference[] => {
    const found = byId.get(keyOf(kind, id));
    const rules = kinds.find((each) => each.kind === kind);
    if (values === null) {
      return found === undefined ? [] : [{ code: "still_there", kind, name, id }];
    }
    return found === undefined
      ? [{ code: "missing", kind, name, id }]
      : differencesOf(found, resolveReferences(values, rules ?? {}, valueOf), rules ?? {}).map(
          ([attribute, expected, value]): Difference => ({
            code: "other_value",
            kind,
            name,
            id,
            attribute,
            expected,
            found: value,
          }),
        );
  });
}

/** Each attribute that is not as it should be, what it should be, and what it is. Only a name that can be changed is told. */
function differencesOf(
  found: ActualResource,
  values: Spec,
  kind: Pick<ResourceKind, "isAsWanted" | "identityOf">,
): readonly (readonly [attribute: string, expected: JsonValue, value: JsonValue])[] {
  const live: Spec = kind.identityOf === undefined ? { ...found.spec, name: found.name } : found.spec;
  return Object.entries(values).flatMap(([attribute, expected]) => {
    const value = live[attribute];
    return value === undefined || isAsWanted(kind, attribute, live, values)
      ? []
      : [[attribute, expected, value] as const];
  });
}
