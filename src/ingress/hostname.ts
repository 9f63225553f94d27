import { domainToASCII, domainToUnicode } from "node:url";

/** Splits `host:port` as Go's `net.SplitHostPort` does: the brackets of an address go, and a port may be anything. */
export function splitHostPort(text: string): { readonly host: string; readonly port: string } | null {
  const colon = text.lastIndexOf(":");
  if (colon === -1) {
    return null;
  }
  const inBrackets = text.startsWith("[");
  if (inBrackets && text.indexOf("]") !== colon - 1) {
    return null;
  }
  const host = inBrackets ? text.slice(1, colon - 1) : text.slice(0, colon);
  const port = text.slice(colon + 1);
  const stray = inBrackets
    ? /\[/.test(host) || /[[\]]/.test(port)
    : /[:[\]]/.test(host) || /[[\]]/.test(port);
  return stray ? null : { host, port };
}

/** The hostname of a rule. */
export interface HostnamePattern {
  /** As it is written; empty or `*` for every host. */
  readonly hostname: string;
  /** The second form in which cloudflared tries it; null where that is the same, or there is none. */
  readonly punycode: string | null;
}

/** A rule's hostname with its second form. */
export function hostnamePattern(hostname: string): HostnamePattern {
  const punycode = toPunycode(hostname);
  return { hostname, punycode: punycode === hostname ? null : punycode };
}

/** Whether cloudflared takes a host, without a port, for one of this rule: case counts, and `*.x` covers any depth. */
export function matchesHost(pattern: HostnamePattern, host: string): boolean {
  return (
    coversEveryHost(pattern.hostname) ||
    matchesForm(pattern.hostname, host) ||
    (pattern.punycode !== null && matchesForm(pattern.punycode, host))
  );
}

/** Whether a rule's hostname leaves no host out. */
export function coversEveryHost(hostname: string): boolean {
  return hostname === "" || hostname === "*";
}

/** Whether a rule's hostname is a wildcard for subdomains: a star elsewhere stands for itself. */
export function isWildcard(hostname: string): boolean {
  return hostname.startsWith("*.");
}

function matchesForm(form: string, host: string): boolean {
  return form === host || (isWildcard(form) && host.endsWith(form.slice(1)));
}

/** A name as DNS compares it: in lower case and Punycode, where it has one. */
export function asDnsName(name: string): string {
  const wildcard = isWildcard(name) ? "*." : "";
  const rest = name.slice(wildcard.length);
  return wildcard + (toPunycode(rest) ?? rest.toLowerCase());
}

/** As `asDnsName`, of a name that may end in the root's dot. */
export function dnsNameOf(name: string): string {
  return asDnsName(name.replace(/\.$/, ""));
}

/** The domains that a name lies in, the nearest first: of `a.b.c`, `b.c` and `c`. None of a name that is too long. */
export function domainsAbove(name: string): readonly string[] {
  const domains: string[] = [];
  for (
    let dot = name.length > LONGEST ? -1 : name.indexOf(".");
    dot !== -1;
    dot = name.indexOf(".", dot + 1)
  ) {
    domains.push(name.slice(dot + 1));
  }
  return domains;
}

/** The wildcards that cover a name, the nearest first: for `a.b.c`, `*.b.c` and `*.c`. None for one that is too long. */
export function wildcardsAbove(name: string): readonly string[] {
  return domainsAbove(name).map((domain) => `*.${domain}`);
}

/**
 * The name by which DNS answers for a host, of those that there are: the host itself, else the nearest wildcard above it; a
 * name that is nearer than the wildcard takes its place, and answers with nothing. Both in the form of `dnsNameOf`.
 */
export function answeringName(host: string, isThere: (name: string) => boolean): string | null {
  if (isThere(host)) {
    return host;
  }
  for (const domain of domainsAbove(host)) {
    if (isThere(`*.${domain}`)) {
      return `*.${domain}`;
    }
    if (isThere(domain)) {
      return null;
    }
  }
  return null;
}

/** A DNS name has no more characters. */
export const LONGEST = 253;

/**
 * The hostname in Punycode and lower case, as Go's `idna.Lookup` makes it, or null where it takes none: a wildcard, a
 * character that no hostname has, a hyphen in the wrong place. One thing that Go refuses passes here: a label that
 * mixes letters of both directions of writing.
 */
export function toPunycode(hostname: string): string | null {
  if (hostname.length > LONGEST || /[\0-,/:-@[-`{-\x7F]/.test(hostname) || LAX_HYPHENS.test(hostname)) {
    return null;
  }
  if (/^[a-z0-9.-]*$/i.test(hostname) && !/xn--/i.test(hostname)) {
    return hostname.toLowerCase();
  }
  // With a last label that is no number, nothing is taken for an address.
  const ascii = domainToASCII(`${hostname}.x`);
  // Node 24 passes Punycode that stands for nothing, and leaves it as it is.
  return /(?:^|\.)xn--/i.test(domainToUnicode(ascii)) ? null : ascii.slice(0, -2) || null;
}

/** A label begins or ends with a hyphen, or has two where `xn--` has its own. */
const LAX_HYPHENS = /(?:^|\.)-|-(?:\.|$)|(?:^|\.)(?!xn)[^.]{2}--/i;
