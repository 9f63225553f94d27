import type { Rollout, Silent } from "../../engine/model/outcome.ts";
import { address } from "../headline.ts";
import { showName } from "../visible.ts";
import { laggardWords, rolloutWords, silentWords } from "../words/rollout.ts";
import { toText } from "../words/sentence.ts";
import type { Style } from "./style.ts";

/** How far connectors have got: the counts, then a line for each that is behind or does not say. */
export function rolloutLines(rollout: Rollout, style: Style): readonly string[] {
  const { behind, silent } = rollout;
  const words = `Rollout: ${rolloutWords(rollout)}.`;
  return [
    behind.length === 0 ? words : style.failed(words),
    ...behind.map(
      (laggard) => `    ${address(laggard)} (${showName(laggard.id)}): ${toText(laggardWords(laggard))}`,
    ),
    ...silentLines(silent),
  ];
}

/** A line for each connector that does not say which version it has. */
export function silentLines(silent: readonly Silent[]): readonly string[] {
  return silent.map((one) => `    ${address(one)} (${showName(one.id)}): ${toText(silentWords(one))}`);
}
