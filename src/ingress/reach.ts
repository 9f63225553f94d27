import type { Collector } from "./finding.ts";
import { coversEveryHost, domainsAbove, type HostnamePattern } from "./hostname.ts";

/** What of a rule decides over the requests that it takes. */
export interface Filter extends HostnamePattern {
  /** As it is written; empty for every path. */
  readonly path: string;
}

/**
 * Warns of each rule that no request ever reaches: one above it takes every host of its hostname, with no path or the
 * same. The last rule is no such rule. Time grows with the number of rules.
 */
export function warnOfDeadRules(rules: readonly Filter[], report: Collector): void {
  const taken = new Map<string, number>();
  for (const [at, rule] of rules.slice(0, -1).entries()) {
    const forms = rule.punycode === null ? [rule.hostname] : [rule.hostname, rule.punycode];
    // Both forms must be taken; by different rules, if need be.
    const by = Math.max(...forms.map((form) => firstAbove(form, rule.path, taken)));
    if (by < at) {
      report.warn(["ingress", at], { code: "rule_never_reached", by });
      continue;
    }
    for (const form of forms) {
      const key = keyOf(form, rule.path);
      taken.set(key, taken.get(key) ?? at);
    }
  }
}

/** The first rule that takes all of this; infinity where none does. */
function firstAbove(hostname: string, path: string, taken: ReadonlyMap<string, number>): number {
  const covering = ["", hostname, ...domainsAbove(hostname).map((domain) => `*.${domain}`)];
  const found = covering.flatMap((form) => [taken.get(keyOf(form, "")), taken.get(keyOf(form, path))]);
  return Math.min(...found.map((index) => index ?? Number.POSITIVE_INFINITY));
}

function keyOf(hostname: string, path: string): string {
  return JSON.stringify([coversEveryHost(hostname) ? "" : hostname, path]);
}

/** Notes once that rules which differ by path alone are no access control: cloudflared compares a path as it is sent. */
export function notePaths(
  rules: readonly (Filter & { readonly written: string })[],
  report: Collector,
): void {
  const services = new Map<string, { readonly index: number; readonly service: string }>();
  const withPath = new Map<string, number>();
  for (const [index, { hostname, path, written }] of rules.entries()) {
    const host = coversEveryHost(hostname) ? "" : hostname;
    const other = services.get(host);
    if (path !== "" && !withPath.has(host)) {
      withPath.set(host, index);
    }
    const guarded = withPath.get(host);
    if (other !== undefined && other.service !== written && guarded !== undefined) {
      const at = guarded === index ? other.index : index;
      report.note(["ingress", guarded, "path"], { code: "path_is_no_access_control", other: at });
      return;
    }
    services.set(host, other ?? { index, service: written });
  }
}
