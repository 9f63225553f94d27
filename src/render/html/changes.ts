import type { Action } from "../../engine/model/change.ts";
import type { JsonValue } from "../../engine/model/resource.ts";
import { SIGN } from "../headline.ts";
import { isBlock, showValue } from "../value.ts";
import { valueDiff } from "../value-diff.ts";
import { plural } from "../words/plural.ts";
import { html, type Html, sentence } from "./html.ts";
import type { ChangePage, PlanPage, ReportPage } from "./read.ts";

/** So many of each group are shown; the others are counted. */
const MOST = 300;

const GROUPS: readonly { readonly action: Action; readonly title: string }[] = [
  { action: "create", title: "Create" },
  { action: "update", title: "Update" },
  { action: "replace", title: "Replace" },
  { action: "delete", title: "Delete" },
];

/** What an apply would do, grouped as in text, and what it would refuse. */
export function planSection(plan: PlanPage): Html {
  const groups = GROUPS.flatMap(({ action, title }) => {
    const changes = plan.changes.filter((change) => change.action === action);
    return changes.length === 0
      ? []
      : [
          group(
            title,
            changes.map((change) => changeItem(change)),
          ),
        ];
  });
  const blocked = plan.blocked.map(
    ({ address, message, source }) => html`<li class="change blocked">
<p class="head"><span class="sign">!</span><b class="name">${address ?? "the plan"}</b>${placed(source)}</p>
<p class="why">${sentence(message)}</p>
</li>
`,
  );
  const behind = plan.behind.map(
    (message) => html`<li class="change update"><p class="why">${sentence(message)}</p></li>\n`,
  );
  const notes = plan.notes.map(
    ({ address, message }) =>
      html`<li class="note">${address === null ? null : html`<b class="name">${address}</b> `}${sentence(message)}</li>\n`,
  );
  const isEmpty = groups.length + blocked.length + behind.length === 0;
  return html`<section id="changes">
<h2>${plan.command === "drift" ? "Drift" : "Changes"}</h2>
${plan.errors.map((error) => html`<p class="why bad">${sentence(error)}</p>\n`)}${isEmpty ? html`<p class="quiet">None. The account agrees with what is declared.</p>\n` : null}${groups}${
  blocked.length === 0 ? null : group("Blocked: nothing is applied until this is resolved", blocked)
}${behind.length === 0 ? null : group("Connectors on an older configuration", behind)}${
  notes.length === 0 ? null : html`<h3>Notes</h3>\n<ul class="notes">\n${notes}</ul>\n`
}${restWords(plan)}</section>
`;
}

/** What became of each change of an apply; what failed comes first. */
export function reportSection({ outcomes, verified, message, differences }: ReportPage): Html {
  const of = (status: string) => outcomes.filter((outcome) => outcome.status === status);
  const items = (status: string) => of(status).map((outcome) => changeItem(outcome.change, outcome.message));
  const shown = [
    { status: "failed", title: "Failed" },
    { status: "skipped", title: "Skipped" },
    { status: "applied", title: "Applied" },
  ].flatMap(({ status, title }) => (of(status).length === 0 ? [] : [group(title, items(status))]));
  return html`<section id="apply">
<h2>Apply</h2>
<p class="${verified ? "good" : "bad"}">${verified ? "Verified" : "Not verified"}${message === "" ? "." : html`: ${sentence(message)}`}</p>
${differences.map((difference) => html`<p class="why">${sentence(difference)}</p>\n`)}${shown}</section>
`;
}

/** `1 to create, 2 to update`, each in the colour of its action. */
export function planTally({ changes, blocked, behind }: PlanPage): readonly Html[] {
  const counts = [
    ...GROUPS.map(({ action }) => ({
      look: action,
      count: changes.filter((change) => change.action === action).length,
      words: `to ${action}`,
    })),
    { look: "blocked", count: blocked.length, words: "blocked" },
    { look: "update", count: behind.length, words: "behind" },
  ].filter(({ count }) => count > 0);
  return counts.length === 0
    ? [html`<li class="tally healthy">change nothing</li>\n`]
    : counts.map(({ look, count, words }) => html`<li class="tally ${look}"><b>${count}</b> ${words}</li>\n`);
}

/** What became of an apply, in a word. */
export function reportTally({ outcomes, verified }: ReportPage): readonly Html[] {
  const count = (status: string) => outcomes.filter((outcome) => outcome.status === status).length;
  const counts = [
    { look: "blocked", status: "failed" },
    { look: "never_connected", status: "skipped" },
    { look: "healthy", status: "applied" },
  ].flatMap(({ look, status }) =>
    count(status) === 0 ? [] : [html`<li class="tally ${look}"><b>${count(status)}</b> ${status}</li>\n`],
  );
  return verified ? counts : [...counts, html`<li class="tally blocked">not verified</li>\n`];
}

function group(title: string, items: readonly Html[]): Html {
  const more = items.length - MOST;
  return html`<h3>${title} <span class="count">${items.length}</span></h3>
<ul class="changes">
${items.slice(0, MOST)}${more > 0 ? html`<li class="note">${plural(more, "change")} more in the document.</li>\n` : null}</ul>
`;
}

function changeItem(change: ChangePage, message: string | null = null): Html {
  const { action, kind, name, reason, warning, source } = change;
  const values = fieldRows(change);
  return html`<li class="change ${action}">
<p class="head"><span class="sign">${SIGN[action]}</span><b class="name">${kind}/${name}</b>${placed(source)}</p>
${values.length === 0 ? null : html`<dl>\n${values}</dl>\n`}${
  message === null ? null : html`<p class="why bad">${sentence(message)}</p>\n`
}${warning === null ? null : html`<p class="why bad">${sentence(warning)}</p>\n`}${reason === "" ? null : html`<p class="why">${sentence(reason)}</p>\n`}</li>
`;
}

function placed(source: string | null): Html | null {
  return source === null ? null : html`<span class="place">${source}</span>`;
}

/** A row for each attribute that changes: a delete has none, since all of it goes. */
function fieldRows({ action, before, after, fields, afterUnknown }: ChangePage): readonly Html[] {
  if (action === "delete") {
    return [];
  }
  const attributes = [...fields, ...afterUnknown.filter((attribute) => !fields.includes(attribute))];
  return attributes.map((attribute) => {
    const [old, now] = [before?.[attribute], after?.[attribute]];
    const unknown = afterUnknown.includes(attribute) ? html`<i>known after apply</i>` : null;
    return html`<div><dt>${attribute}</dt><dd>${unknown ?? valueOf(old, now)}</dd></div>
`;
  });
}

function valueOf(old: JsonValue | undefined, now: JsonValue | undefined): Html {
  if ([old, now].some((value) => value !== undefined && isBlock(value))) {
    const lines = valueDiff(old, now).map(({ sign, text }) => {
      const look = sign === "+" ? "create" : sign === "-" ? "delete" : "same";
      return html`<span class="line ${look}">${sign} ${text}</span>`;
    });
    return html`<code class="lines">${lines}</code>`;
  }
  const was = old === undefined || old === null ? null : html`<del>${showValue(old)}</del> `;
  return html`${was}${now === undefined ? null : html`<ins>${showValue(now)}</ins>`}`;
}

function restWords({ unchanged, unmanaged, unmanagedCount }: PlanPage): Html {
  const names = unmanaged.slice(0, MOST).map((address) => html`<li class="name">${address}</li>\n`);
  const more = unmanaged.length - names.length;
  return html`<p class="quiet">${plural(unchanged, "entry", "entries")} unchanged, ${unmanagedCount} unmanaged${unmanaged.length === 0 ? "." : ":"}</p>
${unmanaged.length === 0 ? null : html`<ul class="names">\n${names}${more > 0 ? html`<li>and ${more} more</li>\n` : null}</ul>\n`}`;
}
