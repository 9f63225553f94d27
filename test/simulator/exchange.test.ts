import { describe, expect, it } from "vitest";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import { code, names, row, UNKNOWN_ID, world } from "./support/world.ts";

/** A world in which one fault meets every POST. */
const withFault = (fault: Fault) =>
  world({ intercept: (request) => (request.method === "POST" ? fault : undefined) });

describe("faults that are plain answers", () => {
  it("answers in the API's place", () => {
    const { call, simulator } = withFault({ type: "answer", acts: false, status: 502, body: "<html>" });
    const answer = call("POST", "/cfd_tunnel", { name: "web" });
    expect([answer.status, answer.text]).toEqual([502, "<html>"]);
    expect(simulator.tunnels).toEqual([]);
  });

  it("acts, and says something else", () => {
    const headers = { "retry-after": "7" };
    const { call } = withFault({ type: "answer", acts: true, status: 503, headers });
    expect(call("POST", "/cfd_tunnel", { name: "web" }).headers).toEqual(headers);
    expect(names(call("GET", "/cfd_tunnel"))).toEqual(["web"]);
    expect(code(call("GET", `/cfd_tunnel/${UNKNOWN_ID}`))).toBe(1003);
  });

  it("answers late as if at once, where nobody waits", () => {
    const { create } = withFault({ type: "delay", ms: 1000, acts: "last" });
    expect(create("cfd_tunnel", "web").name).toBe("web");
  });
});

describe("faults that are not", () => {
  it.each<[Fault, number]>([
    [{ type: "drop", acts: false }, 0],
    [{ type: "drop", acts: true }, 1],
    [{ type: "refuse" }, 0],
    [{ type: "truncate", bytes: 5, end: "clean" }, 1],
    [{ type: "stall", bytes: 0 }, 1],
  ])("%j: handle throws, having made %i tunnels", (fault, made) => {
    const { call, simulator } = withFault(fault);
    expect(() => call("POST", "/cfd_tunnel", { name: "web" })).toThrow("use an adapter");
    expect(simulator.tunnels).toHaveLength(made);
  });

  it.each<[Fault | undefined, number, number]>([
    [undefined, 0, 0],
    [{ type: "delay", ms: 5, acts: "first" }, 0, 5],
    [{ type: "delay", ms: 5, acts: "last" }, 5, 0],
  ])("%j waits %i before and %i after", (fault, before_ms, after_ms) => {
    const { simulator } = world({ intercept: () => fault });
    const exchange = simulator.receive({ method: "GET", path: "/client/v4/user", headers: {}, body: null });
    expect(exchange).toMatchObject({ before_ms, after_ms });
  });
});

describe("intercept", () => {
  it("sees each request of the API with its position, and none of the control path", () => {
    const seen: [string, number][] = [];
    const { call, raw } = world({
      intercept: ({ method }: SimulatorRequest, position) => {
        seen.push([method, position]);
        return undefined;
      },
    });
    call("GET", "/cfd_tunnel");
    raw("GET", "/sandbox/counts", { authorization: "Bearer all-powerful" });
    call("POST", "/cfd_tunnel", { name: "a" });
    raw("GET", "/nowhere");
    expect(seen).toEqual([
      ["GET", 0],
      ["POST", 1],
      ["GET", 2],
    ]);
  });

  it("may change the account, as someone else would", () => {
    const made = world({
      intercept: ({ method }) => {
        const tunnel = made.simulator.tunnels[0];
        if (!tunnel) {
          return undefined;
        }
        if (method === "PATCH") {
          made.simulator.rename(tunnel.id, "theirs");
        }
        if (method === "DELETE") {
          made.simulator.connect(tunnel.id);
        }
        if (method === "PUT") {
          made.simulator.remove(tunnel.id);
        }
        return undefined;
      },
    });
    const { id } = made.create("cfd_tunnel", "ours");
    const path = `/cfd_tunnel/${id}`;
    expect(row(made.call("PATCH", path, {})).name).toBe("theirs");
    expect(code(made.call("DELETE", path))).toBe(1022);
    made.call("PUT", path);
    expect(row(made.call("GET", path))).toMatchObject({ deleted_at: expect.any(String), status: "down" });
  });
});

describe("traffic", () => {
  it("counts by endpoint", () => {
    const { call, simulator, create } = world();
    const { id } = create("cfd_tunnel", "a");
    call("GET", "/cfd_tunnel?page=1");
    call("GET", "/cfd_tunnel?page=2");
    call("GET", `/cfd_tunnel/${id}`);
    call("GET", `/cfd_tunnel/${id}/connectors/${UNKNOWN_ID}`);
    call("GET", "/cfd_tunnels");
    expect(simulator.traffic.counts()).toMatchObject({
      requests: 6,
      by_endpoint: {
        "GET (no route)": 1,
        "GET /cfd_tunnel": 2,
        "GET /cfd_tunnel/{id}": 1,
        "GET /cfd_tunnel/{id}/connectors/{id}": 1,
        "POST /cfd_tunnel": 1,
      },
    });
    simulator.traffic.reset();
    expect(simulator.traffic.counts()).toMatchObject({ requests: 0, by_endpoint: {} });
  });

  it("counts what the rate limit refused", () => {
    const { call, simulator } = world({ switches: { rate_limit: 1 } });
    for (let i = 0; i < 4; i++) {
      call("GET", "/cfd_tunnel");
    }
    expect(simulator.traffic.counts()).toMatchObject({ requests: 4, rate_limited: 3 });
  });
});
