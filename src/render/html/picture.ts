import { keyOf } from "../../engine/model/account-index.ts";
import { stateWords } from "../health/words.ts";
import { plural } from "../words/plural.ts";
import { drawTunnel, markOf, nodesOf } from "./draw.ts";
import { gravestFirst } from "./health.ts";
import { html, type Html } from "./html.ts";
import { hostnameKey, type Marks, marksOf, withPlanned } from "./planned.ts";
import type { HealthPage, PlanPage, TunnelPage } from "./read.ts";

/** Beyond so many nodes, what is healthy and unchanged is counted and not drawn. */
const MOST_NODES = 60;

/** A card for each tunnel: what leads to it, the tunnel, its connectors, and the data centres that they reach. */
export function pictureSection({ tunnels: live }: HealthPage, plan: PlanPage | null): Html | null {
  const tunnels = withPlanned(live, plan);
  const marks = marksOf(live, plan);
  const drawn = chosen(tunnels, marks);
  const undrawn = tunnels.filter((tunnel) => !drawn.includes(tunnel));
  if (tunnels.length === 0) {
    return null;
  }
  return html`<section id="picture">
<h2>Picture</h2>
<p class="legend"><span class="key"><svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4" class="host"/></svg> hostname</span><span class="key"><svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><rect x="1" y="1" width="8" height="8" rx="2" class="route"/></svg> route</span><span class="key"><svg width="16" height="10" viewBox="0 0 16 10" aria-hidden="true"><rect x="1" y="1" width="14" height="8" rx="3" class="box late"/></svg> behind on its configuration</span></p>
<div class="cards">
${drawn.map((tunnel) => html`<figure class="card ${tunnel.state}">${drawTunnel(tunnel, marks)}</figure>\n`)}</div>
${undrawn.length === 0 ? null : html`<p class="quiet">Not drawn: ${undrawnWords(undrawn)}.</p>\n`}</section>
`;
}

/** All where there is room; else the gravest, and those that are to change, as far as there is. */
function chosen(tunnels: readonly TunnelPage[], marks: Marks): readonly TunnelPage[] {
  const sorted = gravestFirst(tunnels);
  const total = sorted.reduce((sum, tunnel) => sum + nodesOf(tunnel), 0);
  if (total <= MOST_NODES) {
    return sorted;
  }
  let left = MOST_NODES;
  return sorted.filter((tunnel) => {
    const matters = tunnel.state !== "healthy" || isMarked(tunnel, marks);
    left -= matters ? nodesOf(tunnel) : 0;
    return matters && left >= 0;
  });
}

function isMarked(tunnel: TunnelPage, marks: Marks): boolean {
  return (
    markOf(tunnel, marks) !== undefined ||
    tunnel.routes.some((route) => marks.has(keyOf(route.kind, route.name))) ||
    tunnel.hostnames.some((hostname) => marks.has(hostnameKey(tunnel, hostname)))
  );
}

function undrawnWords(tunnels: readonly TunnelPage[]): string {
  const states = [...new Set(tunnels.map(({ state }) => state))];
  const counts = states.map(
    (state) => `${tunnels.filter((tunnel) => tunnel.state === state).length} ${stateWords(state)}`,
  );
  return `${plural(tunnels.length, "tunnel")} (${counts.join(", ")})`;
}
