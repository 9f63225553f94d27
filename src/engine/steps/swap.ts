import type { Replace } from "../model/change.ts";
import { containerOf } from "../model/container.ts";
import { isAsWanted } from "../model/as-wanted.ts";
import type { NewResource, ResourceKind } from "../model/kind.ts";
import { keyOf } from "../model/account-index.ts";
import type { ActualResource } from "../model/resource.ts";
import { applied, confirmed, failed, type StepResult } from "./result.ts";
import { writeAfterLook } from "./write.ts";
import { openSecrets, settled, whyOther, type Workplace } from "./workplace.ts";

/**
 * A replacement in one request, sent only right after a look that shows the old one as the plan knows it. Where that one is
 * gone after an unclear end, the new one is looked for.
 */
export function swap(change: Replace, kind: ResourceKind, workplace: Workplace): Promise<StepResult> {
  const { id, before, after } = change;
  const wanted: NewResource = {
    name: after.name,
    spec: settled(after.spec, kind, workplace),
    secrets: openSecrets(after.secrets, workplace),
  };
  const container = containerOf(before, kind);
  return writeAfterLook(
    {
      id,
      container,
      async judge(actual, unclear) {
        if (actual === null) {
          const made = unclear === null ? null : await findMade(wanted, kind, workplace);
          return made === null ? failed(id, { code: "gone" }) : { ...confirmed(made.id), made };
        }
        const other = whyOther(kind, actual, before);
        const isOther = Object.entries(before.spec).some(
          ([attribute, value]) => actual.spec[attribute] !== value,
        );
        return other === null && !isOther
          ? null
          : failed(id, other ?? { code: "name_changed", live_name: actual.name });
      },
      async send() {
        if (kind.swap === undefined) {
          throw new Error(`Internal error: a ${change.kind} is not replaced in one request`);
        }
        const made = await kind.swap(workplace.client, id, wanted);
        return { ...applied(made.id), made };
      },
    },
    kind,
    workplace,
  );
}

/** What was not there when the plan was made, and is as it was asked for. */
async function findMade(
  wanted: NewResource,
  kind: ResourceKind,
  { client, knownIds }: Workplace,
): Promise<ActualResource | null> {
  const found = await kind.find(client, wanted);
  return (
    found.find(
      (actual) =>
        !knownIds.has(keyOf(actual.kind, actual.id)) &&
        Object.keys(wanted.spec).every((attribute) => isAsWanted(kind, attribute, actual.spec, wanted.spec)),
    ) ?? null
  );
}
