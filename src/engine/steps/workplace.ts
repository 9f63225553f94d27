import type { Secret } from "../../base/secret.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { ResourceKind, SecretComparison, Secrets } from "../model/kind.ts";
import { type Limits, wait } from "../../base/limits.ts";
import { isSame, keyOf } from "../model/account-index.ts";
import type { Failure } from "../model/outcome.ts";
import { resolveReferences } from "../model/reference.ts";
import type {
  ActualResource,
  JsonValue,
  SecretReference,
  SecretReferences,
  Spec,
} from "../model/resource.ts";

/** What a step works with. */
export interface Workplace extends Limits {
  readonly client: CloudflareClient;
  readonly kinds: readonly ResourceKind[];
  /** All that the reading holds on which the plan rests, by `keyOf(kind, id)`: none of it can be what a create has made. */
  readonly knownIds: ReadonlySet<string>;
  /** What was made so far gives to those that refer to it, by `keyOf(kind, name)`. */
  readonly outputs: ReadonlyMap<string, { readonly [output: string]: JsonValue }>;
  /** What this plan deletes, by `keyOf(kind, id)`, as it was in the reading that the plan rests on. */
  readonly leaving: ReadonlyMap<string, ActualResource>;
  /** The value of a reference. All of them were read before the first write. */
  secret(reference: SecretReference): Secret;
}

/** Why a live resource is not the one that a plan speaks of any more: it has another name, or hangs on another owner. */
export function whyOther(
  kind: ResourceKind,
  actual: ActualResource,
  expected: ActualResource,
): Failure | null {
  const { attribute } = kind.ownedBy ?? {};
  if (!isSame(kind, actual, expected)) {
    return { code: "name_changed", live_name: actual.name };
  }
  const found = attribute === undefined ? undefined : actual.spec[attribute];
  return attribute !== undefined && found !== undefined && found !== expected.spec[attribute]
    ? { code: "owner_changed", attribute, found }
    : null;
}

/** How often a write whose end is unknown is sent, the first time included. */
export const MOST_SENDS = 4;

/** 0.5 s, 1 s, 2 s, … to at most 8 s. An interruption or the deadline ends the wait. */
export function pause(round: number, limits: Limits): Promise<void> {
  return wait(Math.min(8_000, 250 * 2 ** round), limits);
}

/** The values of the references. */
export function openSecrets(references: SecretReferences, workplace: Workplace): Secrets {
  return Object.fromEntries(
    Object.entries(references).map(([attribute, reference]) => [attribute, workplace.secret(reference)]),
  );
}

/** Attributes as they are sent: what they refer to was made before. */
export function settled(spec: Spec, kind: ResourceKind, { outputs }: Pick<Workplace, "outputs">): Spec {
  return resolveReferences(spec, kind, ({ kind: to, name, output }) => {
    const value = outputs.get(keyOf(to, name))?.[output];
    if (value === undefined) {
      throw new Error(`Internal error: ${to}/${name} was to be made before what refers to it`);
    }
    return value;
  });
}

/** Compares one write-only attribute with what the API holds. Throws `ApiError`. */
export async function compareSecret(
  { kind, secrets }: ResourceKind,
  id: string,
  attribute: string,
  value: Secret,
  { client }: Workplace,
): Promise<SecretComparison> {
  if (secrets === undefined) {
    throw new Error(`Internal error: ${kind} has no write-only attributes`);
  }
  return secrets.compare(client, id, attribute, value);
}
