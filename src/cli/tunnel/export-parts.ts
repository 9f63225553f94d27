import { HIDDEN } from "../../base/secret.ts";
import { matchAccount } from "../../engine/match/account.ts";
import { keyOf, type World } from "../../engine/model/account-index.ts";
import type { Card, ResourceKind } from "../../engine/model/kind.ts";
import { kinds } from "../../kinds/index.ts";
import type { ActualResource, JsonValue, Spec } from "../../engine/model/resource.ts";
import { judge } from "../../ingress/judge.ts";
import type { ExportedEntry, LeftOut } from "../../render/yaml/export.ts";

/** Entries, and what of the account they do not say. */
export interface Exported {
  readonly entries: readonly ExportedEntry[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Writes configurations into the entries of their tunnels. One that `validate` would refuse is left out, and its tunnel's
 * entry says so. One that connectors do not follow is nobody's.
 */
export async function withConfigurations(
  entries: readonly ExportedEntry[],
  configurations: readonly ActualResource[],
): Promise<Exported> {
  const byTunnel = new Map(configurations.map((found) => [keyOf(found.kind, found.name), found]));
  const leftOut: LeftOut[] = [];
  const result: ExportedEntry[] = [];
  for (const entry of entries) {
    const found = byTunnel.get(keyOf(`${entry.kind}_configuration`, entry.name));
    const spec = found === undefined || found.facts["source"] === "local" ? {} : written(found.spec);
    if (found === undefined || Object.keys(spec).length === 0) {
      result.push(entry);
    } else if (await isRefused(spec)) {
      const { kind, name, id } = found;
      const left = { kind, name, ids: [id], reason: "refused" } as const;
      leftOut.push(left);
      result.push({ ...entry, leftOut: left });
    } else {
      result.push({ ...entry, spec: { ...entry.spec, ...spec } });
    }
  }
  return { entries: result, leftOut };
}

/** Writes what hangs on tunnels into their entries, as items of a list for each kind. `actual` holds all that was read. */
export function withItems(
  entries: readonly ExportedEntry[],
  actual: readonly ActualResource[],
  hanging: readonly ResourceKind[],
): Exported {
  const { world } = matchAccount({ entries: [] }, actual, kinds);
  const lists = new Map<string, { [list: string]: JsonValue[] }>();
  const leftOut: LeftOut[] = [];
  for (const kind of hanging) {
    const { card } = kind;
    for (const found of world.resources.filter((each) => each.kind === kind.kind)) {
      const owner = world.ownerOf(found);
      if (owner !== undefined && card.item !== undefined) {
        const key = keyOf(owner.kind, owner.name);
        const own = lists.get(key) ?? {};
        lists.set(key, own);
        const item = itemOf(found, card.item, card.defaults ?? {}, world);
        if (item === null) {
          leftOut.push({ kind: kind.kind, name: found.name, ids: [found.id], reason: "unsaid" });
        } else {
          (own[card.exportedAs ?? kind.kind] ??= []).push(item);
        }
      }
    }
  }
  const written = entries.map((entry) => {
    const own = lists.get(keyOf(entry.kind, entry.name));
    return own === undefined ? entry : { ...entry, spec: { ...entry.spec, ...own } };
  });
  return { entries: written, leftOut };
}

/** One item: a bare text where that says it all; null where it is as no item can say. */
function itemOf(
  actual: ActualResource,
  { main, references, attributes }: NonNullable<Card["item"]>,
  defaults: Spec,
  world: World,
): JsonValue {
  const { spec } = actual;
  const referred = Object.entries(references).flatMap(([attribute, key]) => {
    const found = world.referred(actual, attribute);
    return found === undefined || isDefault(found) ? [] : [[key, found.name] as const];
  });
  const others = Object.entries(spec).filter(
    ([attribute, value]) => attribute in defaults && defaults[attribute] !== value,
  );
  if (others.some(([attribute]) => !attributes.includes(attribute))) {
    return null;
  }
  const more = [...referred, ...others];
  return more.length === 0
    ? (spec[main] ?? null)
    : { [main]: spec[main] ?? null, ...Object.fromEntries(more) };
}

function isDefault({ kind: of, spec }: ActualResource): boolean {
  const { defaultBy } = kinds.find(({ kind }) => kind === of) ?? {};
  return defaultBy !== undefined && spec[defaultBy] === true;
}

/** What the configuration says; nothing where it has no rules, since a file may not write settings alone. */
function written(spec: Spec): Spec {
  const said = Object.entries(spec).filter(
    ([, value]) => typeof value === "object" && value !== null && Object.keys(value).length > 0,
  );
  return said.some(([key]) => key === "ingress") ? Object.fromEntries(said) : {};
}

/** Whether a file may not hold it. A password in it was taken out when it was read. */
async function isRefused(spec: Spec): Promise<boolean> {
  const { errors } = await judge(spec);
  return errors.length > 0 || JSON.stringify(spec).includes(`//${HIDDEN}@`);
}
