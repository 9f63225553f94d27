import type { Run } from "../command.ts";
import { readConnectors } from "../../tunnels/api.ts";
import type { Connector, ManagedTunnel } from "../../tunnels/tunnel-row.ts";
import { connectorLine, count, cutFields, renderCut } from "../../render/words/cut.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import { tunnelFields } from "../../render/text/show.ts";
import { requireConsent } from "../planning/consent.ts";
import { type Cut, cut } from "../../tunnels/cut.ts";
import type { ApiOptions } from "../args/options.ts";
import { type Session, withSession } from "../session/session.ts";
import {
  movedTunnel,
  requireCfdTunnel,
  resolveTunnel,
  showTunnel,
  unknownConnector,
} from "../tunnel/tunnel-argument.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";

export interface DisconnectOptions extends ApiOptions {
  readonly connector?: string;
  readonly yes: boolean;
}

/** Cuts a cfd tunnel's connections, all or one connector's, and says who came back. */
export async function disconnect(run: Run<DisconnectOptions>, argument: string): Promise<ExitCode> {
  const { options, printer, io, waiting } = run;
  return withSession(run, async (session) => {
    const { client } = session;
    const connectorId = options.connector ?? null;
    const { tunnel, connectors } = await waiting.reading(
      "Reading the tunnel",
      look(argument, connectorId, session),
    );
    const meant = meantOf(connectors, connectorId);
    if (meant.length === 0) {
      printResult(NOTHING, tunnel, session, run);
      return EXIT.done;
    }
    const what = `${count(meant.length)} of ${showTunnel(tunnel)}`;
    printer.note([`This cuts ${what}:`, ...meant.map(connectorLine)].join("\n"));
    const question = `Cut ${what} in account ${session.accountId}?`;
    const consentOptions = { yes: options.yes, stdinTaken: false };
    const consent = await requireConsent(question, consentOptions, session, io);
    const before =
      consent === "answered"
        ? await waiting.reading("Reading the tunnel again", lookAgain(tunnel, meant, connectorId, session))
        : meant;
    const work = () => cut(client, tunnel, before, connectorId, session.limits);
    const result = await waiting.finishing("Cutting the connections", work);
    if ("became" in result) {
      throw movedTunnel(tunnel, result);
    }
    printResult(result, tunnel, session, run);
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

/** What the answer said yes to must still be so: one connector more would be cut with them, unseen. */
async function lookAgain(
  tunnel: ManagedTunnel,
  shown: readonly Connector[],
  connectorId: string | null,
  { client }: Session,
): Promise<readonly Connector[]> {
  const connectors = meantOf((await readConnectors(client, tunnel)) ?? [], connectorId);
  const ids = (of: readonly Connector[]) =>
    of
      .map(({ id }) => id)
      .sort()
      .join();
  if (ids(connectors) !== ids(shown)) {
    throw new UserError(
      "stale",
      `The connectors of ${showTunnel(tunnel)} are not those any more that were shown. Nothing was cut. Look again, and run this again.`,
      { exitCode: EXIT.refused },
    );
  }
  return connectors;
}

function meantOf(connectors: readonly Connector[], connectorId: string | null): readonly Connector[] {
  return connectors.filter(({ id }) => connectorId === null || id === connectorId);
}

function printResult(
  result: Cut,
  tunnel: ManagedTunnel,
  { accountId }: Session,
  { options, printer }: Run<DisconnectOptions>,
): void {
  if (options.format === "json") {
    printer.result(toJson(resultDocument(accountId, { tunnel: tunnelFields(tunnel), ...cutFields(result) })));
  } else if (result.cut.length === 0) {
    printer.result(`No connector of ${showTunnel(tunnel)} is connected, so nothing was cut.\n`);
  } else {
    printer.result(renderCut(result));
  }
}
