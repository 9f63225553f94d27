import { describe, expect, it } from "vitest";
import type { ClientRow } from "../../src/simulator/tunnel/rows.ts";
import {
  ACCOUNT,
  code,
  OTHER_SECRET,
  row,
  SECRET,
  TOKEN,
  UNKNOWN_ID,
  world,
  type Reading,
  type World,
} from "./support/world.ts";

function clients(reading: Reading): readonly ClientRow[] {
  return reading.json.result as readonly ClientRow[]; // What the endpoint answers.
}

function started(): World & { readonly id: string; readonly path: string } {
  const made = world();
  const { id } = made.create("cfd_tunnel", "web", { tunnel_secret: SECRET });
  return { ...made, id, path: `/cfd_tunnel/${id}` };
}

describe("status and times", () => {
  it("follows the connections", () => {
    const { call, simulator, id, path, advance } = started();
    const seen = () => {
      const { status, conns_active_at, conns_inactive_at } = row(call("GET", path));
      return [status, conns_active_at?.slice(17, 19) ?? null, conns_inactive_at?.slice(17, 19) ?? null];
    };
    expect(seen()).toEqual(["inactive", null, "00"]);
    advance(1000);
    const first = simulator.connect(id);
    expect(seen()).toEqual(["healthy", "01", null]);
    advance(1000);
    simulator.disconnect(id, { client_id: first.id, connections: 1 });
    expect(seen()).toEqual(["degraded", "01", null]);
    advance(1000);
    const second = simulator.connect(id);
    simulator.disconnect(id, { client_id: first.id });
    expect(seen()).toEqual(["healthy", "01", null]);
    advance(1000);
    simulator.disconnect(id, { client_id: second.id, connections: 4 });
    expect(seen()).toEqual(["down", null, "04"]);
    advance(1000);
    simulator.connect(id, { connections: 2 });
    expect(seen()).toEqual(["degraded", "05", null]);
  });
});

describe("connections and connectors", () => {
  it("shows each connector with its connections", () => {
    const { call, simulator, id, path } = started();
    const { id: client } = simulator.connect(id, {
      version: "2025.1.0",
      arch: "darwin_arm64",
      colos: ["fra01", "ams02", "lhr03"],
      origin_ip: "203.0.113.9",
      config_version: 7,
    });
    const all = clients(call("GET", `${path}/connections`));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      id: client,
      version: "2025.1.0",
      arch: "darwin_arm64",
      config_version: 7,
      run_at: "2026-11-25T08:00:00.000000Z",
    });
    expect(all[0]?.conns.map((conn) => conn.colo_name)).toEqual(["fra01", "ams02", "lhr03", "fra01"]);
    for (const conn of all[0]?.conns ?? []) {
      expect(conn).toMatchObject({
        uuid: conn.id,
        client_id: client,
        client_version: "2025.1.0",
        is_pending_reconnect: false,
        origin_ip: "203.0.113.9",
      });
    }
    expect(call("GET", `${path}/connectors/${client}`).json.result).toEqual(all[0]);
  });

  it("answers 404 for an unknown connector", () => {
    const { call, path } = started();
    expect(call("GET", `${path}/connectors/${UNKNOWN_ID}`).status).toBe(404);
  });

  it("lists nothing for a tunnel without connections, a deleted one included", () => {
    const { call, path } = started();
    expect(call("GET", `${path}/connections`).json.result).toEqual([]);
    call("DELETE", path);
    expect(call("GET", `${path}/connections`).json.result).toEqual([]);
  });

  it("cleans up all connections, or those of one connector", () => {
    const { call, simulator, id, path } = started();
    const [first, second, third] = [simulator.connect(id), simulator.connect(id), simulator.connect(id)];
    const left = () => clients(call("GET", `${path}/connections`)).map((client) => client.id);
    const answer = call("DELETE", `${path}/connections?client_id=${second.id}`);
    expect([answer.status, answer.json.result]).toEqual([200, null]);
    expect(left()).toEqual([first.id, third.id]);
    expect(call("DELETE", `${path}/connections?client_id=${UNKNOWN_ID}`).status).toBe(200);
    expect(left()).toEqual([first.id, third.id]);
    call("DELETE", `${path}/connections`);
    expect(left()).toEqual([]);
    expect(row(call("GET", path)).status).toBe("down");
  });

  it("refuses a client_id that is none", () => {
    const { call, path } = started();
    expect(code(call("DELETE", `${path}/connections?client_id=x`))).toBe(1030);
  });

  it("takes at most 25 connectors", () => {
    const { simulator, id } = started();
    for (let i = 0; i < 25; i++) {
      simulator.connect(id);
    }
    expect(() => simulator.connect(id)).toThrow("Too many");
  });
});

describe("secrets", () => {
  it("lets a connector in on the tunnel's token only", () => {
    const { call, simulator, id, path, create } = started();
    const token = String(call("GET", `${path}/token`).json.result);
    const other = create("cfd_tunnel", "other");
    expect(simulator.connect(id, { token }).secret).toBe(SECRET);
    expect(() => simulator.connect(id, { secret: OTHER_SECRET })).toThrow(
      "Unauthorized: Invalid tunnel secret",
    );
    expect(() => simulator.connect(id, { token: other.token })).toThrow("Unauthorized: Failed to get tunnel");
    expect(() => simulator.connect(id, { token: "nonsense" })).toThrow("Unauthorized");
  });

  it("keeps connections on a rotated secret, and refuses their reconnect", () => {
    const { call, simulator, id, path } = started();
    const { id: client } = simulator.connect(id, { reconnects: true });
    const token = String(call("GET", `${path}/token`).json.result);
    call("PATCH", path, { tunnel_secret: OTHER_SECRET });
    expect(row(call("GET", path)).status).toBe("healthy");
    expect(() => simulator.connect(id, { client_id: client, token })).toThrow("Invalid tunnel secret");
    call("DELETE", `${path}/connections`);
    expect(row(call("GET", path)).status).toBe("down");
  });

  it("refuses a connector of a deleted tunnel", () => {
    const { call, simulator, id, path } = started();
    call("DELETE", path);
    expect(() => simulator.connect(id)).toThrow("Unauthorized: Failed to get tunnel");
  });
});

describe("a connector that comes back", () => {
  it("is there again after a clean-up, with its id and new connections", () => {
    const { call, simulator, id, path, advance } = started();
    simulator.connect(id, { reconnects: true });
    const before = clients(call("GET", `${path}/connections`))[0];
    advance(1000);
    call("DELETE", `${path}/connections`);
    const after = clients(call("GET", `${path}/connections`))[0];
    expect(after?.id).toBe(before?.id);
    expect(after?.conns).toHaveLength(4);
    expect(after?.conns.map((conn) => conn.id)).not.toEqual(before?.conns.map((conn) => conn.id));
    const refused = call("DELETE", path);
    expect([refused.status, code(refused)]).toEqual([400, 1022]);
  });

  it("takes its time, and finds the secret rotated meanwhile", () => {
    const { call, simulator, id, path, advance } = started();
    simulator.setSwitches({ reconnect_ms: 2000 });
    simulator.connect(id, { reconnects: true });
    call("DELETE", `${path}/connections`);
    advance(1999);
    expect(row(call("GET", path)).status).toBe("down");
    advance(1);
    expect(row(call("GET", path)).status).toBe("healthy");
    call("DELETE", `${path}/connections`);
    call("PATCH", path, { tunnel_secret: OTHER_SECRET });
    advance(5000);
    expect(row(call("GET", path)).status).toBe("down");
    expect(simulator.tunnel(id)?.connectors).toEqual([]);
  });
});

describe("management", () => {
  it("gives a short-lived token for logs", () => {
    const { call, path, id } = started();
    const token = String(call("POST", `${path}/management`, { resources: ["logs"] }).json.result);
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ tun: { id }, res: ["logs"] });
    expect(token.split(".")).toHaveLength(3);
  });

  it.each(["logs", "admin", "host_details"])("gives one for %s in the path, without a body", (resource) => {
    const { raw, path, id } = started();
    const url = `/client/v4/accounts/${ACCOUNT}${path}/management/${resource}`;
    const answer = raw("POST", url, { authorization: `Bearer ${TOKEN}` });
    const claims: unknown = JSON.parse(
      Buffer.from(String(answer.json.result).split(".")[1] ?? "", "base64url").toString(),
    );
    expect(claims).toMatchObject({ tun: { id }, res: [resource] });
  });

  it("knows no other resource, and none of a WARP connector", () => {
    const { call, path, create } = started();
    expect(call("POST", `${path}/management/metrics`).status).toBe(404);
    const warp = create("warp_connector", "branch");
    expect(call("POST", `/warp_connector/${warp.id}/management/logs`).status).toBe(404);
  });

  it.each([[{}], [{ resources: [] }], [{ resources: ["admin"] }], [{ resources: "logs" }]])(
    "refuses %j",
    (body) => {
      const { call, path } = started();
      expect(code(call("POST", `${path}/management`, body))).toBe(1030);
    },
  );
});
