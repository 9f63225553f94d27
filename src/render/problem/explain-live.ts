import type { Follower } from "../../engine/model/kind.ts";
import type { Ingress, Match } from "../../ingress/match.ts";
import type { ApiError } from "../../cloudflare/error.ts";
import { apiErrorWords } from "../words/error.ts";
import { connectorWords, versionWords } from "../words/rollout.ts";
import { list, name, say, type Sentence, words } from "../words/sentence.ts";

/** What the account does with a request. */
export interface LiveAnswer {
  /** Null where no such tunnel lives. */
  readonly tunnel_id: string | null;
  /** What DNS holds under the name that the files write; null where they write none, where there is none, and where it could not be read. */
  readonly record: LiveRecord | null;
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

/** A record of DNS. */
export interface LiveRecord {
  readonly id: string;
  readonly type: string;
  readonly content: string;
  readonly proxied: boolean;
}

/** Where the account does not do what the files say. */
export type LiveDifference =
  | { readonly code: "no_tunnel" }
  | { readonly code: "no_record"; readonly name: string }
  /** It leads elsewhere, or is not proxied. */
  | { readonly code: "other_record"; readonly name: string; readonly type: string; readonly content: string }
  | { readonly code: "not_proxied"; readonly name: string }
  | { readonly code: "record_unread"; readonly name: string; readonly error: ApiError }
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
    case "no_record":
      return say`DNS has no ${name(difference.name)}.`;
    case "other_record":
      return say`${name(difference.name)} leads elsewhere: ${words(difference.type)} ${name(difference.content)}.`;
    case "not_proxied":
      return say`The record of ${name(difference.name)} is not proxied, so that it leads nowhere.`;
    case "record_unread":
      return say`The record of ${name(difference.name)} could not be read. ${apiErrorWords(difference.error)}`;
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
