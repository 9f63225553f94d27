import type { Laggard, Rollout, Silent } from "../../engine/model/outcome.ts";
import { laggardWords, silentWords } from "../words/rollout.ts";
import { toText } from "../words/sentence.ts";

/** `rollout`. */
export function rolloutItem({ asked, behind, silent }: Rollout): object {
  return { asked, behind: behind.map(laggardItem), silent: silent.map(silentItem) };
}

/** A connector that is behind, and the version that it should have. */
export function laggardItem(laggard: Laggard): object {
  const { kind, name, id, code, follower, expected } = laggard;
  return { kind, name, id, code, message: toText(laggardWords(laggard)), connector: follower, expected };
}

/** A connector that does not say. */
export function silentItem(silent: Silent): object {
  const { kind, name, id, code, follower } = silent;
  return { kind, name, id, code, message: toText(silentWords(silent)), connector: follower };
}
