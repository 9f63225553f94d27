import { isObject, isUuid } from "../../base/json.ts";
import type { CloudflareClient, Query } from "../../cloudflare/client.ts";
import type { NewResource, ResourceKind } from "../../engine/model/kind.ts";
import type { ActualResource, JsonValue, Spec } from "../../engine/model/resource.ts";
import { GONE, type Row, textOrNull, timeOrNull, unlessGone, unreadable } from "../../tunnels/row.ts";

/** What tells the private networks' collections apart. */
export interface Rows {
  readonly kind: string;
  readonly noun: string;
  /** Below the account. */
  readonly path: string;
  readonly paging: "pages" | "whole";
  /** What a row shows of the attributes that a user may write; a text says what it lacks. */
  spec(row: Row): Spec | string;
  /** What people call a row; null where it has no name. */
  name(row: Row): string | null;
  /** The filters by which one is looked for. The API ignores one that it does not know, so each row is held against it. */
  filters(wanted: Pick<NewResource, "name" | "spec">): Query;
  isFound(resource: ActualResource, wanted: Pick<NewResource, "name" | "spec">): boolean;
  /** Whether the API takes a name beside the attributes. */
  readonly isNamed: boolean;
  /** Read-only fields worth showing, beside `created_at`. */
  readonly facts?: readonly string[];
}

type Methods = Required<Pick<ResourceKind, "list" | "read" | "find" | "create" | "update" | "delete">>;

const live = { is_deleted: false };

/** How one of these collections is read and written: each row an object with a UUID, changed by PATCH. */
export function methodsOf(rows: Rows): Methods {
  const { path, noun, isNamed } = rows;
  const item = (id: string) => `${path}/${encodeURIComponent(id)}`;
  const list = (client: CloudflareClient, query: Query) =>
    client.list(path, query, (row) => toResource(row, rows, path), rows.paging);
  return {
    list: (client) => list(client, live),
    async read(client, id) {
      const row = await unlessGone(client.get(item(id)));
      const resource = row === GONE ? null : toResource(row, rows, item(id));
      if (resource !== null && resource.id !== id) {
        throw unreadable("GET", item(id), `asked for ${id}, got ${resource.id}`);
      }
      return resource;
    },
    async find(client, wanted) {
      const found = await list(client, { ...rows.filters(wanted), ...live });
      return found.filter((resource) => rows.isFound(resource, wanted));
    },
    async create(client, { name, spec }) {
      const body = { ...(isNamed ? { name } : {}), ...spec };
      return written(await client.post(path, body), null, "POST", rows);
    },
    async update(client, id, { name, spec }) {
      const body = { ...(name === undefined ? {} : { name }), ...spec };
      written(await client.patch(item(id), body, { atOnce: true }), id, "PATCH", rows);
    },
    async delete(client, id) {
      const answer = await unlessGone(client.delete(item(id), undefined, { atOnce: true }));
      if (answer !== GONE && (!isObject(answer) || answer["id"] !== id)) {
        throw unreadable("DELETE", item(id), `the answer to a write does not hold the ${noun}`, true);
      }
    },
  };
}

/** What a row shows; null where it is deleted. */
function toResource(row: unknown, rows: Rows, path: string): ActualResource | null {
  if (!isObject(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  if (timeOrNull(row["deleted_at"]) !== null) {
    return null;
  }
  const { id } = row;
  if (!isUuid(id)) {
    throw unreadable("GET", path, "a row has no id");
  }
  const name = rows.name(row);
  const spec = rows.spec(row);
  if (name === null || typeof spec === "string") {
    const lacks = typeof spec === "string" ? spec : "name";
    throw unreadable("GET", path, `${rows.noun} ${id} has no ${lacks}`);
  }
  const facts = Object.fromEntries((rows.facts ?? []).map((field) => [field, textOrNull(row[field])]));
  return {
    kind: rows.kind,
    name,
    id: id.toLowerCase(),
    spec,
    facts: { created_at: timeOrNull(row["created_at"]), ...facts },
  };
}

/** A yes without the row that was written says nothing. */
function written(answer: unknown, id: string | null, method: string, rows: Rows): ActualResource {
  const path = id === null ? rows.path : `${rows.path}/${encodeURIComponent(id)}`;
  try {
    const resource = toResource(answer, rows, path);
    if (resource !== null && (id === null || resource.id === id)) {
      return resource;
    }
  } catch {
    // Said below, in the words that fit a write.
  }
  throw unreadable(method, path, `the answer to a write does not hold the ${rows.noun}`, true);
}

/** The attributes of a row that have the form they should have. */
export function attributesOf(row: Row, types: { readonly [attribute: string]: "string" | "boolean" }): Spec {
  return Object.fromEntries(
    Object.entries(types).flatMap(([attribute, type]): readonly (readonly [string, JsonValue])[] => {
      const value = row[attribute];
      return (typeof value === "string" || typeof value === "boolean") && typeof value === type
        ? [[attribute, value]]
        : [];
    }),
  );
}

/** An attribute that is known to be a text. */
export function text(value: JsonValue | undefined): string {
  if (typeof value !== "string") {
    throw new Error("Internal error: an attribute that a resource goes by is no text");
  }
  return value;
}
