import type { ActualState } from "../observe.ts";
import type { ActualResource } from "./resource.ts";

/** The account's live resources, to look up by id and by name. */
export interface World {
  readonly resources: ActualState;
  /** Whatever its kind. */
  byId(id: string): ActualResource | undefined;
  /** All that bear the name: more than one is possible, and then nobody knows which is meant. */
  byName(kind: string, name: string): readonly ActualResource[];
}

/** Indexes the account once, so that planning takes time in step with its size. */
export function indexWorld(resources: ActualState): World {
  const ids = new Map(resources.map((resource) => [resource.id, resource]));
  const names = new Map<string, ActualResource[]>();
  for (const resource of resources) {
    const key = keyOf(resource.kind, resource.name);
    const namesakes = names.get(key);
    if (namesakes === undefined) {
      names.set(key, [resource]);
    } else {
      namesakes.push(resource);
    }
  }
  return {
    resources,
    byId: (id) => ids.get(id),
    byName: (kind, name) => names.get(keyOf(kind, name)) ?? [],
  };
}

/** One text for a kind and a name. Kinds hold no `/`, so no two pairs share one. */
export function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
