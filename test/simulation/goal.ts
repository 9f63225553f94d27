import type { Simulator } from "../../src/simulator/simulator.ts";
import { isActive, type Tunnel } from "../../src/simulator/tunnel/tunnel.ts";
import type { Entry, File } from "./file.ts";
import { isProtected, prunable } from "./scope.ts";

/** One blocked change of a refused plan, as `--json` prints it. */
export interface BlockedItem {
  readonly kind: string | null;
  readonly name: string | null;
  readonly id: string | null;
  readonly code: string;
}

/** What of the file is not so in the account; empty when all is as it should be. */
export function unmet(file: File, simulator: Simulator): readonly string[] {
  const live = simulator.tunnels.filter(({ deleted_at }) => deleted_at === null);
  const unpruned = live.filter(
    (tunnel) =>
      prunable(file, tunnel) &&
      live.filter(({ kind, name }) => kind === tunnel.kind && name === tunnel.name).length === 1,
  );
  return [
    ...file.entries.flatMap((entry) => unmetBy(entry, live, simulator)),
    ...unpruned.map(({ kind, name }) => `${kind}/${name} should have been pruned`),
  ];
}

function unmetBy(entry: Entry, live: readonly Tunnel[], simulator: Simulator): readonly string[] {
  const { kind, name, id, state, config_src } = entry;
  const title = `${kind}/${name}`;
  const namesakes = live.filter((tunnel) => tunnel.kind === kind && tunnel.name === name);
  if (state === "absent") {
    const left = id === undefined ? namesakes : namesakes.filter((tunnel) => tunnel.id === id);
    return left.length === 0 ? [] : [`${title} should be gone`];
  }
  const tunnel = id === undefined ? namesakes[0] : namesakes.find((each) => each.id === id);
  if (tunnel === undefined) {
    return [`${title} should be there`];
  }
  if (id === undefined && namesakes.length > 1) {
    return [`${title} is there twice`];
  }
  const { config_src_on_read, remote_config_on_read } = simulator.switches;
  const isReported = config_src_on_read === "present" || remote_config_on_read === "present";
  return kind === "cfd_tunnel" &&
    config_src !== undefined &&
    isReported &&
    tunnel.attributes["config_src"] !== config_src
    ? [`${title} should have another config_src`]
    : [];
}

/** Whether the account really shows what a plan gives as its reason to refuse. */
export function isTrueReason(blocked: BlockedItem, file: File, simulator: Simulator, now: number): boolean {
  const live = simulator.tunnels.filter(({ deleted_at }) => deleted_at === null);
  const { kind, name, code } = blocked;
  const entry = file.entries.find((each) => each.kind === kind && each.name === name);
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
      return entry?.config_src !== undefined && subject?.attributes["config_src"] !== entry.config_src;
    case "live":
      return subject !== undefined && isActive(subject);
    case "protected":
      return subject !== undefined && (isProtected(file, subject.name) || isProtected(file, name ?? ""));
    case "recently_active":
      return subject !== undefined && now - LATE - lastActive(subject) < (file.min_idle ?? 60) * 60_000;
    case "max_deletes":
      return deletesOf(file, live) > (file.max_deletes ?? 3);
    default:
      return false;
  }
}

/** What warren knows of the API's clock may be as old as an answer may be late, and has whole seconds. */
const LATE = 31_000;

function lastActive({ created_at, activity }: Tunnel): number {
  return Math.max(created_at, ...activity.map(({ to }) => to ?? Number.POSITIVE_INFINITY));
}

/** The most that a plan can prune and replace. */
function deletesOf(file: File, live: readonly Tunnel[]): number {
  const replacements = file.entries.filter(({ replace }) => live.some(({ id }) => id === replace));
  return live.filter((tunnel) => prunable(file, tunnel)).length + replacements.length;
}
