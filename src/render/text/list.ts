import type { ApiError } from "../../cloudflare/error.ts";
import type { Tunnel } from "../../tunnels/tunnel-row.ts";
import { apiErrorWords } from "../words/error.ts";
import { toText } from "../words/sentence.ts";
import { agoWords } from "../health/age.ts";
import type { Style } from "./style.ts";
import { type Column, renderTable } from "./table.ts";
import { showName, visible } from "../visible.ts";

/** The tunnels that a list found, and the kinds of which it is not known whether there are any. */
export interface Listing {
  readonly tunnels: readonly Tunnel[];
  readonly refused: readonly { readonly kind: string; readonly error: ApiError }[];
}

/** How tables of resources are shown. */
export interface TableOptions {
  readonly style: Style;
  /** Names are whole, ids are cut where they have no room; null: nothing yields. */
  readonly width: number | null;
  /** What the API's clock shows, for ages in place of times; null: times as the API gave them. */
  readonly now: number | null;
}

/** A table for people; `-` for what the API did not say. Ends with a line feed. */
export function renderList({ tunnels }: Listing, { style, width, now }: TableOptions): string {
  if (tunnels.length === 0) {
    return "No tunnels.\n";
  }
  const deleted = tunnels.some(({ deleted_at }) => deleted_at !== null);
  const columns = columnsFor(style, now);
  // Before what a narrow terminal leaves out.
  const at = columns.findIndex(({ yields }) => yields === "goes");
  const shownColumns = deleted
    ? [...columns.slice(0, at), deletedColumn(now), ...columns.slice(at)]
    : columns;
  return renderTable(shownColumns, tunnels, { width, title: style.bold });
}

/** What is missing from a list, since the credentials may not read it; one line each. */
export function listGaps({ refused }: Listing): readonly string[] {
  return refused.map(
    ({ kind, error }) =>
      `Whether there are any ${kind} tunnels is not known: these credentials may not read them. ${toText(apiErrorWords(error))}`,
  );
}

/** The members of the JSON document. */
export function listFields(listing: Listing): object {
  return {
    tunnels: listing.tunnels,
    unreadable: listing.refused.map(({ kind, error }) => ({
      kind,
      message: toText(apiErrorWords(error)),
      status: error.status,
    })),
  };
}

/** A status in the colour of what it means. */
export function paintStatus(status: string | null, text: string, style: Style): string {
  switch (status ?? "") {
    case "healthy":
      return style.applied(text);
    case "degraded":
      return style.update(text);
    case "down":
      return style.failed(text);
    default:
      return text;
  }
}

function columnsFor(style: Style, now: number | null): readonly Column<Tunnel>[] {
  return [
    { title: "KIND", cell: ({ kind }) => showName(kind) },
    { title: "NAME", cell: ({ name }) => showName(name) },
    { title: "ID", cell: ({ id }) => id, yields: SHORT_ID },
    {
      title: "STATUS",
      cell: ({ status }) => shown(status),
      paint: ({ status }, cell) => paintStatus(status, cell, style),
    },
    {
      title: "CONNECTORS",
      cell: ({ connectors }) => (connectors === null ? "-" : String(connectors)),
      yields: "goes",
    },
    { title: "CREATED", cell: ({ created_at }) => agoWords(created_at, now), yields: "goes" },
    { title: "CONFIG", cell: ({ config_src }) => shown(config_src), yields: "goes" },
  ];
}

function deletedColumn(now: number | null): Column<Tunnel> {
  return { title: "DELETED", cell: ({ deleted_at }) => agoWords(deleted_at, now), yields: "goes" };
}

/** Enough of an id to tell one from another by eye: `0192f3a0…`. */
export const SHORT_ID = { to: 9 };

/** A time or a word of the API; `-` where it said nothing. */
export function shown(text: string | null): string {
  return text === null ? "-" : visible(text);
}
