import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import { type Limits, wait, whyOver } from "../base/limits.ts";
import { cutConnections, readConnectors } from "./api.ts";
import type { Connector, ManagedTunnel } from "./tunnel-row.ts";
import { type Moved, writeAfterLook } from "./write-after-look.ts";

/** What became of connectors whose connections were cut. */
export interface Cut {
  readonly cut: readonly Connector[];
  /** Connected anew by the time of the look. */
  readonly returned: readonly Connector[];
  /** Still shown with a connection of before. */
  readonly remained: readonly Connector[];
  /** Why nobody could look what became of them; null where somebody did. */
  readonly unseen: ApiError | null;
}

/** Whoever comes back does so within seconds, and lists may lag: the waits before each look. Milliseconds. */
const LOOKS = [2_000, 2_000, 4_000] as const;

/**
 * Looks at a cfd tunnel, cuts its connections, those of all connectors or of one, and looks what became of them.
 * `before` is what was read right before this, and is what counts as cut. Where the answer is lost, the look alone
 * tells. Cuts nothing of a tunnel that has moved. Throws `ApiError` where the API refused.
 */
export async function cut(
  client: CloudflareClient,
  tunnel: ManagedTunnel,
  before: readonly Connector[],
  connectorId: string | null,
  limits: Limits,
): Promise<Cut | Moved> {
  const { id } = tunnel;
  const meant = before.filter((connector) => connectorId === null || connector.id === connectorId);
  let lost: ApiError | null = null;
  try {
    const send = () => cutConnections(client, id, connectorId);
    const moved = await writeAfterLook(client, tunnel, send, limits);
    if (moved !== null) {
      return moved;
    }
  } catch (error) {
    if (!(error instanceof ApiError && error.ambiguous)) {
      throw error;
    }
    lost = error;
  }
  const seen = await look(client, id, meant, limits);
  if (lost !== null && (seen instanceof ApiError || seen.remained.length > 0)) {
    throw lost;
  }
  return seen instanceof ApiError
    ? { cut: meant, returned: [], remained: [], unseen: seen }
    : {
        cut: meant,
        returned: seen.others.filter((connector) => connectorId === null || connector.id === connectorId),
        remained: seen.remained,
        unseen: null,
      };
}

interface Seen {
  /** Those with a connection of before. */
  readonly remained: readonly Connector[];
  readonly others: readonly Connector[];
}

/** Looks until none of the old connections is left, or there was time enough. */
async function look(
  client: CloudflareClient,
  id: string,
  meant: readonly Connector[],
  limits: Limits,
): Promise<Seen | ApiError> {
  const old = new Set(meant.flatMap(({ connections }) => connections.map((connection) => connection.id)));
  const isOld = (connector: Connector) => connector.connections.some((connection) => old.has(connection.id));
  let now: readonly Connector[] = [];
  for (const ms of LOOKS) {
    await wait(ms, limits);
    try {
      now = (await readConnectors(client, { kind: "cfd_tunnel", id })) ?? [];
    } catch (error) {
      if (error instanceof ApiError) {
        return error;
      }
      throw error;
    }
    if (!now.some(isOld) || whyOver(limits) !== null) {
      break;
    }
  }
  return { remained: now.filter(isOld), others: now.filter((connector) => !isOld(connector)) };
}
