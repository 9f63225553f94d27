import { isObject, isUuid } from "../../base/json.ts";
import { ApiError } from "../../cloudflare/error.ts";
import type { NewResource, ResourceKind } from "../../engine/model/kind.ts";
import type { ActualResource, JsonValue, Spec } from "../../engine/model/resource.ts";
import { GONE, type Row, textOrNull, timeOrNull, unlessGone, unreadable } from "../../tunnels/row.ts";
import { cfdTunnel, TUNNEL_DOMAIN } from "../cfd_tunnel/index.ts";
import { cfdTunnelConfiguration } from "../cfd_tunnel_configuration/index.ts";
import { dnsNameOf } from "../../ingress/hostname.ts";
import { zones } from "./zones.ts";

const KIND = "dns_record";

/** What cannot stand beside a CNAME of the same name. */
const EXCLUSIVE: ReadonlySet<unknown> = new Set(["A", "AAAA", "CNAME", "NS"]);

/** A record of that name is there already: any, a CNAME, or the very same one. */
const TAKEN = [81053, 81054, 81057, 81058];
const IDENTICAL = [81057, 81058];

/**
 * A public name that leads to a tunnel: a proxied CNAME to `<tunnel id>.cfargotunnel.com`, in a zone of the same account.
 * It is ours by its content, and it outlives its tunnel. Written by PATCH: a PUT resets what it leaves out.
 * https://developers.cloudflare.com/api/resources/dns/subresources/records/
 */
export const dnsRecord: ResourceKind & Required<Pick<ResourceKind, "delete" | "swap">> = {
  kind: KIND,
  immutable: ["type"],
  references: { content: { to: [cfdTunnel.kind], output: "cname" } },
  // Records have no facts that say whose they are.
  ownedBy: { attribute: "content", taken: "dns_points_elsewhere", facts: { kind: "", name: "" } },
  servedBy: cfdTunnelConfiguration.kind,
  within: zones,
  showsAll: false,
  foreign: (holders) =>
    holders.every(isTunnels)
      ? null
      : {
          code: "dns_conflict",
          records: holders.map(({ id, spec: { type, content, comment } }) => ({
            id,
            type: textOrNull(type) ?? "",
            content: textOrNull(content) ?? "",
            comment: textOrNull(comment) ?? "",
          })),
        },
  async ownerDeletedAt(client, { spec: { content } }) {
    const [id = ""] = (textOrNull(content) ?? "").split(".");
    // What is deleted stays readable by id, to its own account.
    const row = isUuid(id)
      ? await unlessGone(client.get(`/${cfdTunnel.kind}/${encodeURIComponent(id)}`))
      : GONE;
    return isObject(row) ? timeOrNull(row["deleted_at"]) : null;
  },
  card: {
    noun: "DNS record",
    paths: ["/zones"],
    permission: "Zone > DNS",
    apart: {
      "/zones": {
        permission: "Zone > Zone",
        instead: "Or name the zones under `zones`, each with its `id`: that needs no list of them.",
      },
    },
    keeps: ["id"],
    defaults: { comment: "", proxied: true, type: "CNAME" },
    item: { main: "name", references: {}, attributes: ["comment"] },
    exportedAs: "dns",
    givesToken: false,
  },
  identityOf: ({ name, zone_id }) =>
    typeof name === "string" && typeof zone_id === "string" ? `${name}@${zone_id}` : null,
  normalise: ({ name, content, ...rest }) => ({
    ...rest,
    ...(typeof name === "string" ? { name: dnsNameOf(name) } : {}),
    ...(content === undefined ? {} : { content: typeof content === "string" ? dnsNameOf(content) : content }),
  }),
  async list(client, zone) {
    const ids = zone === undefined ? (await zones.list(client, [])).map(({ id }) => id) : [zone];
    const query = { type: "CNAME", "content.endswith": `.${TUNNEL_DOMAIN}` };
    const found = await Promise.all(
      ids.map((id) =>
        client.list(pathOf(id), query, (row) => {
          const record = toResource(row, id, pathOf(id));
          return isTunnels(record) ? record : null;
        }),
      ),
    );
    return found.flat();
  },
  async read(client, id, zone) {
    const path = itemOf(zone, id);
    const row = await unlessGone(client.get(path));
    if (row === GONE) {
      return null;
    }
    const record = toResource(row, zone ?? "", path);
    if (record.id !== id) {
      throw unreadable("GET", path, `asked for ${id}, got ${record.id}`);
    }
    return record;
  },
  find: (client, { spec: { name, zone_id } }) =>
    client.find(pathOf(textOf(zone_id)), { "name.exact": textOf(name) }, (row) => {
      const record = toResource(row, textOf(zone_id), pathOf(textOf(zone_id)));
      return record.name === name && EXCLUSIVE.has(record.spec["type"]) ? record : null;
    }),
  async create(client, wanted) {
    const zone = textOf(wanted.spec["zone_id"]);
    const path = pathOf(zone);
    try {
      return written(await client.post(path, bodyOf(wanted)), null, zone, "POST", path);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.errors.some(({ code }) => TAKEN.includes(code ?? 0))) {
        throw error;
      }
      const found = error.errors.some(({ code }) => IDENTICAL.includes(code ?? 0))
        ? await dnsRecord.find(client, wanted)
        : [];
      const same = found.find(({ spec }) => isDone(spec, wanted.spec));
      if (same === undefined) {
        throw taken(error);
      }
      return { ...same, wasThere: true };
    }
  },
  async update(client, id, { spec }, zone) {
    const path = itemOf(zone, id);
    written(await client.patch(path, spec, { atOnce: true }), id, zone ?? "", "PATCH", path);
  },
  async delete(client, id, zone) {
    const path = itemOf(zone, id);
    const answer = await unlessGone(client.delete(path, undefined, { atOnce: true }));
    if (answer !== GONE && (!isObject(answer) || answer["id"] !== id)) {
      throw unreadable("DELETE", path, "the answer to a write does not hold the DNS record", true);
    }
  },
  /** One transaction: at no moment has the name no record. */
  async swap(client, id, wanted) {
    const zone = textOf(wanted.spec["zone_id"]);
    const path = `${pathOf(zone)}/batch`;
    const answer = await client.post(path, { deletes: [{ id }], posts: [bodyOf(wanted)] }, { atOnce: true });
    const posts = isObject(answer) ? answer["posts"] : null;
    return written(Array.isArray(posts) ? posts[0] : null, null, zone, "POST", path);
  },
};

function pathOf(zone: string): string {
  return `/zones/${encodeURIComponent(zone)}/dns_records`;
}

function itemOf(zone: string | undefined, id: string): string {
  if (zone === undefined) {
    throw new Error("Internal error: a DNS record of no zone");
  }
  return `${pathOf(zone)}/${encodeURIComponent(id)}`;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value !== "string") {
    throw new Error("Internal error: a DNS record without a name or a zone");
  }
  return value;
}

/** A proxied record's time to live is always automatic, and the API wants to be told one. */
function bodyOf({ spec }: Pick<NewResource, "spec">): Spec {
  const { zone_id: _, ...fields } = spec;
  return { ttl: 1, ...fields };
}

function isTunnels({ spec: { type, content } }: ActualResource): boolean {
  return type === "CNAME" && typeof content === "string" && content.endsWith(`.${TUNNEL_DOMAIN}`);
}

function isDone(live: Spec, wanted: Spec): boolean {
  return Object.entries(wanted).every(([attribute, value]) => live[attribute] === value);
}

function toResource(row: unknown, zone: string, path: string): ActualResource {
  if (!isObject(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  const { id, name, type, content } = row;
  if (typeof id !== "string" || !/^[0-9a-f]{32}$/i.test(id)) {
    throw unreadable("GET", path, "a row has no id");
  }
  if (typeof name !== "string" || name === "" || typeof type !== "string") {
    throw unreadable("GET", path, `DNS record ${id} has no ${typeof type === "string" ? "name" : "type"}`);
  }
  const spec: Spec = {
    name: dnsNameOf(name),
    type,
    zone_id: zone,
    ...(typeof content === "string" ? { content: type === "CNAME" ? dnsNameOf(content) : content } : {}),
    ...reported(row),
  };
  const facts = { created_at: timeOrNull(row["created_on"]) };
  return { kind: KIND, name: dnsNameOf(name), id: id.toLowerCase(), spec, facts };
}

/** No comment is an empty one. */
function reported({ proxied, comment = null }: Row): Spec {
  return {
    ...(typeof proxied === "boolean" ? { proxied } : {}),
    comment: textOrNull(comment) ?? "",
  };
}

/** A yes without the row that was written says nothing. */
function written(
  answer: unknown,
  id: string | null,
  zone: string,
  method: string,
  path: string,
): ActualResource {
  try {
    const record = toResource(answer, zone, path);
    if (id === null || record.id === id) {
      return record;
    }
  } catch {
    // Said below, in the words that fit a write.
  }
  throw unreadable(method, path, "the answer to a write does not hold the DNS record", true);
}

/** The API says so with another status than it has for that elsewhere. */
function taken(error: ApiError): ApiError {
  const { what, method, path, errors } = error;
  return new ApiError(what, { failure: "refused", method, path, status: 409, errors });
}
