/* Holds each write of what hangs on a tunnel against the file, and against whose it is. */
import { showName } from "../../../src/render/visible.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { isNetwork, liveOf, NETWORK } from "../account.ts";
import { send } from "../actors.ts";
import {
  asDocument,
  configurationOf,
  laggardsOf,
  unmetSections,
  writesConfiguration,
} from "../configurations.ts";
import type { Entry, File } from "../file.ts";
import type { Call } from "../network.ts";
import { isProtected, mayDelete, mentions } from "../scope.ts";
import { PREFIX } from "../world.ts";
import { hostnamesIn, type Item, itemsOf, listOf } from "./items.ts";
import { DNS_RECORD, type HangingKind, liveRows, ROUTE, type Row, tunnelIn, zoneOf } from "./rows.ts";

/** What the checks of one write may rest on. */
export interface Sight {
  readonly file: File;
  readonly simulator: Simulator;
  /** Every name that somebody was shown of a resource, or gave it. */
  readonly namesOf: (id: string) => ReadonlySet<string>;
  /** Whether a virtual network is the default one, or was when a program may have read it. */
  readonly wasDefault: (id: string) => boolean;
  /** Whether nobody else has done anything. */
  readonly alone: boolean;
  /** Whether this program has written a tunnel's configuration. */
  readonly hasConfigured: (tunnel: string) => boolean;
  readonly require: (holds: boolean, rule: string, more?: string) => void;
  /** One of these lines must have been shown. */
  readonly requireShown: (lines: readonly string[]) => void;
  /** The tunnel that something goes with was looked at right before, and may go. */
  readonly requireLeaving: (tunnel: string) => void;
}

/** A request about something that hangs on a tunnel. */
export type HangingCall = Call & { readonly kind: HangingKind };

/** A row as a look showed it. */
export interface Looked {
  readonly network?: string;
  readonly virtual_network_id?: string;
  readonly hostname?: string;
  readonly name?: string;
  readonly tunnel_id?: string;
  readonly type?: string;
  readonly content?: string;
}

/** A create, or the batch that puts one in the place of another record. */
export function checkMade(call: HangingCall, key: string, sight: Sight): void {
  const { posts, deletes } = asDocument(call.body);
  const isBatch = Array.isArray(posts);
  const written = asDocument(isBatch ? posts[0] : call.body);
  const item = presentItem(call.kind, key, sight.file);
  sight.require(item !== undefined, "a create that no entry asks for");
  if (item === undefined) {
    return;
  }
  requireMeant(call, written, item, sight);
  const isReplacement =
    isBatch &&
    posts.length === 1 &&
    Array.isArray(deletes) &&
    deletes.length === 1 &&
    asDocument(deletes[0])["id"] === item.replace;
  sight.require(!isBatch || isReplacement, "a replacement that no entry asks for");
  const sign = isBatch ? "-/+" : "+";
  sight.requireShown(addressesOf(call.kind, key, sight).map((address) => `${sign} ${address}`));
}

export function checkMoved(call: HangingCall, seen: Looked, sight: Sight): void {
  const key = keyOf(seen);
  const { file, simulator } = sight;
  const item = presentItem(call.kind, key, file);
  sight.require(item !== undefined, "an update of what no entry mentions");
  if (item === undefined) {
    return;
  }
  const owner = ownerIn(seen);
  const isPinned = item.id === call.id;
  const isOurs = isPinned || (owner !== null && (isDeclared(owner, sight) || isOf(owner, item.entry, sight)));
  sight.require(isOurs, "a write to what is somebody else's");
  const body = asDocument(call.body);
  const leaves = "tunnel_id" in body || "content" in body;
  const giver = leaves && !isOf(owner, item.entry, sight) ? simulator.tunnel(owner ?? "") : undefined;
  const isHeld = giver?.deleted_at === null && isProtected(file, giver.name);
  sight.require(!isHeld, "a move of what is protected");
  const stays =
    isPinned ||
    !("virtual_network_id" in body) ||
    (promotesNetwork(file) && item.virtual_network === undefined);
  sight.require(stays, "a route taken for that of another network");
  requireMeant(call, body, item, sight);
  sight.requireShown(addressesOf(call.kind, key, sight).map((address) => `~ ${address} (${call.id}) `));
}

/** A delete is asked for, a prune, or goes with its tunnel. */
export function checkTaken(call: HangingCall, seen: Looked, sight: Sight): void {
  const { file, simulator } = sight;
  const { kind } = call;
  const key = keyOf(seen);
  const owner = ownerIn(seen);
  const tunnel = simulator.tunnel(owner ?? "");
  const items = itemsOf(file).filter(
    (item) => item.kind === kind && item.key === key && isPlaceOf(seen.virtual_network_id, item, sight),
  );
  const network = liveOf(simulator).find(({ id }) => id === seen.virtual_network_id);
  // Where an item means another one's place by now, it is not said of this row.
  const isSurely = ({ virtual_network }: Item) =>
    kind !== ROUTE ||
    (virtual_network === undefined
      ? !promotesNetwork(file) && network !== undefined && isNetwork(network) && network.is_default_network
      : virtual_network === network?.name);
  const sure = items.filter(isSurely);
  const isAsked = items.some(({ state, entry }) => state === "absent" && isOf(owner, entry, sight));
  const isPruned =
    file.prunes &&
    (kind === ROUTE && !sight.alone ? sure : items).length === 0 &&
    tunnel !== undefined &&
    !isProtected(file, tunnel.name) &&
    file.entries.some(
      (entry) =>
        isOf(owner, entry, sight) && entry.name.startsWith(PREFIX) && listOf(entry, kind) !== undefined,
    );
  if (!isAsked && !isPruned) {
    // Right after the look somebody may give it another name.
    const names = tunnel === undefined ? [] : [tunnel.name, ...sight.namesOf(tunnel.id)];
    const goes = tunnel !== undefined && names.some((name) => mayDelete(file, { ...tunnel, name }));
    sight.require(goes, "a delete of what no entry and no prune covers");
    const isClaimed = goes && sight.alone && sure.some(({ state }) => state !== "absent");
    sight.require(!isClaimed, "a delete of what an item claims");
    if (tunnel !== undefined) {
      sight.requireLeaving(tunnel.id);
    }
  }
  sight.requireShown(addressesOf(kind, key, sight).map((address) => `- ${address} (${call.id})`));
}

/** No request of ours leaves a name of the file without a record. `before`: what was there until then. */
export function checkNames(before: readonly Row[], { file, simulator, require }: Sight): void {
  const named = (rows: readonly Row[]) =>
    new Set(rows.filter(({ kind }) => kind === DNS_RECORD).map(({ key }) => key));
  const [was, is] = [named(before), named(liveRows(simulator))];
  for (const { kind, key, state } of itemsOf(file)) {
    const isLost = kind === DNS_RECORD && state === undefined && was.has(key) && !is.has(key);
    require(!isLost, "a name left without a record", key);
  }
}

/** A tunnel keeps its rule for a name that moves to another one until the record leads there. */
export function checkRulesKept(call: Call, sight: Sight): void {
  const { file, simulator, alone, require } = sight;
  const id = call.id ?? "";
  const records = liveRows(simulator).filter(({ kind }) => kind === DNS_RECORD);
  const items = itemsOf(file).filter(({ kind, state }) => kind === DNS_RECORD && state === undefined);
  const leadsTo = (item: Item, to: (owner: string) => boolean) =>
    records.some(({ key, owner }) => key === item.key && owner !== null && to(owner));
  // Two that give to each other have a moment that no order avoids.
  const takes = items.some((item) => isOf(id, item.entry, sight) && leadsTo(item, (owner) => owner !== id));
  const next = new Set(hostnamesIn(asDocument(call.body?.["config"])));
  for (const item of takes || !alone ? [] : items) {
    const gives = writesConfiguration(item.entry) && !isOf(id, item.entry, sight);
    const isServed = hostnamesIn(configurationOf(simulator, id)?.config).includes(item.key);
    const isLost = gives && isServed && !next.has(item.key) && leadsTo(item, (owner) => owner === id);
    require(!isLost, "a name left without its rule", item.key);
  }
}

function requireMeant(
  call: HangingCall,
  written: { readonly [field: string]: unknown },
  item: Item,
  sight: Sight,
): void {
  const { simulator, require } = sight;
  const { tunnel_id, content, comment, virtual_network_id } = written;
  const to = typeof content === "string" ? tunnelIn(content) : tunnel_id;
  const isThere = to === undefined || (typeof to === "string" && isOf(to, item.entry, sight));
  require(isThere, "a write that leads to another tunnel than its entry's");
  require(comment === undefined || comment === item.comment, "a comment that no entry asks for");
  if (typeof virtual_network_id === "string") {
    require(isPlaceOf(virtual_network_id, item, sight), "a route in another network than its item's");
  }
  if (call.kind === DNS_RECORD) {
    const isWithin = call.path.startsWith(`/zones/${zoneOf(simulator, item.key)}/`);
    require(isWithin, "a record in a zone that its name is not in");
    require(written["proxied"] !== false, "a record that is not proxied");
    requireRule(typeof to === "string" ? to : null, item, sight);
  }
}

/** A record leads to a tunnel only once that one has the rules which its entry writes, and one of its connectors, too. */
function requireRule(tunnel: string | null, { entry }: Item, sight: Sight): void {
  const { simulator, alone, require } = sight;
  if (tunnel === null || !alone || !writesConfiguration(entry)) {
    return;
  }
  const left = unmetSections(entry, configurationOf(simulator, tunnel)?.config);
  require(left.length === 0, "a record before its rule", left.join());
  const connections = send(simulator, "GET", `/cfd_tunnel/${tunnel}/connections`, null);
  const { result } = JSON.parse(connections) as { readonly result: readonly unknown[] | null };
  const late = laggardsOf(simulator, tunnel, connections);
  const isFollowed = late.length === 0 || late.length < (result ?? []).length;
  require(isFollowed || !sight.hasConfigured(tunnel), "a record before a connector has its rule");
}

function promotesNetwork({ entries }: File): boolean {
  return entries.some((entry) => entry.is_default_network === true);
}

/** Whether a route of this network may be the one that an item means. */
function isPlaceOf(id: string | undefined, { virtual_network }: Item, sight: Sight): boolean {
  const { file, simulator, namesOf } = sight;
  if (id === undefined) {
    return true;
  }
  const network = liveOf(simulator).find((each) => each.id === id);
  const isNamed = (name: string) => network?.name === name || namesOf(id).has(name);
  if (virtual_network !== undefined) {
    const entry = file.entries.find((each) => each.kind === NETWORK && each.name === virtual_network);
    return isNamed(virtual_network) || entry?.id === id || isNamed(entry?.renamed_from ?? "");
  }
  const isPromoted = file.entries.some(
    (entry) =>
      entry.kind === NETWORK &&
      entry.is_default_network === true &&
      (entry.id === id || isNamed(entry.name) || isNamed(entry.renamed_from ?? "")),
  );
  return isPromoted || sight.wasDefault(id);
}

function presentItem(kind: HangingKind, key: string, file: File): Item | undefined {
  return itemsOf(file).find((item) => item.kind === kind && item.key === key && item.state !== "absent");
}

/** Whether a tunnel may be the one that an entry means. */
function isOf(
  tunnel: string | null,
  { id, name, renamed_from = "" }: Entry,
  { simulator, namesOf }: Pick<Sight, "simulator" | "namesOf">,
): boolean {
  if (tunnel === null) {
    return false;
  }
  const names = namesOf(tunnel);
  return (
    id === tunnel ||
    simulator.tunnel(tunnel)?.name === name ||
    names.has(name) ||
    (renamed_from !== "" && names.has(renamed_from))
  );
}

/** Whether the file speaks of a tunnel, or it is gone. */
function isDeclared(id: string, sight: Sight): boolean {
  const tunnel = sight.simulator.tunnel(id);
  return (
    tunnel === undefined ||
    tunnel.deleted_at !== null ||
    mentions(sight.file, tunnel) ||
    sight.file.entries.some((entry) => entry.kind === tunnel.kind && isOf(id, entry, sight))
  );
}

function ownerIn({ tunnel_id, type, content }: Looked): string | null {
  return tunnel_id ?? (type === "CNAME" ? tunnelIn(content ?? "") : null);
}

function keyOf({ network, hostname, name }: Looked): string {
  return network ?? hostname ?? name ?? "";
}

/** How a plan may call something: a route's virtual network is named where it is not the default one. */
function addressesOf(kind: HangingKind, key: string, { file, simulator, namesOf }: Sight): readonly string[] {
  const names = [
    ...simulator.rows("virtual_networks").flatMap(({ id, name }) => [name, ...namesOf(id)]),
    ...file.entries.map(({ name }) => name),
  ];
  const places = kind === ROUTE ? names.map((name) => `${key}@${name}`) : [];
  return [key, ...places].map((name) => showName(`${kind}/${name}`));
}
