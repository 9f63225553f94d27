import type { Account } from "./account.ts";
import { attach, detach, readConnectorOptions } from "./connectors.ts";
import { noRoute, notFound, success, unreadable, type Reply } from "./envelope.ts";
import type { SimulatorRequest } from "./exchange.ts";
import { isObject, isUuid, parseJson } from "./json.ts";
import { rowText } from "./rows.ts";
import { readSeeds, seed } from "./seed.ts";
import type { Traffic } from "./traffic.ts";
import { withSwitches, type Switches } from "./switches.ts";

/** Where the control path lies: beside the API, never below it. */
export const CONTROL_PATH = "/sandbox";

/**
 * The sandbox's own endpoints, for what only the outside world does to an account. Faults and the rate limit do not
 * touch them, and they are not counted. `docs/sandbox.md` lists them.
 */
export function control(
  account: Account,
  traffic: Traffic,
  set: (switches: Switches) => Switches,
  request: SimulatorRequest,
  query: URLSearchParams,
): Reply {
  const [path = ""] = request.path.split("?");
  const [, , first, id = "", last, ...more] = path.split("/");
  const body = request.body === null || request.body === "" ? {} : parseJson(request.body);
  const call = `${request.method} ${[first, id && "{id}", last, ...more].filter(Boolean).join("/")}`;
  try {
    switch (call) {
      case "GET switches":
        return success(account.switches);
      case "PATCH switches":
        if (!isObject(body)) {
          return unreadable("Switches are an object.");
        }
        return success(set(withSwitches(body, account.switches)));
      case "GET counts":
        return success(traffic.counts());
      case "DELETE counts":
        traffic.reset();
        return success(traffic.counts());
      case "POST tunnels": {
        const rows = seed(account, readSeeds(body)).map((tunnel) => rowText(account, tunnel));
        return { ok: true, result: `[${rows.join(",")}]` };
      }
      case "POST tunnels/{id}/connectors":
      case "DELETE tunnels/{id}/connectors":
      case "POST tunnels/{id}/migrate":
        return controlTunnel(account, id.toLowerCase(), call, body, query);
      default:
        return noRoute(404, path);
    }
  } catch (error) {
    // What the functions called here throw is a sentence for the caller.
    if (error instanceof Error) {
      return unreadable(error.message);
    }
    throw error;
  }
}

function controlTunnel(
  account: Account,
  id: string,
  call: string,
  body: unknown,
  query: URLSearchParams,
): Reply {
  const tunnel = account.store.get(id);
  if (!tunnel) {
    return notFound(account.switches);
  }
  if (call.startsWith("POST") && call.endsWith("migrate")) {
    migrate(account, id);
    return { ok: true, result: rowText(account, account.store.get(id) ?? tunnel) };
  }
  if (call.startsWith("POST")) {
    if (!isObject(body)) {
      return unreadable("Connector options are an object.");
    }
    return success(shown(attach(account, tunnel, readConnectorOptions(body))));
  }
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
}

/** What the dashboard's "migrate" does: a locally configured tunnel becomes a remotely configured one. */
export function migrate(account: Account, id: string): void {
  const tunnel = account.store.get(id);
  if (!tunnel || !("config_src" in tunnel.attributes)) {
    throw new Error("Only a cfd_tunnel can be migrated.");
  }
  account.store.put({ ...tunnel, attributes: { ...tunnel.attributes, config_src: "cloudflare" } });
}

/** A connector without the secret it runs on. */
function shown({
  id,
  version,
  arch,
}: {
  readonly id: string;
  readonly version: string;
  readonly arch: string;
}) {
  return { id, version, arch };
}
