import type { Card } from "../engine/model/kind.ts";
import type { ActualResource } from "../engine/model/resource.ts";
import { kinds } from "./index.ts";

const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
const byPath = new Map(kinds.flatMap(({ card }) => card.paths.map((path) => [path, card] as const)));

/** What is said of a kind that is not in the registry: words never fail. */
const UNKNOWN: Card = { noun: "resource", paths: [], permission: "", keeps: ["id"], givesToken: false };

/** The card of a kind. */
export function cardOf(kind: string): Card {
  return byKind.get(kind)?.card ?? UNKNOWN;
}

/** The card whose permission a request below the account needs; undefined where no kind's does. */
export function cardOfPath(path: string): Card | undefined {
  return byPath.get(/^\/[^/?]*/.exec(path)?.[0] ?? "");
}

/** Whether one of this kind carries connections at all. */
export function carriesConnections(kind: string): boolean {
  return byKind.get(kind)?.use !== undefined;
}

/** Whether one of this kind is written in another one's entry. */
export function hangsOnAnother(kind: string): boolean {
  const { partOf, ownedBy } = byKind.get(kind) ?? {};
  return partOf !== undefined || ownedBy !== undefined;
}

/** The attributes that what a resource is called says already. */
export function saidByName(kind: string): ReadonlySet<string> {
  const { card, within, partOf } = byKind.get(kind) ?? {};
  const { main, references = {} } = card?.item ?? {};
  const said = [main, ...Object.keys(references), within?.attribute, partOf];
  return new Set(said.filter((attribute) => attribute !== undefined));
}

/** Whether a running connector may be using it. */
export function mayBeLive(actual: ActualResource): boolean {
  return (byKind.get(actual.kind)?.use?.livenessOf(actual) ?? null) !== null;
}
