/** The library. Types and functions that stay; everything else may change without notice. */
export type { Action, Blocked, Change, Note, Plan, Step } from "./engine/change.ts";
export type { ResourceKind } from "./engine/kind.ts";
export type { ActualResource, DesiredEntry, DesiredState } from "./engine/resource.ts";
