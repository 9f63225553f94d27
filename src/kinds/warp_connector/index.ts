import { tunnelKind } from "../tunnel/tunnel.ts";

/** A tunnel that a WARP connector runs. The API takes `ha` at creation and never reports it. */
export const warpConnector = tunnelKind({
  kind: "warp_connector",
  immutable: ["ha"],
  paths: ["/warp_connector"],
  permission: "Account > Cloudflare One Connector: WARP",
  spec: () => ({}),
});
