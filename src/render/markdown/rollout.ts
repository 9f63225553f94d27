import type { Laggard, Rollout, Silent } from "../../engine/model/outcome.ts";
import { laggardWords, rolloutWords, silentWords } from "../words/rollout.ts";
import { subject } from "./items.ts";
import { fit } from "./room.ts";
import { toMarkdown } from "./text.ts";

/** How far connectors have got: the counts, then an item for each that is behind or does not say. */
export function rolloutLines(rollout: Rollout, room: number): readonly string[] {
  const { behind, silent } = rollout;
  const words = `Rollout: ${rolloutWords(rollout)}.`;
  const items = fit([...behind, ...silent], (one) => [rolloutItem(one)], room, moreConnectors);
  return ["", behind.length === 0 ? words : `**${words}**`, ...(items.length === 0 ? [] : ["", ...items])];
}

/** A connector that is behind, or does not say. */
export function rolloutItem(one: Laggard | Silent): string {
  const words = one.code === "not_arrived" ? laggardWords(one) : silentWords(one);
  return `- ${subject(one)}: ${toMarkdown(words)}`;
}

function moreConnectors(count: number): string {
  return `- … and ${count} more`;
}
