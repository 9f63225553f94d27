import { tunnelKind } from "../tunnel/tunnel.ts";

/** The domain below which each tunnel has a name of its own, for those who lead traffic to it. */
export const TUNNEL_DOMAIN = "cfargotunnel.com";

/** A tunnel that cloudflared runs. */
export const cfdTunnel = tunnelKind({
  kind: "cfd_tunnel",
  immutable: ["config_src"],
  // The list of all tunnels asks for this permission too.
  paths: ["/cfd_tunnel", "/tunnels"],
  permission: "Account > Cloudflare Tunnel",
  spec: ({ config_src }) => (config_src === "local" || config_src === "cloudflare" ? { config_src } : {}),
  outputs: ({ id }) => ({ cname: cnameOf(id) }),
});

/** What a name in DNS leads to where it leads to a tunnel. */
export function cnameOf(id: string): string {
  return `${id}.${TUNNEL_DOMAIN}`;
}
