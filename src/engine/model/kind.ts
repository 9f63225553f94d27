import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Secret } from "../../base/secret.ts";
import type { ActualResource, Spec } from "./resource.ts";

/** Values of write-only attributes, by name. */
export type Secrets = { readonly [attribute: string]: Secret };

/** What a create is to make: attributes that are not written are left to the API's defaults. */
export interface NewResource {
  readonly name: string;
  readonly spec: Spec;
  readonly secrets: Secrets;
}

/** What an update is to set: only what changes. */
export interface Edit {
  readonly name?: string;
  readonly spec: Spec;
  readonly secrets: Secrets;
}

/** What the comparison of a write-only attribute gave. */
export type SecretComparison =
  | { readonly verdict: "same" | "differs" }
  | { readonly verdict: "unknown"; readonly why: string };

/**
 * What the engine asks of a kind of resource. Members are methods, so that a kind with a narrower `Spec` may stand
 * in a list of kinds. All reading and writing throws `ApiError`, and nothing else, when the API or the network
 * says no.
 */
export interface ResourceKind {
  /** The API's path segment and the YAML key. */
  readonly kind: string;
  /** Attributes of `Spec` that the API takes at creation and cannot change in place. */
  readonly immutable: readonly string[];
  /** Whether a delete would cut someone off. A status that is absent or unknown counts as live. */
  isLive(actual: ActualResource): boolean;
  /** When the resource was made or last in use, whichever is later, as the API wrote it; null when it did not say. */
  lastActive(actual: ActualResource): { readonly text: string; readonly time: number } | null;
  /** Every live resource of this kind, or an error: never a part of them. */
  list(client: CloudflareClient): Promise<readonly ActualResource[]>;
  /** One resource by id; null when it is gone. */
  read(client: CloudflareClient, id: string): Promise<ActualResource | null>;
  /** The live resources that bear exactly this name. */
  findByName(client: CloudflareClient, name: string): Promise<readonly ActualResource[]>;
  /** Makes the resource and returns its id. Sent at most once, save where the API surely did not act on it. */
  create(client: CloudflareClient, wanted: NewResource): Promise<string>;
  /** Sent at most once, and at once or not at all: whoever calls it has just looked at the resource. */
  update(client: CloudflareClient, id: string, edit: Edit): Promise<void>;
  /** Sent at most once, likewise. A resource that is already gone is no error. */
  delete(client: CloudflareClient, id: string): Promise<void>;
  /** Why a value cannot be sent as this write-only attribute, in words that do not show it; null when it can. */
  secretFlaw(attribute: string, value: Secret): string | null;
  /** Compares a write-only attribute with what the API holds, where there is a way to. */
  compareSecret(
    client: CloudflareClient,
    id: string,
    attribute: string,
    value: Secret,
  ): Promise<SecretComparison>;
}
