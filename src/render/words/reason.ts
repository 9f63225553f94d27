import type { Change } from "../../engine/model/change.ts";
import { cardOf, hangsOnAnother, mayBeLive } from "../../kinds/cards.ts";
import { keptWords, anewWords } from "./kept.ts";
import { statusWords } from "./shown.ts";
import { code, list, name, say, type Sentence } from "./sentence.ts";

/** Why the change is in the plan. */
export function reasonWords(change: Change): Sentence {
  const { reason, kind } = change;
  switch (reason.code) {
    case "declared":
      return say`It is declared, and no live ${name(kind)} has this name.`;
    case "renamed_from":
      return say`${code("renamed_from")} says that it was named ${name(reason.from)}. ${keptWords(cardOf(kind))}`;
    case "pinned":
      return say`${code("id")} pins it, and it lives under the name ${name(reason.from)}. ${keptWords(cardOf(kind))}`;
    case "differs":
      return reason.attributes.length === 1
        ? say`The declared ${list(reason.attributes)} is not the one in force.`
        : say`The declared ${list(reason.attributes)} are not the ones in force.`;
    case "tombstone":
      return say`The entry says ${code("state: absent")}.`;
    case "prune":
      return hangsOnAnother(kind)
        ? say`No item mentions it, and it hangs on a tunnel whose list is whole under the prune prefix ${name(reason.prefix)}.`
        : say`No entry mentions it, and its name starts with the prune prefix ${name(reason.prefix)}.`;
    case "goes_with":
      return say`It goes with ${name(`${reason.kind}/${reason.name}`)}, which is deleted.`;
    case "replace_allowed":
      return say`${code("replace")} names this id, and ${list(reason.attributes)} cannot be changed in place. ${anewWords(cardOf(kind))}`;
  }
}

/** What a change does to connectors that run right now; null when it does nothing to them. */
export function connectorWarning(change: Change): Sentence | null {
  if (change.action !== "update" || !mayBeLive(change.before)) {
    return null;
  }
  if (Object.keys(change.after.secrets).length === 0) {
    return null;
  }
  return say`It is live (${statusWords(change.before.facts["status"] ?? null)}): its connectors keep running, but are refused at their next reconnect, until they are given the new token (${code("token")} prints it).`;
}
