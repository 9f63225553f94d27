import type { Facts } from "../../fleet/document.ts";
import { countRows, type FleetResult, type Missing, type Row, type Status } from "../../fleet/judge.ts";
import { plural } from "../words/plural.ts";

/** One word for each status; `plan` and `drift` only speak of what `apply` has done. */
export function statusWord(status: Status, command: FleetResult["command"]): string {
  return status === "changed" ? (command === "apply" ? "applied" : "changes") : STATUS[status];
}

const STATUS: { readonly [status in Exclude<Status, "changed">]: string } = {
  missing: "missing",
  failed: "failed",
  refused: "refused",
  differs: "drift",
  unchanged: "unchanged",
};

/** `24 accounts: 1 missing, 2 with changes, 21 unchanged`. */
export function tally(result: FleetResult): string {
  const { unexpected, ...counts } = countRows(result);
  const parts = (Object.entries(counts) as readonly (readonly [Status, number])[])
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${countedWord(status, result.command)}`);
  const others = unexpected === 0 ? [] : [plural(unexpected, "unexpected document")];
  const all = [...parts, ...others];
  return `${plural(result.rows.length, "account")}${all.length === 0 ? "" : `: ${all.join(", ")}`}`;
}

/** The same behind a number of accounts. */
function countedWord(status: Status, command: FleetResult["command"]): string {
  const word = statusWord(status, command);
  return status === "differs" || word === "changes" ? `with ${word}` : word;
}

/** What stands beside an account, in pieces: words of ours, and what came from outside. */
export function rowWords({ missing, documents }: Row, { run }: FleetResult): readonly Piece[] {
  if (missing !== null) {
    return missingWords(missing, documents, run);
  }
  return documents.flatMap(factsWords);
}

/** Why a document is nobody's. */
export function unexpectedWords({ account, account_id }: Facts): readonly Piece[] {
  const id = account_id === null ? [] : ["account ", { text: account_id }];
  const name = account === null ? [] : [id.length === 0 ? "made as " : ", made as ", { text: account }];
  const both = [...id, ...name];
  return both.length === 0 ? ["it does not say whose it is"] : both;
}

/** Words, or a text that may hold anything. */
export type Piece = string | { readonly text: string };

function missingWords(missing: Missing, documents: readonly Facts[], run: string | null): readonly Piece[] {
  const [first] = documents;
  const files = documents.flatMap(({ file }, at) => [at === 0 ? "" : ", ", { text: file }]);
  switch (missing) {
    case "no_document":
      return ["no document: its job died, or did not run"];
    case "several_documents":
      return ["several documents, so none counts: ", ...files];
    case "another_run":
      return [
        "only a document of ",
        ...(first?.run === null || first === undefined ? ["no run"] : ["run ", { text: first.run }]),
        " and not of this one (",
        { text: run ?? "" },
        "): ",
        ...files,
      ];
    case "another_command":
      return [`only a document of ${first?.command ?? "another command"}: `, ...files];
  }
}

function factsWords({ counts, errors, status }: Facts): readonly Piece[] {
  const [error] = errors;
  const said = SHOWN.filter(([key]) => counts[key] > 0).map(([key, sign]) => `${sign}${counts[key]}`);
  const trouble =
    error === undefined || status === "changed" || status === "unchanged"
      ? []
      : [said.length > 0 ? "; " : "", { text: error.message }];
  return [said.join(" "), ...trouble];
}

const SHOWN = [
  ["create", "+"],
  ["update", "~"],
  ["replace", "-/+"],
  ["delete", "-"],
  ["blocked", "!"],
] as const;
