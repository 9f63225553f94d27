import { trimHostname } from "../../base/hostname.ts";
import { attributesIn, type Collection } from "./item.ts";

const LONGEST = 255;

/** Private names behind a tunnel. The API keeps `*.x` as `x`, so that the two are one. */
export const hostnameRoutes: Collection = {
  key: "hostname_routes",
  kind: "hostname_route",
  main: "hostname",
  owner: { attribute: "tunnel_id", output: "id" },
  read(main, item) {
    const hostname = trimHostname(main);
    const why = flawOf(hostname);
    return why === null
      ? { name: hostname, identity: hostname, spec: { hostname, ...attributesIn(item, ["comment"]) } }
      : { flaw: { code: "bad_hostname_route", hostname: main, why } };
  },
};

function flawOf(hostname: string): "empty" | "wildcard" | "too_long" | "no_name" | null {
  if (hostname === "") {
    return "empty";
  }
  if (hostname.includes("*")) {
    return "wildcard";
  }
  if (hostname.length >= LONGEST) {
    return "too_long";
  }
  return /^[^\s/:@\p{Cc}]+$/u.test(hostname) && !hostname.includes("..") ? null : "no_name";
}
