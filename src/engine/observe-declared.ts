import type { CloudflareClient } from "../cloudflare/client.ts";
import { matchEntries } from "./match/match.ts";
import { identityBy, indexWorld } from "./model/account-index.ts";
import type { ResourceKind } from "./model/kind.ts";
import { type ActualResource, byKindAndName, type DesiredEntry } from "./model/resource.ts";
import { type ActualState, observe } from "./observe.ts";

/**
 * Reads the whole of each kind, as `observe` does, and of what is a part of another resource only what entries ask for:
 * one request each, once it is known which resource that is.
 */
export async function observeDeclared(
  entries: readonly DesiredEntry[],
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
): Promise<ActualState> {
  const parts = kinds.filter(({ partOf }) => partOf !== undefined);
  const wholes = await observe(
    kinds.filter((kind) => !parts.includes(kind)),
    client,
  );
  const asked = entries.filter(({ kind }) => kinds.some((each) => each.kind === kind));
  const matches =
    parts.length === 0 ? [] : [...matchEntries(asked, indexWorld(wholes, kinds), kinds).values()];
  const reads = matches.flatMap(({ entry }) => {
    const kind = parts.find((each) => each.kind === entry.kind);
    const id = kind === undefined ? null : identityBy(kind, entry);
    return kind === undefined || id === null ? [] : [readPart(kind, entry, id, client)];
  });
  const found = await Promise.all(reads);
  return [...wholes, ...found.flatMap((part) => part ?? [])].sort(byKindAndName);
}

/** A part goes by the name of the entry that asks for it: the API knows none. */
async function readPart(
  kind: ResourceKind,
  { name }: DesiredEntry,
  id: string,
  client: CloudflareClient,
): Promise<ActualResource | null> {
  const found = await kind.read(client, id);
  return found === null ? null : { ...found, name };
}
