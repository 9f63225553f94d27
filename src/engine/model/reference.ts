import type { ResourceKind } from "./kind.ts";
import type { DesiredEntry, JsonValue, Spec } from "./resource.ts";

/** A value that another resource gives. Stands in a `Spec` as `{ "$ref": … }` until it is known. */
export interface Reference {
  readonly kind: string;
  /** How the files call the other resource. */
  readonly name: string;
  /** Which of its outputs: `id`, or one that its kind adds. */
  readonly output: string;
}

/** The reference that stands in an attribute's place; null where a value does. */
export function referenceIn(value: JsonValue | undefined): Reference | null {
  const found = refIn(value);
  return found === null || found.name === null ? null : { ...found, name: found.name };
}

/** A reference that names none: it leads to the one that is the default of its kind. */
export function defaultIn(value: JsonValue | undefined): Omit<Reference, "name"> | null {
  const found = refIn(value);
  return found !== null && found.name === null ? { kind: found.kind, output: found.output } : null;
}

function refIn(
  value: JsonValue | undefined,
): (Omit<Reference, "name"> & { readonly name: string | null }) | null {
  if (typeof value !== "object" || value === null || !("$ref" in value)) {
    return null;
  }
  const { $ref: found } = value;
  if (typeof found !== "object" || found === null || !("kind" in found)) {
    return null;
  }
  const { kind, name, output } = found;
  return typeof kind === "string" && (typeof name === "string" || name === null) && typeof output === "string"
    ? { kind, name, output }
    : null;
}

/** The attributes of a kind that are still references, each with its own. Only those that its rules speak of. */
export function referencesIn(
  spec: Spec,
  { references = {} }: Pick<ResourceKind, "references">,
): readonly (readonly [attribute: string, reference: Reference])[] {
  return Object.keys(references).flatMap((attribute) => {
    const reference = referenceIn(spec[attribute]);
    return reference === null ? [] : [[attribute, reference] as const];
  });
}

/** Attributes with the values of those references that `valueOf` knows; null leaves one as it is. */
export function resolveReferences(
  spec: Spec,
  kind: Pick<ResourceKind, "references">,
  valueOf: (reference: Reference) => JsonValue | null,
): Spec {
  const found = referencesIn(spec, kind).flatMap(([attribute, reference]) => {
    const value = valueOf(reference);
    return value === null ? [] : [[attribute, value] as const];
  });
  return found.length === 0 ? spec : { ...spec, ...Object.fromEntries(found) };
}

/**
 * The kinds in rows: what a kind refers to stands in a row before its own. Kinds that are not in the list count as
 * nothing that one waits for. Throws where kinds refer to each other in a ring.
 */
export function levelsOf(kinds: readonly ResourceKind[]): readonly (readonly ResourceKind[])[] {
  const levels: ResourceKind[][] = [];
  let rest = [...kinds];
  while (rest.length > 0) {
    const names = new Set(rest.map(({ kind }) => kind));
    const level = rest.filter((kind) => !targetsOf(kind).some((to) => names.has(to)));
    if (level.length === 0) {
      throw new Error(`Internal error: ${[...names].join(", ")} refer to each other`);
    }
    levels.push(level);
    rest = rest.filter((kind) => !level.includes(kind));
  }
  return levels;
}

/** The kinds with these names, and all that they refer to: of several that one may refer to, those that entries name. */
export function closureOf(
  names: Iterable<string>,
  kinds: readonly ResourceKind[],
  entries: readonly DesiredEntry[],
): readonly ResourceKind[] {
  const wanted = new Set(names);
  const named = new Map<string, Set<string>>();
  for (const { kind: of, spec } of entries) {
    const kind = kinds.find((each) => each.kind === of);
    const to = named.get(of) ?? new Set();
    named.set(of, to);
    for (const [, reference] of kind === undefined ? [] : referencesIn(spec, kind)) {
      to.add(reference.kind);
    }
  }
  // A set visits what is added to it while it is walked.
  for (const name of wanted) {
    const kind = kinds.find((each) => each.kind === name);
    for (const { to } of Object.values(kind?.references ?? {})) {
      // Where there is a choice, no permission is asked for that nobody needs.
      for (const target of to.length === 1 ? to : to.filter((each) => named.get(name)?.has(each))) {
        wanted.add(target);
      }
    }
  }
  return kinds.filter(({ kind }) => wanted.has(kind));
}

/** Whether a kind is written in the entries of another. */
export function hangsOn(kind: ResourceKind): (owner: string) => boolean {
  const attribute = hangingBy(kind);
  return (owner) => attribute !== null && kind.references?.[attribute]?.to.includes(owner) === true;
}

/** The attribute that leads from one to that in whose entry it is written; null for a kind with entries of its own. */
export function hangingBy({ partOf, ownedBy }: Pick<ResourceKind, "partOf" | "ownedBy">): string | null {
  return partOf ?? ownedBy?.attribute ?? null;
}

/** The kinds that one may refer to. */
function targetsOf({ references = {} }: ResourceKind): readonly string[] {
  return Object.values(references).flatMap(({ to }) => to);
}
