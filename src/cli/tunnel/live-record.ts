import type { CloudflareClient } from "../../cloudflare/client.ts";
import { ApiError } from "../../cloudflare/error.ts";
import type { DesiredContainer } from "../../engine/model/resource.ts";
import { dnsRecord } from "../../kinds/dns_record/index.ts";
import { zones } from "../../kinds/dns_record/zones.ts";
import { cnameOf } from "../../kinds/cfd_tunnel/index.ts";
import { textOrNull } from "../../tunnels/row.ts";
import type { LiveDifference, LiveRecord } from "../../render/problem/explain-live.ts";

/** What DNS holds under a name, and why it could not be seen. */
export interface HeldRecord {
  readonly record: LiveRecord | null;
  readonly differences: readonly LiveDifference[];
}

/** Of a name that nobody asked about. */
export const NO_RECORD: HeldRecord = { record: null, differences: [] };

/** Looks at what DNS holds under a name. Another permission than that of tunnels: a refusal is part of the answer. */
export async function lookAtRecord(
  { name, zones: named }: { readonly name: string; readonly zones: readonly DesiredContainer[] },
  client: CloudflareClient,
): Promise<HeldRecord> {
  try {
    const there = await zones.list(client, named);
    const [zone] = zones.candidates(name).flatMap((each) => there.find((one) => one.name === each) ?? []);
    const [found] =
      zone === undefined ? [] : await dnsRecord.find(client, { name, spec: { name, zone_id: zone.id } });
    if (found === undefined) {
      return { record: null, differences: [{ code: "no_record", name }] };
    }
    const { type, content, proxied } = found.spec;
    const record = {
      id: found.id,
      type: textOrNull(type) ?? "",
      content: textOrNull(content) ?? "",
      proxied: proxied === true,
    };
    return { record, differences: [] };
  } catch (error) {
    if (error instanceof ApiError) {
      return { record: null, differences: [{ code: "record_unread", name, error }] };
    }
    throw error;
  }
}

/** Where a record does not lead to a tunnel. */
export function leadsElsewhere(
  record: LiveRecord | null,
  tunnelId: string,
  name: string,
): readonly LiveDifference[] {
  if (record === null) {
    return [];
  }
  const { type, content, proxied } = record;
  if (type !== "CNAME" || content !== cnameOf(tunnelId)) {
    return [{ code: "other_record", name, type, content }];
  }
  return proxied ? [] : [{ code: "not_proxied", name }];
}
