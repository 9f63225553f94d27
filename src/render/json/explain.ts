import type { Location } from "../../engine/model/resource.ts";
import type { Ingress, Match, Request } from "../../ingress/match.ts";
import { maskService } from "../../ingress/service.ts";
import { explanationNotes } from "../problem/explain-notes.ts";
import { documentOf } from "./json.ts";

/** Which rule serves a request, by the files alone. */
export interface Explanation {
  readonly url: string;
  /** `kind/name`. */
  readonly tunnel: string;
  readonly request: Request;
  readonly ingress: Ingress;
  /** Where each rule stands. */
  readonly places: readonly Location[];
  readonly match: Match;
  /** Whether something serves it: not where the last rule does, and answers with a status. */
  readonly served: boolean;
}

/** `schema/explain.schema.json`. */
export function explanationDocument(explanation: Explanation): object {
  const { url, tunnel, match, places } = explanation;
  return documentOf({
    url,
    dns: null,
    tunnel,
    rule: ruleItem(match, places[match.index]),
    passed: match.passed,
    route: null,
    live: null,
    served: explanation.served,
    notes: explanationNotes(explanation),
  });
}

function ruleItem({ rule, index, settings }: Match, source: Location | undefined): object {
  return {
    index,
    hostname: rule.hostname || null,
    path: rule.path || null,
    service: maskService(rule.written),
    ...(source === undefined ? {} : { source: { file: source.file, line: source.line } }),
    settings,
  };
}
