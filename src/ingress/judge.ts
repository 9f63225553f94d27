import { isObject } from "../base/json.ts";
import { decode } from "./decode.ts";
import { Collector, type Findings, type Path } from "./finding.ts";
import { coversEveryHost, hostnamePattern, splitHostPort } from "./hostname.ts";
import {
  lintGlobal,
  lintHostname,
  lintOriginRequest,
  lintPath,
  lintRuleSettings,
  lintService,
} from "./lint.ts";
import type { Ingress, Rule } from "./match.ts";
import { type Compile, loadPatterns, type Pattern } from "./pattern.ts";
import { type Filter, notePaths, warnOfDeadRules } from "./reach.ts";
import { parseService, prefixProblem, type Service } from "./service.ts";
import type { OriginRequest, WrittenRule } from "./shape.ts";

/** What there is to say of a configuration. */
export interface Judgement extends Findings {
  /** The rules, ready to be asked; null where cloudflared refuses the configuration. */
  readonly ingress: Ingress | null;
}

/** More rules than these are said to be too many for the API; cloudflared has no limit. */
const MANY_RULES = 1_000;

/**
 * Judges a configuration in the API's form, whatever it is: as cloudflared 2026.8 does when the API hands it over, and
 * for what can hardly be meant. Never throws. Takes time that grows with the size of the document. Who judges many hands in
 * one source of `patterns`, so that a text is compiled once.
 */
export async function judge(
  document: unknown,
  patterns: () => Promise<Compile> = loadPatterns,
): Promise<Judgement> {
  const report = new Collector();
  const configuration = decode(document, report);
  const written = configuration.ingress ?? [];
  if (written.length === 0 && isObject(document) && "ingress" in document) {
    report.refuse(["ingress"], { code: "ingress_empty" });
  }
  const context: Context = {
    count: written.length,
    global: configuration.originRequest ?? {},
    compile: written.some(({ path = "" }) => path !== "") ? await patterns() : null,
  };
  const rules = written.map((rule, index) => judgeRule(rule, index, context, report));
  lintGlobal(configuration, report);
  warnOfDeadRules(rules, report);
  notePaths(rules, report);
  if (rules.length > MANY_RULES) {
    report.note(["ingress"], { code: "many_rules", count: rules.length });
  }
  const { rejected, errors, warnings, notes } = report;
  return {
    ingress: rejected
      ? null
      : { rules: rules.flatMap(({ rule }) => rule ?? []), originRequest: context.global },
    errors,
    warnings,
    notes,
  };
}

/** What a rule is judged by, besides itself. */
interface Context {
  /** How many rules there are. */
  readonly count: number;
  readonly global: OriginRequest;
  /** Null where no rule has a path. */
  readonly compile: Compile | null;
}

interface JudgedRule extends Filter {
  readonly written: string;
  /** Whether the hostname and the path are what was written. */
  readonly readable: boolean;
  /** Null where cloudflared takes the service or the path for none. */
  readonly rule: Rule | null;
}

/** Judges a rule in cloudflared's order: service, access, hostname, path. */
function judgeRule(written: WrittenRule, index: number, context: Context, report: Collector): JudgedRule {
  const { originRequest = {}, path = "", service: text = "" } = written;
  const at = ["ingress", index];
  const { hostname, punycode } = hostnamePattern(written.hostname ?? "");
  const bastionMode = originRequest.bastionMode ?? context.global.bastionMode ?? false;
  const service = judgeService(written, bastionMode, at, report);
  const { required, teamName = "", audTag = [] } = originRequest.access ?? {};
  if (required === true && teamName === "" && audTag.length > 0) {
    report.reject([...at, "originRequest", "access"], { code: "access_without_team" });
  }
  if (hostname !== "") {
    judgeHostname(hostname, [...at, "hostname"], report);
  }
  judgePlace(hostname, path, index, context.count, report);
  const pattern = path === "" ? null : judgePath(path, context.compile, [...at, "path"], report);
  if (written.originRequest !== undefined) {
    lintOriginRequest(originRequest, [...at, "originRequest"], report);
  }
  const readable = report.isReadable([...at, "hostname"]) && report.isReadable([...at, "path"]);
  if (service === null || pattern === undefined) {
    return { hostname, punycode, path, written: text, readable, rule: null };
  }
  lintRuleSettings(written, service, at, report);
  const rule = { hostname, punycode, path, pattern, service, written: text, originRequest };
  return { hostname, punycode, path, written: text, readable, rule };
}

function judgeService(
  { service: text = "", originRequest = {} }: WrittenRule,
  bastionMode: boolean,
  at: Path,
  report: Collector,
): Service | null {
  const service = parseService(text, bastionMode);
  if ("code" in service) {
    report.reject([...at, "service"], service);
    return null;
  }
  lintService(text, service, [...at, "service"], report);
  if (service.type === "socks_proxy") {
    for (const [index, { prefix = "", ports = [] }] of (originRequest.ipRules ?? []).entries()) {
      judgeIpRule(prefix, ports, [...at, "originRequest", "ipRules", index], report);
    }
  }
  return service;
}

function judgeIpRule(prefix: string, ports: readonly number[], at: Path, report: Collector): void {
  const problem = prefixProblem(prefix);
  if (problem !== null) {
    report.reject([...at, "prefix"], problem);
  }
  for (const [index, port] of ports.entries()) {
    if (port < 1 || port > 65_535) {
      report.reject([...at, "ports", index], { code: "ip_rule_bad_port", port });
    }
  }
}

function judgeHostname(hostname: string, at: Path, report: Collector): void {
  if (splitHostPort(hostname) !== null) {
    const write = /^(?:https?:\/\/)?([A-Za-z0-9*_.-]+)(?::\d*)?(?:\/.*)?$/.exec(hostname)?.[1] ?? null;
    report.reject(at, { code: "hostname_with_port", write });
  } else if (hostname.lastIndexOf("*") > 0) {
    report.reject(at, { code: "hostname_bad_wildcard" });
  } else {
    lintHostname(hostname, at, report);
  }
}

/** The last rule, and it alone, takes every request. */
function judgePlace(hostname: string, path: string, index: number, count: number, report: Collector): void {
  const isLast = index === count - 1;
  const catchAll = coversEveryHost(hostname) && path === "";
  if (isLast === catchAll) {
    return;
  }
  const at = ["ingress", index];
  if (isLast) {
    const key = coversEveryHost(hostname) ? "path" : "hostname";
    report.reject([...at, key], { code: "last_rule_not_catch_all" });
  } else if (report.isReadable([...at, "hostname"]) && report.isReadable([...at, "path"])) {
    report.reject(at, { code: "catch_all_not_last", after: count - 1 - index });
  }
}

/** Undefined where cloudflared takes the text for no pattern. */
function judgePath(
  path: string,
  compile: Compile | null,
  at: Path,
  report: Collector,
): Pattern | null | undefined {
  const pattern = compile === null ? null : compile(path);
  if (pattern !== null && "why" in pattern) {
    report.reject(at, { code: "path_bad_pattern", ...pattern });
    return undefined;
  }
  lintPath(path, at, report);
  return pattern;
}
