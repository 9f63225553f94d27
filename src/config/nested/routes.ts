import { cidrText, holds, parseCidr, rangeOf } from "../../base/cidr.ts";
import type { ProblemDetail } from "../problem.ts";
import { attributesIn, type Collection, textIn } from "./item.ts";

/**
 * Ranges that Cloudflare's own network uses: a route inside one takes traffic away from it, a wider one does not.
 * https://developers.cloudflare.com/cloudflare-one/networks/routes/reserved-ips/
 */
const RESERVED = [
  ["100.96.0.0/12", "the addresses of devices"],
  ["100.64.0.0/12", "the source addresses of Cloudflare One"],
  ["172.64.128.0/20", "the addresses that names are first resolved to"],
  ["100.112.0.0/16", "private load balancers"],
  ["2606:4700:cf1:1000::/64", "the addresses of devices"],
  ["2606:4700:cf1:4000::/64", "the addresses that names are first resolved to"],
  ["2606:4700:cf1:5000::/64", "the source addresses of Cloudflare One"],
] as const;

/** Private addresses behind a tunnel. One that names no virtual network lies in the account's default. */
export const routes: Collection = {
  key: "routes",
  kind: "route",
  main: "network",
  owner: { attribute: "tunnel_id", output: "id" },
  read(main, item, { defaultNetwork }) {
    const flaw = flawOf(main);
    const cidr = parseCidr(main);
    if (flaw !== null || cidr === null) {
      return { flaw: flaw ?? { code: "bad_network", network: main, why: "no_network", write: null } };
    }
    const network = cidrText(cidr);
    const named = textIn(item, "virtual_network")?.value ?? null;
    return {
      name: named === null ? network : `${network}@${named}`,
      identity: `${network}@${named ?? defaultNetwork ?? ""}`,
      spec: {
        network,
        virtual_network_id: { $ref: { kind: "virtual_network", name: named, output: "id" } },
        ...attributesIn(item, ["comment"]),
      },
    };
  },
};

function flawOf(network: string): ProblemDetail | null {
  const cidr = parseCidr(network);
  if (cidr === null) {
    return { code: "bad_network", network, why: "no_network", write: null };
  }
  const write = cidrText(cidr);
  if (!network.includes("/")) {
    return { code: "bad_network", network, why: "no_length", write };
  }
  if (rangeOf(cidr).address !== cidr.address) {
    return { code: "bad_network", network, why: "host_bits", write };
  }
  for (const [range, use] of RESERVED) {
    const reserved = parseCidr(range);
    if (reserved !== null && holds(reserved, cidr)) {
      return { code: "reserved_network", network, range, use };
    }
  }
  return null;
}
