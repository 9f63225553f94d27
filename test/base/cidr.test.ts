import { BlockList } from "node:net";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrText, holds, parseCidr } from "../../src/base/cidr.ts";

const address4 = fc.ipV4();
const address6 = fc.ipV6();
const range = fc.oneof(
  fc.tuple(address4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  fc.tuple(address6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
);

describe("ranges of addresses", () => {
  it.each([
    ["10.1.2.3/16", "10.1.0.0/16"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["255.255.255.255/32", "255.255.255.255/32"],
    ["10.1.2.3", "10.1.2.3/32"],
    ["2001:DB8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128"],
    ["2001:db8::ffff/64", "2001:db8::/64"],
    ["::1", "::1/128"],
    ["1::/0", "::/0"],
    ["::ffff:1.2.3.4/128", "::ffff:102:304/128"],
    ["1:2:3:4:5:6:7::/128", "1:2:3:4:5:6:7:0/128"],
  ])("%s is spelled %s", (text, spelled) => {
    const cidr = parseCidr(text);
    expect(cidr === null ? null : cidrText(cidr)).toBe(spelled);
  });

  it.each([
    "",
    "/8",
    "10.1.0.0/",
    "10.1.0.0/33",
    "10.1.0.0/08",
    "10.1/16",
    "10.1.0.0/16 ",
    "::/129",
    "fe80::1%a/64",
    "a::b::c/8",
    "10.1.0.0/16/8",
  ])("%j is none", (text) => {
    expect(parseCidr(text)).toBeNull();
  });

  it("are spelled in one way alone", () => {
    fc.assert(
      fc.property(range, (text) => {
        const cidr = parseCidr(text);
        expect(cidr).not.toBeNull();
        const spelled = cidr === null ? "" : cidrText(cidr);
        const again = parseCidr(spelled);
        expect(again === null ? null : cidrText(again)).toBe(spelled);
      }),
    );
  });

  it("hold an address where Node says so", () => {
    fc.assert(
      fc.property(range, fc.oneof(address4, address6), (text, address) => {
        const [base = "", length = ""] = text.split("/");
        const isSix = (one: string) => one.includes(":");
        fc.pre(isSix(base) === isSix(address));
        const family = isSix(base) ? "ipv6" : "ipv4";
        const list = new BlockList();
        list.addSubnet(base, Number(length), family);
        const [outer, inner] = [parseCidr(text), parseCidr(address)];
        expect(outer !== null && inner !== null && holds(outer, inner)).toBe(list.check(address, family));
      }),
      { numRuns: 500 },
    );
  });
});
