import { type Limits, wait, whyOver } from "../base/limits.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import { readTunnel } from "./api.ts";
import type { ManagedTunnel } from "./tunnel-row.ts";

/** What has become of a tunnel since it was looked up, so that it is not the one any more that was meant. */
export type Moved = { readonly became: "gone" } | { readonly became: "renamed"; readonly name: string };

/** How often a write is tried that the API surely did not act on. */
const TRIES = 6;
/** Before the second try; then twice as long each time. Milliseconds. */
const PAUSE = 500;

/**
 * Sends a write right after a look at the tunnel by its id, and does not send it where that shows it moved. `send` is
 * to send at once or not at all: whatever made it wait, it is sent again only after another look. Throws `ApiError`.
 */
export async function writeAfterLook(
  client: CloudflareClient,
  tunnel: ManagedTunnel,
  send: () => Promise<void>,
  limits: Limits,
): Promise<Moved | null> {
  for (let tries = 1; ; tries += 1) {
    const moved = movedTo(tunnel, await readTunnel(client, tunnel.kind, tunnel.id));
    if (moved !== null) {
      return moved;
    }
    try {
      await send();
      return null;
    } catch (error) {
      if (!(error instanceof ApiError && error.repeatable) || tries === TRIES) {
        throw error;
      }
      await wait(PAUSE * 2 ** (tries - 1), limits);
      if (whyOver(limits) !== null) {
        throw error;
      }
    }
  }
}

function movedTo({ name }: ManagedTunnel, now: ManagedTunnel | null): Moved | null {
  if (now === null || now.deleted_at !== null) {
    return { became: "gone" };
  }
  return now.name === name ? null : { became: "renamed", name: now.name };
}
