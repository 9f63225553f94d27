import type { Facts } from "../../fleet/document.ts";
import { countRows, type FleetResult } from "../../fleet/judge.ts";
import { documentOf } from "../json/json.ts";

/** `schema/merge.schema.json`. */
export function fleetDocument(result: FleetResult): object {
  const { run, command, rows, unexpected, removed } = result;
  return documentOf({
    run,
    command,
    accounts: rows.map(({ documents, ...row }) => ({ ...row, documents: documents.map(documentItem) })),
    unexpected: unexpected.map(documentItem),
    removed,
    summary: countRows(result),
  });
}

function documentItem({ lines, more, ...facts }: Facts): object {
  return { ...facts, changes: lines, more_changes: more };
}
