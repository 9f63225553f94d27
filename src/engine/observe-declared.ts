import type { CloudflareClient } from "../cloudflare/client.ts";
import { OWNER_DELETED_AT } from "./decide/ownership.ts";
import { matchEntries } from "./match/match.ts";
import { identityBy, indexWorld } from "./model/account-index.ts";
import { containerOf } from "./model/container.ts";
import type { ResourceKind } from "./model/kind.ts";
import type { Match } from "./model/match.ts";
import {
  type ActualResource,
  byKindAndName,
  type DesiredEntry,
  type DesiredState,
} from "./model/resource.ts";
import { type ActualState, observe } from "./observe.ts";

/**
 * Reads the whole of each kind, as `observe` does, and of others only what entries ask for, once it is known which that
 * is. Of what is a part of another resource: one request each. Of what lies in containers: the list of each container
 * that the files name, or else that an entry lies in; and where lists pass over some, those that have an entry's identity.
 */
export async function observeDeclared(
  declared: Pick<DesiredState, "entries" | "containers">,
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
): Promise<ActualState> {
  const { entries, containers } = declared;
  const isWhole = ({ partOf, within }: ResourceKind) => partOf === undefined && within === undefined;
  const around = kinds.flatMap(({ within }) => within ?? []);
  const wholes = await observe(
    [
      ...kinds.filter(isWhole),
      ...around.map((within) => ({
        list: () =>
          within.list(
            client,
            containers.filter(({ kind }) => kind === within.kind),
          ),
      })),
    ],
    client,
  );
  if (kinds.every(isWhole)) {
    return wholes;
  }
  const asked = entries.filter(({ kind }) => kinds.some((each) => each.kind === kind));
  const matchedIn = (actual: ActualState) => [
    ...matchEntries(asked, indexWorld(actual, kinds), kinds).values(),
  ];
  const matches = matchedIn(wholes);
  const found = await Promise.all(
    kinds.flatMap((kind) => {
      const own = matches.filter(({ entry }) => entry.kind === kind.kind);
      return [
        ...(kind.partOf === undefined ? [] : readParts(kind, own, client)),
        ...(kind.within === undefined
          ? []
          : readContained(kind, own, containers.length === 0 ? null : wholes, client)),
      ];
    }),
  );
  const shown = [...wholes, ...found.flat()];
  const hiding = kinds.filter(({ showsAll }) => showsAll === false);
  const hidden =
    hiding.length === 0 ? [] : matchedIn(shown).flatMap((match) => lookUp(match, hiding, client));
  const seen = [...shown, ...(await Promise.all(hidden)).flat()];
  const orphans = kinds.filter((kind) => kind.ownerDeletedAt !== undefined);
  return [...(orphans.length === 0 ? seen : await withOrphans(seen, orphans, asked, kinds, client))].sort(
    byKindAndName,
  );
}

/** Asks of what entries want, and nothing live owns, whether what it hung on was deleted. */
async function withOrphans(
  actual: ActualState,
  asking: readonly ResourceKind[],
  entries: readonly DesiredEntry[],
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
): Promise<readonly ActualResource[]> {
  const world = indexWorld(actual, kinds);
  const found = new Map(
    await Promise.all(
      [...matchEntries(entries, world, kinds).values()].flatMap((match) => {
        const kind = asking.find((each) => each.kind === match.entry.kind);
        const isAsked = match.state === "found" && world.ownerOf(match.actual) === undefined;
        const isOfSort = isAsked && (kind?.foreign?.([match.actual]) ?? null) === null;
        return kind?.ownerDeletedAt === undefined || !isOfSort
          ? []
          : [kind.ownerDeletedAt(client, match.actual).then((at) => [match.actual, at] as const)];
      }),
    ),
  );
  return actual.map((each) => {
    const deleted_at = found.get(each) ?? null;
    return deleted_at === null ? each : { ...each, facts: { ...each.facts, [OWNER_DELETED_AT]: deleted_at } };
  });
}

/** Of what is matched already, what is a part of another resource. */
export async function readMatched(
  matches: readonly Match[],
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
): Promise<ActualState> {
  const found = kinds.flatMap((kind) =>
    kind.partOf === undefined
      ? []
      : readParts(
          kind,
          matches.filter(({ entry }) => entry.kind === kind.kind),
          client,
        ),
  );
  return (await Promise.all(found)).flat();
}

/** A part goes by the name of the entry that asks for it: the API knows none. */
function readParts(
  kind: ResourceKind,
  matches: readonly Match[],
  client: CloudflareClient,
): readonly Promise<readonly ActualResource[]>[] {
  return matches.flatMap(({ entry }) => {
    const id = identityBy(kind, entry);
    return id === null ? [] : [readPart(kind, entry, id, client)];
  });
}

async function readPart(
  kind: ResourceKind,
  { name }: DesiredEntry,
  id: string,
  client: CloudflareClient,
): Promise<readonly ActualResource[]> {
  const found = await kind.read(client, id);
  return found === null ? [] : [{ ...found, name }];
}

/** What lies in the containers that the files name, which are all that `named` holds; null: in those of the entries. */
function readContained(
  kind: ResourceKind,
  matches: readonly Match[],
  named: ActualState | null,
  client: CloudflareClient,
): readonly Promise<readonly ActualResource[]>[] {
  const ids =
    named === null
      ? matches.flatMap(({ entry }) => containerOf(entry, kind) ?? [])
      : named.filter((each) => each.kind === kind.within?.kind).map(({ id }) => id);
  return [...new Set(ids)].map((id) => kind.list(client, id));
}

/** What stands where an entry would put one, or has its id, and no list shows. */
function lookUp(
  match: Match,
  hiding: readonly ResourceKind[],
  client: CloudflareClient,
): readonly Promise<readonly ActualResource[]>[] {
  const kind = hiding.find((each) => each.kind === match.entry.kind);
  const isMissed = match.state === "absent" || (match.state === "blocked" && match.reason.code === "id_gone");
  return isMissed && kind !== undefined ? [kind.find(client, match.entry)] : [];
}
