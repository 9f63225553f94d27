import type { Change, Replace, Update } from "../../engine/model/change.ts";
import type { JsonValue, Spec } from "../../engine/model/resource.ts";
import { cardOf } from "../../kinds/cards.ts";
import { type RuleChange, ruleChanges } from "../../ingress/compare.ts";
import { isBlock } from "../value.ts";
import { newWords } from "./kept.ts";
import { code, list, name, say, type Sentence, value } from "./sentence.ts";

/** What is not as the files declare it. A value of many lines is only said to be another one. */
export function movedWords(change: Change): Sentence {
  switch (change.action) {
    case "create":
      return say`it is not in the account: deleted, renamed, or never made`;
    case "update":
      return differences(change);
    case "replace":
      return change.fields.length === 0 ? say`it is to be made anew` : differences(change);
    case "delete":
      return change.reason.code === "tombstone"
        ? say`it is in the account, and declared ${code("state: absent")}`
        : say`it is in the account, and no file asks for it`;
  }
}

function differences(change: Update | Replace): Sentence {
  const isSecret = (field: string) => Object.hasOwn(change.after.secrets, field);
  const secrets = change.fields.filter(isSecret);
  const parts = [
    ...change.fields
      .filter((field) => !isSecret(field))
      .map((field) =>
        field === cardOf(change.kind).rules ? ruleWords(field, change) : fieldWords(field, change),
      ),
    ...(secrets.length === 0 ? [] : [say`the declared ${list(secrets)} is not the one in force`]),
  ];
  return parts.flatMap((part, position) => (position === 0 ? part : ["; ", ...part]));
}

/** What `apply` would do about it. */
export function remedyWords(change: Change): Sentence {
  const card = cardOf(change.kind);
  const fresh = newWords(card);
  const stays = card.keeps.includes("id") ? "; its id stays" : "";
  switch (change.action) {
    case "create":
      return say`make it${fresh === "" ? "" : `, with ${fresh}`}`;
    case "update":
      return change.fields.includes("name")
        ? say`rename it to ${name(change.after.name)}${change.fields.length > 1 ? " and set the rest" : ""}${stays}`
        : say`set it as declared${stays}`;
    case "replace":
      return say`delete it and make it anew${fresh === "" ? "" : `, with ${fresh}`}`;
    case "delete":
      return say`delete it`;
  }
}

type Side = { readonly name: string; readonly spec: Spec };

function fieldWords(field: string, { before, after, refers }: Update | Replace): Sentence {
  const [live, declared] = [valueOf(before, field), valueOf(after, field)];
  // An address says more than an id.
  const [leads, is] = [refers?.before[field], refers?.after[field]];
  if (leads !== undefined && is !== undefined) {
    return say`${name(field)} is that of ${name(leads)}, and declared that of ${name(is)}`;
  }
  return [live, declared].some((value) => value !== undefined && isBlock(value))
    ? say`${name(field)} is not as declared`
    : say`${name(field)} is ${shown(live)}, and declared ${shown(declared)}`;
}

/** Rules are long and many: they are counted, by what is to become of them. */
function ruleWords(field: string, { before, after }: Update | Replace): Sentence {
  const changes = ruleChanges(before.spec, after.spec);
  const counts = RULE_CHANGES.flatMap(([change, words]) => {
    const count = changes.filter((one) => one.change === change).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return say`${name(field)} is not as declared (rules: ${counts.join(", ")})`;
}

/** As whoever looks at the account sees them, and not as `apply` does. */
const RULE_CHANGES: readonly (readonly [RuleChange["change"], string])[] = [
  ["added", "missing"],
  ["removed", "not declared"],
  ["changed", "changed"],
  ["moved", "moved"],
];

function shown(of: JsonValue | undefined): Sentence {
  return of === undefined ? say`not reported` : [value(of)];
}

function valueOf(side: Side, field: string): JsonValue | undefined {
  return field === "name" ? side.name : side.spec[field];
}
