import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Secret } from "../../base/secret.ts";
import type { BlockedReason } from "./change.ts";
import type { Moment } from "./moment.ts";
import type { ActualResource, DesiredContainer, JsonValue, Liveness, Spec } from "./resource.ts";

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
  /** The version that the look right before showed: one that is newer is not written over. */
  readonly version?: string;
  readonly spec: Spec;
  readonly secrets: Secrets;
}

/** Somebody else wrote between the look and the write. Versions are the API's. */
export interface Overtaken {
  readonly code: "overtaken";
  readonly expected: string;
  readonly found: string;
  /** Whether the write was made, so that what the other wrote is gone. */
  readonly written: boolean;
}

/** A running program that is told of each version of a resource. */
export interface Follower {
  readonly id: string;
  /** Which program it is: `2026.8.2, linux_amd64`. */
  readonly software: string;
  /** The address that it comes from; null where it does not say. */
  readonly host: string | null;
  /** Null where it does not say. */
  readonly version: string | null;
}

/** What the comparison of a write-only attribute gave. */
export type SecretComparison =
  | { readonly verdict: "same" | "differs" }
  | { readonly verdict: "unknown"; readonly why: string };

/** What carries connections and must not be deleted under them. */
export interface Use {
  /** What says that a delete might cut someone off; null where nothing does. What is unknown counts as live. */
  livenessOf(actual: ActualResource): Liveness | null;
  /** When the resource was made or last in use, whichever is later; null when the API did not say. */
  lastActive(actual: ActualResource): Moment | null;
}

/** What can be done with write-only attributes. */
export interface SecretAbility {
  /** Why a value cannot be sent as this attribute, in words that do not show it; null when it can. */
  flaw(attribute: string, value: Secret): string | null;
  /** Compares an attribute with what the API holds, where there is a way to. */
  compare(client: CloudflareClient, id: string, attribute: string, value: Secret): Promise<SecretComparison>;
}

/** What resources of a kind lie in, as DNS records in a zone, and by which they are listed. Only read, and never written. */
export interface Container {
  /** What containers are called among the resources of a reading. */
  readonly kind: string;
  /** The attribute of what lies in one that holds its id. */
  readonly attribute: string;
  /** The code for a name that lies in none. */
  readonly missing: "zone_unknown";
  /** The containers that a name may lie in, by their names; the first that there is is the one. Pure. */
  candidates(name: string): readonly string[];
  /** Those of the account, or of them those that the files name, where they name any. */
  list(client: CloudflareClient, named: readonly DesiredContainer[]): Promise<readonly ActualResource[]>;
}

/** What words about a kind need to know. Plain data. */
export interface Card {
  /** What people call one: `tunnel`. */
  readonly noun: string;
  /** The first segments of the paths below the account that only this kind's permission opens. */
  readonly paths: readonly string[];
  /** The permission by its name in the dashboard, without its level. */
  readonly permission: string;
  /** Paths that another permission opens, and how one does without it, in words. */
  readonly apart?: {
    readonly [path: string]: { readonly permission: string; readonly instead: string };
  };
  /** What stays when one is renamed, and what a new one has not: `id`, `token`, `routes`. */
  readonly keeps: readonly string[];
  /** Attributes as the API makes them where nothing is written: a file need not say them. */
  readonly defaults?: Spec;
  /** What every account has from the start: as long as it is so, no file need declare it. */
  readonly initial?: { readonly name: string; readonly spec: Spec };
  /** The attribute that is a list of ingress rules, of which the first that fits counts: shown rule by rule. */
  readonly rules?: string;
  /**
   * How one is written as an item of a list in another one's entry: the attribute that a bare text is, and by which key
   * each attribute that refers to something else is written, by that one's name. The default of its kind is not written.
   */
  readonly item?: {
    readonly main: string;
    readonly references: { readonly [attribute: string]: string };
    /** What else of `defaults` may be written. */
    readonly attributes: readonly string[];
  };
  /** The word for it in `export --with`; not there: the kind's own. */
  readonly exportedAs?: string;
  /** Whether something runs on a token of each: then it is the next step after a create. */
  readonly givesToken: boolean;
}

/** What an attribute may lead to. */
export interface ReferenceRule {
  /** Of several kinds, those alone are read that entries name. */
  readonly to: readonly string[];
  readonly output: string;
  /** Why what it leads to is not deleted while this one stays; not there where it does not stand in the way. */
  readonly inUse?: "network_in_use";
}

/** What a live resource refers to. */
export interface Referred {
  readonly name: string;
  /** Whether it is the one that is meant where none is named. */
  readonly isDefault: boolean;
}

/**
 * What the engine asks of a kind of resource. What some kinds have and others have not is optional, and never
 * faked. Members are methods, so that a kind with a narrower `Spec` may stand in a list of kinds. All reading and
 * writing throws `ApiError`, and nothing else, when the API or the network says no.
 */
export interface ResourceKind {
  /** The API's path segment and the YAML key. */
  readonly kind: string;
  /** Attributes of `Spec` that the API takes at creation and cannot change in place. */
  readonly immutable: readonly string[];
  /** Attributes that may be another resource's output: of which kinds, and which output. No ring of kinds. */
  readonly references?: { readonly [attribute: string]: ReferenceRule };
  /**
   * The attribute that leads to what one of this kind hangs on, and the code for one that hangs on what is not declared:
   * it is ours where its owner is declared, moves from one such owner to another, and goes when its owner is deleted.
   */
  readonly ownedBy?: {
    readonly attribute: string;
    readonly taken: "route_taken" | "hostname_route_taken" | "dns_points_elsewhere";
    /** The facts that say the owner's kind and name where that one was not read. */
    readonly facts: { readonly kind: string; readonly name: string };
  };
  /** The attribute that is true of the one that is meant where a reference names none. One of an account has it. */
  readonly defaultBy?: string;
  /** The limit under which this kind's resources are counted, together with those of others that name it. */
  readonly quota?: "max_routes";
  /**
   * Why a live resource (or null: none yet) may not be made this, or (null) not be deleted, beside the rules that hold
   * for every kind. Pure.
   */
  forbids?(actual: ActualResource | null, wanted: Spec | null): BlockedReason | null;
  /**
   * The reference by which one of this kind is a part of another kind's resource, under that one's id. Such parts are
   * read one by one, where entries ask for them.
   */
  readonly partOf?: string;
  /** Whether an attribute is as it is wanted, where that is not to be equal. Both sides whole. Pure. */
  isAsWanted?(attribute: string, live: Spec, wanted: Spec): boolean;
  readonly card: Card;
  readonly use?: Use;
  readonly secrets?: SecretAbility;
  /**
   * What makes two of this kind the same one, from attributes that are normalised and resolved; null while one of them
   * is still a reference. Without this member it is the name, and only then can one be renamed.
   */
  identityOf?(spec: Spec): string | null;
  /**
   * Attributes in the one form that both sides are compared in; `list`, `read`, `find` and `create` give them in it.
   * Pure; leaves references alone.
   */
  normalise?(spec: Spec): Spec;
  /**
   * What people call a live one that goes by other attributes than a name, from those and from what it refers to; null
   * where that is not known.
   */
  nameOf?(spec: Spec, referred: { readonly [attribute: string]: Referred | undefined }): string | null;
  /** What other resources may refer to, beside `id`. */
  outputs?(actual: ActualResource): { readonly [output: string]: JsonValue };
  /** Who follows a resource as it changes, where somebody does, and which version each has got. */
  followers?(client: CloudflareClient, id: string): Promise<readonly Follower[]>;
  /**
   * Why those that have the identity of an entry can be nobody's who is declared: they are of another sort. Null where
   * they are of this one. Pure.
   */
  foreign?(holders: readonly ActualResource[]): BlockedReason | null;
  /**
   * When what one hangs on was deleted, though no list shows that; null where it was not, or never was the account's. Asked
   * of what an entry wants and nothing live owns.
   */
  ownerDeletedAt?(client: CloudflareClient, actual: ActualResource): Promise<string | null>;
  /** The part of its owner that leads on what one of this kind brings: it must have reached a follower before. */
  readonly servedBy?: string;
  /** What one of this kind lies in: then `container` is the id of one wherever it is asked for. */
  readonly within?: Container;
  /**
   * Every live resource of this kind, or an error: never a part of them. Of a kind that lies within containers, those of
   * one, or of all.
   */
  list(client: CloudflareClient, container?: string): Promise<readonly ActualResource[]>;
  /** False where `list` passes over what may yet have the identity of an entry: `find` shows that, too. */
  readonly showsAll?: false;
  /** One resource by id; null when it is gone. */
  read(client: CloudflareClient, id: string, container?: string): Promise<ActualResource | null>;
  /** The live resources that have exactly this identity. */
  find(
    client: CloudflareClient,
    wanted: Pick<NewResource, "name" | "spec">,
  ): Promise<readonly ActualResource[]>;
  /**
   * Makes the resource and returns it. Sent at most once, save where the API surely did not act on it. `wasThere`: it was
   * refused, since the very same one is there already.
   */
  create(
    client: CloudflareClient,
    wanted: NewResource,
  ): Promise<ActualResource & { readonly wasThere?: true }>;
  /**
   * Sent at most once, and at once or not at all: whoever calls it has just looked at the resource. Tells of somebody
   * else who wrote at the same time, where the API lets one see that.
   */
  update(client: CloudflareClient, id: string, edit: Edit, container?: string): Promise<Overtaken | void>;
  /** Sent at most once, likewise. A resource that is already gone is no error. Not there: it goes with what it is a part of. */
  delete?(client: CloudflareClient, id: string, container?: string): Promise<void>;
  /**
   * A replacement in one request, of which all is done or nothing; sent at most once, likewise. Gives the new one. Not
   * there: a replacement is a delete, and then a create.
   */
  swap?(client: CloudflareClient, id: string, wanted: NewResource): Promise<ActualResource>;
}

/** The kind of a name. */
export function kindOf(kinds: ReadonlyMap<string, ResourceKind>, name: string): ResourceKind {
  const kind = kinds.get(name);
  if (kind === undefined) {
    throw new Error(`Internal error: no kind named ${name}`);
  }
  return kind;
}
