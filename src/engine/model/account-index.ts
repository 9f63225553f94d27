import type { ActualState } from "../observe.ts";
import type { ResourceKind } from "./kind.ts";
import type { ActualResource, JsonValue, Spec } from "./resource.ts";

/** What the account holds or the files declare, as far as it takes to tell which one is meant. */
export interface Identified {
  readonly kind: string;
  readonly name: string;
  readonly spec: Spec;
}

/** The account's live resources, to look up by id and by identity. */
export interface World {
  readonly resources: ActualState;
  /** Ids are unique within a kind only. */
  byId(kind: string, id: string): ActualResource | undefined;
  /** One of another kind that has this id. */
  ofOtherKind(kind: string, id: string): ActualResource | undefined;
  /** All that have the identity: more than one is possible, and then nobody knows which is meant. */
  holders(kind: string, identity: string): readonly ActualResource[];
  /** What makes two of a kind the same one; null while it rests on what is not known yet. */
  identityOf(resource: Identified): string | null;
  /** All that could be meant by what the files declare. */
  same(resource: Identified): readonly ActualResource[];
  isSame(a: Identified, b: Identified): boolean;
  /** The live resource that an attribute of a live one leads to; undefined where it leads to none that was read. */
  referred(actual: ActualResource, attribute: string): ActualResource | undefined;
  /** Whether those of a kind hang on others. */
  isOwned(kind: string): boolean;
  /** What a live resource hangs on; likewise. */
  ownerOf(actual: ActualResource): ActualResource | undefined;
  /** Whether one of this kind goes by a name that can be changed. */
  isRenamable(kind: string): boolean;
}

/** Indexes the account once, so that planning takes time in step with its size. A kind that is not given goes by names. */
export function indexWorld(resources: ActualState, kinds: readonly ResourceKind[]): World {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const identityOf = (resource: Identified) => identityBy(byKind.get(resource.kind), resource);
  const byId = new Map(resources.map((resource) => [keyOf(resource.kind, resource.id), resource]));
  const byIdAlone = new Map<string, ActualResource[]>();
  const byIdentity = new Map<string, ActualResource[]>();
  for (const resource of resources) {
    const identity = identityOf(resource);
    addTo(byIdAlone, resource.id, resource);
    if (identity !== null) {
      addTo(byIdentity, keyOf(resource.kind, identity), resource);
    }
  }
  const outputs = indexOutputs(resources, byKind);
  const referred: World["referred"] = ({ kind, spec }, attribute) => {
    const { to = [], output = "id" } = byKind.get(kind)?.references?.[attribute] ?? {};
    const value = spec[attribute];
    return typeof value === "string" ? firstOf(to, (each) => outputs(each, output, value)) : undefined;
  };
  const holders = (kind: string, identity: string) => byIdentity.get(keyOf(kind, identity)) ?? [];
  return {
    resources,
    byId: (kind, id) => byId.get(keyOf(kind, id)),
    ofOtherKind: (kind, id) => byIdAlone.get(id)?.find((resource) => resource.kind !== kind),
    holders,
    identityOf,
    same: (resource) => {
      const identity = identityOf(resource);
      return identity === null ? [] : holders(resource.kind, identity);
    },
    referred,
    isOwned: (kind) => byKind.get(kind)?.ownedBy !== undefined,
    ownerOf: (actual) => {
      const { ownedBy } = byKind.get(actual.kind) ?? {};
      return ownedBy === undefined ? undefined : referred(actual, ownedBy.attribute);
    },
    isSame: (a, b) => isSame(byKind.get(a.kind), a, b),
    isRenamable: (kind) => byKind.get(kind)?.identityOf === undefined,
  };
}

/** Looks live resources up by what they give to those that refer to them. Indexed at the first question. */
function indexOutputs(
  resources: ActualState,
  byKind: ReadonlyMap<string, ResourceKind>,
): (kind: string, output: string, value: string) => ActualResource | undefined {
  let index: Map<string, ActualResource> | undefined;
  return (of, output, value) => {
    index ??= new Map(
      resources.flatMap((resource) =>
        Object.entries(outputsOf(resource, byKind.get(resource.kind))).map(
          ([name, given]) => [JSON.stringify([resource.kind, name, given]), resource] as const,
        ),
      ),
    );
    return index.get(JSON.stringify([of, output, value]));
  };
}

/** What a live resource gives to those that refer to it. */
export function outputsOf(
  actual: ActualResource,
  kind: Pick<ResourceKind, "outputs"> | undefined,
): { readonly [output: string]: JsonValue } {
  return { id: actual.id, ...kind?.outputs?.(actual) };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** What makes two of a kind the same one. */
export function identityBy(
  kind: Pick<ResourceKind, "identityOf"> | undefined,
  { name, spec }: Omit<Identified, "kind">,
): string | null {
  return kind?.identityOf === undefined ? name : kind.identityOf(spec);
}

/** Whether two of a kind are the same one. */
export function isSame(
  kind: Pick<ResourceKind, "identityOf"> | undefined,
  a: Omit<Identified, "kind">,
  b: Omit<Identified, "kind">,
): boolean {
  const identity = identityBy(kind, a);
  return identity !== null && identity === identityBy(kind, b);
}

/** Adds to the list of a key. */
export function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [item]);
  } else {
    list.push(item);
  }
}

/** One text for a kind and a name. Kinds hold no `/`, so no two pairs share one. */
export function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
