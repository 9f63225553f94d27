import type { Run } from "../command.ts";
import { isUuid } from "../../base/json.ts";
import type { CloudflareClient, Query } from "../../cloudflare/client.ts";
import { ApiError } from "../../cloudflare/error.ts";
import { byKindAndName } from "../../engine/model/resource.ts";
import { eachKind, refusedOr } from "../../tunnels/find.ts";
import { hasTunnels, listTunnels } from "../../tunnels/api.ts";
import { TUNNEL_KINDS, type Tunnel } from "../../tunnels/tunnel-row.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import { listFields, listGaps, type Listing, renderList } from "../../render/text/list.ts";
import type { ApiOptions } from "../args/options.ts";
import { tableOptions, type WideOption } from "../terminal/table-options.ts";
import { withSession } from "../session/session.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";

/** What narrows a list: the API's own filters. Times are RFC 3339. */
export interface ListFilters {
  /** Sorts of tunnels, or kinds that are none. */
  readonly kind: readonly string[];
  readonly deleted: boolean;
  readonly name?: string;
  readonly id?: string;
  readonly prefix?: string;
  readonly excludePrefix?: string;
  readonly status?: string;
  readonly existedAt?: string;
  readonly wasActiveAt?: string;
  readonly wasInactiveAt?: string;
}

export type ListOptions = ApiOptions & ListFilters & WideOption;

/** Shows the account's tunnels, of both kinds in one table, or those that the filters leave. */
export async function list(run: Run<ListOptions>): Promise<ExitCode> {
  const { options, printer, waiting } = run;
  if (options.id !== undefined && !isUuid(options.id)) {
    throw new UserError("usage", "--id is no tunnel's. For a DNS record's: --kind dns_record.");
  }
  return withSession(run, async (session) => {
    const { client, accountId } = session;
    const listing = await waiting.reading("Reading the account", readListing(client, options));
    if (options.format === "json") {
      printer.result(toJson(resultDocument(accountId, listFields(listing))));
    } else {
      printer.result(renderList(listing, tableOptions(run, session)));
    }
    for (const gap of listGaps(listing)) {
      printer.rendered(`${gap}\n`);
    }
    return EXIT.done;
  });
}

async function readListing(client: CloudflareClient, filters: ListFilters): Promise<Listing> {
  const [kind, another] = filters.kind;
  if (kind === undefined) {
    return readBothKinds(client, filters);
  }
  // One kind that has a list of its own needs the permission for that kind alone.
  const own = another === undefined && TUNNEL_KINDS.some((managed) => managed === kind);
  const tunnels = own
    ? await read(client, `/${kind}`, [kind], filters)
    : await readTogether(client, filters.kind, filters);
  return { tunnels: sorted(tunnels), refused: [] };
}

/**
 * Both kinds in one request. Credentials that may not read one of them get the other's rows alone, or a refusal; so
 * where no WARP row came, its own list is asked whether there is none.
 */
async function readBothKinds(client: CloudflareClient, filters: ListFilters): Promise<Listing> {
  const together = await refusedOr(() => readTogether(client, TUNNEL_KINDS, filters));
  if (together instanceof ApiError) {
    const { tunnels, refused } = await eachKind((kind) => read(client, `/${kind}`, [kind], filters));
    return { tunnels: sorted(tunnels), refused };
  }
  if (together.some(({ kind }) => kind === "warp_connector")) {
    return { tunnels: sorted(together), refused: [] };
  }
  const others = await refusedOr(() => hasTunnels(client, "warp_connector", queryOf(filters)));
  if (others instanceof ApiError) {
    return { tunnels: sorted(together), refused: [{ kind: "warp_connector", error: others }] };
  }
  const warp = others ? await read(client, "/warp_connector", ["warp_connector"], filters) : [];
  return { tunnels: sorted([...together, ...warp]), refused: [] };
}

function readTogether(
  client: CloudflareClient,
  kinds: readonly string[],
  filters: ListFilters,
): Promise<readonly Tunnel[]> {
  return read(client, "/tunnels", kinds, filters, { tun_types: kinds.join(",") });
}

function read(
  client: CloudflareClient,
  path: string,
  kinds: readonly string[],
  filters: ListFilters,
  more: Query = {},
): Promise<readonly Tunnel[]> {
  return listTunnels(
    client,
    path,
    { ...more, ...queryOf(filters) },
    (tunnel) => kinds.includes(tunnel.kind) && matches(tunnel, filters),
  );
}

function queryOf(filters: ListFilters): Query {
  const given = {
    name: filters.name,
    uuid: filters.id,
    include_prefix: filters.prefix,
    exclude_prefix: filters.excludePrefix,
    status: filters.status,
    existed_at: filters.existedAt,
    was_active_at: filters.wasActiveAt,
    was_inactive_at: filters.wasInactiveAt,
  };
  return {
    is_deleted: filters.deleted,
    ...Object.fromEntries(
      Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

/** Whether a row is one that the filters leave, as far as the row itself tells. */
function matches(tunnel: Tunnel, filters: ListFilters): boolean {
  const { name, id, prefix, excludePrefix, status, existedAt } = filters;
  return (
    (tunnel.deleted_at !== null) === filters.deleted &&
    (name === undefined || tunnel.name === name) &&
    (id === undefined || tunnel.id === id) &&
    (prefix === undefined || tunnel.name.startsWith(prefix)) &&
    (excludePrefix === undefined || !tunnel.name.startsWith(excludePrefix)) &&
    (status === undefined || tunnel.status === status) &&
    (existedAt === undefined || existed(tunnel, Date.parse(existedAt)))
  );
}

function existed({ created_at, deleted_at }: Tunnel, time: number): boolean {
  // A time that cannot be read rules nothing out.
  return !(Date.parse(created_at ?? "") > time) && !(Date.parse(deleted_at ?? "") <= time);
}

function sorted(tunnels: readonly Tunnel[]): readonly Tunnel[] {
  return [...tunnels].sort(byKindAndName);
}
