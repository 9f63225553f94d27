/** A range of addresses. */
export interface Cidr {
  readonly version: 4 | 6;
  /** Its first address. */
  readonly base: bigint;
  /** How many leading bits its addresses share. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Reads a range; host bits are cleared, as the API does. Null for a text that is none. */
export function parseCidr(text: string): Cidr | null {
  const [address = "", length = "", ...more] = text.split("/");
  const found = more.length === 0 && /^\d{1,3}$/.test(length) ? parseAddress(address) : null;
  const prefix = Number(length);
  if (!found || prefix > found.prefix) {
    return null;
  }
  const hostBits = BigInt(found.prefix - prefix);
  return { version: found.version, base: (found.base >> hostBits) << hostBits, prefix };
}

/** Reads one address, as the range of it alone. Leading zeros are dropped. */
export function parseAddress(text: string): Cidr | null {
  const version = text.includes(":") ? 6 : 4;
  const parts = version === 4 ? bytesOf(text) : groupsOf(text);
  if (!parts) {
    return null;
  }
  const width = version === 4 ? 8n : 16n;
  const base = parts.reduce((value, part) => (value << width) | BigInt(part), 0n);
  return { version, base, prefix: BITS[version] };
}

/** Whether every address of the inner range is in the outer one. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  const hostBits = BigInt(BITS[outer.version] - outer.prefix);
  return (
    outer.version === inner.version &&
    outer.prefix <= inner.prefix &&
    outer.base >> hostBits === inner.base >> hostBits
  );
}

/** The one text of a range, IPv6 in the form of RFC 5952. */
export function cidrText({ version, base, prefix }: Cidr): string {
  return `${version === 4 ? ipv4Text(base) : ipv6Text(base)}/${prefix}`;
}

function ipv4Text(base: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((base >> shift) & 255n)).join(".");
}

function ipv6Text(base: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((base >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  const text = groups.join(":");
  // The longest run of two zeros or more is left out, of equal ones the first.
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  return longest === "" ? text : text.replace(new RegExp(`(?:^|:)${longest}(?::|$)`), "::");
}

function bytesOf(text: string): readonly number[] | null {
  const parts = text.split(".");
  const isFour = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isFour ? parts.map(Number) : null;
}

function groupsOf(text: string): readonly number[] | null {
  const [head = "", tail, ...more] = text.split("::");
  const [left, right] = [groups(head), tail === undefined ? [] : groups(tail)];
  if (more.length > 0 || !left || !right) {
    return null;
  }
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return null;
  }
  return [...left, ...Array.from({ length: missing }, () => 0), ...right];
}

/** The groups on one side of `::`; the last four bytes may be written as IPv4. */
function groups(text: string): readonly number[] | null {
  if (text === "") {
    return [];
  }
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  if (last.includes(".")) {
    const bytes = bytesOf(last);
    const before = parts.length > 1 ? groups(parts.slice(0, -1).join(":")) : [];
    const [a = 0, b = 0, c = 0, d = 0] = bytes ?? [];
    return bytes && before ? [...before, a * 256 + b, c * 256 + d] : null;
  }
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : null;
}
