import { compareText } from "../../engine/model/resource.ts";
import { behind, type Health, since, type TunnelHealth } from "../../tunnels/health.ts";
import { paintStatus, shown } from "../text/list.ts";
import type { Style } from "../text/style.ts";
import { type Column, renderTable } from "../text/table.ts";
import { showName } from "../visible.ts";
import { plural } from "../words/plural.ts";
import { ageWords } from "./age.ts";
import { dashboardUrl } from "./dashboard.ts";
import {
  configurationWords,
  dataCentreWords,
  servedNames,
  STATES,
  stateWords,
  tallyWords,
  versionWords,
} from "./words.ts";

export interface StatusOptions {
  readonly style: Style;
  /** Of the terminal; null where it is none. */
  readonly width: number | null;
  readonly accountId: string;
  /** What the API's clock shows, for ages in place of times; null: times as the API gave them. */
  readonly now: number | null;
}

/** So many names of what a tunnel serves, and so many links, are shown; the others are counted. */
const MOST_NAMES = 3;
const MOST_LINKS = 10;

/**
 * A tally, a table of tunnels, the gravest first, and links to the dashboard: a column where there is room, else those
 * of the tunnels that are not healthy. Ends with a line feed.
 */
export function renderStatus(health: Health, options: StatusOptions): string {
  const tally = `${options.style.bold(tallyWords(health))}\n`;
  if (health.tunnels.length === 0) {
    return tally;
  }
  const rows = [...health.tunnels].sort(
    (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || byName(a, b),
  );
  const columns = columnsFor(options);
  const links: Column<TunnelHealth> = { title: "DASHBOARD", cell: (row) => linkOf(row, options) ?? "-" };
  const { width } = options;
  const title = options.style.bold;
  const wide = renderTable([...columns, links], rows, { width: null, title: (text) => text });
  if (width === null || wide.split("\n").every((line) => line.length <= width)) {
    return `${tally}\n${renderTable([...columns, links], rows, { width, title })}`;
  }
  return `${tally}\n${renderTable(columns, rows, { width, title })}${linksBelow(rows, options)}`;
}

function byName(a: TunnelHealth, b: TunnelHealth): number {
  return compareText(a.kind, b.kind) || compareText(a.name, b.name);
}

function columnsFor({ style, now }: StatusOptions): readonly Column<TunnelHealth>[] {
  return [
    {
      title: "STATUS",
      cell: ({ state }) => stateWords(state),
      paint: ({ state, tunnel }, cell) =>
        state === "absent" ? style.failed(cell) : paintStatus(tunnel?.status ?? null, cell, style),
    },
    { title: "TUNNEL", cell: nameOf },
    { title: "CONNECTORS", cell: ({ connectors }) => String(connectors?.length ?? "-") },
    {
      title: "CONFIG",
      cell: configurationWords,
      paint: (row, cell) => (behind(row).length === 0 ? cell : style.update(cell)),
      yields: "goes",
    },
    { title: "SINCE", cell: ({ tunnel }) => sinceWords(tunnel, now), yields: "goes" },
    { title: "VERSIONS", cell: versionWords, yields: "goes" },
    { title: "SERVES", cell: servedWords, yields: "wraps" },
    { title: "DATA CENTRES", cell: dataCentreWords, yields: "goes" },
  ];
}

/** The kind is said where it is not the usual one. */
function nameOf({ kind, name }: TunnelHealth): string {
  return showName(kind === "cfd_tunnel" ? name : `${kind}/${name}`);
}

function sinceWords(tunnel: TunnelHealth["tunnel"], now: number | null): string {
  const at = tunnel === null ? null : since(tunnel);
  return (at === null || now === null ? null : ageWords(at, now)) ?? shown(at);
}

function servedWords(row: TunnelHealth): string {
  const names = servedNames(row);
  const more = names.length - MOST_NAMES;
  const first = names.slice(0, MOST_NAMES).join(", ");
  return names.length === 0 ? "-" : `${first}${more > 0 ? ` and ${more} more` : ""}`;
}

function linkOf({ tunnel }: TunnelHealth, { accountId }: StatusOptions): string | null {
  return tunnel === null ? null : dashboardUrl(accountId, tunnel);
}

function linksBelow(rows: readonly TunnelHealth[], options: StatusOptions): string {
  const links = rows.flatMap((row) => {
    const link = row.state === "healthy" ? null : linkOf(row, options);
    return link === null ? [] : [`${nameOf(row)}: ${link}`];
  });
  const more = links.length - MOST_LINKS;
  const shownLinks = [
    ...links.slice(0, MOST_LINKS),
    ...(more > 0 ? [`and ${plural(more, "link")} more, in --json`] : []),
  ];
  return shownLinks.length === 0 ? "" : `\n${shownLinks.map((line) => `${line}\n`).join("")}`;
}
