/** A name in the one form in which it is kept: lower case, Punycode, no final dot. */
export function canonicalName(name: string): string {
  const plain = name.replace(/\.$/, "").toLowerCase();
  return /[^\0-\x7f]/.test(plain) ? punycode(plain) : plain;
}

/** A name of a zone, which may be written without the zone's own: `@` and a bare label are of it, too. */
export function nameInZone(name: string, zone: string): string {
  const plain = canonicalName(name);
  if (plain === "@" || plain === zone) {
    return zone;
  }
  return plain.endsWith(`.${zone}`) ? plain : `${plain}.${zone}`;
}

function punycode(name: string): string {
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return name;
  }
}
