import type { World } from "./account-index.ts";
import type { BlockedReason, NoteReason } from "./change.ts";
import type { ResourceKind } from "./kind.ts";
import type { DesiredEntry, JsonValue, Spec } from "./resource.ts";

/** The id of what a resource lies in; undefined where its kind lies in nothing, or where that is not known. */
export function containerOf(
  { spec }: { readonly spec: Spec },
  { within }: { readonly within?: ResourceKind["within"] | undefined },
): string | undefined {
  const id: JsonValue | undefined = within === undefined ? undefined : spec[within.attribute];
  return typeof id === "string" ? id : undefined;
}

/** What is to be known of what an entry lies in: that it is not in use yet. */
export function containerNotes(
  entry: DesiredEntry,
  { within }: Pick<ResourceKind, "within">,
  world: World,
): readonly NoteReason[] {
  const id = entry.state === "absent" ? undefined : containerOf(entry, { within });
  const container = within === undefined || id === undefined ? undefined : world.byId(within.kind, id);
  const status = container?.facts["status"] ?? null;
  return container === undefined || status === null || status === "active"
    ? []
    : [{ code: "zone_pending", zone: container.name, status }];
}

/** An entry with what it lies in, or why it lies in nothing. */
export function placeEntry(
  entry: DesiredEntry,
  { within }: Pick<ResourceKind, "within">,
  world: World,
): { readonly entry: DesiredEntry; readonly reason: BlockedReason | null } {
  if (within === undefined) {
    return { entry, reason: null };
  }
  const candidates = within.candidates(entry.name);
  const [container] = candidates.flatMap((name) => world.holders(within.kind, name));
  if (container !== undefined) {
    return { entry: { ...entry, spec: { ...entry.spec, [within.attribute]: container.id } }, reason: null };
  }
  const seesNone = world.resources.every(({ kind }) => kind !== within.kind);
  return { entry, reason: { code: within.missing, candidates, seesNone } };
}
