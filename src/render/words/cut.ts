import { plural } from "./plural.ts";
import type { Cut } from "../../tunnels/cut.ts";
import type { Connector } from "../../tunnels/tunnel-row.ts";
import { apiErrorWords } from "./error.ts";
import { toText } from "./sentence.ts";
import { connectionsByColo } from "../text/show.ts";
import { visible } from "../visible.ts";

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
  return plural(connectors, "connector");
}
