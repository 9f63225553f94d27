import type { ResourceKind } from "../../src/engine/model/kind.ts";
import { referenceIn } from "../../src/engine/model/reference.ts";
import type { ActualResource, DesiredEntry, JsonValue, Spec } from "../../src/engine/model/resource.ts";
import { kinds } from "../../src/kinds/index.ts";
import { entry, id, LONG_AGO, tunnel } from "./builders.ts";

/** A reference as an attribute's value. */
export function refer(kind: string, name: string, output = "id"): JsonValue {
  return { $ref: { kind, name, output } };
}

/** What a toy is reached through in the tests that fake the account. */
const notUsed = () => Promise.reject(new Error("the test's account answers for this"));

const CARD = {
  noun: "toy",
  paths: ["/toys"],
  permission: "Account > Toys",
  keeps: ["id"],
  givesToken: false,
} as const;

const wire = {
  list: notUsed,
  read: notUsed,
  find: notUsed,
  create: notUsed,
  update: notUsed,
  delete: notUsed,
};

/** A kind like a route: known by its hook and its box, leads to a tunnel, reports no status and cannot be renamed. */
export const toy: ResourceKind = {
  kind: "toy",
  immutable: [],
  references: {
    tunnel_id: { to: ["cfd_tunnel", "warp_connector"], output: "id" },
    box_id: { to: ["toy_box"], output: "id" },
  },
  card: CARD,
  identityOf: ({ hook, box_id = "" }: Spec) =>
    referenceIn(box_id) === null ? JSON.stringify([hook, box_id]) : null,
  normalise: (spec) =>
    typeof spec["hook"] === "string" ? { ...spec, hook: spec["hook"].toLowerCase() } : spec,
  ...wire,
};

/** A kind like a virtual network: known by its name, referred to, and with an output of its own. */
export const toyBox: ResourceKind = {
  kind: "toy_box",
  immutable: [],
  card: CARD,
  outputs: ({ id }): { readonly [output: string]: JsonValue } => ({ label: `${id}.boxes` }),
  ...wire,
};

export const withToys: readonly ResourceKind[] = [...kinds, toy, toyBox];

/** An entry of `toy`, called as its hook. */
export function toyEntry(hook: string, spec: Spec, change: Partial<DesiredEntry> = {}): DesiredEntry {
  return entry(hook, { kind: "toy", spec: { hook, ...spec }, ...change });
}

/** A live toy. */
export function liveToy(hook: string, number: number, spec: Spec): ActualResource {
  return tunnel(hook, number, { kind: "toy", spec: { hook, ...spec }, facts: { created_at: LONG_AGO } });
}

/** A live box. */
export function liveBox(name: string, number: number): ActualResource {
  return { kind: "toy_box", name, id: id(number), spec: {}, facts: { created_at: LONG_AGO } };
}
