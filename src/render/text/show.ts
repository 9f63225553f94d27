import type { Connection, Connector, Tunnel } from "../../tunnels/tunnel-row.ts";
import { agoWords } from "../health/age.ts";
import { paintStatus, SHORT_ID, shown, type TableOptions } from "./list.ts";
import { type Column, renderTable } from "./table.ts";
import { showName } from "../visible.ts";

/**
 * One tunnel for people: whether it is up and since when, then its connectors (null: the server does not tell). Ends with a line feed.
 */
export function renderTunnel(
  tunnel: Tunnel,
  connectors: readonly Connector[] | null,
  options: TableOptions,
): string {
  const { style, now } = options;
  const lines = [
    style.bold(showName(`${tunnel.kind}/${tunnel.name}`)),
    `    id: ${tunnel.id}`,
    `    status: ${paintStatus(tunnel.status, shown(tunnel.status), style)}${since(tunnel, now)}`,
    ...(tunnel.config_src === null ? [] : [`    config_src: ${shown(tunnel.config_src)}`]),
    `    created: ${timeWords(tunnel.created_at, now)}`,
    ...(tunnel.deleted_at === null
      ? []
      : [`    deleted: ${style.failed(timeWords(tunnel.deleted_at, now))}`]),
  ];
  return `${lines.join("\n")}\n\n${renderConnectors(connectors, options)}`;
}

/** Connectors as a table, or that there are none. Ends with a line feed. */
export function renderConnectors(connectors: readonly Connector[] | null, options: TableOptions): string {
  if (connectors === null) {
    return "Connectors: not known, since the server does not show those of this kind.\n";
  }
  if (connectors.length === 0) {
    return "No connector is connected.\n";
  }
  return renderTable(connectorColumns(options.now), connectors, {
    width: options.width,
    title: options.style.bold,
  });
}

/** One connector for people, connection by connection. Ends with a line feed. */
export function renderConnector(connector: Connector, options: TableOptions): string {
  const { id, version, arch, run_at, config_version, ha_status, connections } = connector;
  const lines = [
    options.style.bold(`connector ${id}`),
    `    version: ${shown(version)}`,
    `    arch: ${shown(arch)}`,
    `    started: ${timeWords(run_at, options.now)}`,
    ...(config_version === null ? [] : [`    config_version: ${config_version}`]),
    ...(ha_status === null ? [] : [`    ha_status: ${shown(ha_status)}`]),
  ];
  const table =
    connections.length === 0
      ? "It has no connection.\n"
      : renderTable(connectionColumns(options.now), connections, {
          width: options.width,
          title: options.style.bold,
        });
  return `${lines.join("\n")}\n\n${table}`;
}

/** How many of its connections go to each data centre: `dfw01 x2, ord02 x2`. */
export function connectionsByColo({ connections }: Pick<Connector, "connections">): string {
  const counts = new Map<string, number>();
  for (const { colo_name } of connections) {
    const colo = colo_name ?? "unknown";
    counts.set(colo, (counts.get(colo) ?? 0) + 1);
  }
  const parts = [...counts].map(([colo, count]) => `${showName(colo)}${count === 1 ? "" : ` x${count}`}`);
  return parts.length === 0 ? "none" : parts.sort().join(", ");
}

/** What names a tunnel in a document that is about something else. */
export function tunnelFields({ kind, name, id }: Tunnel): object {
  return { kind, name, id };
}

function since({ status, conns_active_at, conns_inactive_at }: Tunnel, now: number | null): string {
  if (status === "inactive") {
    return ", never connected";
  }
  if (status === "down") {
    return conns_inactive_at === null ? "" : ` since ${timeWords(conns_inactive_at, now)}`;
  }
  return conns_active_at === null ? "" : `, connected since ${timeWords(conns_active_at, now)}`;
}

/** Where there is room for both, the time and how long ago it was. */
function timeWords(time: string | null, now: number | null): string {
  const ago = agoWords(time, now);
  return ago === shown(time) ? ago : `${shown(time)} (${ago})`;
}

function connectorColumns(now: number | null): readonly Column<Connector>[] {
  return [
    { title: "CONNECTOR", cell: ({ id }) => id, yields: SHORT_ID },
    { title: "VERSION", cell: ({ version }) => shown(version), yields: "wraps" },
    { title: "ARCH", cell: ({ arch }) => shown(arch), yields: "goes" },
    { title: "STARTED", cell: ({ run_at }) => agoWords(run_at, now), yields: "goes" },
    { title: "ORIGIN", cell: origins, yields: "wraps" },
    { title: "CONNECTIONS", cell: connectionsByColo, yields: "wraps" },
  ];
}

function connectionColumns(now: number | null): readonly Column<Connection>[] {
  return [
    { title: "COLO", cell: ({ colo_name }) => shown(colo_name) },
    { title: "OPENED", cell: ({ opened_at }) => agoWords(opened_at, now) },
    { title: "ORIGIN", cell: ({ origin_ip }) => shown(origin_ip), yields: "wraps" },
    { title: "CONNECTION", cell: ({ id }) => shown(id), yields: SHORT_ID },
  ];
}

function origins({ connections }: Connector): string {
  return [...new Set(connections.map(({ origin_ip }) => shown(origin_ip)))].sort().join(", ") || "-";
}
