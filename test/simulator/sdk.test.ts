// The official SDK, which shares no line with the sandbox, drives it over real HTTP.
import Cloudflare, {
  APIConnectionError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "cloudflare";
import type { CloudflareTunnel } from "cloudflare/resources/shared";
import type { Client } from "cloudflare/resources/zero-trust/tunnels/cloudflared/connections";
import type { ConnectionGetResponse } from "cloudflare/resources/zero-trust/tunnels/warp-connector/connections";
import type { WARPConnectorGetResponse } from "cloudflare/resources/zero-trust/tunnels/warp-connector/warp-connector";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import type { Fault } from "../../src/simulator/exchange.ts";
import type { ClientRow, ConnectionRow, TunnelRow } from "../../src/simulator/tunnel/rows.ts";
import { serveSandbox, type Sandbox } from "../../src/simulator/serve.ts";
import { OTHER_SECRET, SECRET, UNKNOWN_ID } from "./support/world.ts";

let sandbox: Sandbox;
let fault: Fault | undefined;
let client: Cloudflare;
let account_id: string;

beforeAll(async () => {
  sandbox = await serveSandbox({
    intercept: () => fault,
    credentials: [
      { token: "reader", permissions: { cfd_tunnel: "read", warp_connector: "read" } },
      { email: "me@example.com", key: "0123456789abcdef" },
    ],
  });
  account_id = sandbox.accountId;
});
afterAll(() => sandbox.close());
beforeEach(() => {
  fault = undefined;
  client = clientWith({ apiToken: sandbox.token });
});

function clientWith(credential: object): Cloudflare {
  // The machine's own credentials must not slip in.
  const none = { apiToken: null, apiKey: null, apiEmail: null, userServiceKey: null };
  return new Cloudflare({ ...none, baseURL: sandbox.url, maxRetries: 0, ...credential });
}

const cfd = () => client.zeroTrust.tunnels.cloudflared;
const warp = () => client.zeroTrust.tunnels.warpConnector;
const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of list) {
    items.push(item);
  }
  return items;
};

describe("cloudflared tunnels", () => {
  it("go through their whole life", async () => {
    const made = await cfd().create({
      account_id,
      name: "sdk-web",
      config_src: "cloudflare",
      tunnel_secret: SECRET,
    });
    const id = made.id ?? "";
    expect(made).toMatchObject({ name: "sdk-web", config_src: "cloudflare", status: "inactive" });
    expect(await cfd().get(id, { account_id })).toMatchObject({ id, deleted_at: null });

    const token = await cfd().token.get(id, { account_id });
    expect(JSON.parse(Buffer.from(token, "base64").toString())).toEqual({ a: account_id, t: id, s: SECRET });

    const edited = await cfd().edit(id, { account_id, name: "sdk-api", tunnel_secret: OTHER_SECRET });
    expect(edited).toMatchObject({ id, name: "sdk-api" });
    expect(await cfd().token.get(id, { account_id })).not.toBe(token);

    const connector = sandbox.simulator.connect(id);
    const connections = await all(cfd().connections.get(id, { account_id }));
    expect(connections.map((each) => [each.id, each.conns?.length])).toEqual([[connector.id, 4]]);
    expect(await cfd().connectors.get(connector.id, { account_id, tunnel_id: id })).toEqual(connections[0]);
    await expect(cfd().delete(id, { account_id })).rejects.toThrow(BadRequestError);
    expect(await cfd().connections.delete(id, { account_id, client_id: connector.id })).toBeNull();
    expect(await all(cfd().connections.get(id, { account_id }))).toEqual([]);

    const management = await cfd().management.create(id, { account_id, resources: ["logs"] });
    expect(management.split(".")).toHaveLength(3);

    expect((await cfd().delete(id, { account_id })).deleted_at).toEqual(expect.any(String));
    expect((await cfd().get(id, { account_id })).deleted_at).not.toBeNull();
  });

  it("are deleted with their connections where that is asked", async () => {
    const { id = "" } = await cfd().create({ account_id, name: "sdk-cascade" });
    sandbox.simulator.connect(id);
    const gone = await cfd().delete(id, { account_id }, { query: { cascade: true } });
    expect(gone).toMatchObject({ status: "down", deleted_at: expect.any(String) });
  });

  it("are listed over all pages, each once", async () => {
    const names = Array.from({ length: 45 }, (_, i) => `page-${String(i).padStart(2, "0")}`);
    sandbox.simulator.seed(names.map((name) => ({ kind: "cfd_tunnel", name })));
    sandbox.simulator.traffic.reset();
    const listed = await all(
      cfd().list({ account_id, include_prefix: "page-", per_page: 20, is_deleted: false }),
    );
    expect(listed.map((tunnel) => tunnel.name).toReversed()).toEqual(names);
    // The SDK stops at an empty page only.
    expect(sandbox.simulator.traffic.counts().requests).toBe(4);
  });
});

describe("WARP connectors", () => {
  it("go through their whole life", async () => {
    const made = await warp().create({ account_id, name: "sdk-branch", ha: true });
    const id = made.id ?? "";
    expect(made).toMatchObject({ name: "sdk-branch", tun_type: "warp_connector" });
    expect(await warp().get(id, { account_id })).toMatchObject({ id, status: "inactive" });
    const edited = await warp().edit(id, { account_id, name: "sdk-office", tunnel_secret: SECRET });
    expect(edited.name).toBe("sdk-office");
    expect(await warp().token.get(id, { account_id })).toBe(
      Buffer.from(JSON.stringify({ a: account_id, t: id, s: SECRET })).toString("base64"),
    );
    const names = (await all(warp().list({ account_id, name: "sdk-office" }))).map((each) => each.name);
    expect(names).toEqual(["sdk-office"]);
    expect((await warp().delete(id, { account_id })).deleted_at).toEqual(expect.any(String));
  });

  it("show their connectors, unless the sandbox is told not to", async () => {
    const [tunnel] = sandbox.simulator.seed([{ kind: "warp_connector", name: "sdk-ha" }]);
    const tunnel_id = tunnel?.id ?? "";
    const connector = sandbox.simulator.connect(tunnel_id);
    const [shown] = await all(warp().connections.get(tunnel_id, { account_id }));
    expect(shown).toMatchObject({ id: connector.id, ha_status: "active" });
    expect(await warp().connectors.get(connector.id, { account_id, tunnel_id })).toEqual(shown);
    sandbox.simulator.setSwitches({ warp_connections: "absent" });
    await expect(all(warp().connections.get(tunnel_id, { account_id }))).rejects.toThrow(NotFoundError);
    sandbox.simulator.setSwitches({ warp_connections: "present" });
  });
});

describe("configurations", () => {
  it("of cloudflared are put and followed", async () => {
    const { configurations, connections } = cfd();
    const { id = "" } = await cfd().create({ account_id, name: "sdk-config", config_src: "cloudflare" });
    await expect(configurations.get(id, { account_id })).rejects.toMatchObject({ errors: [{ code: 1055 }] });
    sandbox.simulator.connect(id);
    const rule = {
      hostname: "a.example.com",
      service: "http://localhost:1",
      originRequest: { connectTimeout: 3 },
    };
    const ingress = [rule, { hostname: "", service: "http_status:404" }];
    const made = await configurations.update(id, { account_id, config: { ingress } });
    expect(made).toMatchObject({ tunnel_id: id, version: 0, source: "cloudflare", config: { ingress } });
    expect(await configurations.get(id, { account_id })).toEqual(made);
    const seen = await all(connections.get(id, { account_id }));
    expect(seen.map((each) => each.config_version)).toEqual([0]);
    const refused = configurations.update(id, { account_id, config: { ingress: [rule] } });
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ code: 1056 }] });
  });

  it("of WARP connectors are put", async () => {
    const { configurations } = warp();
    const { id = "" } = await warp().create({ account_id, name: "sdk-ha-config" });
    const made = await configurations.update(id, { account_id, ha_mode: "aws" });
    expect(made).toMatchObject({ tunnel_id: id, configuration_version: 0, ha_mode: "aws" });
    expect(await configurations.get(id, { account_id })).toEqual(made);
  });
});

describe("virtual networks", () => {
  it("go through their whole life", async () => {
    const networks = client.zeroTrust.networks.virtualNetworks;
    const made = await networks.create({ account_id, name: "sdk-net", comment: "new" });
    expect(made).toMatchObject({ name: "sdk-net", comment: "new", is_default_network: false });
    const listed = await all(networks.list({ account_id, is_deleted: false }));
    expect(listed.map(({ name }) => name)).toEqual(["sdk-net", "default"]);
    const promoted = await networks.edit(made.id, { account_id, is_default_network: true });
    expect(promoted.is_default_network).toBe(true);
    await expect(networks.delete(made.id, { account_id })).rejects.toThrow(BadRequestError);
    const former = listed[1]?.id ?? "";
    await networks.edit(former, { account_id, is_default_network: true });
    expect((await networks.delete(made.id, { account_id })).deleted_at).toEqual(expect.any(String));
    await expect(networks.get(made.id, { account_id })).rejects.toThrow(NotFoundError);
    await expect(networks.create({ account_id, name: "default" })).rejects.toThrow(ConflictError);
  });
});

describe("routes", () => {
  const target = async (name: string) => (await cfd().create({ account_id, name })).id ?? "";

  it("of ranges go through their whole life", async () => {
    const { routes } = client.zeroTrust.networks;
    const tunnel_id = await target("sdk-route");
    const made = await routes.create({ account_id, network: "10.7.0.0/16", tunnel_id });
    const id = made.id ?? "";
    expect(made).toMatchObject({ network: "10.7.0.0/16", tunnel_id, comment: "" });
    expect(await routes.get(id, { account_id })).toEqual(made);
    expect(await routes.ips.get("10.7.1.1", { account_id })).toMatchObject({ id, tunnel_name: "sdk-route" });
    expect(await routes.ips.get("192.0.2.1", { account_id })).toEqual({});
    const again = routes.create({ account_id, network: "10.7.0.0/16", tunnel_id });
    await expect(again).rejects.toMatchObject({ status: 409, errors: [{ code: 1014 }] });
    const edited = await routes.edit(id, { account_id, comment: "lab", network: "10.8.0.0/16" });
    expect(edited).toMatchObject({ id, comment: "lab", network: "10.8.0.0/16" });
    const listed = await all(
      routes.list({ account_id, is_deleted: false, tun_types: ["cfd_tunnel", "warp_connector"] }),
    );
    expect(listed).toMatchObject([{ id, tun_type: "cfd_tunnel", virtual_network_name: "default" }]);
    await routes.delete(id, { account_id });
    expect((await routes.get(id, { account_id })).deleted_at).toEqual(expect.any(String));
    await expect(routes.delete(id, { account_id })).rejects.toMatchObject({ errors: [{ code: 1015 }] });
  });

  it("of names go through their whole life", async () => {
    const { hostnameRoutes } = client.zeroTrust.networks;
    const tunnel_id = await target("sdk-hostname");
    const made = await hostnameRoutes.create({ account_id, hostname: "*.lab.internal", tunnel_id });
    const id = made.id ?? "";
    expect(made).toMatchObject({ hostname: "lab.internal", tunnel_id, tunnel_name: "sdk-hostname" });
    expect(await hostnameRoutes.get(id, { account_id })).toEqual(made);
    const again = hostnameRoutes.create({ account_id, hostname: "lab.internal", tunnel_id });
    await expect(again).rejects.toThrow(ConflictError);
    const edited = await hostnameRoutes.edit(id, { account_id, comment: "one level" });
    expect(edited).toMatchObject({ id, comment: "one level", hostname: "lab.internal" });
    expect((await all(hostnameRoutes.list({ account_id, hostname: "lab" }))).map((row) => row.id)).toEqual([
      id,
    ]);
    await hostnameRoutes.delete(id, { account_id });
    await expect(hostnameRoutes.get(id, { account_id })).rejects.toThrow(NotFoundError);
  });
});

describe("DNS", () => {
  it("zones are found by name, and records go through their whole life", async () => {
    const [zone] = await all(
      client.zones.list({ name: "example.com", status: "active", account: { id: account_id } }),
    );
    const zone_id = zone?.id ?? "";
    expect(zone).toMatchObject({ name: "example.com", status: "active", account: { id: account_id } });
    expect(await client.zones.get({ zone_id })).toEqual(zone);

    const { records } = client.dns;
    const content = `${UNKNOWN_ID}.cfargotunnel.com`;
    const record = { type: "CNAME", name: "sdk.example.com", content, ttl: 1, proxied: true } as const;
    const made = await records.create({ zone_id, ...record, comment: "new" });
    expect(made).toMatchObject({ ...record, comment: "new" });
    expect(await records.get(made.id, { zone_id })).toEqual(made);
    const taken = records.create({ zone_id, ...record, content: "other.example.org" });
    await expect(taken).rejects.toMatchObject({ status: 400, errors: [{ code: 81053 }] });
    const edited = await records.edit(made.id, { zone_id, ...record, comment: "edited" });
    expect(edited).toMatchObject({ proxied: true, comment: "edited" });
    const listed = await all(
      records.list({ zone_id, type: "CNAME", content: { endswith: ".cfargotunnel.com" } }),
    );
    expect(listed.map(({ name }) => name)).toEqual(["sdk.example.com"]);

    const batch = await records.batch({
      zone_id,
      deletes: [{ id: made.id }],
      posts: [{ type: "A", name: "sdk.example.com", content: "192.0.2.1", ttl: 1 }],
    });
    const [posted] = batch.posts ?? [];
    expect(posted).toMatchObject({ type: "A", content: "192.0.2.1" });
    expect(await records.delete(posted?.id ?? "", { zone_id })).toEqual({ id: posted?.id });
    await expect(records.get(made.id, { zone_id })).rejects.toMatchObject({ errors: [{ code: 81044 }] });
    await expect(client.zones.get({ zone_id: "f".repeat(32) })).rejects.toThrow(PermissionDeniedError);
  });
});

describe("all tunnels", () => {
  it("are listed together, or by type in the SDK's own spelling", async () => {
    sandbox.simulator.seed([
      { kind: "cfd_tunnel", name: "mix-c" },
      { kind: "warp_connector", name: "mix-w" },
    ]);
    const listed = async (types?: ("cfd_tunnel" | "warp_connector" | "gre")[]) => {
      const rows = await all(
        client.zeroTrust.tunnels.list({
          account_id,
          include_prefix: "mix-",
          ...(types && { tun_types: types }),
        }),
      );
      return rows.map((each) => each.name);
    };
    expect(await listed()).toEqual(["mix-w", "mix-c"]);
    expect(await listed(["cfd_tunnel"])).toEqual(["mix-c"]);
    expect(await listed(["cfd_tunnel", "warp_connector"])).toEqual(["mix-w", "mix-c"]);
    expect(await listed(["gre"])).toEqual([]);
  });
});

describe("errors arrive as the SDK's own", () => {
  it("404", async () => {
    await expect(cfd().get(UNKNOWN_ID, { account_id })).rejects.toThrow(NotFoundError);
    await expect(warp().get(UNKNOWN_ID, { account_id })).rejects.toMatchObject({
      status: 404,
      errors: [{ code: 1003, message: "Tunnel not found" }],
    });
  });

  it("409, sent again twice unless the answer forbids it", async () => {
    await cfd().create({ account_id, name: "sdk-taken" });
    const again = async () => {
      sandbox.simulator.traffic.reset();
      const sent = cfd().create({ account_id, name: "sdk-taken" }, { maxRetries: 2 });
      await expect(sent).rejects.toThrow(ConflictError);
      return sandbox.simulator.traffic.counts().requests;
    };
    sandbox.simulator.setSwitches({ should_retry_header: true });
    expect(await again()).toBe(1);
    sandbox.simulator.setSwitches({ should_retry_header: false });
    fault = { type: "answer", acts: true, status: 409, headers: { "retry-after-ms": "1" } };
    expect(await again()).toBe(3);
  });

  it("401 and 403", async () => {
    const reader = clientWith({ apiToken: "reader" }).zeroTrust.tunnels;
    const [tunnel] = sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "sdk-read" }]);
    await expect(reader.cloudflared.token.get(tunnel?.id ?? "", { account_id })).rejects.toThrow(
      AuthenticationError,
    );
    await expect(reader.warpConnector.create({ account_id, name: "x" })).rejects.toThrow(
      PermissionDeniedError,
    );
    const stranger = clientWith({ apiToken: "unknown" }).zeroTrust.tunnels.cloudflared;
    await expect(all(stranger.list({ account_id }))).rejects.toMatchObject({ errors: [{ code: 9109 }] });
    await expect(all(cfd().list({ account_id: "f".repeat(32) }))).rejects.toMatchObject({
      status: 403,
      errors: [{ code: 10000 }],
    });
  });

  it("400 for a token where the key belongs", async () => {
    const wrong = clientWith({ apiKey: "a-Token_not-a-key", apiEmail: "me@example.com" });
    await expect(all(wrong.zeroTrust.tunnels.cloudflared.list({ account_id }))).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 6003 }],
    });
    const right = clientWith({ apiKey: "0123456789abcdef", apiEmail: "me@example.com" });
    expect(await all(right.zeroTrust.tunnels.cloudflared.list({ account_id, name: "none" }))).toEqual([]);
  });

  it("429, and a connection that was cut", async () => {
    fault = { type: "answer", acts: false, status: 429 };
    await expect(cfd().get(UNKNOWN_ID, { account_id })).rejects.toThrow(RateLimitError);
    fault = { type: "drop", acts: false };
    await expect(cfd().get(UNKNOWN_ID, { account_id })).rejects.toThrow(APIConnectionError);
  });
});

describe("what is no tunnel", () => {
  it("is answered where clients ask first", async () => {
    expect((await client.user.tokens.verify()).status).toBe("active");
    expect((await all(client.accounts.list())).map((account) => account.id)).toContain(account_id);
    expect((await client.accounts.get({ account_id })).name).toBe("Sandbox");
  });
});

/** A row as the SDK would type it: it knows no null, and its lists are not read-only. */
type AsTyped<T> = T extends readonly (infer E)[]
  ? AsTyped<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: AsTyped<Exclude<T[K], null>> }
    : T;

describe("our rows, held against the SDK's types", () => {
  it("have the same fields of the same types", () => {
    expectTypeOf<keyof TunnelRow>().toEqualTypeOf<keyof CloudflareTunnel>();
    expectTypeOf<AsTyped<Omit<TunnelRow, "tun_type">>>().toExtend<CloudflareTunnel>();
    type WarpRow = Omit<TunnelRow, "config_src" | "remote_config">;
    expectTypeOf<keyof WarpRow>().toEqualTypeOf<keyof WARPConnectorGetResponse>();
    expectTypeOf<AsTyped<Omit<WarpRow, "tun_type">>>().toExtend<WARPConnectorGetResponse>();
    expectTypeOf<keyof ConnectionRow>().toEqualTypeOf<keyof Client.Conn>();
    expectTypeOf<Exclude<keyof ClientRow, "ha_status">>().toEqualTypeOf<keyof Client>();
    expectTypeOf<AsTyped<ClientRow>>().toExtend<Client>();
    expectTypeOf<AsTyped<ClientRow>>().toExtend<ConnectionGetResponse>();
  });

  it("hold no other field on the wire", async () => {
    const { call } = {
      call: (path: string) => fetch(`${sandbox.url}/accounts/${account_id}${path}`, AUTH()),
    };
    const [tunnel] = sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "sdk-fields", connectors: [{}] }]);
    const keysOf = async (path: string): Promise<readonly string[]> => {
      const { result } = (await (await call(path)).json()) as { result: object };
      return Object.keys(Array.isArray(result) ? (result[0] as object) : result).toSorted();
    };
    const fields: { readonly [K in keyof Required<CloudflareTunnel>]: true } = {
      id: true,
      account_tag: true,
      config_src: true,
      connections: true,
      conns_active_at: true,
      conns_inactive_at: true,
      created_at: true,
      deleted_at: true,
      metadata: true,
      name: true,
      remote_config: true,
      status: true,
      tun_type: true,
    };
    expect(await keysOf(`/cfd_tunnel/${tunnel?.id}`)).toEqual(Object.keys(fields).toSorted());
    const clientFields: { readonly [K in keyof Required<Client>]: true } = {
      id: true,
      arch: true,
      config_version: true,
      conns: true,
      features: true,
      run_at: true,
      version: true,
    };
    expect(await keysOf(`/cfd_tunnel/${tunnel?.id}/connections`)).toEqual(
      Object.keys(clientFields).toSorted(),
    );
  });
});

const AUTH = () => ({ headers: { authorization: `Bearer ${sandbox.token}` } });
