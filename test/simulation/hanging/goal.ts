/* Whether the account is as the file says of what hangs on its tunnels, and why it may not be. */
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { isActive, type Tunnel } from "../../../src/simulator/tunnel/tunnel.ts";
import { isNetwork, liveOf, NETWORK } from "../account.ts";
import { writesConfiguration } from "../configurations.ts";
import type { Entry, File } from "../file.ts";
import { isProtected, type Named } from "../scope.ts";
import { PREFIX } from "../world.ts";
import { type Item, itemsOf, listOf } from "./items.ts";
import { DNS_RECORD, type HangingKind, liveRows, type Row, zoneOf } from "./rows.ts";

/** One blocked change of a refused plan, as `--json` prints it. */
export interface BlockedItem {
  readonly kind: string | null;
  readonly name: string | null;
  readonly id: string | null;
  readonly code: string;
}

/** What of the file is not so. */
export function unmetItems(file: File, simulator: Simulator): readonly string[] {
  const rows = liveRows(simulator);
  return [
    ...itemsOf(file).flatMap((item) => {
      const found = rowsOf(item, rows, simulator);
      const why = unmetBy(item, found, simulator);
      return why === null ? [] : [`${item.kind}/${item.key} ${why}`];
    }),
    ...prunableRows(file, simulator, rows).map(({ kind, key }) => `${kind}/${key} should have been pruned`),
  ];
}

function unmetBy(item: Item, found: readonly Row[], simulator: Simulator): string | null {
  const { entry, state, comment } = item;
  const tunnel = ownerOf(entry, simulator);
  const own = found.filter(({ owner }) => owner === tunnel && tunnel !== undefined);
  if (state === "absent") {
    return own.length === 0 ? null : "should be gone";
  }
  if (own.length !== 1 || found.length !== 1) {
    return "should be there, once";
  }
  const isOther = own.some(
    (row) => (comment !== undefined && row.comment !== comment) || row.proxied === false,
  );
  return isOther ? "should be otherwise" : null;
}

/** What the lists of an entry leave out where the file is the whole truth. */
function prunableRows(file: File, simulator: Simulator, rows: readonly Row[]): readonly Row[] {
  if (!file.prunes) {
    return [];
  }
  const mentioned = new Set(itemsOf(file).flatMap((item) => rowsOf(item, rows, simulator)));
  const named = itemsOf(file).flatMap(({ kind, key }) =>
    kind === DNS_RECORD ? [zoneOf(simulator, key)] : [],
  );
  return rows.filter((row) => {
    const entry = file.entries.find(
      (each) => each.name.startsWith(PREFIX) && ownerOf(each, simulator) === row.owner && row.owner !== null,
    );
    // Of the records those are known that lie in the zones of the file's names.
    const isSeen = row.kind !== DNS_RECORD || named.includes(row.zone_id ?? "");
    return entry !== undefined && isSeen && !mentioned.has(row) && listOf(entry, row.kind) !== undefined;
  });
}

/** The live rows in the place of an item. */
function rowsOf(item: Item, rows: readonly Row[], simulator: Simulator): readonly Row[] {
  const networks = liveOf(simulator).filter(isNetwork);
  const place =
    item.virtual_network === undefined
      ? networks.find(({ is_default_network }) => is_default_network)
      : networks.find(({ name }) => name === item.virtual_network);
  return rows.filter(
    ({ kind, key, virtual_network_id }) =>
      kind === item.kind &&
      key === item.key &&
      (virtual_network_id === undefined || virtual_network_id === place?.id),
  );
}

function ownerOf({ kind, id, name }: Entry, simulator: Simulator): string | undefined {
  const bearers = liveOf(simulator).filter((each) => each.kind === kind && each.name === name);
  return bearers.find((each) => id === undefined || each.id === id)?.id;
}

/** Whether the account shows what a plan gives as its reason to refuse a change of what hangs on a tunnel. */
export function isTrueOfItem(
  blocked: BlockedItem & { readonly kind: HangingKind },
  file: File,
  simulator: Simulator,
  now: number,
): boolean {
  const { kind, code } = blocked;
  const key = (blocked.name ?? "").replace(/@.*$/, "");
  const rows = liveRows(simulator);
  const item = itemsOf(file).find((each) => each.kind === kind && each.key === key);
  const found = rows.filter((row) => row.kind === kind && row.key === key);
  const owners = found.flatMap(({ owner }) => simulator.tunnel(owner ?? "") ?? []);
  const isUndeclared = (tunnel: Tunnel) =>
    (kind === DNS_RECORD && tunnel.kind !== "cfd_tunnel") || !declares(file, tunnel, simulator);
  const isEntryBlocked = item !== undefined;
  switch (code) {
    case "route_taken":
    case "hostname_route_taken":
    case "dns_points_elsewhere":
      // Of a tunnel that is gone a record is adopted, but nobody looks for one of another kind.
      return owners.some(
        (tunnel) => (tunnel.deleted_at === null || tunnel.kind !== "cfd_tunnel") && isUndeclared(tunnel),
      );
    case "dns_conflict":
      return found.some(({ owner }) => owner === null);
    case "target_not_connected":
      // What an undeclared one does, nobody looks at.
      return owners.some((tunnel) => isActive(tunnel) || isUndeclared(tunnel));
    case "id_under_other_name":
      // Which network its item means is known to the plan: others may bear that name now.
      return rows.some(({ id }) => id === item?.id);
    case "ambiguous_name":
      return found.length > 1;
    case "id_gone":
      return rows.every(({ id }) => id !== (blocked.id ?? item?.id));
    case "claimed_twice":
    case "name_held":
      return found.length > 0;
    case "zone_unknown":
      return zoneOf(simulator, key) === null;
    case "protected":
      return [...owners, ...file.entries].some(({ name }) => isProtected(file, name));
    case "recently_active":
      return found.some(({ created_at }) => now - created_at < (file.min_idle ?? 60) * 60_000 + LATE);
    case "reference_missing":
    case "reference_ambiguous":
    case "reference_to_deleted": {
      const bearers = liveOf(simulator).filter(
        (each) => each.kind === NETWORK && each.name === item?.virtual_network,
      );
      return bearers.length !== 1 || code === "reference_to_deleted";
    }
    case "reference_blocked":
      // That what it hangs on is, and why, is said and checked beside it.
      return isEntryBlocked;
    case "immutable_attribute":
      return item?.id !== undefined;
    default:
      return false;
  }
}

const LATE = 31_000;

/** Whether an entry means this very tunnel: by its id where it gives one, else by a name. */
function declares(file: File, { kind, id, name }: Named, simulator: Simulator): boolean {
  const bearers = (wanted: string) =>
    liveOf(simulator).filter((each) => each.kind === kind && each.name === wanted).length;
  return file.entries.some((entry) =>
    entry.id === undefined
      ? entry.kind === kind &&
        bearers(name) === 1 &&
        (entry.name === name || (entry.renamed_from === name && bearers(entry.name) === 0))
      : entry.id === id,
  );
}

/** Whether something that stays lies in a virtual network. */
export function isNetworkInUse(id: string | null, simulator: Simulator): boolean {
  return liveRows(simulator).some(({ virtual_network_id }) => virtual_network_id === id);
}

/** Whether something that an entry writes hangs on its tunnel. */
export function hasDependents(entry: Entry | undefined): boolean {
  return (
    entry !== undefined &&
    (writesConfiguration(entry) ||
      [entry.routes, entry.hostname_routes, entry.dns].some((list) => (list ?? []).length > 0))
  );
}

/** No plan can prune and replace more of it. */
export function deletesOfItems(file: File, simulator: Simulator): number {
  const replacements = itemsOf(file).filter(({ replace }) => replace !== undefined).length;
  return (file.prunes ? liveRows(simulator).length : 0) + replacements;
}
