import type { Finding, RefusalDetail, UrlProblem } from "./finding.ts";
import { findMatchingRule, type Ingress, type Match, type Request } from "./match.ts";
import { maskService } from "./service.ts";
import { parseUrl } from "./url.ts";

/** Why a text is no URL that a request can be made of. */
export type RequestProblem = UrlProblem | "no_scheme" | "no_host";

/**
 * The request that a client makes for a URL. The host stays as it is typed, though most clients send it in lower case;
 * a path that is not written is `/`.
 */
export function requestOf(url: string): Request | RequestProblem {
  const parsed = parseUrl(url);
  if (typeof parsed === "string") {
    return parsed;
  }
  const { scheme, hostname, path } = parsed;
  return scheme === "" ? "no_scheme" : hostname === "" ? "no_host" : { host: hostname, path: path || "/" };
}

/** The rules of one tunnel. */
export interface TunnelIngress {
  /** Whatever the caller calls it by. */
  readonly tunnel: string;
  readonly ingress: Ingress;
}

/** What a tunnel would do with a request, if one came. */
export interface Answer {
  readonly tunnel: string;
  /** Null where the tunnel has no rules: cloudflared answers 503. */
  readonly match: Match | null;
  /** Whether something serves the request: not where there are no rules, or the last answers with a status. */
  readonly served: boolean;
}

/** What each of some tunnels would do with a request. Which of them gets it is a matter of DNS, and not known here. */
export function explain(tunnels: readonly TunnelIngress[], request: Request): readonly Answer[] {
  return tunnels.map(({ tunnel, ingress }) => {
    const match = findMatchingRule(ingress, request);
    const isCatchAll = match?.index === ingress.rules.length - 1;
    const served = match !== null && !(isCatchAll && match.rule.service.type === "http_status");
    return { tunnel, match, served };
  });
}

/** A test as a file holds it: which service must serve a URL. */
export interface IngressTest {
  readonly url: string;
  /** As the rule writes it. */
  readonly service: string;
}

/** The tests that fail, with paths from `["tests"]`. Null stands for one that cannot be read. */
export function runTests(
  ingress: Ingress,
  tests: readonly (IngressTest | null)[],
): readonly Finding<RefusalDetail>[] {
  return tests.flatMap((test, index) => (test === null ? [] : failureOf(ingress, test, ["tests", index])));
}

function failureOf(
  ingress: Ingress,
  { url, service }: IngressTest,
  at: readonly (string | number)[],
): readonly Finding<RefusalDetail>[] {
  const request = requestOf(url);
  if (typeof request === "string") {
    return [{ code: "test_bad_url", why: request, path: [...at, "url"] }];
  }
  const match = findMatchingRule(ingress, request);
  if (match?.rule.written === service) {
    return [];
  }
  const served = match === null ? null : maskService(match.rule.written);
  return [
    { code: "test_other_service", service: served, rule: match?.index ?? null, path: [...at, "service"] },
  ];
}
