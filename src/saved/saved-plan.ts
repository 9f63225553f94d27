import { isObject } from "../base/json.ts";
import type { MadeFrom } from "../base/stamp.ts";
import type { BaseComparison } from "../engine/compare/baseline.ts";
import type { Plan } from "../engine/model/change.ts";
import type { EarlierPlan } from "../engine/compare/again.ts";
import type { DesiredState } from "../engine/model/resource.ts";
import type { Target } from "../engine/decide/target.ts";
import { digestOf } from "./digest.ts";
import { violation } from "./schema.ts";

/** A plan to be applied later, and all that is needed to know then whether it still holds. Holds no secret. */
export interface SavedPlan extends EarlierPlan {
  readonly account_id: string;
  /** What it was made from, for readers. */
  readonly made_from: MadeFrom;
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
  /** Its steps are empty: the order of the steps is found anew when it is applied. */
  readonly plan: Plan;
  /** What was found against the base, for readers; null where there was none. */
  readonly base: BaseComparison | null;
}

/** Why a file is no saved plan that this version can apply. */
export type UnreadablePlan =
  | { readonly code: "not_text" }
  /** Begins like a saved plan, but ends in the middle, or is damaged. */
  | { readonly code: "not_json" }
  /** YAML, or anything else that is no JSON at all. */
  | { readonly code: "not_a_plan" }
  /** What `plan --json` prints: for reading, not for applying. */
  | { readonly code: "plan_output" }
  | { readonly code: "unknown_version"; readonly version: string }
  | { readonly code: "digest_mismatch" }
  /** `at` is a JSON pointer. */
  | { readonly code: "malformed"; readonly at: string };

const FORMAT = "warren-saved-plan";

/**
 * The one version that this code reads. Unlike a reader of printed JSON, it refuses what is newer by as little as a
 * minor version: what it does not know it would not check.
 */
const FORMAT_VERSION = "1.0";

/** The document to be written, its digests included. `madeBy` says which program made it. */
export function savedDocument(saved: SavedPlan, madeBy: string): object {
  const { account_id, made_from, desired, targets, plan, base } = saved;
  const { steps: _, ...content } = plan;
  const document = {
    format: FORMAT,
    format_version: FORMAT_VERSION,
    made_by: madeBy,
    made_from,
    account_id,
    desired_digest: desiredDigest(desired),
    targets,
    plan: content,
    base,
    desired,
  };
  return { ...document, digest: digestOf(document) };
}

/** A digest of what the files ask for; where in them it stands makes no difference. */
export function desiredDigest(desired: DesiredState): string {
  return digestOf({
    ...desired,
    entries: desired.entries.map((entry) => ({ ...entry, source: null })),
    prune: desired.prune.map((scope) => ({ ...scope, source: null })),
    containers: desired.containers.map((container) => ({ ...container, source: null })),
  });
}

/** Reads the bytes of a file. The digests find damage; they are no protection from someone who makes up a plan. */
export function parseSavedPlan(
  bytes: Uint8Array,
):
  | { readonly ok: true; readonly saved: SavedPlan; readonly madeBy: string }
  | { readonly ok: false; readonly why: UnreadablePlan } {
  const read = readDocument(bytes);
  if ("code" in read) {
    return { ok: false, why: read };
  }
  const { account_id, made_from, targets, plan, base, desired, made_by: madeBy } = read.document;
  const saved = { account_id, made_from, desired, targets, plan: { ...plan, steps: [] }, base };
  return { ok: true, saved, madeBy };
}

/** What the schema describes. */
interface SavedDocument extends Omit<SavedPlan, "plan"> {
  readonly made_by: string;
  readonly plan: Omit<Plan, "steps">;
}

function readDocument(bytes: Uint8Array): { readonly document: SavedDocument } | UnreadablePlan {
  const text = decode(bytes);
  if (text === null) {
    return { code: "not_text" };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.trimStart().startsWith("{") ? { code: "not_json" } : { code: "not_a_plan" };
  }
  if (!isObject(value)) {
    return { code: "not_a_plan" };
  }
  if (value["format"] !== FORMAT) {
    return "changes" in value && "format_version" in value ? { code: "plan_output" } : { code: "not_a_plan" };
  }
  if (value["format_version"] !== FORMAT_VERSION) {
    return { code: "unknown_version", version: String(value["format_version"]) };
  }
  return checkDocument(value);
}

function checkDocument(value: {
  readonly [key: string]: unknown;
}): { readonly document: SavedDocument } | UnreadablePlan {
  const { digest, ...rest } = value;
  try {
    if (digest !== digestOf(rest)) {
      return { code: "digest_mismatch" };
    }
  } catch (error) {
    if (error instanceof RangeError) {
      return { code: "malformed", at: "" };
    }
    throw error;
  }
  const at = violation(value);
  if (at !== null) {
    return { code: "malformed", at };
  }
  // A border: the schema has seen to it.
  return { document: value as unknown as SavedDocument };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
