import type { Secret } from "../../base/secret.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { ResourceKind, SecretComparison, Secrets } from "../model/kind.ts";
import { type Limits, wait } from "../../base/limits.ts";
import type { SecretReference, SecretReferences } from "../model/resource.ts";

/** What a step works with. */
export interface Workplace extends Limits {
  readonly client: CloudflareClient;
  readonly kinds: readonly ResourceKind[];
  /** The ids that the reading holds on which the plan rests: none of them can be what a create has made. */
  readonly knownIds: ReadonlySet<string>;
  /** The value of a reference. All of them were read before the first write. */
  secret(reference: SecretReference): Secret;
}

/** How often a write whose end is unknown is sent, the first time included. */
export const SENDS = 4;

/** 0.5 s, 1 s, 2 s, … to at most 8 s. An interruption or the deadline ends the wait. */
export function pause(round: number, limits: Limits): Promise<void> {
  return wait(Math.min(8_000, 250 * 2 ** round), limits);
}

/** The values of the references. */
export function resolve(references: SecretReferences, workplace: Workplace): Secrets {
  return Object.fromEntries(
    Object.entries(references).map(([attribute, reference]) => [attribute, workplace.secret(reference)]),
  );
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
