import { ApiError } from "../../cloudflare/error.ts";
import type { ActualResource } from "../model/resource.ts";
import type { Failure, SkipReason } from "../model/outcome.ts";

/** A step that was done. */
export interface Applied {
  readonly status: "applied";
  readonly id: string;
  readonly confirmed: boolean;
  /** What was made, by a create. */
  readonly made?: ActualResource;
}

/** What became of a step. */
export type StepResult =
  | Applied
  | { readonly status: "failed"; readonly id: string | null; readonly failure: Failure }
  | { readonly status: "skipped"; readonly because: SkipReason };

/** An answer said so. */
export function applied(id: string): Applied {
  return { status: "applied", id, confirmed: false };
}

/** Reading back said so. */
export function confirmed(id: string): Applied {
  return { status: "applied", id, confirmed: true };
}

export function failed(id: string | null, failure: Failure): StepResult {
  return { status: "failed", id, failure };
}

/** What the API or the network said; anything else is a mistake of ours and goes on its way. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  throw error;
}
