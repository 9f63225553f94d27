import { dnsNameOf, LONGEST } from "../../ingress/hostname.ts";
import { namesNotServed } from "../../ingress/match.ts";
import type { WrittenEntry } from "../written.ts";
import { textAt } from "../written.ts";
import type { Tree } from "../yaml/tree.ts";
import { attributesIn, type Collection, type Surroundings } from "./item.ts";

/** Stands for every hostname of the entry's `ingress` that can be a name in DNS. */
const WORD = "ingress";

/** Public names that lead to a tunnel. */
export const dns: Collection = {
  key: "dns",
  kind: "dns_record",
  main: "name",
  owner: { attribute: "content", output: "cname" },
  stands: { word: WORD, for: hostnamesOf, keyOf: dnsNameOf },
  notServed: namesNotServed,
  read(main, item, surroundings) {
    const name = dnsNameOf(main);
    const why = flawOf(name);
    if (why !== null) {
      return { flaw: { code: "bad_dns_name", name: main, why } };
    }
    const outside = outsideZones(name, surroundings);
    return outside === null
      ? {
          name,
          identity: name,
          spec: { name, type: "CNAME", proxied: true, ...attributesIn(item, ["comment"]) },
        }
      : { flaw: { code: "dns_outside_zones", name, zones: outside } };
  },
};

/** The hostnames of an entry's rules, where they stand, each once. */
function hostnamesOf({ attributes }: WrittenEntry): readonly Tree[] | null {
  const ingress = attributes.get("ingress")?.value;
  if (ingress === undefined) {
    return null;
  }
  const found = new Map<string, Tree>();
  for (const rule of ingress.type === "list" ? ingress.items : []) {
    const entry = rule.type === "map" ? rule.entries.get("hostname") : undefined;
    const hostname = textAt(entry)?.value ?? "";
    if (entry !== undefined && hostname.includes(".") && !found.has(dnsNameOf(hostname))) {
      found.set(dnsNameOf(hostname), entry.value);
    }
  }
  return [...found.values()];
}

function flawOf(name: string): "empty" | "wildcard" | "too_long" | "one_label" | "no_name" | null {
  if (name === "") {
    return "empty";
  }
  const rest = name.startsWith("*.") ? name.slice(2) : name;
  if (rest.includes("*")) {
    return "wildcard";
  }
  if (name.length > LONGEST) {
    return "too_long";
  }
  if (!rest.includes(".")) {
    return "one_label";
  }
  return rest.split(".").every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) ? null : "no_name";
}

/** The zones that the files name, where a name lies in none of them; null where it does, or where they name none. */
function outsideZones(name: string, { zones }: Surroundings): readonly string[] | null {
  const isWithin = zones.some((zone) => name === zone || name.endsWith(`.${zone}`));
  return zones.length === 0 || isWithin ? null : zones;
}
