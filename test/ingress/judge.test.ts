import { describe, expect, test } from "vitest";
import { judge } from "../../src/ingress/judge.ts";

const LAST = { service: "http_status:404" };
const RULE = { hostname: "app.example.com", service: "http://localhost" };

const rules = (...ingress: readonly object[]) => ({ ingress: [...ingress, LAST] });
const withService = (service: string) => rules({ ...RULE, service });
const withSettings = (originRequest: unknown, service = "https://localhost") =>
  rules({ ...RULE, service, originRequest });
const global = (originRequest: unknown) => ({ ...rules(RULE), originRequest });

/** What is said, a line each: the code, the path, and what else there is. */
async function said(document: unknown): Promise<readonly string[]> {
  const { errors, warnings, notes } = await judge(document);
  return [...errors, ...warnings, ...notes].map(({ code, path, ...rest }) =>
    [code, path.join("."), ...Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)]
      .filter((part) => part !== "")
      .join(" "),
  );
}

type Row = readonly [document: unknown, ...lines: string[]];

const expectRows = (rows: readonly Row[]) => {
  test.each(rows.map(([document, ...lines]) => ({ text: JSON.stringify(document), document, lines })))(
    "$text",
    async ({ document, lines }) => {
      expect(await said(document)).toEqual(lines);
    },
  );
};

describe("of a document", () => {
  const type = (found: string) => `expected="mapping" found="${found}" write=null`;
  expectRows([
    [null],
    [undefined],
    [{}],
    [[], `ingress_wrong_type ${type("list")}`],
    [7, `ingress_wrong_type ${type("number")}`],
    [{ ingress: [] }, "ingress_empty ingress"],
    [{ ingress: null }, "ingress_empty ingress"],
    [{ ingress: 1 }, 'ingress_wrong_type ingress expected="list" found="number" write=null'],
    [rules(["a"] as never), `ingress_wrong_type ingress.0 ${type("list")}`],
    [
      rules({ ...RULE, service: 8080 }),
      'ingress_wrong_type ingress.0.service expected="text" found="number" write="\\"8080\\""',
    ],
    [
      rules({ ...RULE, hostname: 1 }),
      'ingress_wrong_type ingress.0.hostname expected="text" found="number" write="\\"1\\""',
    ],
    [
      rules({ ...RULE, Service: "http://x", pfad: "/" }),
      'ingress_unknown_key ingress.0.Service key="Service" known=["hostname","path","service","originRequest"] nearest="service"',
      'ingress_unknown_key ingress.0.pfad key="pfad" known=["hostname","path","service","originRequest"] nearest=null',
    ],
    [{ ...rules(), "warp-routing": { enabled: true } }, 'setting_ignored warp-routing.enabled key="enabled"'],
    [
      { ...rules(), "warp-routing": { maxActiveFlows: -1, connectTimeout: 0 } },
      'number_out_of_range warp-routing.maxActiveFlows least="0" most="18446744073709551615"',
      'odd_timeout warp-routing.connectTimeout why="none"',
    ],
  ]);
});

test("a key in another case is read all the same", async () => {
  const { ingress } = await judge({ Ingress: [{ SERVICE: "http_status:200" }] });
  expect(ingress?.rules.map(({ written }) => written)).toEqual(["http_status:200"]);
});

test("more than 1,000 rules are worth a note", async () => {
  const many = Array.from({ length: 1_000 }, (_, at) => ({ ...RULE, hostname: `a${at}.example.com` }));
  expect(await said(rules(...many))).toEqual(["many_rules ingress count=1001"]);
});

describe("of the place of a rule", () => {
  expectRows([
    [{ ingress: [RULE] }, "last_rule_not_catch_all ingress.0.hostname"],
    [{ ingress: [{ path: "/a", service: "http://h" }] }, "last_rule_not_catch_all ingress.0.path"],
    [
      rules(RULE, { service: "http://h" }, RULE),
      "catch_all_not_last ingress.1 after=2",
      "rule_never_reached ingress.2 by=0",
    ],
    [rules({ hostname: "*", service: "http://h" }), "catch_all_not_last ingress.0 after=1"],
    // One slip, and not a warning for every rule below it.
    [
      rules({ service: "http://h" }, RULE, { ...RULE, hostname: "other.example.com" }),
      "catch_all_not_last ingress.0 after=3",
    ],
    [
      rules({ ...RULE, hostname: 5 }, RULE, { ...RULE, path: "^/x", service: "http://other" }),
      String.raw`ingress_wrong_type ingress.0.hostname expected="text" found="number" write="\"5\""`,
      "rule_never_reached ingress.2 by=1",
      "path_is_no_access_control ingress.2.path other=1",
    ],
    [
      rules({ ...RULE, path: 5 }, RULE),
      String.raw`ingress_wrong_type ingress.0.path expected="text" found="number" write="\"5\""`,
    ],
    [rules([], RULE), `ingress_wrong_type ingress.0 expected="mapping" found="list" write=null`],
  ]);
});

describe("of a hostname", () => {
  const at = (hostname: string, ...lines: string[]): Row => [
    rules({ ...RULE, hostname }),
    ...lines.map((line) => line.replace(" ", " ingress.0.hostname ").trim()),
  ];
  expectRows([
    at("app.example.com"),
    at("a_b.example.com"),
    at("*.example.com"),
    at("localhost"),
    at("bücher.example"),
    at("https://app.example.com/x", 'hostname_with_port write="app.example.com"'),
    at("app.example.com:443", 'hostname_with_port write="app.example.com"'),
    at("[::1]:80", "hostname_with_port write=null"),
    at("a.*.com", "hostname_bad_wildcard "),
    at("**", "hostname_bad_wildcard "),
    at("App.Example.com", 'hostname_odd why="upper_case" write="app.example.com"'),
    at("*.Example.com", 'hostname_odd why="wildcard_upper_case" write="*.example.com"'),
    at("*.bücher.example", 'hostname_odd why="wildcard_not_ascii" write="*.xn--bcher-kva.example"'),
    at("*example.com", 'hostname_odd why="wildcard_without_dot" write="*.example.com"'),
    at("*-a.example.com", 'hostname_odd why="wildcard_without_dot" write=null'),
    at("*.", 'hostname_odd why="empty_label" write=null'),
    at(".example.com", 'hostname_odd why="empty_label" write=null'),
    at("a..b", 'hostname_odd why="empty_label" write=null'),
    at("app.example.com.", 'hostname_odd why="final_dot" write="app.example.com"'),
    at(" app.example.com", 'hostname_odd why="white_space" write="app.example.com"'),
    at("a b", 'hostname_odd why="white_space" write=null'),
    at("  ", 'hostname_odd why="white_space" write=null'),
    at("10.0.0.1", 'hostname_odd why="address" write=null'),
    at("[::1]", 'hostname_odd why="address" write=null'),
    at("::1", 'hostname_odd why="address" write=null'),
    at("app.example.com/x", 'hostname_odd why="not_a_name" write=null'),
    at("a:80:90", 'hostname_odd why="not_a_name" write=null'),
    at("xn--a.example.com", 'hostname_odd why="bad_punycode" write=null'),
    at(`${"a".repeat(64)}.com`, 'hostname_odd why="label_too_long" write=null'),
    at(`${"ü".repeat(60)}.com`, 'hostname_odd why="label_too_long" write=null'),
    at("a.".repeat(127), 'hostname_odd why="too_long" write=null'),
  ]);
});

describe("of a path", () => {
  const at = (path: string, ...lines: string[]): Row => [
    rules({ ...RULE, path }),
    ...lines.map((line) => line.replace(" ", " ingress.0.path ").trim()),
  ];
  expectRows([
    at(""),
    at("^/api/.*"),
    at("[a-z]*"),
    at("(ab)*"),
    at("^/\\d*"),
    at("/v1/*", 'path_like_glob write="^/v1/"'),
    at("^/a/b/*", 'path_like_glob write="^/a/b/"'),
    at("*.html", 'path_bad_pattern why="nothing_to_repeat" at="*"'),
    at("/**", 'path_bad_pattern why="repeated_twice" at="**"'),
    at("/api*", "path_like_glob write=null"),
    at("/a/*.html", "path_like_glob write=null"),
    at("^/a\n", "path_control_character "),
    at("(?!a)", 'path_bad_pattern why="perl_syntax" at="(?!"'),
    at("a\\", 'path_bad_pattern why="trailing_backslash" at=null'),
  ]);
});

describe("of a service", () => {
  const at = (service: string, ...lines: string[]): Row => [
    withService(service),
    ...lines.map((line) => line.replace(" ", " ingress.0.service ").trim()),
  ];
  expectRows([
    at("tcp://h"),
    at("ssh://h"),
    at("http://[fe80::1%25en0]:80"),
    at("http://exa_mple"),
    at("http://münchen"),
    at("foo://h", 'service_without_port scheme="foo"'),
    at("http://h:", 'service_odd_port port=""'),
    at("foo://h:70000", 'service_odd_port port="70000"'),
    at("http://h:0", 'service_odd_port port="0"'),
    at("http://*", "service_odd_host "),
    at("http://h?a", 'service_part_dropped part="query"'),
    at("http://h#a", 'service_part_dropped part="fragment"'),
    at("http://u@h", "service_with_user "),
    at("http://u:p@h", "service_with_password "),
    at("unix:", 'service_odd_socket why="empty"'),
    at("unix+tls://a", 'service_odd_socket why="two_slashes"'),
    at("http_status:+404", 'service_odd_status write="http_status:404"'),
    at("socks-proxy", "socks_proxy_denies_all "),
    at("h", 'service_without_scheme write="http://h"'),
  ]);
  test("bastion mode takes no notice of it", async () => {
    const document = { ...rules(RULE), originRequest: { bastionMode: true } };
    expect(await said(document)).toEqual([
      "service_not_read ingress.0.service",
      'setting_not_in_api originRequest.bastionMode key="bastionMode"',
    ]);
  });
});

describe("of originRequest", () => {
  const at = (originRequest: object, ...lines: string[]): Row => [
    withSettings(originRequest),
    ...lines.map((line) => line.replace(" ", " ingress.0.originRequest.")),
  ];
  expectRows([
    at({ connectTimeout: 10, http2Origin: true, access: { required: true, teamName: "t", audTag: ["a"] } }),
    at({ connectTimeout: null, access: null, ipRules: [] }, 'setting_not_in_api ipRules key="ipRules"'),
    at({ connectTimeout: 0 }, 'odd_timeout connectTimeout why="none"'),
    at({ tlsTimeout: -5 }, 'odd_timeout tlsTimeout why="negative"'),
    at({ tcpKeepAlive: 86_401 }, 'odd_timeout tcpKeepAlive why="over_a_day"'),
    at({ keepAliveTimeout: 1e10 }, 'odd_timeout keepAliveTimeout why="overflows"'),
    at({ connectTimeout: "30" }, 'bad_duration connectTimeout why="no_unit" write=30'),
    at({ connectTimeout: "1m30s" }, 'bad_duration connectTimeout why="with_unit" write=90'),
    at({ connectTimeout: "500ms" }, 'bad_duration connectTimeout why="not_whole_seconds" write=null'),
    at({ connectTimeout: "soon" }, 'bad_duration connectTimeout why="not_a_duration" write=null'),
    at(
      { connectTimeout: 1.5 },
      'ingress_wrong_type connectTimeout expected="seconds" found="number" write=null',
    ),
    at(
      { noTLSVerify: "yes" },
      'ingress_wrong_type noTLSVerify expected="true_or_false" found="text" write="true"',
    ),
    at(
      { noTLSVerify: "Off" },
      'ingress_wrong_type noTLSVerify expected="true_or_false" found="text" write="false"',
    ),
    at(
      { keepAliveConnections: "7" },
      'ingress_wrong_type keepAliveConnections expected="whole_number" found="text" write="7"',
    ),
    at(
      { keepAliveConnections: 2 ** 63 },
      'number_out_of_range keepAliveConnections least="-9223372036854775808" most="9223372036854775807"',
    ),
    at({ keepAliveConnections: -1 }, "negative_count keepAliveConnections"),
    at({ httpHostHeader: "a\nb" }, "header_with_line_break httpHostHeader"),
    at({ matchSNItoHost: true, originServerName: "a" }, "server_name_wins matchSNItoHost"),
    at({ noTLSVerify: true }, "tls_not_verified noTLSVerify"),
    at({ caPool: "/ca.pem" }, "ca_pool_on_connector caPool"),
    at({ proxyPort: 70_000 }, 'setting_not_in_api proxyPort key="proxyPort"', "odd_proxy_port proxyPort"),
    at({ proxyType: "socks5" }, "unknown_proxy_type proxyType"),
    at(
      { ipRules: [{ prefix: "nonsense" }] },
      'setting_not_in_api ipRules key="ipRules"',
      'ip_rules_not_used ipRules why="other_service"',
    ),
    at({ access: { required: true } }, 'access_refuses_all access missing="teamName"'),
    at({ access: { required: true, teamName: "t" } }, 'access_refuses_all access missing="audTag"'),
    at({ access: { required: true, audTag: ["a"] } }, "access_without_team access"),
  ]);
  expectRows([
    [withSettings({ http2Origin: true }, "unix+tls:/a")],
    [
      withSettings({ http2Origin: true }, "unix:/a"),
      "http2_without_https ingress.0.originRequest.http2Origin",
    ],
    [
      withSettings({ http2Origin: true }, "http://a"),
      "http2_without_https ingress.0.originRequest.http2Origin",
    ],
    [global({ access: { required: true } }), "access_not_enforced originRequest.access.required"],
    [
      global({ ipRules: [{ prefix: "nonsense" }] }),
      'setting_not_in_api originRequest.ipRules key="ipRules"',
      'ip_rules_not_used originRequest.ipRules why="global"',
    ],
  ]);
});

test("of a socks-proxy's ipRules", async () => {
  const ipRules = [
    { prefix: "10.0.0.1/8", ports: [1, 65_535], allow: true },
    { ports: [0, 65_536] },
    { prefix: "10.0.0.1" },
    { prefix: "10.0.0.0/33" },
    null,
  ];
  expect(await said(withSettings({ ipRules }, "socks-proxy"))).toEqual([
    'ip_rule_bad_prefix ingress.0.originRequest.ipRules.1.prefix why="missing"',
    "ip_rule_bad_port ingress.0.originRequest.ipRules.1.ports.0 port=0",
    "ip_rule_bad_port ingress.0.originRequest.ipRules.1.ports.1 port=65536",
    'ip_rule_bad_prefix ingress.0.originRequest.ipRules.2.prefix why="no_mask"',
    'ip_rule_bad_prefix ingress.0.originRequest.ipRules.3.prefix why="not_a_network"',
    'ip_rule_bad_prefix ingress.0.originRequest.ipRules.4.prefix why="missing"',
    'setting_not_in_api ingress.0.originRequest.ipRules key="ipRules"',
  ]);
});

test("all errors of a rule, in cloudflared's order", async () => {
  const originRequest = { access: { required: true, audTag: ["a"] } };
  const document = rules({ hostname: "a:80", path: "(", service: "bad", originRequest }, RULE);
  expect((await judge(document)).errors.map(({ code }) => code)).toEqual([
    "service_without_scheme",
    "access_without_team",
    "hostname_with_port",
    "path_bad_pattern",
  ]);
});

describe("of rules that no request reaches", () => {
  const rule = (hostname: string, path = "") => ({ hostname, path, service: "http://localhost" });
  const dead = (...lines: string[]) => lines.map((line) => `rule_never_reached ${line}`);
  expectRows([
    [rules(rule("a.b"), rule("a.b")), ...dead("ingress.1 by=0")],
    [rules(rule("a.b"), rule("a.b", "/x")), ...dead("ingress.1 by=0")],
    [rules(rule("a.b", "/x"), rule("a.b", "/x")), ...dead("ingress.1 by=0")],
    [rules(rule("a.b", "/x"), rule("a.b", "/y"), rule("a.b"))],
    [
      rules(rule("*.b"), rule("x.a.b"), rule("b"), rule("*.a.b")),
      ...dead("ingress.1 by=0", "ingress.3 by=0"),
    ],
    [rules(rule("a.b"), rule("*.b"))],
    [
      rules(rule("*", "/x"), rule("a.b", "/x"), rule("", "/x")),
      ...dead("ingress.1 by=0", "ingress.2 by=0"),
      "path_is_no_access_control ingress.0.path other=3",
    ],
    [rules(rule("bücher.de"), rule("xn--bcher-kva.de")), ...dead("ingress.1 by=0")],
    [rules(rule("xn--bcher-kva.de"), rule("bücher.de"))],
    [rules(rule("xn--bcher-kva.de"), rule("*.de"), rule("bücher.de")), ...dead("ingress.2 by=1")],
  ]);
});

describe("of rules that differ by path alone", () => {
  const rule = (path: string, service: string, hostname = "a.b") => ({ hostname, path, service });
  const note = (line: string) => `path_is_no_access_control ${line}`;
  expectRows([
    [
      rules(rule("^/a", "http://x"), rule("^/b", "http://y"), rule("", "http://z")),
      note("ingress.0.path other=1"),
    ],
    [rules(rule("^/a", "http://x"), rule("", "http://x"))],
    [rules(rule("^/a", "http://x"), rule("", "http://y", "c.d"))],
    [
      rules(rule("", "http://x"), rule("^/a", "http://y")),
      "rule_never_reached ingress.1 by=0",
      note("ingress.1.path other=0"),
    ],
    [rules(rule("^/a", "http://x", "")), note("ingress.0.path other=1")],
  ]);
});
