import { describe, expect, it } from "vitest";
import { code, row, rows, TOKEN, UNKNOWN_ID, world, type Reading, type World } from "./support/world.ts";

const AUTH = { authorization: `Bearer ${TOKEN}` };
const ask = ({ raw }: World, method: string, path: string, body?: unknown): Reading =>
  raw(method, `/sandbox${path}`, AUTH, body === undefined ? null : JSON.stringify(body));

describe("control path", () => {
  it("demands a credential that the API takes", () => {
    const { raw } = world();
    expect(raw("GET", "/sandbox/counts").status).toBe(400);
    expect(raw("GET", "/sandbox/counts", { authorization: "Bearer wrong" }).status).toBe(403);
    expect(raw("GET", "/sandbox/counts", AUTH).status).toBe(200);
  });

  it("attaches and drops connectors", () => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web");
    const status = () => row(made.call("GET", `/cfd_tunnel/${id}`)).status;
    const path = `/tunnels/${id}/connectors`;
    const attached = ask(made, "POST", path, { version: "1.2.3", colos: ["fra01"] });
    expect(attached.json.result).toEqual({ id: expect.any(String), version: "1.2.3", arch: "linux_amd64" });
    ask(made, "POST", path);
    const client = row(attached).id;
    expect(status()).toBe("healthy");
    ask(made, "DELETE", `${path}?client_id=${client}&connections=1`);
    expect(status()).toBe("degraded");
    ask(made, "DELETE", `${path}?client_id=${client}`);
    expect(status()).toBe("healthy");
    ask(made, "DELETE", path);
    expect(status()).toBe("down");
  });

  it("seeds tunnels, namesakes too", () => {
    const made = world();
    const seeds = [
      { kind: "cfd_tunnel", name: "web", config_src: "cloudflare", connectors: [{ connections: 1 }] },
      { kind: "cfd_tunnel", name: "web", id: UNKNOWN_ID.toUpperCase(), created_at: 0 },
      { kind: "warp_connector", name: "web", ha: true, deleted_at: 5 },
    ];
    expect(rows(ask(made, "POST", "/tunnels", seeds)).map((each) => each.status)).toEqual([
      "degraded",
      "inactive",
      "inactive",
    ]);
    expect(rows(made.call("GET", "/tunnels"))).toMatchObject([
      { id: UNKNOWN_ID, created_at: "1970-01-01T00:00:00.000000Z", config_src: "local" },
      { config_src: "cloudflare" },
    ]);
  });

  it("tells a connector how to take a configuration, and saves one as the dashboard would", () => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web", { config_src: "cloudflare" });
    const connector = made.simulator.connect(id);
    const path = `/tunnels/${id}/connectors/${connector.id}`;
    expect(ask(made, "PATCH", path, { config_lag_ms: null }).status).toBe(200);
    const config = { ingress: [{ service: "http_status:404" }] };
    const saved = ask(made, "POST", "/configurations", [{ tunnel_id: id, config }]);
    expect(saved.json.result).toMatchObject([{ tunnel_id: id, version: 0 }]);
    const seen = () => made.call("GET", `/cfd_tunnel/${id}/connections`).json.result;
    expect(seen()).toMatchObject([{ config_version: -1 }]);
    ask(made, "PATCH", path, { config_lag_ms: 0 });
    expect(seen()).toMatchObject([{ config_version: 0 }]);
    expect(ask(made, "PATCH", path, {}).status).toBe(400);
    expect(ask(made, "PATCH", path, { version: "x" }).status).toBe(400);
    expect(ask(made, "PATCH", `/tunnels/${id}/connectors/${UNKNOWN_ID}`, { config_lag_ms: 0 }).status).toBe(
      400,
    );
  });

  it("seeds virtual networks", () => {
    const made = world();
    const seeded = ask(made, "POST", "/virtual_networks", [{ name: "blue", is_default_network: true }]);
    expect(seeded.json.result).toMatchObject([{ name: "blue", is_default_network: true }]);
    const [first] = made.simulator.rows("virtual_networks");
    expect(first?.is_default_network).toBe(false);
  });

  it("changes and shows switches", () => {
    const made = world();
    const changed = ask(made, "PATCH", "/switches", { names: "shared" });
    expect(changed.json.result).toMatchObject({ names: "shared", order: "newest_first" });
    expect(ask(made, "GET", "/switches").json.result).toEqual(changed.json.result);
    expect(made.simulator.switches.names).toBe("shared");
  });

  it("migrates", () => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web");
    expect(row(ask(made, "POST", `/tunnels/${id}/migrate`)).config_src).toBe("cloudflare");
    const warp = made.create("warp_connector", "web");
    expect(code(ask(made, "POST", `/tunnels/${warp.id}/migrate`))).toBe(1030);
  });

  it("shows counts, does not count itself, and starts them again", () => {
    const made = world({ switches: { rate_limit: 1 } });
    made.call("GET", "/cfd_tunnel");
    for (let i = 0; i < 3; i++) {
      expect(ask(made, "GET", "/counts").json.result).toMatchObject({ requests: 1, rate_limited: 0 });
    }
    expect(ask(made, "DELETE", "/counts").json.result).toMatchObject({ requests: 0 });
  });

  it.each<[string, string, unknown, number, string]>([
    ["GET", "", undefined, 404, "Could not route"],
    ["GET", "/nothing", undefined, 404, "Could not route"],
    ["POST", `/tunnels/${UNKNOWN_ID}/connectors`, {}, 404, "not found"],
    ["PATCH", "/switches", [], 400, "Switches are an object"],
    ["PATCH", "/switches", { nmaes: 1 }, 400, "There is no switch"],
    ["POST", "/tunnels", {}, 400, "Seeds are a list"],
    ["POST", "/tunnels", [{ kind: "gre", name: "x" }], 400, "no kind"],
    ["POST", "/tunnels", [{ kind: "cfd_tunnel" }], 400, "kind and name"],
    ["POST", "/virtual_networks", [{}], 400, "needs name"],
    ["POST", "/virtual_networks", [{ name: "x", network: "y" }], 400, 'no field "network"'],
    ["POST", "/tunnels", [{ kind: "cfd_tunnel", name: 3 }], 400, '"name"'],
    ["POST", "/tunnels", [{ kind: "cfd_tunnel", name: "x", state: "y" }], 400, 'no field "state"'],
    ["POST", "/tunnels", [{ kind: "cfd_tunnel", name: "x", connectors: [{ a: 1 }] }], 400, 'no field "a"'],
  ])("%s %s %j: %i", (method, path, body, status, message) => {
    const answer = ask(world(), method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.json.errors[0]?.message).toContain(message);
  });

  it.each<[object, string]>([
    [{ speed: 3 }, 'no field "speed"'],
    [{ connections: 5 }, '"connections"'],
    [{ colos: "fra01" }, '"colos"'],
    [{ client_id: "x" }, '"client_id"'],
    [{ secret: "old" }, "Unauthorized: Invalid tunnel secret"],
  ])("refuses a connector with %j", (options, message) => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web");
    const answer = ask(made, "POST", `/tunnels/${id}/connectors`, options);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]?.message).toContain(message);
  });

  it("refuses to seed an id twice", () => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web");
    const again = ask(made, "POST", "/tunnels", [{ kind: "cfd_tunnel", name: "x", id }]);
    expect(again.json.errors[0]?.message).toContain("already");
  });
});
