import { isObject, type JsonObject } from "../wire/json.ts";
import { patternFault } from "./pattern.ts";
import { serviceFault } from "./service.ts";

/*
 * What the API is known to refuse in an ingress configuration, in cloudflared's own words, since its answers quote them.
 * It is less than cloudflared itself looks at: nothing is refused here that a connector would take.
 */

/** Why a configuration is refused; null when it is taken. Per rule, and of all rules the first fault. */
export function documentFault(config: unknown): string | null {
  if (!isObject(config)) {
    return wrongType(config, "ingress.RemoteConfigJSON");
  }
  const rules = field(config, "ingress");
  const global = field(config, "originRequest");
  if (rules !== null && rules !== undefined && !Array.isArray(rules)) {
    return wrongType(rules, "[]config.UnvalidatedIngressRule");
  }
  const globalFault = originRequestFault(global);
  if (globalFault !== null) {
    return globalFault;
  }
  for (const [index, rule] of rulesOf(config).entries()) {
    const fault = ruleFault(rule, index, rulesOf(config).length, global);
    if (fault !== null) {
      return fault;
    }
  }
  return null;
}

/** The rules; none where there are none. */
export function rulesOf(config: unknown): readonly unknown[] {
  const rules = isObject(config) ? field(config, "ingress") : null;
  return Array.isArray(rules) ? rules : [];
}

function ruleFault(rule: unknown, index: number, count: number, global: unknown): string | null {
  if (!isObject(rule)) {
    return wrongType(rule, "config.UnvalidatedIngressRule");
  }
  const texts = ["hostname", "path", "service"].map((name) => field(rule, name) ?? "");
  const [hostname, path, service] = texts;
  if (typeof hostname !== "string" || typeof path !== "string" || typeof service !== "string") {
    return wrongType(
      texts.find((text) => typeof text !== "string"),
      "string",
    );
  }
  const own = field(rule, "originRequest");
  return (
    originRequestFault(own) ??
    serviceFault(service, own, isBastion(own) ?? isBastion(global) ?? false) ??
    accessFault(own) ??
    hostnameFault(hostname) ??
    placeFault(hostname, path, index, count) ??
    (path === "" ? null : pathFault(path, index))
  );
}

/** The catch-all stands last, and nothing else does. */
function placeFault(hostname: string, path: string, index: number, count: number): string | null {
  const matchesAll = (hostname === "" || hostname === "*") && path === "";
  if (index === count - 1) {
    return matchesAll
      ? null
      : "The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)";
  }
  return matchesAll
    ? `Rule #${index + 1} is matching the hostname '${hostname}', but this will match every hostname, meaning the rules which follow it will never be triggered.`
    : null;
}

function hostnameFault(hostname: string): string | null {
  const { length } = hostname.split(":");
  const hasPort = length === 2 || /^\[[^\]]*\]:[^:]*$/.test(hostname);
  if (hasPort) {
    return "Hostname cannot contain a port";
  }
  return hostname.lastIndexOf("*") > 0
    ? 'Hostname patterns can have at most one wildcard character ("*") and it can only be used for subdomains, e.g. "*.example.com"'
    : null;
}

function pathFault(path: string, index: number): string | null {
  const fault = patternFault(path);
  return fault === null
    ? null
    : `Rule #${index + 1} has an invalid regex: error parsing regexp: ${fault.what}: \`${fault.where}\``;
}

function accessFault(originRequest: unknown): string | null {
  const access = isObject(originRequest) ? field(originRequest, "access") : null;
  if (!isObject(access) || field(access, "required") !== true) {
    return null;
  }
  const tags = field(access, "audTag");
  return Array.isArray(tags) && tags.length > 0 && !field(access, "teamName")
    ? "access.TeamName cannot be blank when access.audTags are present"
    : null;
}

const FLAGS = [
  "noHappyEyeballs",
  "disableChunkedEncoding",
  "noTLSVerify",
  "http2Origin",
  "matchSNItoHost",
  "bastionMode",
];
const TEXTS = ["httpHostHeader", "originServerName", "caPool", "proxyType", "proxyAddress"];
const NUMBERS = ["connectTimeout", "tlsTimeout", "tcpKeepAlive", "keepAliveTimeout", "keepAliveConnections"];

function originRequestFault(originRequest: unknown): string | null {
  if (originRequest === null || originRequest === undefined) {
    return null;
  }
  if (!isObject(originRequest)) {
    return wrongType(originRequest, "config.OriginRequestConfig");
  }
  const differs = (names: readonly string[], fits: (value: unknown) => boolean): unknown =>
    names.map((name) => field(originRequest, name) ?? null).find((value) => value !== null && !fits(value));
  const faults = [
    [differs(FLAGS, (value) => typeof value === "boolean"), "bool"],
    [differs(TEXTS, (value) => typeof value === "string"), "string"],
    [differs(NUMBERS, Number.isInteger), "int"],
  ] as const;
  const found = faults.find(([value]) => value !== undefined);
  return found ? wrongType(found[0], found[1]) : null;
}

function isBastion(originRequest: unknown): boolean | undefined {
  const value = isObject(originRequest) ? field(originRequest, "bastionMode") : undefined;
  return typeof value === "boolean" ? value : undefined;
}

/** A field by its name in any case, as Go reads it. */
function field(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) {
    return object[name];
  }
  const found = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : object[found];
}

function wrongType(value: unknown, wanted: string): string {
  const type = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return `json: cannot unmarshal ${type === "boolean" ? "bool" : type} into Go value of type ${wanted}`;
}
