import { describe, expect, test } from "vitest";
import { domainsAbove, splitHostPort, toPunycode } from "../../src/ingress/hostname.ts";

describe("splitHostPort", () => {
  test.each([
    ["a:80", { host: "a", port: "80" }],
    ["a:", { host: "a", port: "" }],
    [":80", { host: "", port: "80" }],
    ["https://x", { host: "https", port: "//x" }],
    ["[::1]:80", { host: "::1", port: "80" }],
    ["[]:", { host: "", port: "" }],
    ["a", null],
    ["::1", null],
    ["[::1]", null],
    ["[::1]80:1", null],
    ["[a[]:1", null],
    ["a]:1", null],
    ["a:1[", null],
    ["[a]:1]", null],
    ["[:1", null],
  ])("%s", (text, expected) => {
    expect(splitHostPort(text)).toEqual(expected);
  });
});

describe("toPunycode", () => {
  test.each([
    ["App.Example.COM", "app.example.com"],
    ["straße.example", "xn--strae-oqa.example"],
    ["MÔÔ.com", "xn--m-xgaa.com"],
    ["日本。jp", "xn--wgv71a.jp"],
    ["XN--M-XGAA.com", "xn--m-xgaa.com"],
    ["127.1", "127.1"],
    ["１.2", "1.2"],
    ["a..b", "a..b"],
    ["a.", "a."],
    ["*.a", null],
    ["a_b", null],
    ["a/b", null],
    ["a b", null],
    ["-a.b", null],
    ["a-.b", null],
    ["ab--c", null],
    ["xn--a.com", null],
    ["a".repeat(254), null],
  ])("%s", (hostname, expected) => {
    expect(toPunycode(hostname)).toBe(expected);
  });
});

test("domainsAbove", () => {
  expect(domainsAbove("a.b.c")).toEqual(["b.c", "c"]);
  expect(domainsAbove("a")).toEqual([]);
  expect(domainsAbove(".".repeat(300))).toEqual([]);
});
