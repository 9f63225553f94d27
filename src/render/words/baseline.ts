import type { Adopted, BaseComparison, Released } from "../../engine/compare/baseline.ts";
import type { ChangeOrigin } from "../../engine/compare/origin.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { code, list, name, say, type Sentence } from "./sentence.ts";

/** Where a change comes from, by what the files said before. */
export function originWords(origin: ChangeOrigin): Sentence {
  const { proposed, drifted, contested } = origin;
  switch (origin.origin) {
    case "conflict":
      return say`this change and the account have both moved ${list(contested)} since the base`;
    case "this_change":
      return drifted.length === 0
        ? say`this change (${list(proposed)})`
        : say`this change (${list(proposed)}), beside drift that was there before (${list(drifted)})`;
    case "drift":
      return drifted.length === 0
        ? say`was there before this change`
        : say`drift that was there before this change (${list(drifted)})`;
  }
}

/** What has begun to be managed, and might be somebody else's. */
export function adoptedWords(adopted: Adopted): Sentence {
  const created = adopted.created_at;
  const when = created === null ? say`creation time not reported` : say`created ${name(created)}`;
  const alias = adopted.live_name === adopted.name ? [] : say`, now named ${name(adopted.live_name)}`;
  return say`new in the files, and it lives already (${when}${alias}): from now on it is managed. If it is somebody else's, choose another name.`;
}

/** What has ended to be managed. */
export function releasedWords(released: Released): Sentence {
  return released.id === null
    ? say`no longer declared, and its kind is not read: it is left alone.`
    : say`no longer declared: it lives on, unmanaged. To delete it, write an entry with ${code("state: absent")}.`;
}

/** Origins to look up by kind and name. */
export function originsByKey(base: BaseComparison | null): ReadonlyMap<string, ChangeOrigin> {
  return new Map((base?.origins ?? []).map((origin) => [keyOf(origin.kind, origin.name), origin]));
}

/** The conflicts of a comparison, which are said first. */
export function conflictsOf(base: BaseComparison | null): readonly ChangeOrigin[] {
  return (base?.origins ?? []).filter(({ origin }) => origin === "conflict");
}

/** `Against the base: 1 from this change, …`. */
export function baseCountWords({ origins, adopted }: BaseComparison): string {
  const count = (of: ChangeOrigin["origin"]) => origins.filter(({ origin }) => origin === of).length;
  return `Against the base: ${count("this_change")} from this change, ${count("drift")} drifted before, ${count("conflict")} in conflict, ${adopted.length} adopted.`;
}
