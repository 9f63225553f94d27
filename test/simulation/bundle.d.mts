import type * as main from "./main.ts";

/** A change to one of the program's sources, made while it is bundled. */
export interface Edit {
  /** Below the root of the project. */
  readonly file: string;
  /** Must stand in it exactly once. */
  readonly find: string;
  readonly put: string;
}

export function loadSimulation(
  name?: string,
  edits?: readonly Edit[],
): Promise<typeof main & { readonly file: string }>;
