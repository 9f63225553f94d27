import type { JsonValue, Spec } from "../engine/model/resource.ts";
import { type RuleChange, ruleChanges } from "../ingress/compare.ts";
import { itemLine } from "./value.ts";
import { shownLines, type ValueLine } from "./value-diff.ts";

const CONTEXT = 3;

/** How ingress rules become others, a rule a line: one that only moves is one line, with the number that it had. */
export function ruleLines(before: Spec, after: Spec): readonly ValueLine[] {
  const [there, here] = [rulesOf(before), rulesOf(after)];
  const changes = ruleChanges(before, after);
  const near = nearChanges(changes);
  const last = changes.findLastIndex(({ change }) => change !== "same");
  const lines = changes.flatMap((change, at): readonly ValueLine[] => {
    if (!near.has(at)) {
      return near.has(at - 1) && at < last ? [{ sign: " ", text: "…" }] : [];
    }
    const { from, to, moved } = change;
    const was = from === null ? "" : itemLine(there[from] ?? null);
    const is = to === null ? "" : itemLine(here[to] ?? null);
    const remark = moved && from !== null ? `  (was rule ${from + 1})` : "";
    switch (change.change) {
      case "same":
        return [{ sign: " ", text: is }];
      case "moved":
        return [{ sign: "~", text: is + remark }];
      case "changed":
        return [
          { sign: "-", text: was + remark },
          { sign: "+", text: is },
        ];
      case "removed":
        return [{ sign: "-", text: was }];
      case "added":
        return [{ sign: "+", text: is }];
    }
  });
  return shownLines(lines);
}

/** The places that are shown: those that change, and some around each. */
function nearChanges(changes: readonly RuleChange[]): ReadonlySet<number> {
  const near = new Set<number>();
  for (const [at, { change }] of changes.entries()) {
    if (change === "same") {
      continue;
    }
    for (let index = at - CONTEXT; index <= at + CONTEXT; index += 1) {
      near.add(index);
    }
  }
  return near;
}

function rulesOf({ ingress }: Spec): readonly JsonValue[] {
  return Array.isArray(ingress) ? ingress : [];
}
