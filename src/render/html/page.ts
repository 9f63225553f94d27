import { planSection, planTally, reportSection, reportTally } from "./changes.ts";
import { fleetSection, fleetTally } from "./fleet.ts";
import { healthSection, healthTally } from "./health.ts";
import { Html, html } from "./html.ts";
import { pictureSection } from "./picture.ts";
import type { FleetPage } from "./read-fleet.ts";
import type { HealthPage, PlanPage, ReportPage } from "./read.ts";
import { POLICY, STYLE } from "./style.ts";

/** What a page is made of; what is null is not on it. */
export interface Page {
  readonly plan: PlanPage | null;
  readonly report: ReportPage | null;
  readonly health: HealthPage | null;
  readonly fleet: FleetPage | null;
}

/**
 * One HTML file that needs nothing else: no script, no request, both colour schemes, any width, paper. The same documents
 * give the same bytes.
 */
export function renderPage({ plan, report, health, fleet }: Page, madeBy: string): string {
  const made = [plan, report, health, fleet].filter((each) => each !== null);
  const account = wordsOf(made.map(({ account, account_id }) => account ?? account_id)) ?? "";
  const details = [
    ["account", wordsOf(made.map(({ account_id }) => account_id))],
    ["in the fleet", wordsOf(made.map((each) => each.account))],
    ["run", wordsOf(made.map(({ run }) => run))],
  ] as const;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${account === "" ? "Tunnels of the fleet" : `Tunnels of account ${account}`}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<h1>Cloudflare Tunnels</h1>
<p class="sub">${details.map(([title, words]) => (words === null ? html`` : html`<span class="made">${title} <span class="name">${words}</span></span> `))}</p>
${tallies("Accounts", fleet === null ? [] : fleetTally(fleet))}${tallies("Now", health === null ? [] : healthTally(health))}${tallies("Apply", report === null ? [] : reportTally(report))}${tallies(
  report === null ? "Apply would" : "Planned",
  plan === null ? [] : planTally(plan),
)}</header>
<main>
${fleet === null ? null : fleetSection(fleet)}${health === null ? null : healthSection(health)}${health === null ? null : pictureSection(health, plan)}${
  report === null ? null : reportSection(report)
}${plan === null ? null : planSection(plan)}</main>
<footer>${madeBy}</footer>
</body>
</html>
`;
  return page.markup;
}

/** What documents say, each once; null where none says anything. */
function wordsOf(texts: readonly (string | null)[]): string | null {
  const said = texts.filter((text) => text !== null && text !== "");
  return said.length === 0 ? null : [...new Set(said)].join(", ");
}

function tallies(title: string, items: readonly Html[]): Html | null {
  return items.length === 0
    ? null
    : html`<ul class="tallies">\n<li class="lead">${title}</li>\n${items}</ul>\n`;
}
