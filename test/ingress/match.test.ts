import { describe, expect, test } from "vitest";
import { explain, requestOf, runTests } from "../../src/ingress/explain.ts";
import { judge } from "../../src/ingress/judge.ts";
import { findMatchingRule, type Ingress, namesNotServed } from "../../src/ingress/match.ts";

async function ingressOf(ingress: readonly object[], originRequest = {}): Promise<Ingress> {
  const judged = await judge({ ingress, originRequest });
  if (judged.ingress === null) {
    throw new Error(JSON.stringify(judged.errors));
  }
  return judged.ingress;
}

const LAST = { service: "http_status:404" };
const rule = (hostname: string, path = "", service = "http://localhost") => ({ hostname, path, service });

describe("why a rule is passed over", () => {
  test.each([
    [rule("app.example.com"), "other.example.com", "/", "hostname"],
    [rule("app.example.com"), "App.example.com", "/", "hostname_case"],
    [rule("*.Example.com"), "a.example.com", "/", "hostname_case"],
    [rule("app.example.com"), "app.example.com.", "/", "final_dot"],
    [rule("app.example.com"), "APP.example.com.", "/", "final_dot"],
    [rule("*.example.com"), "example.com", "/", "apex_of_wildcard"],
    [rule("*.example.com"), "Example.com", "/", "apex_of_wildcard"],
    [rule("*.bücher.de"), "a.xn--bcher-kva.de", "/", "punycode"],
    [rule("xn--bcher-kva.de"), "bücher.de", "/", "punycode"],
    [rule("app.example.com", "^/api"), "app.example.com", "/", "path"],
    [rule("app.example.com", "^/api"), "app.example.com", "/API/x", "path_case"],
    [rule("app.example.com", "^/API"), "app.example.com", "/api", "path_case"],
  ])("%j, of a request to %s%s: %s", async (written, host, path, why) => {
    const match = findMatchingRule(await ingressOf([written, LAST]), { host, path });
    expect(match).toMatchObject({ index: 1, passed: [{ index: 0, why }] });
  });
});

test("rules below that match as well are told, but for the last", async () => {
  const ingress = await ingressOf([rule("a.b", "^/x"), rule("*.b"), rule("c.d"), rule("*", "/"), LAST]);
  expect(findMatchingRule(ingress, { host: "a.b", path: "/x" })).toMatchObject({
    index: 0,
    passed: [],
    alsoMatching: [1, 3],
  });
});

test("without rules, none matches", async () => {
  expect(findMatchingRule(await ingressOf([]), { host: "a.b", path: "/" })).toBeNull();
});

test("a setting is the rule's, else the global one, else cloudflared's own", async () => {
  const originRequest = { connectTimeout: 10, ipRules: [], access: { teamName: "t" }, noTLSVerify: false };
  const ingress = await ingressOf([{ ...rule("a.b"), originRequest }, LAST], {
    connectTimeout: 20,
    tlsTimeout: 5,
    ipRules: [{ prefix: "10.0.0.0/8" }],
    access: { audTag: ["a"] },
    noTLSVerify: true,
  });
  expect(findMatchingRule(ingress, { host: "a.b", path: "/" })?.settings).toMatchObject({
    connectTimeout: { value: 10, from: "rule" },
    noTLSVerify: { value: false, from: "rule" },
    access: { value: { teamName: "t" }, from: "rule" },
    ipRules: { value: [{ prefix: "10.0.0.0/8" }], from: "global" },
    tlsTimeout: { value: 5, from: "global" },
    keepAliveTimeout: { value: 90, from: "default" },
  });
});

describe("the request of a URL", () => {
  test.each([
    ["https://App.example.com:443/a%20b?q#f", { host: "App.example.com", path: "/a b" }],
    ["https://app.example.com", { host: "app.example.com", path: "/" }],
    ["https://[::1]/", { host: "::1", path: "/" }],
    ["https://a/x/../b", { host: "a", path: "/x/../b" }],
    ["app.example.com/a", "no_scheme"],
    ["https:///a", "no_host"],
    ["https://a/%zz", "bad_escape"],
  ])("%s", (url, expected) => {
    expect(requestOf(url)).toEqual(expected);
  });
});

test("explain asks each tunnel, and knows what serves and what does not", async () => {
  const answers = explain(
    [
      { tunnel: "web", ingress: await ingressOf([rule("a.b"), LAST]) },
      { tunnel: "closed", ingress: await ingressOf([rule("a.b", "", "http_status:403"), LAST]) },
      { tunnel: "other", ingress: await ingressOf([rule("c.d"), LAST]) },
      { tunnel: "all", ingress: await ingressOf([{ service: "http://localhost" }]) },
      { tunnel: "none", ingress: await ingressOf([]) },
    ],
    { host: "a.b", path: "/" },
  );
  expect(answers.map(({ tunnel, match, served }) => [tunnel, match?.index, served])).toEqual([
    ["web", 0, true],
    ["closed", 0, true],
    ["other", 1, false],
    ["all", 0, true],
    ["none", undefined, false],
  ]);
});

test("tests of a file", async () => {
  const ingress = await ingressOf([rule("a.b", "", "http://u@h"), LAST]);
  const findings = runTests(ingress, [
    { url: "https://a.b/x", service: "http://u@h" },
    { url: "https://a.b/x", service: "http://h" },
    { url: "https://c.d/x", service: "http://h" },
    { url: "c.d", service: "http://h" },
  ]);
  expect(findings).toEqual([
    { code: "test_other_service", service: "http://(secret)@h", rule: 0, path: ["tests", 1, "service"] },
    { code: "test_other_service", service: "http_status:404", rule: 1, path: ["tests", 2, "service"] },
    { code: "test_bad_url", why: "no_scheme", path: ["tests", 3, "url"] },
  ]);
  expect(runTests(await ingressOf([]), [{ url: "http://a", service: "b" }])).toEqual([
    { code: "test_other_service", service: null, rule: null, path: ["tests", 0, "service"] },
  ]);
});

describe("names that no rule serves", () => {
  const names = ["a.b", "A.B", "x.w.b", "w.b", "*.w.b", "*.c.b", "bücher.de", "*.x.w.b", "z"];
  test("are those that only a catch-all with a status is left for", async () => {
    const ingress = await ingressOf([
      rule("a.b", "^/x"),
      rule("*.w.b"),
      rule("q.c.b"),
      rule("xn--bcher-kva.de"),
      LAST,
    ]);
    expect(namesNotServed(ingress, names)).toEqual(["w.b", "z"]);
  });
  test("are none where every host is served", async () => {
    expect(namesNotServed(await ingressOf([{ service: "http://localhost" }]), names)).toEqual([]);
    expect(namesNotServed(await ingressOf([rule("*", "/x"), LAST]), names)).toEqual([]);
  });
});
