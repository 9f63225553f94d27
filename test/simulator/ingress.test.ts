import { describe, expect, it } from "vitest";
import { documentFault } from "../../src/simulator/ingress/document.ts";
import { patternFault } from "../../src/simulator/ingress/pattern.ts";

// Verdicts and words of cloudflared 2026.8.2.
const CATCH_ALL = { service: "http_status:404" };
const ofRule = (rule: object, global?: object) =>
  documentFault({ ...(global && { originRequest: global }), ingress: [rule, CATCH_ALL] });
const ofService = (service: string) => ofRule({ hostname: "a.example.com", service });
const ofHostname = (hostname: string) => ofRule({ hostname, service: "http://localhost:1" });
const ofPath = (path: string) => ofRule({ path, service: "http://localhost:1" });

const PORT = "Hostname cannot contain a port";
const WILDCARD =
  'Hostname patterns can have at most one wildcard character ("*") and it can only be used for subdomains, e.g. "*.example.com"';
const LAST = "The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)";
const addressFault = (service: string) =>
  `${service} is an invalid address, please make sure it has a scheme and a hostname`;

describe("services", () => {
  it.each([
    "http://localhost:8000",
    "http://[::1]:8080",
    "HTTPS://localhost",
    "foo://bar",
    "unix:/tmp/x.sock",
    "unix+tls:",
    "http_status:999",
    "http_status:+404",
    "hello_world",
    "hello-world",
    "bastion",
    "socks-proxy",
    "http://localhost?a=b",
    "http://localhost#c",
    "http://user:pw@localhost:80",
    "http://localhost:99999",
    "http://localhost:",
    "http://exa_mple",
    "http://münchen.example",
    "http://<x>",
    "http://a,b",
  ])("%s", (service) => {
    expect(ofService(service)).toBeNull();
  });

  it.each([
    ["", addressFault("")],
    ["localhost", addressFault("localhost")],
    ["localhost:8000", addressFault("localhost:8000")],
    ["//localhost:80", addressFault("//localhost:80")],
    ["http://", addressFault("http://")],
    ["http://:8080", addressFault("http://:8080")],
    ["mailto:a@b", addressFault("mailto:a@b")],
    ["UNIX:/tmp/x", addressFault("UNIX:/tmp/x")],
    ["Hello_World", addressFault("Hello_World")],
    ["127.0.0.1:80", 'parse "127.0.0.1:80": first path segment in URL cannot contain colon'],
    [" http://localhost", 'parse " http://localhost": first path segment in URL cannot contain colon'],
    ["http://local host:80", 'parse "http://local host:80": invalid character " " in host name'],
    ["http://localhost:-1", 'parse "http://localhost:-1": invalid port ":-1" after host'],
    [
      "http://localhost:80/",
      "http://localhost:80/ is an invalid address, ingress rules don't support proxying to a different path on the origin service. The path will be the same as the eyeball request's path",
    ],
    ["http_status:99", "invalid HTTP status code: 99"],
    ["http_status:x", 'invalid HTTP status code: strconv.Atoi: parsing "x": invalid syntax'],
  ])("%s: %s", (service, fault) => {
    expect(ofService(service)).toBe(fault);
  });

  it("are not read in bastion mode, the rule's own or the global one", () => {
    const bastion = { bastionMode: true };
    expect(ofRule({ service: "no url", hostname: "a", originRequest: bastion })).toBeNull();
    expect(ofRule({ service: "no url", hostname: "a" }, bastion)).toBeNull();
    const own = { service: "no url", hostname: "a", originRequest: { bastionMode: false } };
    expect(ofRule(own, bastion)).toBe(addressFault("no url"));
  });

  it.each<[object, string | null]>([
    [{ prefix: "1.1.1.0/24", ports: [80], allow: true }, null],
    [{ prefix: "2606:4700::/32" }, null],
    [{ prefix: "" }, "no prefix provided"],
    [{ prefix: "1.1.1.1" }, "unable to parse cidr: 1.1.1.1"],
    [{ prefix: "1.1.1.0/24", ports: [0] }, "invalid port 0, needs to be between 1 and 65535"],
  ])("socks-proxy with %j", (rule, fault) => {
    const found = ofRule({ hostname: "a", service: "socks-proxy", originRequest: { ipRules: [rule] } });
    expect(found).toBe(fault && `unable to create ip rule for socks-proxy: ${fault}`);
  });
});

describe("hostnames", () => {
  it.each(["*.example.com", "*example.com", "[::1]", "::1", "m\u00f4\u00f4.com", "a b", "*."])(
    "%s",
    (name) => {
      expect(ofHostname(name)).toBeNull();
    },
  );

  it.each([
    ["a.example.com:443", PORT],
    ["a:", PORT],
    ["[::1]:80", PORT],
    ["https://x", PORT],
    ["a.*.example.com", WILDCARD],
    ["**", WILDCARD],
    ["example.*", WILDCARD],
  ])("%s: %s", (name, fault) => {
    expect(ofHostname(name)).toBe(fault);
  });
});

describe("paths", () => {
  it.each([
    "^/api",
    "(?i)^/admin",
    "(?P<id>\\d+)",
    "(?<id>x)",
    "\\A/x\\z",
    "\\Q/a.b\\E",
    "[[:alpha:]]",
    "[]a]",
    "[^]a]",
    "/v1/*",
    "/a]",
    "a{,2}",
    "a{1000}",
    "^*",
    "x*?",
    "\\pL\\p{Greek}\\x{41}\\_\\-",
  ])("%s", (pattern) => {
    expect(patternFault(pattern)).toBeNull();
  });

  it.each([
    ["*/x", "missing argument to repetition operator: `*`"],
    ["a|*", "missing argument to repetition operator: `*`"],
    ["/**", "invalid nested repetition operator: `**`"],
    ["a++", "invalid nested repetition operator: `++`"],
    ["/(?!admin)", "invalid or unsupported Perl syntax: `(?!`"],
    ["(?<=a)b", "invalid or unsupported Perl syntax: `(?<=`"],
    ["(?>a)", "invalid or unsupported Perl syntax: `(?>`"],
    ["(a)\\1", "invalid escape sequence: `\\1`"],
    ["\\u0041", "invalid escape sequence: `\\u`"],
    ["\\cA", "invalid escape sequence: `\\c`"],
    ["[]", "missing closing ]: `[]`"],
    ["[^]", "missing closing ]: `[^]`"],
    ["(a", "missing closing ): `(a`"],
    ["a)", "unexpected ): `a)`"],
    ["a{1001}", "invalid repeat count: `{1001}`"],
    ["a\\", "trailing backslash at end of expression: ``"],
  ])("%s: %s", (pattern, fault) => {
    expect(ofPath(pattern)).toBe(`Rule #1 has an invalid regex: error parsing regexp: ${fault}`);
  });
});

describe("documents", () => {
  it.each<[string, unknown, string | null]>([
    ["without rules, which a connector takes", {}, null],
    ["of a catch-all", { ingress: [{ hostname: "*", service: "http_status:404" }] }, null],
    ["with keys in another case", { ingress: [{ Service: "http_status:404" }] }, null],
    ["with nulls", { ingress: [{ ...CATCH_ALL, hostname: null, originRequest: null }] }, null],
    ["without a catch-all", { ingress: [{ hostname: "a", service: "hello_world" }] }, LAST],
    ["whose last rule has a path", { ingress: [{ path: "/x", service: "hello_world" }] }, LAST],
    [
      "with a catch-all before the end",
      { ingress: [CATCH_ALL, CATCH_ALL] },
      "Rule #1 is matching the hostname '', but this will match every hostname, meaning the rules which follow it will never be triggered.",
    ],
    ["that are a list", [], "json: cannot unmarshal array into Go value of type ingress.RemoteConfigJSON"],
    [
      "of rules that are no list",
      { ingress: {} },
      "json: cannot unmarshal object into Go value of type []config.UnvalidatedIngressRule",
    ],
    [
      "with a number for a service",
      { ingress: [{ service: 80 }] },
      "json: cannot unmarshal number into Go value of type string",
    ],
    [
      "with a text for a number",
      { ingress: [{ ...CATCH_ALL, originRequest: { connectTimeout: "30s" } }] },
      "json: cannot unmarshal string into Go value of type int",
    ],
    [
      "with a text for a flag, in the global block",
      { originRequest: { noTLSVerify: "yes" }, ingress: [CATCH_ALL] },
      "json: cannot unmarshal string into Go value of type bool",
    ],
    [
      "with access that names no team",
      { ingress: [{ ...CATCH_ALL, originRequest: { access: { required: true, audTag: ["a"] } } }] },
      "access.TeamName cannot be blank when access.audTags are present",
    ],
    ["with two faults in a rule", { ingress: [{ hostname: "a:80", service: "bad" }] }, addressFault("bad")],
  ])("%s", (_, config, fault) => {
    expect(documentFault(config)).toBe(fault);
  });
});
