import { isDeepStrictEqual } from "node:util";
import type { ResourceKind } from "./kind.ts";
import type { Spec } from "./resource.ts";

/** Whether an attribute of a live resource is as it is wanted, by the rules of its kind. */
export function isAsWanted(
  kind: Pick<ResourceKind, "isAsWanted">,
  attribute: string,
  live: Spec,
  wanted: Spec,
): boolean {
  return (
    isDeepStrictEqual(live[attribute], wanted[attribute]) ||
    (kind.isAsWanted?.(attribute, live, wanted) ?? false)
  );
}
