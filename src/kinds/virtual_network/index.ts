import { isObject, isUuid } from "../../base/json.ts";
import type { CloudflareClient, Query } from "../../cloudflare/client.ts";
import type { ResourceKind } from "../../engine/model/kind.ts";
import type { ActualResource, Spec } from "../../engine/model/resource.ts";
import { GONE, timeOrNull, unlessGone, unreadable } from "../../tunnels/row.ts";

const COLLECTION = "/teamnet/virtual_networks";
const item = (id: string) => `${COLLECTION}/${encodeURIComponent(id)}`;
const live = { is_deleted: false };

/**
 * A range of addresses of its own, in which routes lie. An account has one default network: promoting another demotes
 * it, and it is neither demoted nor deleted by itself.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/virtual_networks/
 */
export const virtualNetwork: ResourceKind & Required<Pick<ResourceKind, "delete">> = {
  kind: "virtual_network",
  immutable: [],
  card: {
    noun: "virtual network",
    paths: ["/teamnet"],
    permission: "Account > Cloudflare One Networks",
    keeps: ["id", "routes"],
    defaults: { comment: "", is_default_network: false },
    initial: { name: "default", spec: { comment: "", is_default_network: true } },
    givesToken: false,
  },
  forbids: (actual, wanted) => {
    const demotes = wanted === null || wanted["is_default_network"] === false;
    return actual?.spec["is_default_network"] === true && demotes
      ? { code: "default_network", id: actual.id, name: actual.name }
      : null;
  },
  list: (client) => listed(client, live),
  async read(client, id) {
    const row = await unlessGone(client.get(item(id)));
    const resource = row === GONE ? null : toResource(row, item(id));
    if (resource !== null && resource.id !== id) {
      throw unreadable("GET", item(id), `asked for ${id}, got ${resource.id}`);
    }
    return resource;
  },
  async find(client, { name }) {
    const found = await listed(client, { name, ...live });
    // The API ignores a filter that it does not know, so each row is held against it.
    return found.filter((resource) => resource.name === name);
  },
  async create(client, { name, spec }) {
    return written(await client.post(COLLECTION, { name, ...spec }), null, "POST", COLLECTION);
  },
  async update(client, id, { name, spec }) {
    const body = { ...(name === undefined ? {} : { name }), ...spec };
    written(await client.patch(item(id), body, { atOnce: true }), id, "PATCH", item(id));
  },
  async delete(client, id) {
    const answer = await unlessGone(client.delete(item(id), undefined, { atOnce: true }));
    if (answer !== GONE && (!isObject(answer) || answer["id"] !== id)) {
      throw unreadable("DELETE", item(id), "the answer to a write does not hold the virtual network", true);
    }
  },
};

/** One answer holds them all: the API has no pages here. */
function listed(client: CloudflareClient, query: Query): Promise<readonly ActualResource[]> {
  return client.list(COLLECTION, query, (row) => toResource(row, COLLECTION), "whole");
}

/** What a row shows; null where it is deleted. */
function toResource(row: unknown, path: string): ActualResource | null {
  if (!isObject(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  if (timeOrNull(row["deleted_at"]) !== null) {
    return null;
  }
  const { id, name, comment, is_default_network, is_default } = row;
  if (!isUuid(id)) {
    throw unreadable("GET", path, "a row has no id");
  }
  if (typeof name !== "string" || name === "") {
    throw unreadable("GET", path, `virtual network ${id} has no name`);
  }
  // Older servers know the older spelling alone.
  const isDefault = is_default_network ?? is_default;
  const spec: Spec = {
    ...(typeof comment === "string" ? { comment } : {}),
    ...(typeof isDefault === "boolean" ? { is_default_network: isDefault } : {}),
  };
  const facts = { created_at: timeOrNull(row["created_at"]) };
  return { kind: "virtual_network", name, id: id.toLowerCase(), spec, facts };
}

/** A yes without the row that was written says nothing. */
function written(answer: unknown, id: string | null, method: string, path: string): ActualResource {
  try {
    const resource = toResource(answer, path);
    if (resource !== null && (id === null || resource.id === id)) {
      return resource;
    }
  } catch {
    // Said below, in the words that fit a write.
  }
  throw unreadable(method, path, "the answer to a write does not hold the virtual network", true);
}
