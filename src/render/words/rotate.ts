import type { Watched } from "../../tunnels/watch.ts";
import { connectorLine, count } from "./cut.ts";
import { apiErrorWords } from "./error.ts";
import { toText } from "./sentence.ts";

/** Who still runs on the old secret, for people. Ends with a line feed. */
export function renderWatched({ renewed, old, unseen }: Watched): string {
  if (unseen !== null) {
    return `The connectors could not be watched. ${toText(apiErrorWords(unseen))}\n`;
  }
  const lines =
    old.length === 0
      ? [`No connector runs on the old secret; ${count(renewed.length)} on the new one.`]
      : [
          `Still on the old secret: ${count(old.length)}, refused at the next reconnect. On the new one: ${renewed.length}.`,
          ...old.map(connectorLine),
        ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The members of the JSON document. */
export function watchedFields({ renewed, old, unseen }: Watched): object {
  return { renewed, old, unseen: unseen === null ? null : toText(apiErrorWords(unseen)) };
}
