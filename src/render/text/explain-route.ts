import type { WrittenRoute } from "../../tunnels/route-to.ts";
import { place } from "../headline.ts";
import { otherNetworkWords, type RouteExplanation } from "../json/explain-route.ts";
import { showName, visible } from "../visible.ts";
import type { Style } from "./style.ts";

/** For people: which route leads to an address or a private name, and which it shadows. Ends with a line feed. */
export function renderRoute({ url, route, others }: RouteExplanation, style: Style): string {
  const lines =
    route === undefined
      ? ["  nothing serves it: no route of the files leads there"]
      : [
          `  served by ${style.bold(showName(route.tunnel))}, route ${style.bold(visible(route.network))}${whereOf(route)}`,
          ...route.shadows.map(
            (shadow) =>
              `  shadows ${visible(shadow.network)}${whereOf(shadow)} of ${showName(shadow.tunnel)}`,
          ),
        ];
  const notes = others.map((other) => `  note: ${otherNetworkWords(other)}`);
  return `${[visible(url), ...lines, ...notes].join("\n")}\n`;
}

function whereOf({ virtual_network, source }: WrittenRoute): string {
  const network = virtual_network === null ? "" : ` in ${showName(virtual_network)}`;
  return `${network} (${place(source)})`;
}
