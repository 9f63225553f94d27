import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrText, contains, parseAddress, parseCidr } from "../../src/simulator/network/cidr.ts";

const canonical = (text: string) => {
  const range = parseCidr(text);
  return range && cidrText(range);
};

describe("a range", () => {
  it.each([
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.01.0.0/16", "10.1.0.0/16"],
    ["10.1.2.3/16", "10.1.0.0/16"],
    ["255.255.255.255/32", "255.255.255.255/32"],
    ["1.2.3.4/0", "0.0.0.0/0"],
    ["2001:DB8::1/32", "2001:db8::/32"],
    ["::/0", "::/0"],
    ["::1/128", "::1/128"],
    ["0:0:1:0:0:0:0:1/128", "0:0:1::1/128"],
    ["1:0:0:2:0:0:3:4/128", "1::2:0:0:3:4/128"],
    ["1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7:8/128"],
    ["1:0:3:4:5:6:7:8/128", "1:0:3:4:5:6:7:8/128"],
    ["fe80::/10", "fe80::/10"],
    ["::ffff:10.0.0.1/128", "::ffff:a00:1/128"],
  ])("%s is %s", (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0/8",
    "10.0.0.256/8",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "a.b.c.d/8",
    "2001:db8::/129",
    "1::2::3/64",
    "1:2:3:4:5:6:7/64",
    "1:2:3:4:5:6:7:8:9/64",
    "12345::/16",
    "::10.0.0.256/128",
    "network",
  ])("is not %s", (text) => {
    expect(canonical(text)).toBeNull();
  });

  it("has one text, which reads back as the same", () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((each) => (each % 3 === 0 ? 0 : each));
    const six = fc
      .tuple(fc.array(group, { minLength: 8, maxLength: 8 }), fc.integer({ min: 0, max: 128 }))
      .map(([groups, prefix]) => `${groups.map((each) => each.toString(16)).join(":")}/${prefix}`);
    const four = fc
      .tuple(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 32 }),
      )
      .map(([bytes, prefix]) => `${bytes.join(".")}/${prefix}`);
    fc.assert(
      fc.property(fc.oneof(six, four), (text) => {
        const once = canonical(text) ?? "";
        expect(isIP(once.split("/")[0] ?? "")).not.toBe(0);
        expect(canonical(once)).toBe(once);
      }),
    );
  });
});

describe("contains", () => {
  it.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["10.1.0.0/16", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.2.0.0/16", false],
    ["0.0.0.0/0", "10.2.0.0/16", true],
    ["::/0", "10.2.0.0/16", false],
    ["2001:db8::/32", "2001:db8:1::/48", true],
  ])("%s, %s: %s", (outer, inner, expected) => {
    const [a, b] = [parseCidr(outer), parseCidr(inner)];
    expect(a && b && contains(a, b)).toBe(expected);
  });

  it("an address is a range of itself", () => {
    const [range, address] = [parseCidr("10.1.0.0/16"), parseAddress("10.1.2.3")];
    expect(range && address && contains(range, address)).toBe(true);
    expect(parseAddress("10.1.2")).toBeNull();
  });
});
