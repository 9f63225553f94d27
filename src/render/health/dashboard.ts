import type { Tunnel } from "../../tunnels/tunnel-row.ts";

/** A tunnel's page in Cloudflare's dashboard; the page of all where it has none of its own. */
export function dashboardUrl(accountId: string, { kind, id }: Pick<Tunnel, "kind" | "id">): string {
  const page = `https://dash.cloudflare.com/${encodeURIComponent(accountId)}/one/networks/connectors`;
  return kind === "cfd_tunnel" ? `${page}/cloudflare-tunnels/cfd_tunnel/${id}/edit?tab=overview` : page;
}
