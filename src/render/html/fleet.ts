import { SIGN } from "../headline.ts";
import { plural } from "../words/plural.ts";
import { html, type Html, sentence } from "./html.ts";
import {
  ACCOUNT_STATUSES,
  type AccountPage,
  type AccountStatus,
  type FactsPage,
  type FleetPage,
} from "./read-fleet.ts";

/** So many changes of an account are named; the others are counted. */
const MOST = 20;

/** Which look of the style sheet a status has. */
const LOOK: { readonly [status in AccountStatus]: string } = {
  missing: "down",
  failed: "down",
  refused: "blocked",
  differs: "degraded",
  changed: "update",
  unchanged: "healthy",
};

const MISSING: { readonly [why: string]: string } = {
  no_document: "No document: its job died, or did not run.",
  several_documents: "Several documents, so none counts.",
  another_run: "Only a document of another run.",
  another_command: "Only a document of another command.",
};

/** A row for each account, what went wrong first, and beneath those that are not as they should be what there is to say. */
export function fleetSection(fleet: FleetPage): Html {
  const rows = fleet.accounts.map((account) => accountItem(account, fleet.command));
  const unexpected = fleet.unexpected.map(
    ({ file, errors }) => html`<li class="change blocked">
<p class="head"><b class="name">${file}</b></p>
${errors.map((error) => html`<p class="why">${sentence(error)}</p>\n`)}</li>
`,
  );
  const removed =
    fleet.removed.length === 0
      ? null
      : html`<p class="quiet">No more in the fleet, and looked after by nothing: ${fleet.removed.join(", ")}.</p>\n`;
  return html`<section id="fleet">
<h2>Accounts <span class="count">${fleet.accounts.length}</span></h2>
<ul class="changes">
${rows}</ul>
${unexpected.length === 0 ? null : html`<h3>Documents of no account that was expected</h3>\n<ul class="changes">\n${unexpected}</ul>\n`}${removed}</section>
`;
}

/** `2 failed`, `21 unchanged`, the gravest first. */
export function fleetTally({ accounts, unexpected, command }: FleetPage): readonly Html[] {
  const counts = ACCOUNT_STATUSES.map((status) => ({
    look: LOOK[status],
    count: accounts.filter((account) => account.status === status).length,
    words: statusWords(status, command),
  }));
  return [...counts, { look: "blocked", count: unexpected.length, words: "unexpected" }]
    .filter(({ count }) => count > 0)
    .map(({ look, count, words }) => html`<li class="tally ${look}"><b>${count}</b> ${words}</li>\n`);
}

function statusWords(status: AccountStatus, command: string | null): string {
  switch (status) {
    case "differs":
      return "drifted";
    case "changed":
      return command === "apply" ? "applied" : "with changes";
    case "missing":
    case "failed":
    case "refused":
    case "unchanged":
      return status;
  }
}

function accountItem(
  { account, account_id, wave, status, missing, documents }: AccountPage,
  command: string | null,
): Html {
  const badge = html`<span class="badge ${LOOK[status]}">${statusWords(status, command)}</span>`;
  const why = missing === null ? null : html`<p class="why bad">${MISSING[missing] ?? missing}</p>\n`;
  return html`<li class="change ${LOOK[status]}">
<p class="head">${badge}<b class="name">${account}</b>${wave === null ? null : html`<small>wave ${wave}</small>`}<span class="place name">${account_id}</span></p>
${why}${documents.map(factsOf)}</li>
`;
}

function factsOf({ counts, changes, more, errors }: FactsPage): Html {
  const shown = changes
    .slice(0, MOST)
    .map(
      ({ action, address }) =>
        html`<li class="${action}"><span class="sign">${SIGN[action]}</span> <span class="name">${address}</span></li>\n`,
    );
  const rest = changes.length - shown.length + more;
  const words = Object.entries(counts).flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${word}`]));
  return html`${errors.map((error) => html`<p class="why bad">${sentence(error)}</p>\n`)}${
    words.length === 0 ? null : html`<p class="why">${words.join(", ")}</p>\n`
  }${shown.length === 0 ? null : html`<ul class="brief">\n${shown}${rest > 0 ? html`<li>${plural(rest, "change")} more</li>\n` : null}</ul>\n`}`;
}
