import { createHash } from "node:crypto";

/** Where the sandbox takes its ids and secrets from: so many bytes. The same source gives the same sandbox. */
export type RandomBytes = (count: number) => Uint8Array;

/** A source that depends on the seed alone (mulberry32): for tests and simulations, never for a real secret. */
export function seededBytes(seed: number): RandomBytes {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return (count) => {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 4) {
      const word = next();
      for (let offset = 0; offset < 4 && at + offset < count; offset++) {
        bytes[at + offset] = word >>> (8 * offset);
      }
    }
    return bytes;
  };
}

/** A version 4 UUID. */
export function newUuid(random: RandomBytes): string {
  const bytes = Buffer.from(random(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 32 hexadecimal digits: the ids of zones and of DNS records. */
export function newHex(random: RandomBytes): string {
  return Buffer.from(random(16)).toString("hex");
}

/** The same, decided by the text alone. */
export function hexOf(text: string): string {
  return newHex(bytesOf(text));
}

/** A UUID that the text alone decides: for what is there in every sandbox. */
export function uuidOf(text: string): string {
  return newUuid(bytesOf(text));
}

function bytesOf(text: string): RandomBytes {
  const digest = createHash("sha256").update(text).digest();
  return (count) => digest.subarray(0, count);
}

/** A tunnel secret as the API makes one: 32 bytes in base64. */
export function newSecret(random: RandomBytes): string {
  return Buffer.from(random(32)).toString("base64");
}
