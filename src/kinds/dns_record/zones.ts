import { isObject } from "../../base/json.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Container } from "../../engine/model/kind.ts";
import type { ActualResource, DesiredContainer } from "../../engine/model/resource.ts";
import { dnsNameOf, domainsAbove, isWildcard } from "../../ingress/hostname.ts";
import { textOrNull, unreadable } from "../../tunnels/row.ts";

const KIND = "zone";

/**
 * The domains of the account, in which DNS records lie. A name lies in the longest zone that it ends in, compared by whole
 * labels: `a.myexample.com` is none of `example.com`, and what a zone of its own is for has left its parent.
 * https://developers.cloudflare.com/api/resources/zones/
 */
export const zones: Container = {
  kind: KIND,
  attribute: "zone_id",
  missing: "zone_unknown",
  candidates: (name) => {
    const plain = dnsNameOf(name);
    const domains = domainsAbove(plain);
    // A zone has two labels at least.
    return (isWildcard(plain) ? domains : [plain, ...domains]).filter((domain) => domain.includes("."));
  },
  async list(client, named) {
    const ids = named.flatMap(({ id }) => id ?? []);
    // A token that may not list zones can read those whose ids it is told.
    if (named.length > 0 && ids.length === named.length) {
      return Promise.all(named.map((zone) => readNamed(client, zone)));
    }
    const listed = await client.list(
      "/zones",
      { "account.id": client.accountId },
      (row) => toZone(row, client.accountId, "/zones"),
      "small_pages",
    );
    const isMeant = ({ name, id }: ActualResource) =>
      named.length === 0 || named.some((zone) => dnsNameOf(zone.name) === name && (zone.id ?? id) === id);
    return listed.filter(isMeant);
  },
};

/** A zone by the id that the files give for it: under another name it is not the one that they mean. */
async function readNamed(client: CloudflareClient, { name, id }: DesiredContainer): Promise<ActualResource> {
  const path = `/zones/${encodeURIComponent(id ?? "")}`;
  const zone = toZone(await client.get(path), client.accountId, path);
  if (zone === null) {
    throw unreadable("GET", path, "the zone is another account's");
  }
  if (zone.name !== dnsNameOf(name)) {
    throw unreadable("GET", path, `the files call this zone ${name}, and Cloudflare ${zone.name}`);
  }
  return zone;
}

/** What a row shows; null where the zone is another account's. */
function toZone(row: unknown, accountId: string, path: string): ActualResource | null {
  if (!isObject(row)) {
    throw unreadable("GET", path, "a row is not an object");
  }
  const { id, name, account } = row;
  if (typeof id !== "string" || !/^[0-9a-f]{32}$/i.test(id)) {
    throw unreadable("GET", path, "a row has no id");
  }
  if (typeof name !== "string" || name === "") {
    throw unreadable("GET", path, `zone ${id} has no name`);
  }
  const owner = isObject(account) ? textOrNull(account["id"]) : null;
  return owner !== null && owner.toLowerCase() !== accountId.toLowerCase()
    ? null
    : {
        kind: KIND,
        name: dnsNameOf(name),
        id: id.toLowerCase(),
        spec: {},
        facts: { status: textOrNull(row["status"]) },
      };
}
