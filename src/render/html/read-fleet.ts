import { isObject } from "../../base/json.ts";
import type { Action } from "../../engine/model/change.ts";
import {
  addressOf,
  isDocument,
  messageOf,
  numberOf,
  oneOf,
  type Row,
  rowsOf,
  textOf,
  textOrNull,
} from "./members.ts";
import { ACTIONS, type MadePage } from "./read.ts";

/** What a page shows of the document of a merge. */
export interface FleetPage extends MadePage {
  /** What went wrong first. */
  readonly accounts: readonly AccountPage[];
  /** Documents of no account that was expected. */
  readonly unexpected: readonly FactsPage[];
  /** Accounts that the fleet has no more. */
  readonly removed: readonly string[];
}

/** One account of the fleet. */
export interface AccountPage {
  readonly account: string;
  readonly account_id: string;
  readonly wave: string | null;
  readonly status: AccountStatus;
  readonly missing: string | null;
  readonly documents: readonly FactsPage[];
}

/** What one document tells, in little. */
export interface FactsPage {
  readonly file: string;
  readonly counts: { readonly [action in Action | "blocked"]: number };
  readonly changes: readonly { readonly action: Action; readonly address: string }[];
  readonly more: number;
  readonly errors: readonly string[];
}

/** The gravest first. */
export const ACCOUNT_STATUSES = ["missing", "failed", "refused", "differs", "changed", "unchanged"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** Reads `schema/merge.schema.json`; null where it is something else. */
export function readFleetPage(document: unknown): FleetPage | null {
  if (!isDocument(document, "accounts")) {
    return null;
  }
  return {
    account_id: "",
    account: null,
    command: textOrNull(document["command"]),
    run: textOrNull(document["run"]),
    accounts: rowsOf(document["accounts"]).map((row) => ({
      account: textOf(row["account"]),
      account_id: textOf(row["account_id"]),
      wave: textOrNull(row["wave"]),
      status: oneOf(ACCOUNT_STATUSES, row["status"]) ?? "failed",
      missing: textOrNull(row["missing"]),
      documents: rowsOf(row["documents"]).map(readFacts),
    })),
    unexpected: rowsOf(document["unexpected"]).map(readFacts),
    removed: rowsOf(document["removed"]).map((row) => textOf(row["account"])),
  };
}

function readFacts(row: Row): FactsPage {
  const counts = isObject(row["counts"]) ? row["counts"] : {};
  return {
    file: textOf(row["file"]),
    counts: {
      create: numberOf(counts["create"]),
      update: numberOf(counts["update"]),
      delete: numberOf(counts["delete"]),
      replace: numberOf(counts["replace"]),
      blocked: numberOf(counts["blocked"]),
    },
    changes: rowsOf(row["changes"]).map((change) => ({
      action: oneOf(ACTIONS, change["action"]) ?? "update",
      address: addressOf(change) ?? "",
    })),
    more: numberOf(row["more_changes"]),
    errors: rowsOf(row["errors"]).map((error) => messageOf(error) ?? ""),
  };
}
