import type { FleetResult } from "../../fleet/judge.ts";
import { SIGN } from "../headline.ts";
import type { Style } from "../text/style.ts";
import { visible } from "../visible.ts";
import { type Piece, rowWords, statusWord, tally, unexpectedWords } from "./words.ts";

/** A line an account, what went wrong first, and beneath it what changes. */
export function renderFleet(result: FleetResult, style: Style): string {
  const { command, rows, unexpected, removed } = result;
  const width = Math.max(0, ...rows.map(({ account }) => account.length));
  const lines = rows.flatMap((row) => {
    const { status, account, documents } = row;
    const word = statusWord(status, command).padEnd(9);
    const painted = BAD.includes(status)
      ? style.failed(word)
      : status === "unchanged"
        ? style.faint(word)
        : word;
    const head = `${painted}  ${visible(account).padEnd(width)}  ${plain(rowWords(row, result))}`.trimEnd();
    const changes = status === "missing" ? [] : documents.flatMap(({ lines }) => lines);
    const more = status === "missing" ? 0 : documents.reduce((sum, { more }) => sum + more, 0);
    return [
      head,
      ...changes.map(({ action, kind, name }) => `  ${SIGN[action]} ${visible(kind)}/${visible(name)}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ];
  });
  const others = unexpected.map(
    (one) => `${style.failed("unexpected")} ${visible(one.file)}: ${plain(unexpectedWords(one))}`,
  );
  const gone = removed.map(
    ({ account, account_id }) =>
      `gone from the fleet: ${visible(account)} (${visible(account_id ?? "id unknown")}); nothing looks after what it holds`,
  );
  return [...lines, ...others, ...gone, "", `${tally(result)}.`].map((line) => `${line}\n`).join("");
}

const BAD: readonly string[] = ["missing", "failed", "refused"];

function plain(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : visible(piece.text))).join("");
}
