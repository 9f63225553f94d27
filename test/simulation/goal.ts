import type { Simulator } from "../../src/simulator/simulator.ts";
import { isActive } from "../../src/simulator/tunnel/tunnel.ts";
import { CONFIGURATION, isNetwork, liveOf, NETWORK, type Resource } from "./account.ts";
import { configurationOf, unmetSections, writesConfiguration } from "./configurations.ts";
import type { Entry, File } from "./file.ts";
import {
  type BlockedItem,
  deletesOfItems,
  hasDependents,
  isNetworkInUse,
  isTrueOfItem,
  unmetItems,
} from "./hanging/goal.ts";
import { itemsOf } from "./hanging/items.ts";
import { isHanging } from "./hanging/rows.ts";
import { isProtected, prunable } from "./scope.ts";

/** What of the file is not so in the account; empty when all is as it should be. */
export function unmet(file: File, simulator: Simulator): readonly string[] {
  const live = liveOf(simulator);
  const unpruned = live.filter(
    (resource) =>
      prunable(file, resource) &&
      !liesUnder(file, resource) &&
      live.filter(({ kind, name }) => kind === resource.kind && name === resource.name).length === 1,
  );
  return [
    ...file.entries.flatMap((entry) => unmetBy(entry, live, simulator)),
    ...unmetItems(file, simulator),
    ...unpruned.map(({ kind, name }) => `${kind}/${name} should have been pruned`),
  ];
}

/** What a route of the file is to lie in stays, whoever declares it. */
function liesUnder(file: File, { kind, name }: Resource): boolean {
  return kind === NETWORK && itemsOf(file).some(({ virtual_network }) => virtual_network === name);
}

function unmetBy(entry: Entry, live: readonly Resource[], simulator: Simulator): readonly string[] {
  const { kind, name, id, state, config_src } = entry;
  const title = `${kind}/${name}`;
  const namesakes = live.filter((each) => each.kind === kind && each.name === name);
  if (state === "absent") {
    const left = id === undefined ? namesakes : namesakes.filter((each) => each.id === id);
    return left.length === 0 ? [] : [`${title} should be gone`];
  }
  const resource = id === undefined ? namesakes[0] : namesakes.find((each) => each.id === id);
  if (resource === undefined) {
    return [`${title} should be there`];
  }
  if (id === undefined && namesakes.length > 1) {
    return [`${title} is there twice`];
  }
  if (isNetwork(resource)) {
    return (["comment", "is_default_network"] as const).flatMap((attribute) =>
      entry[attribute] === undefined || entry[attribute] === resource[attribute]
        ? []
        : [`${title} should have another ${attribute}`],
    );
  }
  const { config_src_on_read, remote_config_on_read } = simulator.switches;
  const isReported = config_src_on_read === "present" || remote_config_on_read === "present";
  if (writesConfiguration(entry)) {
    const left = unmetSections(entry, configurationOf(simulator, resource.id)?.config);
    if (left.length > 0) {
      return [`${title} should have another ${left.join()}`];
    }
  }
  return kind === "cfd_tunnel" &&
    config_src !== undefined &&
    isReported &&
    resource.attributes["config_src"] !== config_src
    ? [`${title} should have another config_src`]
    : [];
}

/** Whether the account really shows what a plan gives as its reason to refuse. */
export function isTrueReason(blocked: BlockedItem, file: File, simulator: Simulator, now: number): boolean {
  const live = liveOf(simulator);
  const { kind, name, code } = blocked;
  if (kind !== null && isHanging(kind)) {
    return isTrueOfItem({ ...blocked, kind }, file, simulator, now);
  }
  const of = kind === CONFIGURATION ? "cfd_tunnel" : kind;
  const entry = file.entries.find((each) => each.kind === of && each.name === name);
  const subject = live.find(({ id }) => id === (blocked.id ?? entry?.id));
  const bearers = (of: string | undefined) => live.filter((each) => each.kind === kind && each.name === of);
  switch (code) {
    case "ambiguous_name":
      return bearers(name ?? "").length > 1 || bearers(entry?.renamed_from).length > 1;
    case "id_gone":
      return subject === undefined;
    case "id_of_other_kind":
      return live.some(({ id, kind: other }) => id === entry?.id && other !== kind);
    case "id_under_other_name":
      return subject !== undefined && subject.name !== name;
    case "name_held":
      return bearers(name ?? "").some(({ id }) => id !== subject?.id);
    case "claimed_twice": {
      const claims = (each: Entry) =>
        each.id === subject?.id ||
        (each.kind === subject?.kind && [each.name, each.renamed_from].includes(subject?.name));
      return file.entries.filter(claims).length > 1;
    }
    case "immutable_attribute":
    case "replace_of_pinned":
    case "replace_while_renaming":
      return (
        entry?.config_src !== undefined &&
        subject !== undefined &&
        !isNetwork(subject) &&
        subject.attributes["config_src"] !== entry.config_src
      );
    case "live":
      return subject !== undefined && !isNetwork(subject) && isActive(subject);
    case "reference_blocked":
      // That its tunnel is, and why, is said and checked beside it.
      return entry !== undefined && writesConfiguration(entry);
    case "replace_with_dependents":
      return entry?.replace !== undefined && hasDependents(entry);
    case "network_in_use":
      return isNetworkInUse(blocked.id, simulator);
    case "config_is_local":
      return (
        bearers(name ?? "").length === 0 &&
        liveOf(simulator).some(
          ({ id }) =>
            id === blocked.id &&
            (configurationOf(simulator, id)?.source ?? simulator.tunnel(id)?.attributes["config_src"]) ===
              "local",
        )
      );
    case "default_network":
      return subject !== undefined && isNetwork(subject) && subject.is_default_network;
    case "protected":
      return subject !== undefined && (isProtected(file, subject.name) || isProtected(file, name ?? ""));
    case "recently_active":
      return subject !== undefined && now - LATE - lastActive(subject) < (file.min_idle ?? 60) * 60_000;
    case "max_deletes":
      return deletesOf(file, live) + deletesOfItems(file, simulator) > (file.max_deletes ?? 3);
    default:
      return false;
  }
}

/** What warren knows of the API's clock may be as old as an answer may be late, and has whole seconds. */
const LATE = 31_000;

function lastActive(resource: Resource): number {
  const activity = isNetwork(resource) ? [] : resource.activity;
  return Math.max(resource.created_at, ...activity.map(({ to }) => to ?? Number.POSITIVE_INFINITY));
}

/** The most that a plan can prune and replace. */
function deletesOf(file: File, live: readonly Resource[]): number {
  const replacements = file.entries.filter(({ replace }) => live.some(({ id }) => id === replace));
  return live.filter((resource) => prunable(file, resource)).length + replacements.length;
}
