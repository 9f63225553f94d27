import { isDeepStrictEqual } from "node:util";
import type { ChangedFact } from "../engine/facts.ts";
import type { Spec } from "../engine/resource.ts";
import { list, name, say, type Sentence, value } from "./sentence.ts";

/** A fact that a saved plan rests on, as it was when the plan was made and as it was found. */
export function changedFactWords(changed: ChangedFact): Sentence {
  switch (changed.code) {
    case "name": {
      const { fact, found } = changed;
      return say`The name ${name(fact.name)} of a ${name(fact.kind)}: ${holders(fact.ids, "had")} it; now ${holders(found, found.length > 1 ? "have" : "has")} it.`;
    }
    case "resource":
      return resourceWords(changed);
    case "secret": {
      const { fact, found } = changed;
      const now =
        found === "same" ? "now it is the one in force" : "now nobody can tell: it could not be compared";
      return say`The declared ${name(fact.attribute)} of ${name(fact.kind)} ${name(fact.id)}: it was not the one in force; ${now}.`;
    }
  }
}

function holders(ids: readonly string[], verb: "had" | "has" | "have"): Sentence {
  return ids.length === 0 ? say`none ${verb}` : say`${list(ids)} ${verb}`;
}

function resourceWords({ fact, found }: Extract<ChangedFact, { code: "resource" }>): Sentence {
  const subject = say`${name(fact.kind)} ${name(fact.name)} (${name(fact.id)})`;
  if (found === null) return say`${subject}: it lived; now it is gone.`;
  if (found.kind !== fact.kind) return say`${subject}: now it is a ${name(found.kind)}.`;
  const attributes = [...new Set([...Object.keys(fact.spec), ...Object.keys(found.spec)])].sort();
  const moved = attributes.filter(
    (attribute) => !isDeepStrictEqual(fact.spec[attribute], found.spec[attribute]),
  );
  const parts = [
    ...(found.name === fact.name ? [] : [say`now it is named ${name(found.name)}`]),
    ...moved.map(
      (attribute) =>
        say`${name(attribute)} was ${valueIn(fact.spec, attribute)} and is now ${valueIn(found.spec, attribute)}`,
    ),
  ];
  const all = parts.flatMap((part, position) => (position === 0 ? part : ["; ", ...part]));
  return say`${subject}: ${all}.`;
}

function valueIn(spec: Spec, attribute: string): Sentence {
  const found = spec[attribute];
  return found === undefined ? say`not reported` : [value(found)];
}
