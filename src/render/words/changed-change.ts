import { isDeepStrictEqual } from "node:util";
import type { ChangedChange, Moved } from "../../engine/compare/same-changes.ts";
import type { ActualResource, Spec } from "../../engine/model/resource.ts";
import { blockedWords } from "./blocked.ts";
import { reasonWords } from "./reason.ts";
import { list, name, say, type Sentence, value } from "./sentence.ts";

/** What becomes of a change by now, and why it is not what was planned. */
export function changedChangeWords(changed: ChangedChange): Sentence {
  const { kind, name: of, earlier, later, blocked } = changed;
  const before = earlier?.action ?? "no change";
  const now = blocked === null ? (later?.action ?? "no change") : "blocked";
  const what =
    before === now ? say`${before}, but not the one in the plan` : say`${before} in the plan, ${now} now`;
  return say`${name(kind)} ${name(of)}: ${what}.${whyWords(changed)}`;
}

function whyWords({ earlier, later, blocked, moved }: ChangedChange): Sentence {
  if (blocked !== null) {
    return say` ${blockedWords(blocked)}`;
  }
  const why = earlier === null && later !== null ? [reasonWords(later)] : moved.map(movedWords);
  return why.flatMap((sentence) => say` ${sentence}`);
}

function movedWords(moved: Moved): Sentence {
  switch (moved.code) {
    case "resource":
      return resourceWords(moved.before, moved.found);
    case "name":
      return say`${list(moved.ids)} ${moved.ids.length > 1 ? "have" : "has"} the name ${name(moved.name)}.`;
    case "secret":
      return moved.found === "same"
        ? say`The declared ${name(moved.attribute)} is the one in force by now.`
        : say`Whether the declared ${name(moved.attribute)} is the one in force cannot be told: it could not be compared.`;
    case "not_needed":
      return say`It was to free its name, and no target wants that name any more.`;
  }
}

function resourceWords(before: ActualResource, found: ActualResource | null): Sentence {
  const subject = say`${name(before.id)}, which was ${name(before.kind)} ${name(before.name)},`;
  if (found === null) {
    return say`${subject} is gone.`;
  }
  if (found.kind !== before.kind) {
    return say`${subject} is a ${name(found.kind)} by now.`;
  }
  const attributes = [...new Set([...Object.keys(before.spec), ...Object.keys(found.spec)])].sort();
  const parts = [
    ...(found.name === before.name ? [] : [say`is named ${name(found.name)} by now`]),
    ...attributes
      .filter((attribute) => !isDeepStrictEqual(before.spec[attribute], found.spec[attribute]))
      .map(
        (attribute) =>
          say`has ${name(attribute)} ${valueIn(found.spec, attribute)}, which was ${valueIn(before.spec, attribute)}`,
      ),
  ];
  const all = parts.flatMap((part, position) => (position === 0 ? part : ["; ", ...part]));
  return say`${subject} ${all}.`;
}

function valueIn(spec: Spec, attribute: string): Sentence {
  const found = spec[attribute];
  return found === undefined ? say`not reported` : [value(found)];
}
