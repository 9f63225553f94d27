import { isIP } from "node:net";
import type { Collector, HostnameOddity, Path, WarningDetail } from "./finding.ts";
import { coversEveryHost, isWildcard, LONGEST, toPunycode } from "./hostname.ts";
import type { Service } from "./service.ts";
import { NOT_IN_API, SETTING_KEYS } from "./settings.ts";
import type { Configuration, OriginRequest, SettingKey, WrittenRule } from "./shape.ts";
import { hasControlCharacter } from "./url.ts";

/** Warns of what is odd about a rule's service. */
export function lintService(written: string, service: Service, path: Path, report: Collector): void {
  switch (service.type) {
    case "unix":
      if (service.socket === "" || service.socket.startsWith("//")) {
        const why = service.socket === "" ? "empty" : "two_slashes";
        report.warn(path, { code: "service_odd_socket", why });
      }
      return;
    case "http_status":
      if (written !== `http_status:${service.status}`) {
        report.warn(path, { code: "service_odd_status", write: `http_status:${service.status}` });
      }
      return;
    case "bastion":
      if (written !== "bastion" && written !== "") {
        report.warn(path, { code: "service_not_read" });
      }
      return;
    case "http":
    case "tcp":
      lintAddress(service, path, report);
      return;
    case "hello_world":
    case "socks_proxy":
  }
}

/** Schemes for which cloudflared knows a port. */
const WITH_PORT: ReadonlySet<string> = new Set(["ssh", "rdp", "smb", "tcp"]);

function lintAddress(
  { type, url }: Extract<Service, { type: "http" | "tcp" }>,
  path: Path,
  report: Collector,
): void {
  if (url.user?.includes(":") === true) {
    report.refuse(path, { code: "service_with_password" });
  } else if (url.user !== null) {
    report.warn(path, { code: "service_with_user" });
  }
  if (url.port !== null && (url.port === "" || Number(url.port) === 0 || Number(url.port) > 65_535)) {
    report.warn(path, { code: "service_odd_port", port: url.port });
  } else if (url.port === null && type === "tcp" && !WITH_PORT.has(url.scheme)) {
    report.warn(path, { code: "service_without_port", scheme: url.scheme });
  }
  if (!/^[\p{L}\p{M}\p{N}_.-]+$/u.test(url.hostname) && isIP(url.hostname.replace(/%.*$/s, "")) === 0) {
    report.warn(path, { code: "service_odd_host" });
  }
  if (url.query !== null) {
    report.warn(path, { code: "service_part_dropped", part: "query" });
  } else if (url.fragment !== null) {
    report.warn(path, { code: "service_part_dropped", part: "fragment" });
  }
}

/** Warns of a hostname that is not what a browser sends. */
export function lintHostname(hostname: string, path: Path, report: Collector): void {
  const odd = coversEveryHost(hostname) || isPlain(hostname) ? null : oddity(hostname);
  if (odd !== null) {
    report.warn(path, { code: "hostname_odd", why: odd[0], write: odd[1] ?? null });
  }
}

/** What nearly all hostnames are, and nothing is odd about. */
function isPlain(hostname: string): boolean {
  return hostname.length <= LONGEST && PLAIN.test(hostname);
}

/** Labels of lower case, none of them in Punycode, the last one no number. */
const PLAIN = /^(?:\*\.)?(?:(?!xn--)[a-z0-9_-]{1,63}\.)*(?!xn--)[a-z][a-z0-9_-]{0,62}$/;

function oddity(hostname: string): readonly [HostnameOddity, (string | null)?] | null {
  if (hostname.length > LONGEST) {
    return ["too_long"];
  }
  if (/\s/.test(hostname)) {
    const trimmed = hostname.trim();
    return ["white_space", trimmed === "" || /\s/.test(trimmed) ? null : trimmed];
  }
  if (isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0) {
    return ["address"];
  }
  if (hostname.startsWith("*") && !isWildcard(hostname)) {
    return ["wildcard_without_dot", /^\*[A-Za-z0-9]/.test(hostname) ? `*.${hostname.slice(1)}` : null];
  }
  const name = isWildcard(hostname) ? hostname.slice(2) : hostname;
  if (name === "" || name.startsWith(".") || name.includes("..")) {
    return ["empty_label"];
  }
  if (name.endsWith(".")) {
    return ["final_dot", hostname.slice(0, -1)];
  }
  return nameOddity(name, isWildcard(hostname));
}

function nameOddity(name: string, wildcard: boolean): readonly [HostnameOddity, (string | null)?] | null {
  const ascii = /^[\0-\x7F]*$/.test(name);
  const punycode = toPunycode(name);
  if (/[\0-,/:-@[-^`{-\x7F]/.test(name)) {
    return ["not_a_name"];
  }
  if ((punycode ?? name).split(".").some((label) => label.length > 63)) {
    return ["label_too_long"];
  }
  if (punycode === null && (!ascii || /(?:^|\.)xn--/i.test(name))) {
    return ["bad_punycode"];
  }
  if (wildcard && !ascii) {
    return ["wildcard_not_ascii", `*.${punycode ?? name}`];
  }
  if (/[A-Z]/.test(name)) {
    return wildcard
      ? ["wildcard_upper_case", `*.${name.toLowerCase()}`]
      : ["upper_case", punycode ?? name.toLowerCase()];
  }
  return null;
}

/** Warns of a path pattern that is likely to be none. */
export function lintPath(pattern: string, path: Path, report: Collector): void {
  if (hasControlCharacter(pattern)) {
    report.warn(path, { code: "path_control_character" });
  }
  // Behind a dot, a class, a group or an escape, a star repeats what somebody wanted repeated.
  if (pattern.includes("/*") || /(?<![.\])]|\\.)\*$/.test(pattern)) {
    report.warn(path, { code: "path_like_glob", write: globMeaning(pattern) });
  }
}

/** What a plain glob for all that is below a folder means as a pattern. */
function globMeaning(pattern: string): string | null {
  const folder = /^\^?((?:\/[A-Za-z0-9_~-]+)+)\/\*\$?$/.exec(pattern)?.[1];
  return folder === undefined ? null : `^${folder}/`;
}

/** Warns of what is odd about one `originRequest`, whatever its rule. */
export function lintOriginRequest(written: OriginRequest, path: Path, report: Collector): void {
  const warn = (key: SettingKey, detail: WarningDetail) => report.warn([...path, key], detail);
  for (const key of SETTING_KEYS) {
    if (written[key] !== undefined && NOT_IN_API.includes(key)) {
      warn(key, { code: "setting_not_in_api", key });
    }
  }
  lintTimeouts(written, TIMEOUTS, path, report);
  if ((written.keepAliveConnections ?? 0) < 0) {
    warn("keepAliveConnections", { code: "negative_count" });
  }
  if (/[\r\n]/.test(written.httpHostHeader ?? "")) {
    warn("httpHostHeader", { code: "header_with_line_break" });
  }
  if (written.matchSNItoHost === true && (written.originServerName ?? "") !== "") {
    warn("matchSNItoHost", { code: "server_name_wins" });
  }
  if ((written.caPool ?? "") !== "") {
    report.note([...path, "caPool"], { code: "ca_pool_on_connector" });
  }
  if (written.noTLSVerify === true) {
    warn("noTLSVerify", { code: "tls_not_verified" });
  }
  if ((written.proxyPort ?? 0) > 65_535) {
    warn("proxyPort", { code: "odd_proxy_port" });
  }
  if (!["", "socks"].includes(written.proxyType ?? "")) {
    warn("proxyType", { code: "unknown_proxy_type" });
  }
}

const TIMEOUTS = ["connectTimeout", "tlsTimeout", "tcpKeepAlive", "keepAliveTimeout"] as const;

function lintTimeouts<Key extends string>(
  written: { readonly [_ in Key]?: number },
  keys: readonly Key[],
  path: Path,
  report: Collector,
): void {
  for (const key of keys) {
    const why = timeoutOddity(written[key] ?? 1);
    if (why !== null) {
      report.warn([...path, key], { code: "odd_timeout", why });
    }
  }
}

function timeoutOddity(seconds: number): Extract<WarningDetail, { code: "odd_timeout" }>["why"] | null {
  if (seconds === 0) {
    return "none";
  }
  // Go counts the nanoseconds in 64 bits.
  if (Math.abs(seconds) * 1e9 >= 2 ** 63) {
    return "overflows";
  }
  return seconds < 0 ? "negative" : seconds > DAY ? "over_a_day" : null;
}

const DAY = 86_400;

/** Warns of settings that do nothing for a rule's service, or leave nobody in. */
export function lintRuleSettings(
  { originRequest = {} }: WrittenRule,
  service: Service,
  path: Path,
  report: Collector,
): void {
  const settings = [...path, "originRequest"];
  const rules = originRequest.ipRules ?? [];
  if (service.type === "socks_proxy" && rules.length === 0) {
    report.warn([...path, "service"], { code: "socks_proxy_denies_all" });
  }
  if (service.type !== "socks_proxy" && rules.length > 0) {
    report.warn([...settings, "ipRules"], { code: "ip_rules_not_used", why: "other_service" });
  }
  if (originRequest.http2Origin === true && !speaksTls(service)) {
    report.warn([...settings, "http2Origin"], { code: "http2_without_https" });
  }
  const { required, teamName = "", audTag = [] } = originRequest.access ?? {};
  if (required === true && audTag.length === 0) {
    const missing = teamName === "" ? "teamName" : "audTag";
    report.warn([...settings, "access"], { code: "access_refuses_all", missing });
  }
}

function speaksTls(service: Service): boolean {
  return service.type === "unix"
    ? service.tls
    : service.type === "http" && /^(?:https|wss)$/.test(service.url.scheme);
}

/** Warns of what is odd beside the rules: in the global `originRequest` and in `warp-routing`. */
export function lintGlobal(configuration: Configuration, report: Collector): void {
  const { originRequest = {}, "warp-routing": warpRouting = {} } = configuration;
  lintOriginRequest(originRequest, ["originRequest"], report);
  if ((originRequest.ipRules ?? []).length > 0) {
    report.warn(["originRequest", "ipRules"], { code: "ip_rules_not_used", why: "global" });
  }
  if (originRequest.access?.required === true) {
    report.refuse(["originRequest", "access", "required"], { code: "access_not_enforced" });
  }
  lintTimeouts(warpRouting, ["connectTimeout", "tcpKeepAlive"], ["warp-routing"], report);
}
