import { isDeepStrictEqual } from "node:util";
import type { Change, Plan } from "./change.ts";
import type { ComparedSecret } from "./judge.ts";
import type { SecretComparison } from "./kind.ts";
import type { ActualState } from "./observe.ts";
import { type ActualResource, compareText, type DesiredState, type Spec } from "./resource.ts";
import { indexWorld, keyOf, type World } from "./world.ts";

/**
 * Something that was so when a plan was made, and that a change of it rests on. Health and connection times are
 * none: they move all the time, and the rules for deletes are held against each new reading anyway.
 */
export type Fact =
  /** These live resources of the kind bear the name, and no others; none of them: the name is free. */
  | { readonly code: "name"; readonly kind: string; readonly name: string; readonly ids: readonly string[] }
  /** This id lives, as this kind, under this name, and the API reports these attributes. */
  | {
      readonly code: "resource";
      readonly kind: string;
      readonly id: string;
      readonly name: string;
      readonly spec: Spec;
    }
  /** The declared write-only attribute is not the one in force. */
  | { readonly code: "secret"; readonly kind: string; readonly id: string; readonly attribute: string };

/** A fact that is no longer one, and what was found in its place. */
export type ChangedFact =
  | {
      readonly code: "name";
      readonly fact: Extract<Fact, { code: "name" }>;
      readonly found: readonly string[];
    }
  | {
      readonly code: "resource";
      readonly fact: Extract<Fact, { code: "resource" }>;
      readonly found: ActualResource | null;
    }
  | {
      readonly code: "secret";
      readonly fact: Extract<Fact, { code: "secret" }>;
      readonly found: SecretComparison["verdict"];
    };

/**
 * The facts that the changes of a plan rest on, the negative ones too, and nothing else of the account: each is there
 * once, sorted. `actual` is the reading that the plan was made from, and `secrets` what was compared for it.
 */
export function factsOf(
  plan: Pick<Plan, "changes">,
  desired: DesiredState,
  actual: ActualState,
  secrets: readonly ComparedSecret[] = [],
): readonly Fact[] {
  const world = indexWorld(actual);
  const entries = new Map(desired.entries.map((entry) => [keyOf(entry.kind, entry.name), entry]));
  const facts = new Map<string, Fact>();
  for (const change of plan.changes) {
    const entry = entries.get(keyOf(change.kind, change.name));
    for (const fact of [
      ...nameFacts(change, { pinned: entry?.id != null, oldName: entry?.renamed_from ?? null }, world),
      ...resourceFacts(change),
      ...secretFacts(change, secrets),
    ]) {
      facts.set(identityOf(fact), fact);
    }
  }
  return [...facts.entries()].sort(([a], [b]) => compareText(a, b)).map(([, fact]) => fact);
}

/** Every fact that no longer holds in a fresh reading, in the order given. */
export function changedFacts(
  facts: readonly Fact[],
  actual: ActualState,
  secrets: readonly ComparedSecret[],
): readonly ChangedFact[] {
  const world = indexWorld(actual);
  return facts.flatMap((fact): readonly ChangedFact[] => {
    switch (fact.code) {
      case "name": {
        const found = idsOf(world, fact.kind, fact.name);
        return isDeepStrictEqual(found, fact.ids) ? [] : [{ code: "name", fact, found }];
      }
      case "resource": {
        const found = world.byId(fact.id);
        return found !== undefined && isSame(found, fact)
          ? []
          : [{ code: "resource", fact, found: found ?? null }];
      }
      case "secret": {
        const found = secrets.find(({ id, attribute }) => id === fact.id && attribute === fact.attribute);
        const verdict = found?.comparison.verdict ?? "unknown";
        return verdict === "differs" ? [] : [{ code: "secret", fact, found: verdict }];
      }
    }
  });
}

function isSame(found: ActualResource, { kind, name, spec }: Extract<Fact, { code: "resource" }>): boolean {
  return found.kind === kind && found.name === name && isDeepStrictEqual(found.spec, spec);
}

/**
 * Who bears the names that a change looks at. What is found by its name must stay the only one of that name; what is
 * pinned is found by its id. A name that is wanted is free, or held by what this very plan moves away.
 */
function nameFacts(
  change: Change,
  entry: { readonly pinned: boolean; readonly oldName: string | null },
  world: World,
): readonly Fact[] {
  const { kind } = change;
  const names = new Set<string>();
  switch (change.action) {
    case "create":
      names.add(change.after.name);
      if (entry.oldName !== null) {
        // Were it to live, this would be a rename.
        names.add(entry.oldName);
      }
      break;
    case "update":
      if (!entry.pinned) {
        names.add(change.before.name);
      }
      if (change.fields.includes("name")) {
        names.add(change.after.name);
      }
      if (change.via !== null) {
        names.add(change.via);
      }
      break;
    case "delete":
    case "replace":
      if (!entry.pinned) {
        names.add(change.before.name);
      }
  }
  return [...names].map((name) => ({ code: "name", kind, name, ids: idsOf(world, kind, name) }));
}

function resourceFacts({ before }: Change): readonly Fact[] {
  if (before === null) {
    return [];
  }
  const { kind, id, name, spec } = before;
  return [{ code: "resource", kind, id, name, spec }];
}

function secretFacts(change: Change, secrets: readonly ComparedSecret[]): readonly Fact[] {
  const { kind, id } = change;
  if (change.action !== "update" || id === null) {
    return [];
  }
  return secrets
    .filter((secret) => secret.id === id && Object.hasOwn(change.after.secrets, secret.attribute))
    .map(({ attribute }) => ({ code: "secret", kind, id, attribute }));
}

function idsOf(world: World, kind: string, name: string): readonly string[] {
  return world
    .byName(kind, name)
    .map(({ id }) => id)
    .sort(compareText);
}

function identityOf(fact: Fact): string {
  switch (fact.code) {
    case "name":
      return JSON.stringify([fact.kind, "name", fact.name]);
    case "resource":
      return JSON.stringify([fact.kind, "resource", fact.id]);
    case "secret":
      return JSON.stringify([fact.kind, "secret", fact.id, fact.attribute]);
  }
}
