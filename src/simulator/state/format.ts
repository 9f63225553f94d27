import { isObject, parseJson } from "../wire/json.ts";
import type { Kept, Table } from "./table.ts";
import type { Contents } from "./tables.ts";

/** What the state file holds. */
export interface SandboxState {
  readonly account_id: string;
  readonly token: string;
  readonly contents: Contents;
}

/** The state file cannot be read, is none, or is written by someone else at the same time. */
export class StateFileError extends Error {
  override readonly name = "StateFileError" as const;
}

const FORMAT = "warren-sandbox";
/** The first version had tunnels only: a sandbox that reads no more than that would lose the rest. */
const VERSION = 2;

/**
 * The state as text, one line a record. `texts` keeps each record's line while it is the same, so that a write costs
 * little more than copying.
 */
export function stateText(state: SandboxState, texts: WeakMap<Kept, string>): string {
  const { contents, ...rest } = state;
  const head = JSON.stringify({ format: FORMAT, version: VERSION, ...rest });
  const tables = Object.entries(contents).map(([name, rows]) => {
    const lines = rows.map((row) => lineOf(row, texts));
    return `,${JSON.stringify(name)}:[\n${lines.join(",\n")}\n]`;
  });
  return `${head.slice(0, -1)}${tables.join("")}}\n`;
}

function lineOf(row: Kept, texts: WeakMap<Kept, string>): string {
  const known = texts.get(row);
  if (known !== undefined) {
    return known;
  }
  const text = JSON.stringify(row);
  texts.set(row, text);
  return text;
}

/**
 * Reads what `stateText` wrote, in this version or an earlier one, which lacks the tables that were not there yet.
 * Throws a `StateFileError` that names the file for anything else.
 */
export function parseState(text: string, path: string, tables: readonly Table<Kept>[]): SandboxState {
  const state = parseJson(text);
  if (!isObject(state) || state["format"] !== FORMAT) {
    throw new StateFileError(
      `${path} is not a sandbox's state file, or is damaged. Move it away to start with an empty account.`,
    );
  }
  const { version, account_id, token } = state;
  if (version !== 1 && version !== VERSION) {
    throw new StateFileError(
      `${path} has version ${JSON.stringify(version)} of the state format; this sandbox reads 1 and ${VERSION}.`,
    );
  }
  if (typeof account_id !== "string" || typeof token !== "string" || !Array.isArray(state["tunnels"])) {
    throw new StateFileError(`${path} lacks account_id, token or tunnels.`);
  }
  const contents = tables.flatMap(({ name, isRow }): readonly [string, readonly Kept[]][] => {
    const rows = state[name];
    if (rows === undefined) {
      return [];
    }
    const damaged = Array.isArray(rows) ? rows.findIndex((row: unknown) => !isRow(row)) : 0;
    if (damaged >= 0) {
      throw new StateFileError(`${path} is damaged: entry ${damaged} of ${name} is none.`);
    }
    return [[name, rows as readonly Kept[]]]; // Each has just been checked.
  });
  return { account_id, token, contents: Object.fromEntries(contents) };
}
