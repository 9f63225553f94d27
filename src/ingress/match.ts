import {
  asDnsName,
  coversEveryHost,
  domainsAbove,
  isWildcard,
  matchesHost,
  splitHostPort,
} from "./hostname.ts";
import type { Pattern } from "./pattern.ts";
import type { Filter } from "./reach.ts";
import type { Service } from "./service.ts";
import { effectiveSettings, type Settings } from "./settings.ts";
import type { OriginRequest } from "./shape.ts";

/** A configuration that cloudflared accepts, ready to be asked. */
export interface Ingress {
  /** None: cloudflared answers 503 to everything. */
  readonly rules: readonly Rule[];
  /** What holds for all rules. */
  readonly originRequest: OriginRequest;
}

/** A rule that cloudflared accepts. */
export interface Rule extends Filter {
  /** Null for every path. */
  readonly pattern: Pattern | null;
  readonly service: Service;
  /** The service as it is written. May hold a password: `maskService` makes it fit to be shown. */
  readonly written: string;
  /** What holds for this rule alone. */
  readonly originRequest: OriginRequest;
}

/** What of a request decides over its rule. */
export interface Request {
  /** As the client sends it in `Host`: case counts, a port does not. */
  readonly host: string;
  /** With its percent escapes resolved, without query and fragment. */
  readonly path: string;
}

/** Why a rule does not serve a request. */
export type WhyPassed =
  | "hostname"
  /** The hostname would match in another case. */
  | "hostname_case"
  /** The host ends in a dot. */
  | "final_dot"
  /** The host is what the wildcard covers the subdomains of. */
  | "apex_of_wildcard"
  /** Host and rule are one name, and one of them is in Punycode. */
  | "punycode"
  | "path"
  /** The pattern would match in another case. */
  | "path_case";

/** Which rule serves a request. */
export interface Match {
  readonly rule: Rule;
  /** From 0. */
  readonly index: number;
  readonly settings: Settings;
  /** Each rule above it, and why it was passed over. */
  readonly passed: readonly { readonly index: number; readonly why: WhyPassed }[];
  /** The rules below it that match as well; not the last, which matches everything. */
  readonly alsoMatching: readonly number[];
}

/** Finds the rule that serves a request, as cloudflared does: the first that matches. Null where there are no rules. */
export function findMatchingRule({ rules, originRequest }: Ingress, request: Request): Match | null {
  const host = splitHostPort(request.host)?.host ?? request.host;
  const whys = rules.map((rule) => whyPassed(rule, host, request.path));
  const first = whys.indexOf(null);
  const index = first === -1 ? rules.length - 1 : first;
  const rule = rules[index];
  if (rule === undefined) {
    return null;
  }
  return {
    rule,
    index,
    settings: effectiveSettings(rule.originRequest, originRequest),
    passed: whys.slice(0, index).flatMap((why, at) => (why === null ? [] : [{ index: at, why }])),
    alsoMatching: whys.flatMap((why, at) =>
      why === null && at > index && at < rules.length - 1 ? [at] : [],
    ),
  };
}

function whyPassed(rule: Rule, host: string, path: string): WhyPassed | null {
  if (!matchesHost(rule, host)) {
    return whyNotHost(rule, host);
  }
  if (rule.pattern === null || rule.pattern.test(path)) {
    return null;
  }
  return rule.pattern.test(path.toLowerCase()) || rule.pattern.test(path.toUpperCase())
    ? "path_case"
    : "path";
}

function whyNotHost(rule: Rule, host: string): WhyPassed {
  const lower = { hostname: rule.hostname.toLowerCase(), punycode: rule.punycode };
  if (matchesHost(lower, host.toLowerCase())) {
    return "hostname_case";
  }
  if (host.endsWith(".") && matchesHost(lower, host.slice(0, -1).toLowerCase())) {
    return "final_dot";
  }
  if (isWildcard(lower.hostname) && host.toLowerCase() === lower.hostname.slice(2)) {
    return "apex_of_wildcard";
  }
  const ascii = { hostname: asDnsName(rule.hostname), punycode: null };
  return matchesHost(ascii, asDnsName(host)) ? "punycode" : "hostname";
}

/**
 * Of some DNS names, those that no rule serves but a catch-all that answers with a status: requests for them find
 * nothing. A wildcard is served where any rule is for some host under it.
 */
export function namesNotServed({ rules }: Ingress, names: readonly string[]): readonly string[] {
  if (rules.at(-1)?.service.type !== "http_status") {
    return [];
  }
  const hostnames = rules.slice(0, -1).map(({ hostname }) => asDnsName(hostname));
  const exact = new Set(hostnames);
  const parents = new Set(hostnames.flatMap(domainsAbove));
  const everyHost = hostnames.some(coversEveryHost);
  return names.filter((name) => {
    const host = asDnsName(name);
    const covered =
      everyHost || exact.has(host) || domainsAbove(host).some((domain) => exact.has(`*.${domain}`));
    return !covered && !(isWildcard(host) && parents.has(host.slice(2)));
  });
}
