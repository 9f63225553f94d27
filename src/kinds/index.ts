import type { ResourceKind } from "../engine/model/kind.ts";
import { cfdTunnel } from "./cfd_tunnel/index.ts";
import { cfdTunnelConfiguration } from "./cfd_tunnel_configuration/index.ts";
import { dnsRecord } from "./dns_record/index.ts";
import { hostnameRoute } from "./hostname_route/index.ts";
import { route } from "./route/index.ts";
import { virtualNetwork } from "./virtual_network/index.ts";
import { warpConnector } from "./warp_connector/index.ts";

/** Every kind of resource that warren manages. */
export const kinds: readonly ResourceKind[] = [
  cfdTunnel,
  cfdTunnelConfiguration,
  dnsRecord,
  hostnameRoute,
  route,
  virtualNetwork,
  warpConnector,
];
