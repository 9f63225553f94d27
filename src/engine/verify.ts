import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../base/clock.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import type { ResourceKind } from "./kind.ts";
import { type ActualState, observe } from "./observe.ts";
import type { Difference, Outcome, Verification } from "./outcome.ts";
import type { ActualResource, JsonValue, Spec } from "./resource.ts";

/** How often the account is read before it is believed to differ: lists may lag behind writes. */
const READINGS = 4;

/**
 * Reads the account once more and holds it against what was applied. Reads again, after a wait, while it differs. An
 * interrupted run is not verified, since nothing new is begun; one that applied nothing needs no reading.
 */
export async function verify(
  outcomes: readonly Outcome[],
  kinds: readonly ResourceKind[],
  client: CloudflareClient,
  clock: Clock,
  stop?: AbortSignal,
): Promise<Verification> {
  const touched = new Set(
    outcomes.flatMap((outcome) => (outcome.status === "applied" ? outcome.change.kind : [])),
  );
  for (let reading = 1; ; reading += 1) {
    if (stop?.aborted) {
      return { verified: false, because: "interrupted" };
    }
    let actual: ActualState;
    try {
      actual = await observe(
        kinds.filter(({ kind }) => touched.has(kind)),
        client,
      );
    } catch (error) {
      if (error instanceof ApiError) {
        return { verified: false, because: "unreadable", error };
      }
      throw error;
    }
    const differences = compareOutcomes(outcomes, actual);
    if (differences.length === 0) {
      return { verified: true };
    }
    if (reading === READINGS) {
      return { verified: false, because: "differs", differences };
    }
    await clock.sleep(1_000 * 2 ** (reading - 1), stop);
  }
}

/** Where the account is not what the applied outcomes say. Write-only attributes cannot be seen, and are not judged. */
export function compareOutcomes(outcomes: readonly Outcome[], actual: ActualState): readonly Difference[] {
  const byId = new Map(actual.map((resource) => [resource.id, resource]));
  return outcomes.flatMap((outcome) => (outcome.status === "applied" ? compare(outcome, byId) : []));
}

function compare(
  { change, id }: Extract<Outcome, { status: "applied" }>,
  byId: ReadonlyMap<string, ActualResource>,
): readonly Difference[] {
  switch (change.action) {
    case "delete":
      return stillThere(change.kind, change.name, change.id, byId);
    case "replace":
      return [
        ...stillThere(change.kind, change.name, change.id, byId),
        ...otherValues(change.kind, id, change.after.name, change.after.spec, byId),
      ];
    case "create":
    case "update":
      return otherValues(change.kind, id, change.after.name, change.after.spec, byId);
  }
}

function stillThere(
  kind: string,
  name: string,
  id: string,
  byId: ReadonlyMap<string, ActualResource>,
): readonly Difference[] {
  return byId.has(id) ? [{ code: "still_there", kind, name, id }] : [];
}

function otherValues(
  kind: string,
  id: string,
  name: string,
  spec: Spec,
  byId: ReadonlyMap<string, ActualResource>,
): readonly Difference[] {
  const found = byId.get(id);
  if (found === undefined) {
    return [{ code: "missing", kind, name, id }];
  }
  return Object.entries<JsonValue>({ name, ...spec }).flatMap(
    ([attribute, expected]): readonly Difference[] => {
      const value = attribute === "name" ? found.name : found.spec[attribute];
      return value === undefined || isDeepStrictEqual(value, expected)
        ? []
        : [
            {
              code: "other_value",
              kind,
              name,
              id,
              attribute,
              expected,
              found: value,
            },
          ];
    },
  );
}
