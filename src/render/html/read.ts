import { isObject } from "../../base/json.ts";
import type { Action } from "../../engine/model/change.ts";
import type { JsonValue } from "../../engine/model/resource.ts";
import {
  addressOf,
  countOf,
  isDocument,
  messageOf,
  numberOf,
  oneOf,
  placeOf,
  rowsOf,
  textOf,
  textOrNull,
  textsOf,
  type Row,
} from "./members.ts";
import type { State } from "../../tunnels/health.ts";

/** Which document it was. */
export interface MadePage {
  readonly account_id: string;
  readonly command: string | null;
  /** The account's name in its fleet. */
  readonly account: string | null;
  readonly run: string | null;
}

/** What a page shows of a plan's or drift's document. */
export interface PlanPage extends MadePage {
  readonly changes: readonly ChangePage[];
  readonly blocked: readonly {
    readonly address: string | null;
    readonly message: string;
    readonly source: string | null;
  }[];
  /** Those that the document lists, which may be none of them. */
  readonly unmanaged: readonly string[];
  readonly unmanagedCount: number;
  readonly notes: readonly { readonly address: string | null; readonly message: string }[];
  readonly unchanged: number;
  /** Connectors that a drift found behind. */
  readonly behind: readonly string[];
  /** Why an apply refused it. */
  readonly errors: readonly string[];
}

/** One change. */
export interface ChangePage {
  readonly action: Action;
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
  readonly before: Members | null;
  readonly after: Members | null;
  readonly fields: readonly string[];
  readonly afterUnknown: readonly string[];
  readonly reason: string;
  readonly warning: string | null;
  readonly source: string | null;
}

export type Members = { readonly [member: string]: JsonValue };

/** What a page shows of the document of an apply. */
export interface ReportPage extends MadePage {
  readonly outcomes: readonly {
    readonly status: "applied" | "failed" | "skipped";
    readonly change: ChangePage;
    readonly message: string | null;
  }[];
  readonly verified: boolean;
  readonly message: string;
  readonly differences: readonly string[];
}

/** What a page shows of the document of a status. */
export interface HealthPage extends MadePage {
  readonly tunnels: readonly TunnelPage[];
  readonly gaps: readonly string[];
}

/** One tunnel. */
export interface TunnelPage {
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
  readonly state: State;
  readonly since: string | null;
  readonly config_src: string | null;
  /** Null where nobody knows. */
  readonly connectors: readonly ConnectorPage[] | null;
  readonly config_version: number | null;
  readonly hostnames: readonly string[];
  readonly routes: readonly { readonly kind: string; readonly name: string }[];
}

export interface ConnectorPage {
  readonly id: string;
  readonly version: string | null;
  readonly isBehind: boolean;
  /** The data centre of each connection. */
  readonly colos: readonly string[];
}

/** As a page groups them. */
export const ACTIONS: readonly Action[] = ["create", "update", "replace", "delete"];
const STATES: readonly State[] = ["healthy", "degraded", "down", "never_connected", "absent", "unknown"];
const STATUSES = ["applied", "failed", "skipped"] as const;

/** Reads `schema/plan.schema.json`; null where it is something else. Names that it does not know are passed over. */
export function readPlanPage(document: unknown): PlanPage | null {
  if (!isDocument(document, "changes")) {
    return null;
  }
  const rollout = isObject(document["rollout"]) ? document["rollout"] : {};
  return {
    ...readMade(document),
    changes: rowsOf(document["changes"]).map(readChange),
    blocked: rowsOf(document["blocked"]).map((row) => ({
      address: addressOf(row),
      message: textOf(row["message"]),
      source: placeOf(row["source"]),
    })),
    unmanaged: rowsOf(document["unmanaged"]).map((row) => addressOf(row) ?? ""),
    notes: rowsOf(document["notes"]).map((row) => ({
      address: addressOf(row),
      message: textOf(row["message"]),
    })),
    unmanagedCount: countOf(document, "unmanaged"),
    unchanged: countOf(document, "unchanged"),
    behind: rowsOf(rollout["behind"]).map((row) => textOf(row["message"])),
    errors: rowsOf(document["errors"]).map((row) => textOf(row["message"])),
  };
}

/** Reads `schema/report.schema.json`, likewise. */
export function readReportPage(document: unknown): ReportPage | null {
  if (!isDocument(document, "outcomes")) {
    return null;
  }
  const verification = isObject(document["verification"]) ? document["verification"] : {};
  return {
    ...readMade(document),
    outcomes: rowsOf(document["outcomes"]).map((row) => ({
      status: oneOf(STATUSES, row["status"]) ?? "failed",
      change: readChange(isObject(row["change"]) ? row["change"] : {}),
      message: messageOf(row["error"]) ?? messageOf(row["skipped"]),
    })),
    verified: document["verified"] === true,
    message: textOf(verification["message"]),
    differences: rowsOf(verification["differences"]).map((row) => textOf(row["message"])),
  };
}

/** Reads `schema/status.schema.json`, likewise. */
export function readHealthPage(document: unknown): HealthPage | null {
  if (!isDocument(document, "health")) {
    return null;
  }
  const unasked = numberOf(document["unasked"]);
  return {
    ...readMade(document),
    tunnels: rowsOf(document["health"]).map(readTunnel),
    gaps: [
      ...rowsOf(document["unreadable"]).map(
        (row) => `${textOf(row["kind"])} may not be read: ${textOf(row["message"])}`,
      ),
      ...(unasked > 0 ? [`${unasked} more by their status alone, for the sake of the API's quota.`] : []),
    ],
  };
}

function readMade(document: Row): MadePage {
  const made = isObject(document["made_from"]) ? document["made_from"] : {};
  return {
    account_id: textOf(document["account_id"]),
    command: textOrNull(document["command"]),
    account: textOrNull(made["account"]),
    run: textOrNull(made["run"]),
  };
}

function readChange(row: Row): ChangePage {
  return {
    action: oneOf(ACTIONS, row["action"]) ?? "update",
    kind: textOf(row["kind"]),
    name: textOf(row["name"]),
    id: textOrNull(row["id"]),
    // It came as JSON.
    before: isObject(row["before"]) ? (row["before"] as Members) : null,
    after: isObject(row["after"]) ? (row["after"] as Members) : null,
    fields: textsOf(row["fields"]),
    afterUnknown: textsOf(row["after_unknown"]),
    reason: textOf(row["reason"]),
    warning: textOrNull(row["warning"]),
    source: placeOf(row["source"]),
  };
}

function readTunnel(row: Row): TunnelPage {
  const behind = textsOf(row["behind"]);
  const routes = isObject(row["routes"]) ? row["routes"] : {};
  return {
    kind: textOf(row["kind"]),
    name: textOf(row["name"]),
    id: textOrNull(row["id"]),
    state: oneOf(STATES, row["state"]) ?? "unknown",
    since: textOrNull(row["since"]),
    config_src: textOrNull(row["config_src"]),
    connectors: Array.isArray(row["connectors"])
      ? rowsOf(row["connectors"]).map((connector) => ({
          id: textOf(connector["id"]),
          version: textOrNull(connector["version"]),
          isBehind: behind.includes(textOf(connector["id"])),
          colos: rowsOf(connector["connections"]).map(({ colo_name }) => textOrNull(colo_name) ?? "unknown"),
        }))
      : null,
    config_version: typeof row["config_version"] === "number" ? row["config_version"] : null,
    hostnames: textsOf(row["hostnames"]),
    routes: Object.entries(routes).flatMap(([kind, names]) => textsOf(names).map((name) => ({ kind, name }))),
  };
}
