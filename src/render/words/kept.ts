import type { Card } from "../../engine/model/kind.ts";

/** `Its id, its token and its routes stay.` */
export function keptWords({ keeps }: Card): string {
  const kept = joined(keeps.map((each) => `its ${each}`));
  return `${kept.charAt(0).toUpperCase()}${kept.slice(1)} ${keeps.length === 1 ? "stays" : "stay"}.`;
}

/** `the id, the token and the routes`. */
export function theKept({ keeps }: Card): string {
  return joined(keeps.map((each) => `the ${each}`));
}

/** `The new one has a new id, a new token and no routes.` */
export function anewWords({ keeps }: Card): string {
  return `The new one has ${joined(keeps.map((each) => (each.endsWith("s") ? `no ${each}` : `a new ${each}`)))}.`;
}

/** `a new id and a new token`; empty where a new one has nothing of its own. */
export function newWords({ keeps }: Card): string {
  return joined(keeps.filter((each) => !each.endsWith("s")).map((each) => `a new ${each}`));
}

/** `a, b and c`. */
function joined(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
