import type { Location } from "../../engine/model/resource.ts";
import type { Ingress, Match, Request } from "../../ingress/match.ts";
import { maskService } from "../../ingress/service.ts";
import { explanationNotes } from "../problem/explain-notes.ts";
import { type LiveAnswer, liveDifferenceWords } from "../problem/explain-live.ts";
import { toText } from "../words/sentence.ts";
import { documentOf } from "./json.ts";

/** Which rule serves a request, by the files alone. */
export interface Explanation {
  readonly url: string;
  /** `kind/name`. */
  readonly tunnel: string;
  /** The name in DNS that leads there; null where the files write none. */
  readonly dns: WrittenName | null;
  /** Whether the tunnel's entry writes names in DNS. Where it does not, they are not managed, and nothing is known of them. */
  readonly writesNames: boolean;
  readonly request: Request;
  readonly ingress: Ingress;
  /** Where each rule stands. */
  readonly places: readonly Location[];
  readonly match: Match;
  /** Whether something serves it: not where the last rule does, and answers with a status. */
  readonly served: boolean;
  /** The same of the account; null without a look at it. */
  readonly live: LiveAnswer | null;
}

/** A name in DNS, as the files write it. */
export interface WrittenName {
  readonly name: string;
  /** The zone that the files name for it; null where they name none. */
  readonly zone: string | null;
  /** `kind/name`. */
  readonly tunnel: string;
  readonly source: Location;
}

/** `schema/explain.schema.json`. */
export function explanationDocument(explanation: Explanation): object {
  const { url, tunnel, match, places, live } = explanation;
  return documentOf({
    url,
    dns: explanation.dns === null ? null : nameItem(explanation.dns),
    tunnel,
    rule: ruleItem(match, places[match.index]),
    passed: match.passed,
    route: null,
    live: live === null ? null : liveItem(live),
    served: explanation.served,
    notes: explanationNotes(explanation),
  });
}

function nameItem({ source: { file, line }, ...name }: WrittenName): object {
  return { ...name, source: { file, line } };
}

/** A rule; one of the account stands nowhere. */
function ruleItem({ rule, index, settings }: Match, source: Location | undefined): object {
  return {
    index,
    hostname: rule.hostname || null,
    path: rule.path || null,
    service: maskService(rule.written),
    source: source === undefined ? null : { file: source.file, line: source.line },
    settings,
  };
}

/** `live`. */
function liveItem(live: LiveAnswer): object {
  const { tunnel_id, version, match, served, connectors, differences } = live;
  return {
    tunnel_id,
    record: live.record,
    version,
    rule: match === null ? null : ruleItem(match, undefined),
    passed: match?.passed ?? [],
    served,
    connectors,
    differences: differences.map((difference) => ({
      code: difference.code,
      message: toText(liveDifferenceWords(difference)),
    })),
  };
}
