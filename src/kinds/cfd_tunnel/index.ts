import { tunnelKind } from "../tunnel/tunnel.ts";

/** A tunnel that cloudflared runs. */
export const cfdTunnel = tunnelKind({
  kind: "cfd_tunnel",
  immutable: ["config_src"],
  // The list of all tunnels asks for this permission too.
  paths: ["/cfd_tunnel", "/tunnels"],
  permission: "Account > Cloudflare Tunnel",
  spec: ({ config_src, remote_config }) => {
    if (config_src === "local" || config_src === "cloudflare") {
      return { config_src };
    }
    // Older servers leave `config_src` out; then the retired `remote_config` tells.
    return typeof remote_config === "boolean" ? { config_src: remote_config ? "cloudflare" : "local" } : {};
  },
});
