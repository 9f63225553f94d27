import type { Follower } from "../../engine/model/kind.ts";
import type { Laggard, Rollout, Silent, Verification } from "../../engine/model/outcome.ts";
import { plural } from "./plural.ts";
import { code, name, say, type Sentence } from "./sentence.ts";

/** A connector that has not got the version that is live, and why that may be. */
export function laggardWords({ follower, expected }: Laggard): Sentence {
  return say`Its connector ${connectorWords(follower)} has ${versionWords(follower)}, and should have version ${name(expected)}. It may need longer, or refuse it, as where a file of ${code("caPool")} is missing on its host: its log says why.`;
}

/** A connector that does not say which version it has. */
export function silentWords({ follower }: Silent): Sentence {
  return say`Its connector ${connectorWords(follower)} does not say which version it has.`;
}

/** Who did not say while a rollout was waited for. */
export function silentOf(verification: Verification): readonly Silent[] {
  return ("silent" in verification ? verification.silent : undefined) ?? [];
}

/** `3 connectors asked, 1 behind, 1 silent`: what does not occur is left out. */
export function rolloutWords({ asked, behind, silent }: Rollout): string {
  return [
    `${plural(asked, "connector")} asked`,
    ...(behind.length === 0 ? [] : [`${behind.length} behind`]),
    ...(silent.length === 0 ? [] : [`${silent.length} silent`]),
  ].join(", ");
}

/** The version that a connector has got. */
export function versionWords({ version }: Follower): Sentence {
  return version === "-1" || version === null ? say`none` : say`version ${name(version)}`;
}

/** Which connector, and what is known of it. */
export function connectorWords({ id, software, host }: Follower): Sentence {
  const known = [...software.split(", "), host ?? ""].filter((text) => text !== "");
  const parts = known.flatMap((text, at) => [...(at === 0 ? [] : [", "]), name(text)]);
  return parts.length === 0 ? [name(id)] : say`${name(id)} (${parts})`;
}
