import { isIPv4, isIPv6 } from "node:net";
import { HIDDEN } from "../base/secret.ts";
import { nearest } from "../base/spelling.ts";
import type { RejectionDetail } from "./finding.ts";
import { type GoUrl, parseUrl } from "./url.ts";

/** Where a rule sends its requests, as cloudflared tells the forms apart. */
export type Service =
  | { readonly type: "unix"; readonly tls: boolean; readonly socket: string }
  | { readonly type: "http_status"; readonly status: number }
  | { readonly type: "hello_world" }
  | { readonly type: "socks_proxy" }
  | { readonly type: "bastion" }
  | { readonly type: "http"; readonly url: GoUrl }
  /** Raw TCP: any scheme that is not of HTTP. */
  | { readonly type: "tcp"; readonly url: GoUrl };

/** Reads the `service` of a rule. In bastion mode, a text that is none of the other forms is not looked at. */
export function parseService(text: string, bastionMode: boolean): Service | RejectionDetail {
  const socket = /^unix(\+tls)?:(.*)$/s.exec(text);
  if (socket !== null) {
    return { type: "unix", tls: socket[1] !== undefined, socket: socket[2] ?? "" };
  }
  if (text.startsWith(STATUS)) {
    const status = parseStatus(text.slice(STATUS.length));
    return status === null ? { code: "service_bad_status" } : { type: "http_status", status };
  }
  if (text === "hello_world" || text === "hello-world") {
    return { type: "hello_world" };
  }
  if (text === "socks-proxy") {
    return { type: "socks_proxy" };
  }
  if (text === "bastion" || bastionMode) {
    return { type: "bastion" };
  }
  return text === "" ? { code: "service_missing" } : parseAddress(text);
}

const STATUS = "http_status:";

/** Decimal digits and a sign, as Go's `strconv.Atoi` takes them. */
function parseStatus(text: string): number | null {
  const status = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return status >= 100 && status <= 999 ? status : null;
}

function parseAddress(text: string): Service | RejectionDetail {
  const url = parseUrl(text);
  if (url === "colon_before_slash" || url === "nothing_before_colon") {
    return { code: "service_without_scheme", write: meant(text) };
  }
  if (typeof url === "string") {
    return { code: "service_bad_url", why: url };
  }
  if (url.scheme === "" || url.hostname === "") {
    const write = meant(text);
    return url.scheme === "" || write !== null
      ? { code: "service_without_scheme", write }
      : { code: "service_without_host" };
  }
  if (url.path !== "") {
    return {
      code: "service_with_path",
      write: maskService(text.slice(0, text.indexOf("/", text.indexOf("//") + 2))),
    };
  }
  return { type: HTTP.has(url.scheme) ? "http" : "tcp", url };
}

const HTTP: ReadonlySet<string> = new Set(["http", "https", "ws", "wss"]);

/** What was likely meant by a text without a scheme, or without the slashes behind one; null where nobody can know. */
function meant(text: string): string | null {
  // What stands before it may be a password.
  if (text.includes("@")) {
    return null;
  }
  const [word = "", rest] = text.split(":", 2);
  const known = nearest(word, rest === undefined ? WORDS : PREFIXES);
  if (known !== null) {
    return rest === undefined ? known : `${known}:${text.slice(word.length + 1)}`;
  }
  const host = /^(?:https?:\/*|\/\/)?([A-Za-z0-9_.-]+(?::\d+)?)$/.exec(text)?.[1];
  return host === undefined ? null : `${text.startsWith("https:") ? "https" : "http"}://${host}`;
}

const WORDS = ["hello_world", "bastion", "socks-proxy"];
const PREFIXES = ["http_status", "unix", "unix+tls"];

/** Why cloudflared does not take one of a `socks-proxy`'s `ipRules`: the prefix, as Go's `net.ParseCIDR` reads it. */
export function prefixProblem(prefix: string): RejectionDetail | null {
  if (prefix === "") {
    return { code: "ip_rule_bad_prefix", why: "missing" };
  }
  const [address = "", bits, ...more] = prefix.split("/");
  if (bits === undefined) {
    return { code: "ip_rule_bad_prefix", why: isAddress(prefix) ? "no_mask" : "not_a_network" };
  }
  const most = isIPv4(address) ? 32 : 128;
  const sound = isAddress(address) && /^\d+$/.test(bits) && Number(bits) <= most && more.length === 0;
  return sound ? null : { code: "ip_rule_bad_prefix", why: "not_a_network" };
}

function isAddress(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !text.includes("%"));
}

/**
 * A service as it may be shown: whatever may be user info is replaced. A text that is no URL is masked as well, and
 * rather too much than too little, since it may be a URL in the making.
 */
export function maskService(text: string): string {
  if (/^(?:unix(?:\+tls)?|http_status):/.test(text)) {
    return text;
  }
  const end = text.lastIndexOf("@");
  const slashes = text.indexOf("//");
  const start = slashes === -1 || slashes > end ? 0 : slashes + 2;
  return end === -1 ? text : text.slice(0, start) + HIDDEN + text.slice(end);
}

/** A service as it is written, and where its user info holds a password, without both. */
export function maskPassword(text: string): string {
  const masked = maskService(text);
  return masked !== text && text.slice(text.indexOf("//") + 2, text.lastIndexOf("@")).includes(":")
    ? masked
    : text;
}
