import type { ApiError } from "../../cloudflare/error.ts";
import type { Tunnel } from "../../tunnels/tunnel-row.ts";
import { apiErrorWords } from "../words/error.ts";
import { toText } from "../words/sentence.ts";
import type { Style } from "./style.ts";
import { type Column, renderTable } from "./table.ts";
import { showName, visible } from "../visible.ts";

/** The tunnels that a list found, and the kinds of which it is not known whether there are any. */
export interface Listing {
  readonly tunnels: readonly Tunnel[];
  readonly refused: readonly { readonly kind: string; readonly error: ApiError }[];
}

/** A table for people; times as the API gave them, `-` for what it did not say. Ends with a line feed. */
export function renderList(
  { tunnels }: Listing,
  { style, width }: { readonly style: Style; readonly width: number | null },
): string {
  if (tunnels.length === 0) {
    return "No tunnels.\n";
  }
  const deleted = tunnels.some(({ deleted_at }) => deleted_at !== null);
  const columns = [...columnsFor(style), ...(deleted ? [DELETED] : [])];
  return renderTable(columns, tunnels, { width, title: style.bold });
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

function columnsFor(style: Style): readonly Column<Tunnel>[] {
  return [
    { title: "KIND", cell: ({ kind }) => showName(kind) },
    { title: "NAME", cell: ({ name }) => showName(name), yields: { least: 12 } },
    { title: "ID", cell: ({ id }) => id },
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
    { title: "CONFIG", cell: ({ config_src }) => shown(config_src), yields: "goes" },
    { title: "CREATED", cell: ({ created_at }) => shown(created_at), yields: "goes" },
  ];
}

const DELETED: Column<Tunnel> = {
  title: "DELETED",
  cell: ({ deleted_at }) => shown(deleted_at),
  yields: "goes",
};

/** A time or a word of the API; `-` where it said nothing. */
export function shown(text: string | null): string {
  return text === null ? "-" : visible(text);
}
