import type { Run } from "../command.ts";
import { readConnector, readConnectors, readTunnel } from "../../tunnels/api.ts";
import type { Connector, ManagedTunnel } from "../../tunnels/tunnel-row.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import { renderConnector, renderTunnel } from "../../render/text/show.ts";
import type { ApiOptions } from "../args/options.ts";
import { type Session, withSession } from "../session/session.ts";
import { resolveAnyTunnel, unknownConnector } from "../tunnel/tunnel-argument.ts";
import { tableOptions, type WideOption } from "../terminal/table-options.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface ShowOptions extends ApiOptions, WideOption {
  readonly connector?: string;
}

/** Shows whether one tunnel is up, from where, on which version; or one of its connectors. */
export async function show(run: Run<ShowOptions>, argument: string): Promise<ExitCode> {
  const { options, printer, waiting } = run;
  return withSession(run, async (session) => {
    const { accountId } = session;
    const { tunnel, connectors, connector } = await waiting.reading(
      "Reading the tunnel",
      readAll(argument, options.connector ?? null, session),
    );
    if (options.format === "json") {
      const fields = connector === null ? { tunnel, connectors } : { tunnel, connector };
      printer.result(toJson(resultDocument(accountId, fields)));
      return EXIT.done;
    }
    const rendering = tableOptions(run, session);
    printer.result(
      connector === null
        ? renderTunnel(tunnel, connectors, rendering)
        : renderConnector(connector, rendering),
    );
    return EXIT.done;
  });
}

interface Shown {
  readonly tunnel: ManagedTunnel;
  readonly connectors: readonly Connector[] | null;
  /** The one that was asked for. */
  readonly connector: Connector | null;
}

async function readAll(argument: string, connectorId: string | null, session: Session): Promise<Shown> {
  const { client } = session;
  const found = await resolveAnyTunnel(argument, session);
  if (connectorId !== null) {
    const connector = await readConnector(client, found, connectorId);
    if (connector === null) {
      throw await unknownConnector(found, connectorId, client);
    }
    return { tunnel: found, connectors: null, connector };
  }
  if (found.deleted_at !== null) {
    return { tunnel: found, connectors: [], connector: null };
  }
  const [tunnel, connectors] = await Promise.all([
    // By its id, since a row of a list may lag.
    readTunnel(client, found.kind, found.id),
    readConnectors(client, found),
  ]);
  return { tunnel: tunnel ?? found, connectors, connector: null };
}
