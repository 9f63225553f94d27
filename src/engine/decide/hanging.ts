import type { Blocked, Change, Delete } from "../model/change.ts";
import type { ResourceKind } from "../model/kind.ts";
import type { ActualResource, DesiredContainer } from "../model/resource.ts";
import { keyOf, type World } from "../model/account-index.ts";
import { deletion } from "./judge.ts";

/** The kinds that must be read before something of a kind may be deleted: what hangs on it, and what refers to it. */
export function kindsHangingOn(
  changes: readonly Change[],
  kinds: readonly ResourceKind[],
  containers: readonly DesiredContainer[],
): readonly ResourceKind[] {
  const leaving = new Set(changes.filter(takesAway).map(({ kind }) => kind));
  // What lies in containers is looked for in those that the files name, and nowhere else.
  const isNamed = (within: ResourceKind["within"]) => containers.some(({ kind }) => kind === within?.kind);
  return kinds.filter(
    ({ references = {}, ownedBy, within }) =>
      (within === undefined || isNamed(within)) &&
      Object.entries(references).some(
        ([attribute, { to, inUse }]) =>
          (attribute === ownedBy?.attribute || inUse !== undefined) && to.some((kind) => leaving.has(kind)),
      ),
  );
}

/** The deletes of all that hangs on what is deleted, save what a change of its own moves away or deletes. */
export function deletesOfHanging(changes: readonly Change[], world: World): readonly Change[] {
  const leaving = new Map(
    changes
      .filter(takesAway)
      .map((change): [string, Delete | Change] => [keyOf(change.kind, change.id ?? ""), change]),
  );
  const moved = new Set(changes.map(({ kind, id }) => keyOf(kind, id ?? "")));
  return leaving.size === 0
    ? []
    : world.resources.flatMap((actual) => {
        const owner = world.ownerOf(actual);
        const change = owner === undefined ? undefined : leaving.get(keyOf(owner.kind, owner.id));
        if (owner === undefined || change === undefined || moved.has(keyOf(actual.kind, actual.id))) {
          return [];
        }
        const reason = { code: "goes_with", kind: change.kind, name: change.name, id: owner.id } as const;
        return [deletion(actual, reason, change.source)];
      });
}

/** Blocks each delete of what others refer to that stay, and would stand in nothing then. */
export function refuseInUse(
  changes: readonly Change[],
  world: World,
  kinds: readonly ResourceKind[],
): { readonly changes: readonly Change[]; readonly blocked: readonly Blocked[] } {
  const leaving = new Set(
    changes.filter(({ action }) => action === "delete").map(({ kind, id }) => keyOf(kind, id ?? "")),
  );
  const after = new Map(changes.map((change) => [keyOf(change.kind, change.id ?? ""), change]));
  const users = new Map<string, string[]>();
  for (const { kind: of, references = {} } of leaving.size === 0 ? [] : kinds) {
    const rules = Object.entries(references).filter(([, { inUse }]) => inUse !== undefined);
    for (const actual of rules.length === 0 ? [] : world.resources.filter(({ kind }) => kind === of)) {
      for (const [attribute] of rules) {
        const used = world.referred(actual, attribute);
        const key = used === undefined ? "" : keyOf(used.kind, used.id);
        if (leaving.has(key) && stays(after.get(keyOf(of, actual.id)), attribute)) {
          const names = users.get(key) ?? [];
          users.set(key, names);
          names.push(keyOf(of, actual.name));
        }
      }
    }
  }
  const blocked = changes.flatMap((change): readonly Blocked[] => {
    const names = users.get(keyOf(change.kind, change.id ?? ""));
    const { action, kind, name, id, before, source } = change;
    return names === undefined
      ? []
      : [{ action, kind, name, id, reason: { code: "network_in_use", names }, before, source }];
  });
  return {
    changes: changes.filter(({ kind, id }) => !users.has(keyOf(kind, id ?? ""))),
    blocked,
  };
}

/** Whether what refers to something by an attribute still does so when its change is done. */
function stays(change: Change | undefined, attribute: string): boolean {
  return change?.action !== "delete" && change?.fields.includes(attribute) !== true;
}

/** What others refer to until a delete takes them away that no entry asks for. By `keyOf` and the id. */
export function usedUnnamed(
  changes: readonly Change[],
  world: World,
  kinds: readonly ResourceKind[],
): ReadonlySet<string> {
  return new Set(
    changes.flatMap(({ kind: of, before, reason: { code } }) => {
      const { references = {} } = kinds.find(({ kind }) => kind === of) ?? {};
      return before === null || (code !== "prune" && code !== "goes_with")
        ? []
        : Object.entries(references).flatMap(([attribute, { inUse }]) => {
            const used = inUse === undefined ? undefined : world.referred(before, attribute);
            return used === undefined ? [] : [keyOf(used.kind, used.id)];
          });
    }),
  );
}

function takesAway({ action }: Change): boolean {
  return action === "delete" || action === "replace";
}

/** Why the account would hold more than it may, of the kinds that are counted together. */
export function refuseQuota(
  changes: readonly Change[],
  live: readonly ActualResource[],
  kinds: readonly ResourceKind[],
  max_routes: number,
): readonly Blocked[] {
  const counted = new Set(kinds.filter(({ quota }) => quota !== undefined).map(({ kind }) => kind));
  const count = (action: Change["action"]) =>
    changes.filter((change) => change.action === action && counted.has(change.kind)).length;
  const before = live.filter(({ kind }) => counted.has(kind)).length;
  const after = before + count("create") - count("delete");
  return count("create") > 0 && after > max_routes
    ? [
        {
          action: null,
          kind: null,
          name: null,
          id: null,
          reason: { code: "route_quota", live: before, after, max_routes },
          before: null,
          source: null,
        },
      ]
    : [];
}

/** The kinds that are counted together with one of which something is made: all must be read to know how many there are. */
export function kindsCounted(
  changes: readonly Change[],
  kinds: readonly ResourceKind[],
): readonly ResourceKind[] {
  const counted = kinds.filter(({ quota }) => quota !== undefined);
  const made = changes.some(
    ({ action, kind }) => action === "create" && counted.some((each) => each.kind === kind),
  );
  return made ? counted : [];
}
