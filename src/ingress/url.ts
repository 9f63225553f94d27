import { isIPv6 } from "node:net";
import type { UrlProblem } from "./finding.ts";

/** A URL as Go's `net/url` parses it, which keeps what WHATWG's `URL` mends and refuses what that lets pass. */
export interface GoUrl {
  /** In lower case; empty where none is written. */
  readonly scheme: string;
  /** What stands before the `@`, as it is written. May hold a password. */
  readonly user: string | null;
  /** Without brackets; empty where there is none. */
  readonly hostname: string;
  /** What stands behind the host's colon; null where there is no colon. Digits, or nothing. */
  readonly port: string | null;
  /** With its percent escapes resolved. */
  readonly path: string;
  readonly query: string | null;
  readonly fragment: string | null;
}

/** Parses a URL by the rules of Go 1.26, with which cloudflared 2026.8 is built. */
export function parseUrl(text: string): GoUrl | UrlProblem {
  const hash = text.indexOf("#");
  const beforeFragment = hash === -1 ? text : text.slice(0, hash);
  const fragment = hash === -1 ? null : text.slice(hash + 1);
  if (hasControlCharacter(beforeFragment)) {
    return "control_character";
  }
  if (beforeFragment.startsWith(":")) {
    return "nothing_before_colon";
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeFragment)?.[1] ?? null;
  const behindScheme = scheme === null ? beforeFragment : beforeFragment.slice(scheme.length + 1);
  const mark = behindScheme.indexOf("?");
  const hierarchy = mark === -1 ? behindScheme : behindScheme.slice(0, mark);
  const query = mark === -1 ? null : behindScheme.slice(mark + 1);
  const lowerScheme = scheme?.toLowerCase() ?? "";
  const urlOf = ({ user, hostname, port }: Authority, path: string): GoUrl | UrlProblem =>
    hasBadEscape(path) || hasBadEscape(fragment ?? "")
      ? "bad_escape"
      : { scheme: lowerScheme, user, hostname, port, path: unescaped(path), query, fragment };
  if (beforeFragment !== "*" && !hierarchy.startsWith("/")) {
    if (scheme === null && /^[^/]*:/.test(hierarchy)) {
      return "colon_before_slash";
    }
    if (scheme !== null) {
      // Go calls it opaque, and looks at it no further.
      return urlOf(NO_AUTHORITY, "");
    }
  }
  const hasAuthority = hierarchy.startsWith("//") && (scheme !== null || !hierarchy.startsWith("///"));
  const slash = hasAuthority ? hierarchy.indexOf("/", 2) : 0;
  const path = slash === -1 ? "" : hierarchy.slice(slash);
  const authority = hasAuthority
    ? parseAuthority(lowerScheme, hierarchy.slice(2, slash === -1 ? undefined : slash))
    : NO_AUTHORITY;
  return typeof authority === "string" ? authority : urlOf(authority, path);
}

type Authority = Pick<GoUrl, "user" | "hostname" | "port">;

const NO_AUTHORITY: Authority = { user: null, hostname: "", port: null };

function parseAuthority(scheme: string, authority: string): Authority | UrlProblem {
  const at = authority.lastIndexOf("@");
  const user = at === -1 ? null : authority.slice(0, at);
  const host = parseHost(scheme, authority.slice(at + 1));
  if (typeof host === "string") {
    return host;
  }
  if (user !== null && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) {
    return "bad_user_info";
  }
  return hasBadEscape(user ?? "") ? "bad_escape" : { user, hostname: host.hostname, port: host.port };
}

function parseHost(scheme: string, text: string): Pick<GoUrl, "hostname" | "port"> | UrlProblem {
  if (text.includes("[")) {
    return text.lastIndexOf("[") === 0 ? parseBrackets(text) : "bad_brackets";
  }
  // Databases take lists of hosts with ports, so that Go is strict about further colons in HTTP alone.
  const strict = scheme === "http" || scheme === "https";
  const colon = strict ? text.indexOf(":") : text.lastIndexOf(":");
  const port = colon === -1 ? null : text.slice(colon + 1);
  if (port !== null && !/^[0-9]*$/.test(port)) {
    return "bad_port";
  }
  return hostProblem(text) ?? { hostname: unescaped(colon === -1 ? text : text.slice(0, colon)), port };
}

/** `[::1]`, `[::1]:8080`, `[fe80::1%25en0]`: an IPv6 address, and no name. */
function parseBrackets(text: string): Pick<GoUrl, "hostname" | "port"> | UrlProblem {
  const end = text.lastIndexOf("]");
  if (end === -1) {
    return "bad_brackets";
  }
  const behind = text.slice(end + 1);
  if (!/^(?::[0-9]*)?$/.test(behind)) {
    return "bad_port";
  }
  const inside = text.slice(1, end);
  const zoneAt = inside.indexOf("%25");
  const address = zoneAt === -1 ? inside : inside.slice(0, zoneAt);
  const zone = zoneAt === -1 ? "" : inside.slice(zoneAt);
  const problem = hostProblem(address) ?? zoneProblem(zone);
  if (problem !== null) {
    return problem;
  }
  if (!isIPv6(address) || zone === "%25" || address.includes("%")) {
    return "bad_brackets";
  }
  return { hostname: address + unescaped(zone), port: behind === "" ? null : behind.slice(1) };
}

/** What Go accepts in a host: any byte beyond ASCII, and most signs, however little sense they make in a name. */
const HOST = /^[^\0-\x20#/?@\\^`{|}\x7F]*$/;

function hostProblem(text: string): UrlProblem | null {
  if (!HOST.test(text)) {
    return "bad_host_character";
  }
  // Bytes of ASCII are written as they are, but for the percent sign itself.
  return hasBadEscape(text) || /%(?!25)[0-7]/.test(text) ? "bad_escape" : null;
}

function zoneProblem(text: string): UrlProblem | null {
  if (!HOST.test(text)) {
    return "bad_host_character";
  }
  const bad = (escape: string) => escape !== "%25" && escape !== "%20" && !HOST.test(byteOf(escape));
  return hasBadEscape(text) || /%[89A-Fa-f]/.test(text) || (text.match(ESCAPES) ?? []).some(bad)
    ? "bad_escape"
    : null;
}

const ESCAPES = /%[0-9A-Fa-f]{2}/g;

function byteOf(escape: string): string {
  return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9A-Fa-f]{2})/.test(text);
}

/** Whether a text holds a control character of ASCII. */
export function hasControlCharacter(text: string): boolean {
  return /[^ -~\x80-\uFFFF]/.test(text);
}

/**
 * Text with its percent escapes resolved. Where the bytes are no UTF-8, each becomes U+FFFD, as Go's `regexp` reads
 * them, and not a run of them as `TextDecoder` would have it.
 */
function unescaped(text: string): string {
  if (!text.includes("%")) {
    return text;
  }
  // One character a byte.
  const bytes = Buffer.from(text).toString("latin1").replace(ESCAPES, byteOf);
  return bytes.replace(/[\x80-\xFF]+/g, decodeBytes);
}

const UTF8 =
  /[\xC2-\xDF][\x80-\xBF]|(?:\xE0[\xA0-\xBF]|\xED[\x80-\x9F]|[\xE1-\xEC\xEE\xEF][\x80-\xBF])[\x80-\xBF]|(?:\xF0[\x90-\xBF]|\xF4[\x80-\x8F]|[\xF1-\xF3][\x80-\xBF])[\x80-\xBF]{2}|[\x80-\xFF]/g;

function decodeBytes(bytes: string): string {
  return bytes.replace(UTF8, (sequence) =>
    sequence.length === 1 ? "\uFFFD" : Buffer.from(sequence, "latin1").toString("utf8"),
  );
}
