import type { Account } from "../account.ts";
import type { SimulatorRequest } from "../exchange.ts";
import type { Switches } from "../switches.ts";
import { forbidden, permits, type Area, type Permissions } from "./auth.ts";
import type { Refusal, Reply } from "./envelope.ts";

/** A request on its way to the endpoint that answers it: its account and credential are good. */
export interface Call {
  readonly account: Account;
  readonly request: SimulatorRequest;
  readonly query: URLSearchParams;
  readonly permissions: Permissions;
  /** A part of the path by its name in the pattern, ids in lower case. */
  readonly param: (name: string) => string;
}

/** One thing that the API does. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/client/v4`, as `/accounts/{account_id}/cfd_tunnel/{tunnel_id}`. */
  readonly path: string;
  /** What the credential lacks; null when it has it. */
  readonly lacks: (permissions: Permissions, switches: Switches) => Refusal | null;
  /** Whether it is there at all, where a switch decides. */
  readonly isOffered?: (switches: Switches) => boolean;
  readonly answer: (call: Call) => Reply;
}

/** Demands a permission. */
export function needs(area: Area, access: "read" | "write"): Endpoint["lacks"] {
  return (permissions, switches) =>
    permits(permissions, area, access) ? null : forbidden(switches.forbidden_status);
}

/** Demands none: any credential will do. */
export function needsNothing(): null {
  return null;
}
