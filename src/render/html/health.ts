import type { State } from "../../tunnels/health.ts";
import { dashboardUrl } from "../health/dashboard.ts";
import { STATES, stateWords } from "../health/words.ts";
import { plural } from "../words/plural.ts";
import { html, type Html } from "./html.ts";
import type { HealthPage, TunnelPage } from "./read.ts";

/** So many tunnels have a row; the others, the healthiest, are counted. */
const MOST_ROWS = 500;
const MOST_NAMES = 4;

/** How each tunnel is, the gravest first. */
export function healthSection({ account_id, tunnels, gaps }: HealthPage): Html {
  const rows = gravestFirst(tunnels);
  const more = rows.length - MOST_ROWS;
  return html`<section id="health">
<h2>Health</h2>
<table>
<thead><tr><th>Status</th><th>Tunnel</th><th>Since</th><th>Connectors</th><th>Data centres</th><th>Configuration</th><th>Serves</th></tr></thead>
<tbody>
${rows.slice(0, MOST_ROWS).map((row) => healthRow(row, account_id))}</tbody>
</table>
${more > 0 ? html`<p class="quiet">${plural(more, "tunnel")} more, no graver than the last one here.</p>\n` : null}${gaps.map((gap) => html`<p class="why">${gap}</p>\n`)}</section>
`;
}

/** `2 healthy`, `1 down`, the gravest first. */
export function healthTally({ tunnels }: HealthPage): readonly Html[] {
  return STATES.flatMap((state) => {
    const count = tunnels.filter((tunnel) => tunnel.state === state).length;
    return count === 0 ? [] : [html`<li class="tally ${state}"><b>${count}</b> ${stateWords(state)}</li>\n`];
  });
}

/** Tunnels by how grave their state is, and otherwise as they stand. */
export function gravestFirst(tunnels: readonly TunnelPage[]): readonly TunnelPage[] {
  const rank = (state: State) => STATES.indexOf(state);
  return [...tunnels].sort((a, b) => rank(a.state) - rank(b.state));
}

/** `2026-11-25 08:00 UTC`; what is no time of the API's form stays as it is. */
export function timeWords(time: string | null): string {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/.exec(time ?? "") ?? [];
  return day === undefined ? (time ?? "") : `${day} ${minute ?? ""} UTC`;
}

/** Where a tunnel's connectors are connected, and by how many connections: `dfw01`, 4. Sorted. */
export function colosOf({ connectors }: TunnelPage): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const colo of (connectors ?? []).flatMap((connector) => connector.colos)) {
    counts.set(colo, (counts.get(colo) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function healthRow(tunnel: TunnelPage, accountId: string): Html {
  const { kind, name, id, state, since } = tunnel;
  const title = html`<b>${name}</b>${kind === "cfd_tunnel" ? null : html` <small>${kind}</small>`}`;
  // Made anew from the id: no document says where a link leads.
  const link =
    id === null
      ? title
      : html`<a href="${dashboardUrl(accountId, { kind, id })}" rel="noreferrer">${title}</a>`;
  const places = colosOf(tunnel).map(([colo, count]) => (count === 1 ? colo : `${colo} ×${count}`));
  const cells = [
    { title: "", look: "lead", value: html`<span class="badge ${state}">${stateWords(state)}</span>` },
    { title: "", look: "lead name", value: link },
    cell("Since", "time", timeWords(since)),
    cell("Connectors", "", connectorWords(tunnel)),
    cell("Data centres", "", places.join(", ")),
    cell("Configuration", "", configurationWords(tunnel), lateWords(tunnel)),
    cell("Serves", "name", servesWords(tunnel)),
  ];
  return html`<tr>${cells.map(
    ({ title, look, value }) => html`<td data-label="${title}" class="${look}"><span>${value}</span></td>`,
  )}</tr>
`;
}

/** A cell that says nothing is not shown where cells stand below each other. */
function cell(title: string, look: string, words: string, more: Html | null = null) {
  return { title, look: words === "" ? "void" : look, value: html`${words === "" ? "–" : words}${more}` };
}

function connectorWords({ connectors }: TunnelPage): string {
  const versions = [...new Set((connectors ?? []).map(({ version }) => version ?? "unknown"))].sort();
  return connectors === null ? "" : [String(connectors.length), ...versions].join(" · ");
}

function configurationWords({ config_version, config_src }: TunnelPage): string {
  return config_version === null ? (config_src === "local" ? "local" : "") : `v${config_version}`;
}

function lateWords({ connectors }: TunnelPage): Html | null {
  const all = connectors ?? [];
  const late = all.filter(({ isBehind }) => isBehind).length;
  return late === 0 ? null : html` <span class="late">${late} of ${all.length} behind</span>`;
}

function servesWords({ hostnames, routes }: TunnelPage): string {
  const names = [...hostnames, ...routes.map(({ name }) => name)];
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
