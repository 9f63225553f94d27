import { cfdTunnelConfiguration } from "../../kinds/cfd_tunnel_configuration/index.ts";
import { kinds } from "../../kinds/index.ts";
import { virtualNetwork } from "../../kinds/virtual_network/index.ts";
import { type Health, readHealth, type Serving } from "../../tunnels/health.ts";
import type { Session } from "../session/session.ts";
import { readSubjects, type Selection } from "./subjects.ts";

/** What a tunnel serves is told by its configuration, and by what is no part of it and yet leads to it. */
const SERVING: Serving = {
  configurations: cfdTunnelConfiguration,
  routes: {
    kinds: kinds.filter(
      ({ references, partOf }) => partOf === undefined && "tunnel_id" in (references ?? {}),
    ),
    networks: virtualNetwork,
  },
};

/** How the selected tunnels are. Sends GETs only. Throws `ApiError` or `UserError`. */
export async function readHealthOf(selection: Selection, session: Session): Promise<Health> {
  const { subjects, refused } = await readSubjects(selection, session);
  const health = await readHealth(session.client, subjects, SERVING);
  return { ...health, refused: [...refused, ...health.refused] };
}
