import type { Stamp } from "../base/stamp.ts";
import type { Facts, DocumentStatus } from "./document.ts";
import type { Matrix, MatrixAccount, RemovedAccount } from "./matrix.ts";

/** What became of a run of the fleet. */
export interface FleetResult {
  readonly run: string | null;
  readonly command: Stamp["command"] | null;
  /** What went wrong first, then what differs or changes; by name within. */
  readonly rows: readonly Row[];
  /** Documents of no account that was expected. */
  readonly unexpected: readonly Facts[];
  readonly removed: readonly RemovedAccount[];
}

/** What became of one account. */
export interface Row extends Pick<MatrixAccount, "account" | "account_id" | "environment" | "wave"> {
  readonly status: Status;
  /** Why it is missing; null where it is not. */
  readonly missing: Missing | null;
  /** What it rests on: of an account that is missing, all that could have been its document. */
  readonly documents: readonly Facts[];
}

export type Status = DocumentStatus | "missing";

/** Why an account has no document to go by. */
export type Missing = "no_document" | "several_documents" | "another_run" | "another_command";

/** The gravest first. */
export const STATUSES: readonly Status[] = [
  "missing",
  "failed",
  "refused",
  "differs",
  "changed",
  "unchanged",
];

/** Holds documents against the accounts that were to be run. `run` and `command`: what they must be of; null: of any. */
export function judge(
  { include, removed }: Matrix,
  documents: readonly Facts[],
  { run, command }: Pick<FleetResult, "run" | "command">,
): FleetResult {
  const owned = new Map<string, Facts[]>(include.map(({ account }) => [account, []]));
  const unexpected: Facts[] = [];
  const owners = createOwners(include);
  for (const one of documents) {
    (owned.get(owners(one) ?? "") ?? unexpected).push(one);
  }
  const rows = include.map(({ account, account_id, environment, wave }): Row => {
    const own = owned.get(account) ?? [];
    const [first] = own;
    const missing = whyMissing(own, { run, command });
    const status = missing !== null || first === undefined ? "missing" : first.status;
    return { account, account_id, environment, wave, status, missing, documents: own };
  });
  rows.sort(
    (a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) || (a.account < b.account ? -1 : 1),
  );
  return { run, command, rows, unexpected, removed };
}

/** Tells the account that a document is of; null where it is of none that is expected. */
function createOwners(include: readonly MatrixAccount[]): (one: Facts) => string | null {
  const byId = new Map(include.map(({ account, account_id }) => [account_id, account]));
  const names = new Set(include.map(({ account }) => account));
  const known = (name: string | null | undefined) =>
    name !== null && name !== undefined && names.has(name) ? name : null;
  return ({ file, status, account, account_id }) => {
    if (account_id !== null) {
      const owner = known(byId.get(account_id));
      // Run under the name of one with the id of another: it is neither's.
      return account === null || account === owner ? owner : null;
    }
    if (account !== null) {
      return known(account);
    }
    const [name = "", folder = ""] = file.split("/").toReversed();
    return status === "failed" ? (known(name.replace(/\.json$/, "")) ?? known(folder)) : null;
  };
}

function whyMissing(
  documents: readonly Facts[],
  { run, command }: Pick<FleetResult, "run" | "command">,
): Missing | null {
  const [one, ...others] = documents;
  if (one === undefined) {
    return "no_document";
  }
  if (others.length > 0) {
    return "several_documents";
  }
  // A command that failed early may not have known either.
  const isUnsaid = one.status === "failed" && one.run === null;
  if (run !== null && one.run !== run && !isUnsaid) {
    return "another_run";
  }
  return command !== null && one.command !== null && one.command !== command ? "another_command" : null;
}

/** How many accounts there are of each status, and documents of none. */
export function countRows({ rows, unexpected }: FleetResult): {
  readonly [status in Status | "unexpected"]: number;
} {
  const of = (status: Status) => rows.filter((row) => row.status === status).length;
  return {
    missing: of("missing"),
    failed: of("failed"),
    refused: of("refused"),
    differs: of("differs"),
    changed: of("changed"),
    unchanged: of("unchanged"),
    unexpected: unexpected.length,
  };
}
