import { seedTunnel, tunnelSeedFields, type SeedTunnel } from "../seed.ts";
import { collections } from "../tunnel/collections.ts";
import { tunnelControl } from "../tunnel/control.ts";
import { allTunnels, tunnelEndpoints } from "../tunnel/endpoints.ts";
import { rowText } from "../tunnel/rows.ts";
import { tunnels, type Tunnel } from "../tunnel/tunnel.ts";
import type { Kind } from "./kind.ts";

/** Tunnels of every kind: one table, since `GET /tunnels` shows them together. */
export const tunnel: Kind<Tunnel, SeedTunnel> = {
  table: tunnels,
  endpoints: [...collections.flatMap(tunnelEndpoints), allTunnels],
  control: tunnelControl,
  seed: seedTunnel,
  seedFields: tunnelSeedFields,
  seedNeeds: ["kind", "name"],
  show: rowText,
};
