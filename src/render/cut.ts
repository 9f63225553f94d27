import type { ApiError } from "../cloudflare/error.ts";
import type { Connector } from "../kinds/tunnel-row.ts";
import { apiErrorWords } from "./error.ts";
import { toText } from "./sentence.ts";
import { connectionsByColo } from "./show.ts";
import { visible } from "./visible.ts";

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

/** What was cut, what came back and what remained, for people. Ends with a line feed. */
export function renderCut(result: Cut): string {
  const lines = [
    `Cut: ${count(result.cut.length)}.`,
    ...result.cut.map(connectorLine),
    ...laterLines(result),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The members of the JSON document. */
export function cutFields({ cut, returned, remained, unseen }: Cut): object {
  return { cut, returned, remained, unseen: unseen === null ? null : toText(apiErrorWords(unseen)) };
}

function laterLines({ returned, remained, unseen }: Cut): readonly string[] {
  if (unseen !== null) {
    return [`What became of them could not be seen. ${toText(apiErrorWords(unseen))}`];
  }
  const back =
    returned.length === 0
      ? ["None came back so far."]
      : [`Came back: ${count(returned.length)}, as a connector does while its token holds.`];
  const still =
    remained.length === 0
      ? []
      : [`Still shown as connected: ${count(remained.length)}. That may lag; look again with warren show.`];
  return [...back, ...returned.map(connectorLine), ...still, ...remained.map(connectorLine)];
}

/** One connector on a line: its id, version and connections. */
export function connectorLine(connector: Connector): string {
  const version = connector.version === null ? "" : ` ${visible(connector.version)}`;
  return `    ${connector.id}${version} (${connectionsByColo(connector)})`;
}

/** `1 connector`, `2 connectors`. */
export function count(connectors: number): string {
  return `${connectors} ${connectors === 1 ? "connector" : "connectors"}`;
}
