import type { FleetResult, Row } from "../../fleet/judge.ts";
import { SIGN } from "../headline.ts";
import { fit, sizeOf } from "../markdown/room.ts";
import { inert, inertName, inertShort } from "../markdown/text.ts";
import { visible } from "../visible.ts";
import { type Piece, rowWords, statusWord, tally, unexpectedWords } from "./words.ts";

/** GitHub takes 65,536 characters in a comment. */
const LIMIT = 60_000;

/**
 * A page for a comment or a job's summary: a row an account, what went wrong first, and folded beneath what changes.
 * Never over 60,000 characters; what is left out is counted. Nothing that came from outside can act as markup.
 */
export function renderFleetMarkdown(result: FleetResult): string {
  const { command, rows, unexpected, removed, run } = result;
  const head = [
    `### ${TITLES[command ?? "plan"]}: ${tally(result)}`,
    "",
    ...(run === null ? [] : [`Run ${inertName(run)}.`, ""]),
  ];
  const others = section(
    unexpected,
    LIMIT / 8,
    (one) => `- **unexpected** ${inertShort(one.file)}: ${markup(unexpectedWords(one))}`,
  );
  const gone = section(
    removed,
    LIMIT / 8,
    ({ account, account_id }) =>
      `- gone from the fleet: ${inertShort(account)} (${account_id === null ? "id unknown" : inertShort(account_id)}); nothing looks after what it holds`,
  );
  let room = LIMIT - sizeOf([...head, ...others, ...gone]);
  const table =
    rows.length === 0 ? [] : ["| account | | |", "| --- | --- | --- |", ...tableRows(result, room / 2)];
  room -= sizeOf(table) + 1;
  const details = fit(rows, detailsOf, room, (count) => `\n… and what changes in ${count} accounts more`);
  return [...head, ...table, ...others, ...gone, ...details].map((line) => `${line}\n`).join("");
}

const TITLES = { plan: "Plan of the fleet", apply: "Applied to the fleet", drift: "Drift of the fleet" };

function tableRows(result: FleetResult, room: number): readonly string[] {
  const row = (one: Row) => {
    const word = statusWord(one.status, result.command);
    const status = one.status === "unchanged" || one.status === "changed" ? word : `**${word}**`;
    return [`| ${inert(visible(one.account))} | ${status} | ${markup(rowWords(one, result))} |`];
  };
  return fit(result.rows, row, room, (count) => `| … and ${count} more | | |`);
}

function section<T>(items: readonly T[], room: number, itemOf: (item: T) => string): readonly string[] {
  return items.length === 0
    ? []
    : [
        "",
        ...fit(
          items,
          (item) => [itemOf(item)],
          room,
          (count) => `- **… and ${count} more**`,
        ),
      ];
}

/** What changes in an account, folded; nothing where nothing does. */
function detailsOf({ account, status, documents }: Row): readonly string[] {
  const [one] = documents;
  if (status === "missing" || one === undefined || one.lines.length === 0) {
    return [];
  }
  return [
    "",
    `<details><summary>${inert(visible(account))}</summary>`,
    "",
    ...one.lines.map(
      ({ action, kind, name }) => `- \`${SIGN[action]}\` ${inertName(kind)} ${inertShort(name)}`,
    ),
    ...(one.more > 0 ? [`- … and ${one.more} more`] : []),
    "",
    "</details>",
  ];
}

function markup(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : inertShort(piece.text, 160))).join("");
}
