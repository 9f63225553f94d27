import type { CloudflareClient } from "../cloudflare/client.ts";
import type { ResourceKind } from "./model/kind.ts";
import { type ActualResource, byKindAndName } from "./model/resource.ts";

/** The account as it was read: every live resource of the kinds that were asked for, sorted by kind, name, id. */
export type ActualState = readonly ActualResource[];

/**
 * Reads the whole of each kind, kinds side by side. Only what is asked for is read, so that a file with cfd tunnels
 * alone needs no permission for WARP. Throws `ApiError` when any kind cannot be read to its end: a part of the
 * account is never taken for the whole.
 */
export async function observe(
  kinds: readonly Pick<ResourceKind, "list">[],
  client: CloudflareClient,
): Promise<ActualState> {
  const lists = kinds.map((kind) => kind.list(client));
  // Which error is told must not depend on which is there first, and what it means on what the others were granted.
  await Promise.allSettled(lists);
  return (await Promise.all(lists)).flat().sort(byKindAndName);
}
