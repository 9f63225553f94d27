import type { Location } from "../../engine/model/resource.ts";
import type { Result } from "../problem.ts";
import { ACCOUNT_ID } from "../rules/account.ts";
import { entriesOf, textAt } from "../written.ts";
import { locate } from "../yaml/source.ts";
import { createFindings, type Findings } from "./findings.ts";
import type { FleetFiles, FoundAccount } from "./load-fleet.ts";

/** An account of a fleet. */
export interface FleetAccount extends FoundAccount {
  /** Lower case. */
  readonly account_id: string;
}

/** The same accounts with their ids, which their files say literally, or everything that is wrong. */
export async function readAccountIds(
  accounts: readonly FoundAccount[],
  files: Pick<FleetFiles, "read">,
): Promise<Result<readonly FleetAccount[]>> {
  const findings = createFindings();
  const owners = new Map<string, { readonly account: string; readonly place: Location }>();
  const known: FleetAccount[] = [];
  for (const found of accounts) {
    const id = await readAccountId(found, files, findings, owners);
    if (id !== null) {
      known.push({ ...found, account_id: id });
    }
  }
  return findings.result(known);
}

type Owners = Map<string, { readonly account: string; readonly place: Location }>;

async function readAccountId(
  { account, read }: FoundAccount,
  files: Pick<FleetFiles, "read">,
  findings: Findings,
  owners: Owners,
): Promise<string | null> {
  let own: { readonly id: string; readonly place: Location } | null = null;
  let isSaid = false;
  for (const path of read) {
    const file = findings.read(await files.read(path));
    const entry = entriesOf(file?.tree).get("account_id");
    // What could not be read may well have said it.
    isSaid ||= entry !== undefined || file === null;
    if (file === null || entry === undefined) {
      continue;
    }
    const { source } = file;
    const { span } = entry.value;
    const id = textAt(entry)?.value.toLowerCase() ?? "";
    const place = locate(source, span.start);
    const other = owners.get(id);
    if (!ACCOUNT_ID.test(id)) {
      findings.report(source, span, { code: "account_id_not_literal", account });
    } else if (own !== null && own.id !== id) {
      findings.report(source, span, { code: "account_id_conflict", first: own.place });
    } else if (other !== undefined && other.account !== account) {
      const detail = { account, other: other.account, first: other.place };
      findings.report(source, span, { code: "account_id_twice", ...detail });
    } else if (own === null) {
      own = { id, place };
      owners.set(id, { account, place });
    }
  }
  const [first] = read;
  if (!isSaid && first !== undefined) {
    findings.ofFile(first, { code: "account_id_missing", account });
  }
  return own?.id ?? null;
}
