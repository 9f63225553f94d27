import type { Collector } from "./finding.ts";
import { coversEveryHost, type HostnamePattern, isWildcard, wildcardsAbove } from "./hostname.ts";

/** What of a rule decides over the requests that it takes. */
export interface Filter extends HostnamePattern {
  /** As it is written; empty for every path. */
  readonly path: string;
}

/** Such a part of a rule, and whether it could be read. */
interface ReadFilter extends Filter {
  readonly readable: boolean;
}

/**
 * Warns of each rule that no request ever reaches: one above it takes every host of its hostname, with no path or the
 * same. The last rule is no such rule; nor is one that takes every request above it, which is an error by itself, and
 * nothing is known of one that cannot be read. Time grows with the number of rules.
 */
export function warnOfDeadRules(rules: readonly ReadFilter[], report: Collector): void {
  const taken: Taken = { rules: new Map(), wildcards: false };
  for (const [at, { hostname, punycode, path, readable }] of rules.slice(0, -1).entries()) {
    const host = hostOf(hostname);
    if (!readable || (host === "" && path === "")) {
      continue;
    }
    // Both forms must be taken; by different rules, if need be.
    const by = Math.max(
      firstAbove(host, path, taken),
      punycode === null ? 0 : firstAbove(punycode, path, taken),
    );
    if (by < at) {
      report.warn(["ingress", at], { code: "rule_never_reached", by });
      continue;
    }
    take(host, path, at, taken);
    if (punycode !== null) {
      take(punycode, path, at, taken);
    }
  }
}

/** What the rules above take. */
interface Taken {
  /** The first rule for each path, by hostname. */
  readonly rules: Map<string, Map<string, number>>;
  /** Whether there is a wildcard among the hostnames: without one, no other name needs to be asked for. */
  wildcards: boolean;
}

/** The first rule that takes all of this; infinity where none does. */
function firstAbove(hostname: string, path: string, taken: Taken): number {
  let first = Math.min(firstOf("", path, taken), firstOf(hostname, path, taken));
  for (const wildcard of taken.wildcards ? wildcardsAbove(hostname) : []) {
    first = Math.min(first, firstOf(wildcard, path, taken));
  }
  return first;
}

/** The first rule of just this hostname that takes the path, or every one. */
function firstOf(hostname: string, path: string, taken: Taken): number {
  const rules = taken.rules.get(hostname);
  return rules === undefined
    ? Number.POSITIVE_INFINITY
    : Math.min(rules.get("") ?? Number.POSITIVE_INFINITY, rules.get(path) ?? Number.POSITIVE_INFINITY);
}

function take(hostname: string, path: string, at: number, taken: Taken): void {
  const rules = taken.rules.get(hostname) ?? new Map<string, number>();
  taken.rules.set(hostname, rules);
  rules.set(path, rules.get(path) ?? at);
  taken.wildcards ||= isWildcard(hostname);
}

function hostOf(hostname: string): string {
  return coversEveryHost(hostname) ? "" : hostname;
}

/** Notes once that rules which differ by path alone are no access control: cloudflared compares a path as it is sent. */
export function notePaths(
  rules: readonly (ReadFilter & { readonly written: string })[],
  report: Collector,
): void {
  const services = new Map<string, { readonly index: number; readonly service: string }>();
  const withPath = new Map<string, number>();
  for (const [index, { hostname, path, written, readable }] of rules.entries()) {
    if (!readable) {
      continue;
    }
    const host = hostOf(hostname);
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
