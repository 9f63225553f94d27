import type { Plan } from "../../src/engine/model/change.ts";
import { plan, type PlanOptions } from "../../src/engine/plan.ts";
import type { ActualResource, DesiredEntry, DesiredState } from "../../src/engine/model/resource.ts";
import { kinds } from "../../src/kinds/index.ts";

/** When the tests take place. */
export const NOW = Date.parse("2026-01-01T00:00:00Z");

/** Long before `NOW`: a resource of this age is idle by any rule. */
export const LONG_AGO = "2024-05-06T07:08:09.123456Z";

/** A readable id: `id(7)` ends in 7. */
export function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** An entry of `cfd_tunnel` that says nothing but its name. */
export function entry(name: string, change: Partial<DesiredEntry> = {}): DesiredEntry {
  return {
    kind: "cfd_tunnel",
    name,
    state: "present",
    id: null,
    renamed_from: null,
    replace: null,
    spec: {},
    secrets: {},
    source: { file: "tunnels.yaml", line: 1, column: 1 },
    ...change,
  };
}

/** As `entry`, of `warp_connector`. */
export function warpEntry(name: string, change: Partial<DesiredEntry> = {}): DesiredEntry {
  return entry(name, { kind: "warp_connector", ...change });
}

/** Entries as a state that prunes and protects nothing. */
export function state(entries: readonly DesiredEntry[], change: Partial<DesiredState> = {}): DesiredState {
  return {
    account_id: null,
    kinds: ["cfd_tunnel", "warp_connector"],
    entries,
    prune: [],
    containers: [],
    limits: { max_deletes: 3, min_idle: 3_600_000, max_routes: 1_000 },
    protected: [],
    ...change,
  };
}

/** A scope of both kinds. */
export function scope(prefix: string, scoped: readonly string[] = ["cfd_tunnel", "warp_connector"]) {
  return { prefix, kinds: scoped, collections: [], source: { file: "tunnels.yaml", line: 2, column: 3 } };
}

/** A tunnel of `cfd_tunnel` that was made long ago, and never ran. */
export function tunnel(name: string, number: number, change: Partial<ActualResource> = {}): ActualResource {
  return {
    kind: "cfd_tunnel",
    name,
    id: id(number),
    spec: { config_src: "local" },
    facts: { status: "inactive", created_at: LONG_AGO, conns_active_at: null, conns_inactive_at: LONG_AGO },
    ...change,
  };
}

/** As `tunnel`, of `warp_connector`, which reports no attribute. */
export function warp(name: string, number: number, change: Partial<ActualResource> = {}): ActualResource {
  return tunnel(name, number, { kind: "warp_connector", spec: {}, ...change });
}

/** Facts of a tunnel as `tunnel` has them, with some of them changed. */
export function facts(change: ActualResource["facts"]): Pick<ActualResource, "facts"> {
  return { facts: { ...tunnel("", 0).facts, ...change } };
}

/** Plans with the real kinds, at `NOW`. */
export function planOf(
  desired: DesiredState,
  actual: readonly ActualResource[],
  options: Partial<PlanOptions> = {},
): Plan {
  return plan(desired, actual, kinds, { now: NOW, ...options });
}

/** One line a change, as `create cfd_tunnel/web` or `update cfd_tunnel/api <- old name`. */
export function changesOf({ changes }: Plan): readonly string[] {
  return changes.map(({ action, kind, name, before }) => {
    const moved = before === null || before.name === name ? "" : ` <- ${before.name}`;
    return `${action} ${kind}/${name}${moved}`;
  });
}

/** One line each, as `cfd_tunnel/web live`. What concerns the whole plan has no name. */
export function blockedOf({ blocked }: Plan): readonly string[] {
  return blocked.map(({ kind, name, reason }) =>
    kind === null ? reason.code : `${kind}/${name} ${reason.code}`,
  );
}

/** One line each, as `cfd_tunnel/web namesake_spared`. */
export function notesOf({ notes }: Plan): readonly string[] {
  return notes.map(({ kind, name, reason }) => `${kind}/${name ?? "*"} ${reason.code}`);
}

/** The steps of each stage as lines, with the places in it of those that they need and follow: `update b needs 0`. */
export function stepsOf({ steps }: Plan): readonly (readonly string[])[] {
  return ["build", "teardown"].flatMap((name) => {
    const stage = steps.filter(({ stage }) => stage === name);
    const places = new Map(stage.map(({ id }, place) => [id, place]));
    const list = (word: string, ids: readonly string[]) =>
      ids.length === 0 ? "" : ` ${word} ${ids.map((id) => places.get(id) ?? id).join(",")}`;
    const lines = stage.map(
      ({ operation, change, needs, after }) =>
        `${operation} ${change.kind}/${change.name}${list("needs", needs)}${list("after", after)}`,
    );
    return lines.length === 0 ? [] : [lines];
  });
}
