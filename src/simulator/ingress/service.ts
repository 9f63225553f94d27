import { isObject } from "../wire/json.ts";

/** Why cloudflared takes no such service, in its own words; null when it does. */
export function serviceFault(service: string, originRequest: unknown, isBastion: boolean): string | null {
  if (/^unix(\+tls)?:/.test(service) || service === "hello_world" || service === "hello-world") {
    return null;
  }
  const status = /^http_status:(.*)$/s.exec(service)?.[1];
  if (status !== undefined) {
    return statusFault(status);
  }
  if (service === "socks-proxy") {
    return ipRulesFault(isObject(originRequest) ? originRequest["ipRules"] : null);
  }
  return service === "bastion" || isBastion ? null : urlFault(service);
}

function statusFault(text: string): string | null {
  if (!/^[+-]?\d+$/.test(text)) {
    return `invalid HTTP status code: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  }
  const status = Number(text);
  return status >= 100 && status <= 999 ? null : `invalid HTTP status code: ${status}`;
}

function ipRulesFault(rules: unknown): string | null {
  const faults = (Array.isArray(rules) ? rules : []).map((rule: unknown) => {
    const { prefix, ports } = isObject(rule) ? rule : {};
    if (prefix === "" || typeof prefix !== "string") {
      return "no prefix provided";
    }
    if (!/^[0-9a-f.:]+\/\d{1,3}$/i.test(prefix)) {
      return `unable to parse cidr: ${prefix}`;
    }
    const port = (Array.isArray(ports) ? ports : []).find((each) => !(each >= 1 && each <= 65_535));
    return port === undefined ? null : `invalid port ${port}, needs to be between 1 and 65535`;
  });
  const fault = faults.find((each) => each !== null) ?? null;
  return fault === null ? null : `unable to create ip rule for socks-proxy: ${fault}`;
}

/** Only what every version of Go's parser refuses. */
function urlFault(service: string): string | null {
  const cannotParse = `parse ${JSON.stringify(service)}: `;
  const noHost = `${service} is an invalid address, please make sure it has a scheme and a hostname`;
  const url = /^([A-Za-z][A-Za-z0-9+.-]*):([^?#]*)/.exec(service);
  if (!url) {
    return /^[^/?#]*:/.test(service)
      ? `${cannotParse}first path segment in URL cannot contain colon`
      : noHost;
  }
  const [, , rest = ""] = url;
  const [, authority, path] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  if (authority === undefined) {
    return noHost;
  }
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const badCharacter = /[\s<>"`{}|\\^]/.exec(host.replaceAll(/[<>]/g, ""))?.[0];
  if (badCharacter !== undefined) {
    return `${cannotParse}invalid character ${JSON.stringify(badCharacter)} in host name`;
  }
  const port = /:[^:\]]*$/.exec(host)?.[0];
  if (port !== undefined && !/^:\d*$/.test(port)) {
    return `${cannotParse}invalid port ${JSON.stringify(port)} after host`;
  }
  if (host.slice(0, host.length - (port?.length ?? 0)) === "") {
    return noHost;
  }
  return path === "" || path === undefined
    ? null
    : `${service} is an invalid address, ingress rules don't support proxying to a different path on the origin service. The path will be the same as the eyeball request's path`;
}
