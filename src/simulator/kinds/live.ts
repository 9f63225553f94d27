import type { Account } from "../account.ts";
import type { Kept, Table } from "../state/table.ts";
import type { Call, Endpoint } from "../wire/endpoint.ts";
import type { Refusal, Reply } from "../wire/envelope.ts";

/** Answers for one record of a table that is not deleted, found by a part of the path. */
export interface ForLive<Row> {
  /** As readers see it, lags and all. */
  reading(answer: (account: Account, row: Row) => Reply): Endpoint["answer"];
  /** As it truly is. */
  writing(answer: (call: Call, row: Row) => Reply): Endpoint["answer"];
}

export function forLive<Row extends Kept, Index extends string>(
  table: Table<Row, Index>,
  param: string,
  notFound: (account: Account) => Refusal,
): ForLive<Row> {
  return {
    reading: (answer) => (call) => {
      const row = call.account.tables.of(table).read(call.param(param));
      return row?.deleted_at === null ? answer(call.account, row) : notFound(call.account);
    },
    writing: (answer) => (call) => {
      const row = call.account.tables.of(table).getLive(call.param(param));
      return row ? answer(call, row) : notFound(call.account);
    },
  };
}
