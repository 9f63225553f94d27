import { cardOf } from "../../kinds/cards.ts";
import { theKept } from "./kept.ts";
import type { Note, Unknown } from "../../engine/model/change.ts";
import { ownerWords } from "./shown.ts";
import { code, list, name, say, type Sentence, words } from "./sentence.ts";

/** What a note tells, and what to do about it. */
export function noteWords(note: Note): Sentence {
  const { reason } = note;
  switch (reason.code) {
    case "rename_has_no_effect":
      return say`${code("renamed_from")} does nothing here: ${name(reason.from)} (${name(reason.from_id)}) lives beside it, and neither is renamed. Remove ${code("renamed_from")}, or give one of the two another name first.`;
    case "rename_source_missing":
      return say`${code("renamed_from")} finds no live ${name(note.kind)} named ${name(reason.from)}, and none has the new name, so a new one is made.${reason.nearest === null ? "" : say` Did you mean ${name(reason.nearest)}?`}`;
    case "replace_has_no_effect":
      return say`${code("replace")} names the live ${name(reason.id)}, and nothing is known to differ that would need it. Remove ${code("replace")}.`;
    case "duplicate_unmanaged":
      return say`${String(reason.ids.length)} live ${name(note.kind)} that no entry mentions have this name: ${list(reason.ids)}. All of them are left alone.`;
    case "namesake_spared":
      return say`Another live ${name(note.kind)}, ${name(reason.id)}, has this name; the entry's ${code("id")} means a different one, so it is left alone.`;
    case "not_ours":
      return say`It is to be absent here, and hangs on ${ownerWords(reason.owner)}: nothing is done.`;
    case "adopted":
      return say`It led to ${ownerWords(reason.owner)}, a tunnel of this account that was deleted at ${name(reason.deleted_at)}. It is taken over.`;
    case "gap":
      return say`It changes places with another one: for a moment, between two writes, nobody serves it. To have no such moment, give both tunnels the rules of both names first, and take the old ones away with the next apply.`;
    case "zone_pending":
      return say`The zone ${name(reason.zone)} is ${name(reason.status)}: until it is active, nobody resolves its names.`;
    case "delete_and_create":
      return say`This plan deletes some ${name(note.kind)} and creates others. If a new one is an old one under another name, ${code("renamed_from")} on its entry keeps ${theKept(cardOf(note.kind))}.`;
  }
}

/** What could not be compared, and why. */
export function unknownWords(unknown: Unknown): Sentence {
  return say`${name(unknown.attribute)} could not be compared, so it may differ (${words(unknown.why)}).`;
}
