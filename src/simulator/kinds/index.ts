import type { AnyKind } from "./kind.ts";
import { tunnel } from "./tunnel.ts";

/** Every kind of the sandbox, by the name of its table. */
const kinds = {
  tunnels: tunnel,
} as const satisfies { readonly [table: string]: AnyKind };

export const allKinds: readonly AnyKind[] = Object.values(kinds);

/** For the state file: the tables in their order. */
export const allTables = allKinds.map(({ table }) => table);
