import type { Ingress, Match, Request } from "../../ingress/match.ts";
import { asDnsName } from "../../ingress/hostname.ts";
import { showName, visible } from "../visible.ts";
import { rule as ruleNumber } from "./ingress-advice.ts";

/** What is worth knowing of an answer. */
export interface ExplanationNote {
  readonly code:
    | "host_without_name"
    | "name_leads_elsewhere"
    | "also_matching"
    | "path_is_no_access_control"
    | "host_in_capitals"
    | "host_not_ascii";
  /** One sentence, safe to print. */
  readonly message: string;
}

/** What a reader should know beside the rule that serves a request. */
export function explanationNotes({
  tunnel,
  dns,
  writesNames,
  request,
  match,
  ingress: { rules },
}: {
  readonly tunnel: string;
  readonly dns: { readonly tunnel: string } | null;
  readonly writesNames: boolean;
  readonly request: Request;
  readonly match: Match;
  readonly ingress: Ingress;
}): readonly ExplanationNote[] {
  const notes: ExplanationNote[] = [];
  if (dns === null && writesNames) {
    const message = `the host is none of the names that ${showName(tunnel)} has under dns: without one, no request for it comes here`;
    notes.push({ code: "host_without_name", message });
  } else if (dns !== null && dns.tunnel !== tunnel) {
    const message = `requests for the host go to ${showName(dns.tunnel)}, where its name leads`;
    notes.push({ code: "name_leads_elsewhere", message });
  }
  if (match.alsoMatching.length > 0) {
    const numbers = match.alsoMatching.map(ruleNumber).join(", ");
    const message = `would match as well, and the first one counts: ${numbers}`;
    notes.push({ code: "also_matching", message });
  }
  if (/[^\0-\x7F]/.test(request.host)) {
    const message = `clients send the host in Punycode: ask for ${visible(asDnsName(request.host))}`;
    notes.push({ code: "host_not_ascii", message });
  } else if (request.host !== request.host.toLowerCase()) {
    const message =
      "the host is compared as it is typed, and most clients send it in small letters: ask for that too";
    notes.push({ code: "host_in_capitals", message });
  }
  const byPath = [
    ...match.passed.filter(({ why }) => why === "path" || why === "path_case"),
    ...match.alsoMatching.map((index) => ({ index })),
  ].some(({ index }) => differ(rules, index, match.index));
  if (byPath) {
    const message =
      "rules that differ by path alone are no access control: `..` in a path is compared as it is sent";
    notes.push({ code: "path_is_no_access_control", message });
  }
  return notes;
}

/** Whether a path alone decides which of two services gets a request. */
function differ(rules: Ingress["rules"], one: number, other: number): boolean {
  const [a, b] = [rules[one], rules[other]];
  return (
    a !== undefined &&
    b !== undefined &&
    a.hostname === b.hostname &&
    a.path !== b.path &&
    a.written !== b.written
  );
}
