import type { Account } from "../account.ts";
import { readFields } from "../wire/checks.ts";
import { controlBody } from "../wire/body.ts";
import { needsNothing, type Call, type Endpoint } from "../wire/endpoint.ts";
import { notFound, success, unreadable, type Reply } from "../wire/envelope.ts";
import { isUuid } from "../wire/json.ts";
import { attach, configure, connectorOptions, detach } from "./connectors.ts";
import { rowText } from "./rows.ts";
import { tunnels, type Tunnel } from "./tunnel.ts";

/** What the outside world does to a tunnel: connectors come and go, and the dashboard migrates. */
export const tunnelControl: readonly Endpoint[] = [
  endpoint("POST", "connectors", ({ account, request }, tunnel) => {
    const options = readFields(controlBody(request), connectorOptions, "A connector");
    // Without the secret that it runs on.
    const { id, version, arch } = attach(account, tunnel, options);
    return success({ id, version, arch });
  }),
  endpoint("PATCH", "connectors/{connector_id}", ({ account, request, param }, tunnel) => {
    const { config_lag_ms } = connectorOptions;
    const fields = readFields(controlBody(request), { config_lag_ms }, "A connector");
    const lag = fields["config_lag_ms"];
    if (lag === undefined) {
      throw new Error("A connector is told its config_lag_ms, and nothing else.");
    }
    configure(account, tunnel, param("connector_id"), typeof lag === "number" ? lag : null);
    return success(null);
  }),
  endpoint("DELETE", "connectors", ({ account, query }, tunnel) => {
    const client = query.get("client_id");
    const connections = query.get("connections");
    if (client !== null && !isUuid(client)) {
      return unreadable("client_id is not a UUID.");
    }
    if (connections !== null && !/^[1-9]\d*$/.test(connections)) {
      return unreadable("connections is no number.");
    }
    detach(account, tunnel, {
      ...(client !== null && { client_id: client.toLowerCase() }),
      ...(connections !== null && { connections: Number(connections) }),
    });
    return success(null);
  }),
  endpoint("POST", "migrate", ({ account }, tunnel) => ({
    ok: true,
    result: rowText(account, migrate(account, tunnel)),
  })),
];

/** What the dashboard's "migrate" does: a locally configured tunnel becomes a remotely configured one. */
export function migrate(account: Account, tunnel: Tunnel): Tunnel {
  if (!("config_src" in tunnel.attributes)) {
    throw new Error("Only a cfd_tunnel can be migrated.");
  }
  const migrated = { ...tunnel, attributes: { ...tunnel.attributes, config_src: "cloudflare" } };
  account.tables.of(tunnels).put(migrated);
  return migrated;
}

function endpoint(
  method: Endpoint["method"],
  what: string,
  answer: (call: Call, tunnel: Tunnel) => Reply,
): Endpoint {
  return {
    method,
    path: `/tunnels/{tunnel_id}/${what}`,
    lacks: needsNothing,
    answer: (call) => {
      const tunnel = call.account.tables.of(tunnels).get(call.param("tunnel_id"));
      return tunnel ? answer(call, tunnel) : notFound(call.account.switches);
    },
  };
}
