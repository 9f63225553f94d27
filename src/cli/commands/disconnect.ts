import { readConnectors } from "../../kinds/tunnel-api.ts";
import type { Connector, ManagedTunnel } from "../../kinds/tunnel-row.ts";
import { connectorLine, count, type Cut, cutFields, renderCut } from "../../render/cut.ts";
import { resultDocument, toJson } from "../../render/json.ts";
import { tunnelFields } from "../../render/show.ts";
import { requireConsent } from "../consent.ts";
import { cut } from "../cut.ts";
import { finishing } from "../finishing.ts";
import type { Io } from "../io.ts";
import type { ApiOptions } from "../options.ts";
import type { Printer } from "../printer.ts";
import { type Session, withSession } from "../session.ts";
import { requireCfdTunnel, resolveTunnel, showTunnel, unknownConnector } from "../tunnel-argument.ts";
import { untilStopped } from "../until-stopped.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface DisconnectOptions extends ApiOptions {
  readonly connector?: string;
  readonly yes: boolean;
}

/** Cuts a cfd tunnel's connections, all or one connector's, and says who came back. */
export async function disconnect(
  argument: string,
  options: DisconnectOptions,
  printer: Printer,
  io: Io,
): Promise<ExitCode> {
  return withSession(options, printer, io, async (session) => {
    const { client } = session;
    const connectorId = options.connector ?? null;
    const { tunnel, connectors } = await untilStopped(look(argument, connectorId, session), io.stop);
    const meant = connectors.filter(({ id }) => connectorId === null || id === connectorId);
    if (meant.length === 0) {
      printResult(NOTHING, tunnel, session, options, printer);
      return EXIT.done;
    }
    const what = `${count(meant.length)} of ${showTunnel(tunnel)}`;
    printer.note([`This cuts ${what}:`, ...meant.map(connectorLine)].join("\n"));
    const consent = { yes: options.yes, stdinTaken: false };
    await requireConsent(`Cut ${what} in account ${session.accountId}?`, consent, session, io);
    const work = () => cut(client, tunnel.id, connectors, connectorId, session.limits);
    const result = await finishing(work, printer, io.stop);
    printResult(result, tunnel, session, options, printer);
    if (io.stop.aborted) {
      return EXIT.interrupted;
    }
    return result.remained.length === 0 && result.unseen === null ? EXIT.done : EXIT.failed;
  });
}

const NOTHING: Cut = { cut: [], returned: [], remained: [], unseen: null };

async function look(
  argument: string,
  connectorId: string | null,
  session: Session,
): Promise<{ readonly tunnel: ManagedTunnel; readonly connectors: readonly Connector[] }> {
  const { client } = session;
  const tunnel = await resolveTunnel(argument, session);
  requireCfdTunnel(tunnel, "Cutting connections");
  const connectors = (await readConnectors(client, tunnel)) ?? [];
  if (connectorId !== null && !connectors.some(({ id }) => id === connectorId)) {
    throw await unknownConnector(tunnel, connectorId, client);
  }
  return { tunnel, connectors };
}

function printResult(
  result: Cut,
  tunnel: ManagedTunnel,
  { accountId }: Session,
  { format }: DisconnectOptions,
  printer: Printer,
): void {
  if (format === "json") {
    printer.result(toJson(resultDocument(accountId, { tunnel: tunnelFields(tunnel), ...cutFields(result) })));
  } else if (result.cut.length === 0) {
    printer.result(`No connector of ${showTunnel(tunnel)} is connected, so nothing was cut.\n`);
  } else {
    printer.result(renderCut(result));
  }
}
