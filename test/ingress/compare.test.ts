import { describe, expect, test } from "vitest";
import { cleaned, doesTheSame } from "../../src/ingress/compare.ts";

describe("cleaned", () => {
  test.each([
    [{ a: null, b: {}, c: { d: null } }, undefined],
    [
      { a: 1, b: [null, { c: null }] },
      { a: 1, b: [{}, {}] },
    ],
    ["x", "x"],
    [null, undefined],
  ])("%j", (value, expected) => {
    expect(cleaned(value)).toEqual(expected);
  });
});

describe("connectors do the same by", () => {
  const rule = { hostname: "a.b", service: "http://c" };
  const last = { service: "http_status:404" };
  const nulls = { ...rule, path: null, originRequest: { connectTimeout: null, access: {} } };

  test.each([
    ["nulls", [nulls, last], [rule, last]],
    ["a default that the file leaves out", [{ ...rule, originRequest: { connectTimeout: 30 } }], [rule]],
    ["a default that the account leaves out", [rule], [{ ...rule, originRequest: { connectTimeout: 30 } }]],
    ["an empty path", [{ ...rule, path: "" }], [rule]],
  ])("%s", (_, live, wanted) => {
    expect(doesTheSame("ingress", { ingress: live }, { ingress: wanted })).toBe(true);
  });

  test.each([
    ["another service", [{ ...rule, service: "http://d" }], [rule]],
    ["another order", [last, rule], [rule, last]],
    ["one more", [rule, last], [last]],
    ["another setting", [{ ...rule, originRequest: { connectTimeout: 31 } }], [rule]],
    ["a key that nobody knows", [{ ...rule, novelty: 1 }], [rule]],
  ])("and not by %s", (_, live, wanted) => {
    expect(doesTheSame("ingress", { ingress: live }, { ingress: wanted })).toBe(false);
  });

  test("and not by a default, where a setting of all rules comes between", () => {
    const own = [{ ...rule, originRequest: { connectTimeout: 30 } }];
    const originRequest = { connectTimeout: 10 };
    expect(doesTheSame("ingress", { ingress: own, originRequest }, { ingress: [rule] })).toBe(false);
    expect(doesTheSame("ingress", { ingress: own }, { ingress: [rule], originRequest })).toBe(false);
    expect(doesTheSame("ingress", { ingress: own, originRequest }, { ingress: own })).toBe(true);
  });

  test("settings of all rules, of which only the written ones count", () => {
    const live = { originRequest: { noTLSVerify: true, tlsTimeout: null }, "warp-routing": {} };
    const same = (part: string, wanted: object) => doesTheSame(part, live, { [part]: wanted });
    expect(same("originRequest", {})).toBe(true);
    expect(same("originRequest", { noTLSVerify: true })).toBe(true);
    expect(same("originRequest", { tlsTimeout: 10 })).toBe(true);
    expect(same("originRequest", { tlsTimeout: 11 })).toBe(false);
    expect(same("warp-routing", { maxActiveFlows: 0 })).toBe(true);
    expect(same("warp-routing", { maxActiveFlows: 5 })).toBe(false);
  });
});
