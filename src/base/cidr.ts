import { isIPv4, isIPv6 } from "node:net";

/** A range of addresses. `address` is as it was written, host bits included. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** Reads `10.1.0.0/16` or `fd00::/8`, and an address alone as the range of that one; null for what is neither. */
export function parseCidr(text: string): Cidr | null {
  const [, address = "", length] = /^([^/]*)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text) ?? [];
  const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes("%") ? 6 : null;
  if (family === null) {
    return null;
  }
  const prefix = length === undefined ? WIDTH[family] : Number(length);
  return prefix > WIDTH[family] ? null : { family, address: numberOf(address, family), prefix };
}

/** The range without its host bits. */
export function rangeOf({ family, address, prefix }: Cidr): Cidr {
  const host = BigInt(WIDTH[family] - prefix);
  return { family, address: (address >> host) << host, prefix };
}

/** The one spelling of a range: no host bits, an IPv6 address as RFC 5952 wants it. */
export function cidrText(cidr: Cidr): string {
  const { family, address, prefix } = rangeOf(cidr);
  return `${addressText(family, address)}/${String(prefix)}`;
}

/** Whether every address of one range lies in another. */
export function holds(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.family === inner.family &&
    outer.prefix <= inner.prefix &&
    rangeOf({ ...inner, prefix: outer.prefix }).address === rangeOf(outer).address
  );
}

function addressText(family: 4 | 6, address: bigint): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
  }
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address >> BigInt(112 - 16 * at)) & 65_535n).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}

function numberOf(address: string, family: 4 | 6): bigint {
  return family === 4 ? numberOfDotted(address) : numberOfGroups(address);
}

function numberOfDotted(address: string): bigint {
  return address.split(".").reduce((number, part) => (number << 8n) | BigInt(part), 0n);
}

/** `isIPv6` has seen to it that there are eight groups, or fewer and one `::`. */
function numberOfGroups(address: string): bigint {
  const dotted = /[^:]*\..*$/.exec(address)?.[0];
  const plain =
    dotted === undefined
      ? address
      : `${address.slice(0, -dotted.length)}${halves(numberOfDotted(dotted)).join(":")}`;
  const [before = [], after] = plain
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = after === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => "0"), ...(after ?? [])].reduce(
    (number, group) => (number << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

function halves(number: bigint): readonly string[] {
  return [(number >> 16n).toString(16), (number & 65_535n).toString(16)];
}
