import { describe, expect, it } from "vitest";
import type { Switches } from "../../src/simulator/switches.ts";
import type { ClientRow } from "../../src/simulator/tunnel/rows.ts";
import { code, UNKNOWN_ID, world, type Reading, type World } from "./support/world.ts";

const CATCH_ALL = { service: "http_status:404" };
const outcome = (reading: Reading) => [reading.status, code(reading)];

interface Started extends World {
  readonly id: string;
  readonly path: string;
  readonly put: (config: unknown) => Reading;
  readonly get: () => Reading;
  readonly versions: () => readonly unknown[];
}

function started(kind = "cfd_tunnel", switches: Partial<Switches> = {}): Started {
  const made = world({ switches });
  const { id } = made.create(kind, "web", kind === "cfd_tunnel" ? { config_src: "cloudflare" } : {});
  const path = `/${kind}/${id}/configurations`;
  return {
    ...made,
    id,
    path,
    put: (config) => made.call("PUT", path, { config }),
    get: () => made.call("GET", path),
    versions: () =>
      (made.call("GET", `/${kind}/${id}/connections`).json.result as readonly ClientRow[]).map(
        ({ config_version }) => config_version,
      ),
  };
}

describe("an ingress configuration", () => {
  it("is not there until one is put, and then rises by one with every PUT", () => {
    const { put, get, advance, id } = started();
    expect(outcome(get())).toEqual([404, 1055]);
    const config = { ingress: [{ hostname: "a.example.com", service: "http://localhost:1" }, CATCH_ALL] };
    const first = put(config);
    expect(first.json.result).toMatchObject({ tunnel_id: id, version: 0, source: "cloudflare" });
    expect(get().json.result).toEqual(first.json.result);
    advance(1000);
    expect(put(config).json.result).toMatchObject({ version: 1, created_at: "2026-11-25T08:00:01.000000Z" });
    expect(put({ ingress: [CATCH_ALL] }).json.result).toMatchObject({ version: 2 });
  });

  it("shows what was left out as null, and keeps what it does not know", () => {
    const { put } = started();
    const originRequest = { connectTimeout: 5, unheard: true };
    const made = put({
      ingress: [{ hostname: "a.example.com", service: "http://x:1", originRequest }, CATCH_ALL],
      "warp-routing": { enabled: true },
      other: 1,
    });
    expect(made.json.result).toMatchObject({
      config: {
        ingress: [
          {
            hostname: "a.example.com",
            path: null,
            originRequest: { connectTimeout: 5, noTLSVerify: null, access: null, unheard: true },
          },
          { hostname: null, service: "http_status:404", path: null, originRequest: null },
        ],
        originRequest: null,
        "warp-routing": { enabled: true },
        other: 1,
      },
    });
  });

  it("is refused in cloudflared's own words", () => {
    const { put, get, call, path } = started();
    const refused = put({ ingress: [{ hostname: "a.example.com", service: "http://localhost:1" }] });
    expect(outcome(refused)).toEqual([400, 1056]);
    expect(refused.json.errors[0]?.message).toBe(
      "Bad Configuration: Validation failed: The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)",
    );
    expect(outcome(put({ ingress: [] }))).toEqual([400, 1056]);
    expect(outcome(call("PUT", path, {}))).toEqual([400, 1056]);
    expect(outcome(call("PUT", path, []))).toEqual([400, 1030]);
    expect(outcome(get())).toEqual([404, 1055]);
  });

  it("is of a live tunnel of the kind, and goes with it", () => {
    const { call, id, put, path, simulator, create } = started();
    expect(outcome(call("GET", `/cfd_tunnel/${UNKNOWN_ID}/configurations`))).toEqual([404, 1002]);
    const warp = create("warp_connector", "branch");
    expect(outcome(call("GET", `/cfd_tunnel/${warp.id}/configurations`))).toEqual([404, 1002]);
    put({ ingress: [CATCH_ALL] });
    call("DELETE", `/cfd_tunnel/${id}`);
    expect(outcome(call("GET", path))).toEqual([404, 1002]);
    expect(outcome(call("PUT", path, { config: { ingress: [CATCH_ALL] } }))).toEqual([404, 1002]);
    expect(simulator.rows("configurations").map((row) => row.deleted_at === null)).toEqual([false]);
  });

  it("of a local tunnel is what its connector reports", () => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web");
    const local_config = { ingress: [CATCH_ALL], __configuration_flags: { url: "x" } };
    made.simulator.connect(id, { local_config });
    const shown = made.call("GET", `/cfd_tunnel/${id}/configurations`);
    expect(shown.json.result).toMatchObject({ source: "local", config: local_config });
    expect(JSON.stringify(shown.json.result)).not.toContain('"path"');
  });

  it("is written by somebody else, too", () => {
    const { simulator, put, get, id } = started();
    put({ ingress: [CATCH_ALL] });
    simulator.add("configurations", [{ tunnel_id: id, config: { ingress: [{ service: "hello_world" }] } }]);
    expect(get().json.result).toMatchObject({
      version: 1,
      config: { ingress: [{ service: "hello_world" }] },
    });
    expect(() => simulator.add("configurations", [{ tunnel_id: UNKNOWN_ID, config: {} }])).toThrow(
      "no live tunnel",
    );
  });
});

describe("connectors", () => {
  it("follow each version, also those that come later", () => {
    const { put, simulator, id, versions } = started();
    simulator.connect(id);
    expect(versions()).toEqual([-1]);
    put({ ingress: [CATCH_ALL] });
    put({ ingress: [CATCH_ALL] });
    simulator.connect(id);
    expect(versions()).toEqual([1, 1]);
  });

  it("lag behind, each as long as it was told", () => {
    const { put, simulator, id, versions, advance } = started();
    simulator.connect(id, { config_lag_ms: 1000 });
    simulator.connect(id, { config_lag_ms: 3000 });
    advance(10_000);
    put({ ingress: [CATCH_ALL] });
    advance(999);
    expect(versions()).toEqual([-1, -1]);
    advance(1);
    put({ ingress: [CATCH_ALL] });
    expect(versions()).toEqual([0, -1]);
    advance(1000);
    expect(versions()).toEqual([1, -1]);
    advance(1000);
    expect(versions()).toEqual([1, 0]);
    advance(1000);
    expect(versions()).toEqual([1, 1]);
  });

  it("refuse a version, and keep the one they have until they are told otherwise", () => {
    const { put, simulator, id, versions } = started();
    const { id: client } = simulator.connect(id);
    simulator.connect(id);
    put({ ingress: [CATCH_ALL] });
    simulator.configure(id, client, null);
    put({ ingress: [CATCH_ALL] });
    expect(versions()).toEqual([0, 1]);
    simulator.configure(id, client, 0);
    expect(versions()).toEqual([1, 1]);
    expect(() => simulator.configure(id, UNKNOWN_ID, 0)).toThrow("has no connector");
  });

  it("say nothing, or come with a version of their own", () => {
    const { put, simulator, id, versions } = started();
    simulator.connect(id, { config_version: null });
    simulator.connect(id, { config_version: 7 });
    put({ ingress: [CATCH_ALL] });
    expect(versions()).toEqual([undefined, 7]);
  });

  it("of a local tunnel take nothing until it is migrated", () => {
    const made = world();
    const { id } = made.create("cfd_tunnel", "web");
    made.simulator.connect(id);
    const seen = () => made.call("GET", `/cfd_tunnel/${id}/connections`).json.result;
    made.call("PUT", `/cfd_tunnel/${id}/configurations`, { config: { ingress: [CATCH_ALL] } });
    made.call("PUT", `/cfd_tunnel/${id}/configurations`, { config: { ingress: [CATCH_ALL] } });
    expect(seen()).toMatchObject([{ config_version: 0 }]);
    made.simulator.migrate(id);
    expect(seen()).toMatchObject([{ config_version: 1 }]);
  });
});

describe("a WARP connector's configuration", () => {
  it("is one of high availability", () => {
    const { call, path, get, id, advance } = started("warp_connector");
    expect(outcome(get())).toEqual([404, 1055]);
    const aws = call("PUT", path, { ha_mode: "aws", config: { fnr_id: "eni-1" } });
    expect(aws.json.result).toEqual({
      tunnel_id: id,
      configuration_version: 0,
      ha_mode: "aws",
      created_at: "2026-11-25T08:00:00.000000Z",
      updated_at: null,
      config: { fnr_id: "eni-1" },
    });
    advance(1000);
    const vips = [{ address: "10.0.0.1/32" }];
    expect(call("PUT", path, { ha_mode: "local", config: { vips } }).status).toBe(200);
    expect(get().json.result).toMatchObject({
      configuration_version: 1,
      created_at: "2026-11-25T08:00:00.000000Z",
      updated_at: "2026-11-25T08:00:01.000000Z",
    });
    expect(call("PUT", path, { ha_mode: "disabled", config: {} }).json.result).toMatchObject({
      config: null,
    });
  });

  it.each([
    {},
    { ha_mode: "both" },
    { ha_mode: "aws", config: { fnr_id: 1 } },
    { ha_mode: "local", config: { vips: [] } },
    { ha_mode: "local", config: { vips: [{ address: 1 }] } },
    { ha_mode: "local", config: { vips: Array.from({ length: 9 }, () => ({ address: "10.0.0.1/32" })) } },
  ])("is not %j", (body) => {
    const { call, path } = started("warp_connector");
    expect(outcome(call("PUT", path, body))).toEqual([400, 1030]);
  });
});
