import { flag } from "../wire/filters.ts";
import type { Filter } from "../wire/list.ts";
import type { DnsRecord } from "./records.ts";

type Known = { readonly [parameter: string]: Filter<DnsRecord> };

/** A text by what it is, holds, begins or ends with, in any case. */
function ofText(name: string, textsOf: (record: DnsRecord) => readonly string[]): Known {
  const by =
    (holds: (own: string, wanted: string) => boolean): Filter<DnsRecord> =>
    (value) =>
    (record) =>
      textsOf(record).some((own) => holds(own.toLowerCase(), value.toLowerCase()));
  const exact = by((own, wanted) => own === wanted);
  return {
    [name]: exact,
    [`${name}.exact`]: exact,
    [`${name}.contains`]: by((own, wanted) => own.includes(wanted)),
    [`${name}.startswith`]: by((own, wanted) => own.startsWith(wanted)),
    [`${name}.endswith`]: by((own, wanted) => own.endsWith(wanted)),
  };
}

/** Whether there is a tag of this name, whatever its value. */
function hasTag({ tags }: DnsRecord, name: string): boolean {
  return tags.some((tag) => tag.split(":")[0]?.toLowerCase() === name.toLowerCase());
}

export const recordFilters: Known = {
  ...ofText("name", ({ name }) => [name]),
  ...ofText("content", ({ content }) => [content]),
  ...ofText("comment", ({ comment }) => [comment]),
  ...ofText("tag", ({ tags }) => tags),
  "comment.present": () => (record) => record.comment !== "",
  "comment.absent": () => (record) => record.comment === "",
  // A bare name asks for the tag with any value.
  tag: (value) => (record) =>
    value.includes(":")
      ? record.tags.some((tag) => tag.toLowerCase() === value.toLowerCase())
      : hasTag(record, value),
  "tag.present": (value) => (record) => hasTag(record, value),
  "tag.absent": (value) => (record) => !hasTag(record, value),
  type: (value) => (record) => record.type === value.toUpperCase(),
  proxied: flag((record) => record.proxied),
  search: (value) => (record) =>
    [record.name, record.content, record.comment, ...record.tags].some((text) =>
      text.toLowerCase().includes(value.toLowerCase()),
    ),
};

/** The order that the query asks for; null where it asks for none. */
export function recordOrder(query: URLSearchParams): ((a: DnsRecord, b: DnsRecord) => number) | null {
  const by = query.get("order");
  if (by !== "type" && by !== "name" && by !== "content" && by !== "ttl" && by !== "proxied") {
    return null;
  }
  const sign = query.get("direction") === "desc" ? -1 : 1;
  return (a, b) => (a[by] < b[by] ? -sign : a[by] > b[by] ? sign : 0);
}
