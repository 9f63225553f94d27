import type { FoundRoute, WrittenRoute } from "../../tunnels/route-to.ts";
import { showName, visible } from "../visible.ts";
import { documentOf } from "./json.ts";

/** Which route leads to an address or a private name, by the files alone. */
export interface RouteExplanation {
  readonly url: string;
  /** Undefined where none does. */
  readonly route: FoundRoute | undefined;
  /** Those of other virtual networks. */
  readonly others: readonly FoundRoute[];
}

/** `schema/explain.schema.json`. */
export function routeDocument({ url, route, others }: RouteExplanation): object {
  return documentOf({
    url,
    dns: null,
    tunnel: route?.tunnel ?? null,
    rule: null,
    passed: [],
    route: route === undefined ? null : { ...routeItem(route), shadows: route.shadows.map(routeItem) },
    live: null,
    served: route !== undefined,
    notes: others.map((other) => ({ code: "other_network", message: otherNetworkWords(other) })),
  });
}

/** That somewhere else another route leads there. */
export function otherNetworkWords({ network, virtual_network, tunnel }: WrittenRoute): string {
  return `in the virtual network ${showName(virtual_network ?? "")} it is ${visible(network)} of ${showName(tunnel)}`;
}

function routeItem({ network, virtual_network, tunnel, source }: WrittenRoute): object {
  return { network, virtual_network, tunnel, source: { file: source.file, line: source.line } };
}
