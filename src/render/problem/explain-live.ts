import type { Follower } from "../../engine/model/kind.ts";
import type { Ingress, Match } from "../../ingress/match.ts";
import { connectorWords, versionWords } from "../words/rollout.ts";
import { list, name, say, type Sentence, words } from "../words/sentence.ts";

/** What the account does with a request. */
export interface LiveAnswer {
  /** Null where no such tunnel lives. */
  readonly tunnel_id: string | null;
  /** Of the configuration; null where there is none. */
  readonly version: string | null;
  /** Null where there are no rules that can be asked. */
  readonly ingress: Ingress | null;
  readonly match: Match | null;
  /** Whether a rule serves it, and a connector is there to do so. */
  readonly served: boolean;
  readonly connectors: readonly Follower[];
  readonly differences: readonly LiveDifference[];
}

/** Where the account does not do what the files say. */
export type LiveDifference =
  | { readonly code: "no_tunnel" }
  | { readonly code: "no_configuration" }
  | { readonly code: "local_configuration" }
  | { readonly code: "refused_configuration" }
  /** Masked. Null: none, since there are no rules. */
  | { readonly code: "other_service"; readonly service: string | null; readonly wanted: string }
  | { readonly code: "other_settings"; readonly keys: readonly string[] }
  | { readonly code: "no_connector" }
  | { readonly code: "connector_behind"; readonly connector: Follower; readonly expected: string };

/** The same in words. */
export function liveDifferenceWords(difference: LiveDifference): Sentence {
  switch (difference.code) {
    case "no_tunnel":
      return say`No such tunnel lives.`;
    case "no_configuration":
      return say`The tunnel has no configuration, so that its connectors answer 503.`;
    case "local_configuration":
      return say`The tunnel's connectors follow a file beside them, which the API does not show.`;
    case "refused_configuration":
      return say`cloudflared refuses the configuration: its connectors stay at an earlier one.`;
    case "other_service":
      return difference.service === null
        ? say`No rule serves it, and ${words(difference.wanted)} does in the files.`
        : say`Another service than in the files, where it is ${words(difference.wanted)}.`;
    case "other_settings":
      return say`The same service by other settings: ${list(difference.keys)}.`;
    case "no_connector":
      return say`No connector is connected, so that nobody can serve it.`;
    case "connector_behind":
      return say`The connector ${connectorWords(difference.connector)} has ${versionWords(difference.connector)}, and version ${name(difference.expected)} lives.`;
  }
}
