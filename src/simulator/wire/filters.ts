import type { Kept } from "../state/table.ts";
import { isUuid } from "./json.ts";
import type { Filter } from "./list.ts";

/** A text field that is exactly the value. */
export function equals<Row>(field: (row: Row) => string): Filter<Row> {
  return (value) => (row) => field(row) === value;
}

/** An id, in any case. */
export function isId<Row>(field: (row: Row) => string): Filter<Row> {
  return (value) => (isUuid(value) ? (row) => field(row) === value.toLowerCase() : null);
}

/** What is so of a row, or is not. */
export function flag<Row>(holds: (row: Row) => boolean): Filter<Row> {
  return (value) => {
    if (value !== "true" && value !== "false") {
      return null;
    }
    return (row) => holds(row) === (value === "true");
  };
}

/** What was so at a time. */
export function atTime<Row>(holds: (row: Row, time: number) => boolean): Filter<Row> {
  return (value, { account: { switches } }) => {
    const isEncoded = switches.encoded_times === "accepted";
    const text = isEncoded ? value.replaceAll(/%3A/gi, ":").replaceAll(/%2B/gi, "+") : value;
    const isTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
    const time = isTime ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? null : (row) => holds(row, time);
  };
}

/** The row was there, and not deleted, at that time. */
export function existed({ created_at, deleted_at }: Kept, time: number): boolean {
  return created_at <= time && (deleted_at === null || time < deleted_at);
}

/** What the lists of all kinds know. */
export const commonFilters = {
  is_deleted: flag<Kept>((row) => row.deleted_at !== null),
  existed_at: atTime<Kept>(existed),
} as const;
