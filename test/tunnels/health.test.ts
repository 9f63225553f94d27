import { expect, test } from "vitest";
import type { CloudflareClient } from "../../src/cloudflare/client.ts";
import { ApiError } from "../../src/cloudflare/error.ts";
import { readHealth, type Serving, type Subject } from "../../src/tunnels/health.ts";
import type { Tunnel } from "../../src/tunnels/tunnel-row.ts";

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

function tunnel(number: number, status: string | null): Subject {
  const name = `t${String(number).padStart(4, "0")}`;
  const row: Tunnel = {
    kind: "cfd_tunnel",
    id: idOf(number),
    name,
    status,
    created_at: null,
    deleted_at: null,
    conns_active_at: null,
    conns_inactive_at: null,
    config_src: "cloudflare",
    connectors: null,
  };
  return { kind: "cfd_tunnel", name, tunnel: row };
}

/** A client that has no connectors to tell of, and counts who asks. */
function counting() {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    return [];
  };
  return { asked, client: { accountId: "a", get } as unknown as CloudflareClient };
}

const NOTHING: Serving = {
  configurations: { read: async () => null },
  routes: { kinds: [], networks: { list: async () => [] } },
};

test("beyond the quota, the healthy are not asked, and the troubled are", async () => {
  const healthy = [...Array(600).keys()].map((number) => tunnel(number, "healthy"));
  const { asked, client } = counting();
  const health = await readHealth(client, [...healthy, tunnel(9_999, "degraded")], NOTHING);
  // Two requests each, of which the client sees those for connectors.
  expect(asked).toHaveLength(500);
  expect(asked).toContain(`/cfd_tunnel/${idOf(9_999)}/connections`);
  expect(health.unasked).toBe(101);
  expect(health.requests).toBe(1_000);
  expect(health.tunnels).toHaveLength(601);
});

test.each([
  ["healthy", "healthy", 1],
  ["degraded", "degraded", 1],
  ["down", "down", 0],
  ["inactive", "never_connected", 0],
  ["sleepy", "unknown", 1],
  [null, "unknown", 1],
])("a status of %s is %s, and its connectors are asked for %i times", async (status, state, times) => {
  const { asked, client } = counting();
  const { tunnels } = await readHealth(client, [tunnel(1, status)], NOTHING);
  expect(tunnels.map((each) => each.state)).toEqual([state]);
  expect(asked).toHaveLength(times);
});

test("what leads to a tunnel is read once a kind, and told by the tunnel's id", async () => {
  let lists = 0;
  const list = async () => {
    lists += 1;
    return ["10.2.0.0/16", "10.1.0.0/16", "10.3.0.0/16"].map((name, at) => ({
      kind: "route",
      name,
      id: idOf(at),
      spec: { tunnel_id: idOf(at < 2 ? 1 : 2) },
      facts: {},
    }));
  };
  const error = new ApiError("no", { failure: "refused", method: "GET", path: "/x", status: 403 });
  const closed = async () => Promise.reject(error);
  const kinds = [
    { kind: "route", list },
    { kind: "hostname_route", list: closed },
  ];
  const { client } = counting();
  const subjects = [tunnel(1, "down"), tunnel(2, "down"), tunnel(3, "down")];
  const health = await readHealth(client, subjects, { ...NOTHING, routes: { ...NOTHING.routes, kinds } });
  expect(health.tunnels.map((each) => each.routes)).toEqual([
    { route: ["10.1.0.0/16", "10.2.0.0/16"] },
    { route: ["10.3.0.0/16"] },
    { route: [] },
  ]);
  expect(health.refused).toEqual([{ kind: "hostname_route", error }]);
  expect(lists).toBe(1);
});

test("what lies in a network that is not the default one says in which", async () => {
  const resource = (kind: string, name: string, number: number, spec: object) => ({
    kind,
    name,
    id: idOf(number),
    spec: { ...spec } as { [attribute: string]: string | boolean },
    facts: {},
  });
  const lies = (network: number) => ({ tunnel_id: idOf(1), virtual_network_id: idOf(network) });
  const list = async () => [
    resource("route", "10.0.0.0/8", 11, lies(21)),
    resource("route", "10.0.0.0/8", 12, lies(22)),
    resource("route", "10.9.0.0/16", 13, lies(23)),
  ];
  const networks = {
    list: async () => [
      resource("virtual_network", "default", 21, { is_default_network: true }),
      resource("virtual_network", "prod-net", 22, { is_default_network: false }),
    ],
  };
  const { client } = counting();
  const routes = { kinds: [{ kind: "route", list }], networks };
  const { tunnels } = await readHealth(client, [tunnel(1, "down")], { ...NOTHING, routes });
  expect(tunnels[0]?.routes).toEqual({ route: ["10.0.0.0/8", "10.0.0.0/8@prod-net", "10.9.0.0/16"] });
});

test("where none lives, nothing is asked", async () => {
  const { asked, client } = counting();
  const gone = { kind: "cfd_tunnel", name: "web", tunnel: null };
  const health = await readHealth(client, [gone], {
    ...NOTHING,
    routes: { ...NOTHING.routes, kinds: [{ kind: "route", list: () => Promise.reject(new Error("asked")) }] },
  });
  expect(asked).toEqual([]);
  expect(health.tunnels).toMatchObject([{ name: "web", state: "absent", connectors: null }]);
});
