/* What others do to what hangs on tunnels. */
import type { Simulator } from "../../../src/simulator/simulator.ts";
import type { Draw } from "../draw.ts";
import type { File } from "../file.ts";
import { itemsOf } from "./items.ts";
import { DNS_RECORD, liveRows, type Row, tableOf } from "./rows.ts";

/** One deed, most often to what the file speaks of. `id`: what it is done to where that lives. */
export function actOnHanging(draw: Draw, simulator: Simulator, file: File, id: string | null): void {
  const rows = liveRows(simulator);
  const keys = new Set(itemsOf(file).map(({ key }) => key));
  const meant = rows.filter(({ key }) => keys.has(key));
  const row = rows.find((each) => each.id === id) ?? (meant.length > 0 ? draw.pick(meant) : undefined);
  const tunnels = simulator.tunnels.filter(
    ({ kind, deleted_at }) =>
      deleted_at === null && (kind === "cfd_tunnel" || (row !== undefined && row.kind !== DNS_RECORD)),
  );
  const to = tunnels.length === 0 ? null : draw.pick(tunnels).id;
  const deed = draw.fraction();
  if (row === undefined || deed < 0.25) {
    make(draw, simulator, file, to);
  } else if (deed < 0.5) {
    simulator.drop(tableOf(row.kind), row.id);
  } else if (deed < 0.9 && to !== null) {
    lead(draw, simulator, row, to);
  } else {
    simulator.edit(tableOf(row.kind), row.id, { comment: draw.pick(["", "theirs"]) });
  }
}

/** To another tunnel; of the records some to somewhere else. */
function lead(draw: Draw, simulator: Simulator, { kind, id }: Row, to: string): void {
  if (kind !== DNS_RECORD) {
    simulator.edit(tableOf(kind), id, { tunnel_id: to });
  } else {
    const elsewhere = draw.chance(0.3) ? "edge.example.org" : `${to}.cfargotunnel.com`;
    simulator.edit("dns_records", id, { type: "CNAME", content: elsewhere });
  }
}

/** What the file wants as well, where there is none yet. */
function make(draw: Draw, simulator: Simulator, file: File, to: string | null): void {
  const rows = liveRows(simulator);
  const free = itemsOf(file).filter(
    ({ kind, key }) => !rows.some((row) => row.kind === kind && row.key === key),
  );
  if (free.length === 0 || to === null) {
    return;
  }
  const { kind, key } = draw.pick(free);
  switch (kind) {
    case "route":
      simulator.add("routes", [{ network: key, tunnel_id: to }]);
      return;
    case "hostname_route":
      simulator.add("hostname_routes", [{ hostname: key, tunnel_id: to }]);
      return;
    case "dns_record":
      if (simulator.rows("zones").some(({ name }) => key === name || key.endsWith(`.${name}`))) {
        const content = `${to}.cfargotunnel.com`;
        simulator.add("dns_records", [{ name: key, type: "CNAME", content, proxied: true }]);
      }
  }
}
