import { describe, expect, it } from "vitest";
import {
  ACCOUNT,
  code,
  names,
  OTHER_SECRET,
  row,
  SECRET,
  START,
  TOKEN,
  UNKNOWN_ID,
  world,
} from "./support/world.ts";

const KINDS = ["cfd_tunnel", "warp_connector"] as const;
const IDS = `/client/v4/accounts/${ACCOUNT}`;
const AUTH = { authorization: `Bearer ${TOKEN}` };

describe.each(KINDS)("%s", (kind) => {
  it("creates, and shows token and credentials only then", () => {
    const { call } = world();
    const made = call("POST", `/${kind}`, { name: "web", tunnel_secret: SECRET });
    expect(made.status).toBe(200);
    const shown = row(made);
    expect(shown).toMatchObject({
      account_tag: ACCOUNT,
      name: "web",
      tun_type: kind,
      status: "inactive",
      deleted_at: null,
      conns_active_at: null,
      created_at: "2026-11-25T08:00:00.000000Z",
      conns_inactive_at: "2026-11-25T08:00:00.000000Z",
    });
    expect(shown.credentials_file).toEqual({
      AccountTag: ACCOUNT,
      TunnelID: shown.id,
      TunnelName: "web",
      TunnelSecret: SECRET,
    });
    expect(JSON.parse(Buffer.from(shown.token, "base64").toString())).toEqual({
      a: ACCOUNT,
      t: shown.id,
      s: SECRET,
    });
    expect(call("GET", `/${kind}/${shown.id}/token`).json.result).toBe(shown.token);
    const read = call("GET", `/${kind}/${shown.id}`);
    expect(read.json.result).not.toHaveProperty("token");
    expect(shown).toMatchObject(row(read));
    expect(call("GET", `/${kind}`).text).not.toContain(SECRET);
    expect(read.text).not.toContain(SECRET);
  });

  it("makes a secret of 32 bytes where none is sent", () => {
    const made = world().create(kind, "web");
    expect(Buffer.from(made.credentials_file.TunnelSecret, "base64")).toHaveLength(32);
  });

  it("renames in place", () => {
    const { call, create } = world();
    const { id, token } = create(kind, "old");
    const edited = call("PATCH", `/${kind}/${id}`, { name: "new" });
    expect(edited.json.result).toMatchObject({ id, name: "new" });
    expect(edited.json.result).not.toHaveProperty("token");
    expect(names(call("GET", `/${kind}`))).toEqual(["new"]);
    expect(call("GET", `/${kind}/${id}/token`).json.result).toBe(token);
  });

  it("answers a new secret with the new token", () => {
    const { call, create } = world({ switches: { warp_token_in_patch: "present" } });
    const { id, token } = create(kind, "web", { tunnel_secret: SECRET });
    const edited = row(call("PATCH", `/${kind}/${id}`, { tunnel_secret: OTHER_SECRET }));
    expect(edited.token).not.toBe(token);
    expect(call("GET", `/${kind}/${id}/token`).json.result).toBe(edited.token);
    expect(edited).not.toHaveProperty("credentials_file");
  });

  it("takes an empty PATCH, and one of the tunnel's own name", () => {
    const { call, create } = world();
    const { id } = create(kind, "web");
    expect(row(call("PATCH", `/${kind}/${id}`, {})).name).toBe("web");
    expect(call("PATCH", `/${kind}/${id}`, { name: "web" }).status).toBe(200);
  });

  it("deletes softly: the row stays by id, and its name is free again", () => {
    const { call, create, advance } = world();
    const { id } = create(kind, "web");
    advance(1000);
    const deleted = call("DELETE", `/${kind}/${id}`);
    expect(deleted.status).toBe(200);
    expect(deleted.json.result).toMatchObject({ id, deleted_at: "2026-11-25T08:00:01.000000Z" });
    expect(call("GET", `/${kind}/${id}`).json.result).toEqual(deleted.json.result);
    expect(call("GET", `/${kind}`).json.result).toEqual([]);
    expect(names(call("GET", `/${kind}?is_deleted=true`))).toEqual(["web"]);
    expect(call("GET", `/${kind}/${id}/token`).status).toBe(404);
    expect(create(kind, "web").id).not.toBe(id);
  });

  it("refuses a second live tunnel of one name with 409/1013, on POST and PATCH", () => {
    const { call, create } = world();
    create(kind, "web");
    const other = create(kind, "api");
    for (const taken of [
      call("POST", `/${kind}`, { name: "web" }),
      call("PATCH", `/${kind}/${other.id}`, { name: "web" }),
    ]) {
      expect([taken.status, code(taken)]).toEqual([409, 1013]);
      expect(taken.json.errors[0]?.message).toMatch(/^You already have a tunnel with this name\./);
      expect(taken.json.result).toBeNull();
    }
    expect(names(call("GET", `/${kind}`))).toEqual(["api", "web"]);
  });

  it("answers 404 for an unknown tunnel, and for one of the other kind", () => {
    const { call, create } = world();
    const other = create(kind === "cfd_tunnel" ? "warp_connector" : "cfd_tunnel", "other");
    for (const id of [UNKNOWN_ID, other.id]) {
      for (const [method, path, body] of [
        ["GET", ""],
        ["PATCH", "", { name: "x" }],
        ["DELETE", ""],
        ["GET", "/token"],
      ] as const) {
        const answer = call(method, `/${kind}/${id}${path}`, body);
        expect([method, answer.status, answer.json.success]).toEqual([method, 404, false]);
      }
    }
  });

  it("refuses to delete a tunnel with connections (1022), unless told to cascade", () => {
    const { call, create, simulator } = world();
    const { id } = create(kind, "web");
    simulator.connect(id);
    const refused = call("DELETE", `/${kind}/${id}`);
    expect([refused.status, code(refused)]).toEqual([400, 1022]);
    expect(simulator.tunnel(id)?.deleted_at).toBeNull();
    expect(row(call("DELETE", `/${kind}/${id}?cascade=true`)).deleted_at).not.toBeNull();
  });

  it("ends a connection that is still counted", () => {
    const { call, create, simulator } = world();
    const { id } = create(kind, "web");
    simulator.connect(id);
    simulator.disconnect(id);
    expect(call("DELETE", `/${kind}/${id}`).status).toBe(200);
  });

  const bodies: readonly [string, string, string | null, string][] = [
    ["no body", "application/json", null, "not JSON"],
    ["cut JSON", "application/json", '{"name":', "not JSON"],
    ["a list", "application/json", "[]", "expected an object"],
    ["no name", "application/json", "{}", "missing field `name`"],
    ["a null name", "application/json", '{"name":null}', "missing field `name`"],
    ["a number as name", "application/json", '{"name":3}', "invalid value for `name`"],
    ["an empty name", "application/json", '{"name":""}', "name"],
    ["a short secret", "application/json", '{"name":"x","tunnel_secret":"AAAA"}', "at least 32"],
    ["another type", "text/plain", '{"name":"x"}', "Content-Type"],
    [
      "a secret that is not base64",
      "application/json",
      `{"name":"x","tunnel_secret":"${"é".repeat(32)}"}`,
      "base64",
    ],
  ];
  it.each(bodies)("refuses %s with 400/1030", (_, type, body, message) => {
    const { raw, simulator } = world();
    const refused = raw("POST", `${IDS}/${kind}`, { ...AUTH, "content-type": type }, body);
    expect([refused.status, code(refused)]).toEqual([400, 1030]);
    expect(refused.json.errors[0]?.message).toContain(message);
    expect(simulator.tunnels).toEqual([]);
  });
});

describe("attributes of one kind", () => {
  it.each([
    [{}, "local", false],
    [{ config_src: "local" }, "local", false],
    [{ config_src: "cloudflare" }, "cloudflare", true],
  ])("cfd_tunnel %j", (fields, config_src, remote_config) => {
    expect(world().create("cfd_tunnel", "web", fields)).toMatchObject({ config_src, remote_config });
  });

  it("refuses another config_src and another ha", () => {
    const { call } = world();
    expect(code(call("POST", "/cfd_tunnel", { name: "x", config_src: "remote" }))).toBe(1030);
    expect(code(call("POST", "/warp_connector", { name: "x", ha: "yes" }))).toBe(1030);
  });

  it("does not echo ha", () => {
    const { create, simulator } = world();
    const made = create("warp_connector", "x", { ha: true });
    expect(simulator.tunnel(made.id)?.attributes).toEqual({ ha: true });
    for (const field of ["ha", "config_src", "remote_config"]) {
      expect(made).not.toHaveProperty(field);
    }
  });

  it("keeps metadata", () => {
    expect(world().create("cfd_tunnel", "x", { metadata: { team: "a" } }).metadata).toEqual({ team: "a" });
  });

  it("follows a migration in the dashboard", () => {
    const { create, call, simulator } = world();
    const { id } = create("cfd_tunnel", "x");
    simulator.migrate(id);
    expect(call("GET", `/cfd_tunnel/${id}`).json.result).toMatchObject({
      config_src: "cloudflare",
      remote_config: true,
    });
  });
});

describe("credentials", () => {
  const key = { email: "me@example.com", key: "a".repeat(37) };
  const path = `${IDS}/cfd_tunnel`;
  it.each<[string, { [name: string]: string }, number, number | null, number | null]>([
    ["a token", AUTH, 200, null, null],
    ["a key with its email", { "x-auth-key": key.key, "x-auth-email": key.email }, 200, null, null],
    ["none", {}, 400, 9106, null],
    ["a key without email", { "x-auth-key": key.key }, 400, 9106, null],
    ["another scheme", { authorization: "Basic abc" }, 400, 6003, 6111],
    ["an empty token", { authorization: "Bearer " }, 400, 6003, 6111],
    ["an unknown token", { authorization: "Bearer other" }, 403, 9109, null],
    ["a token as key", { "x-auth-key": "Zk_9-token", "x-auth-email": key.email }, 400, 6003, 6103],
    ["no email as email", { "x-auth-key": key.key, "x-auth-email": "me" }, 400, 6003, 6102],
    ["another's key", { "x-auth-key": "b".repeat(37), "x-auth-email": key.email }, 403, 9109, null],
  ])("%s", (_, headers, status, first, chained) => {
    const answer = world({ credentials: [key] }).raw("GET", path, headers);
    expect(answer.status).toBe(status);
    expect(answer.json.errors[0]?.code ?? null).toBe(first);
    expect(answer.json.errors[0]?.error_chain?.[0]?.code ?? null).toBe(chained);
  });

  it("refuses another account with 10000", () => {
    const answer = world().raw("GET", `/client/v4/accounts/${"f".repeat(32)}/cfd_tunnel`, AUTH);
    expect([answer.status, code(answer)]).toEqual([403, 10000]);
  });

  it("forgets a token that was revoked", () => {
    const { call, simulator } = world();
    simulator.setCredentials([]);
    expect(code(call("GET", "/cfd_tunnel"))).toBe(9109);
  });

  const permissions = {
    none: {},
    "cfd read": { cfd_tunnel: "read" },
    "cfd write": { cfd_tunnel: "write" },
    "warp read": { warp_connector: "read" },
    "warp write": { warp_connector: "write" },
  } as const;
  // One row an endpoint: who gets through, and what a cfd reader gets where it does not.
  it.each<[string, string, string, object | undefined, readonly string[]]>([
    ["list", "GET", "/cfd_tunnel", undefined, ["cfd read", "cfd write"]],
    ["list", "GET", "/warp_connector", undefined, ["warp read", "warp write"]],
    ["list all", "GET", "/tunnels", undefined, ["cfd read", "cfd write"]],
    ["read", "GET", "/cfd_tunnel/CFD", undefined, ["cfd read", "cfd write"]],
    ["read", "GET", "/warp_connector/WARP", undefined, ["warp read", "warp write"]],
    ["create", "POST", "/cfd_tunnel", { name: "new" }, ["cfd write"]],
    ["create", "POST", "/warp_connector", { name: "new" }, ["warp write"]],
    ["edit", "PATCH", "/cfd_tunnel/CFD", {}, ["cfd write"]],
    ["edit", "PATCH", "/warp_connector/WARP", {}, ["warp write"]],
    ["delete", "DELETE", "/cfd_tunnel/CFD", undefined, ["cfd write"]],
    ["delete", "DELETE", "/warp_connector/WARP", undefined, ["warp write"]],
    ["token", "GET", "/cfd_tunnel/CFD/token", undefined, ["cfd write"]],
    ["token", "GET", "/warp_connector/WARP/token", undefined, ["warp write"]],
    ["connections", "GET", "/cfd_tunnel/CFD/connections", undefined, ["cfd read", "cfd write"]],
    ["clean up", "DELETE", "/cfd_tunnel/CFD/connections", undefined, ["cfd write"]],
    ["connector", "GET", "/cfd_tunnel/CFD/connectors/CLIENT", undefined, ["cfd read", "cfd write"]],
    ["management", "POST", "/cfd_tunnel/CFD/management", { resources: ["logs"] }, ["cfd write"]],
  ])("%s: %s %s", (_, method, path, body, allowed) => {
    const through = Object.entries(permissions).flatMap(([who, granted]) => {
      const { simulator, call } = world({ credentials: [{ token: "limited", permissions: granted }] });
      const [cfd, warp] = simulator.seed([
        { kind: "cfd_tunnel", name: "c" },
        { kind: "warp_connector", name: "w" },
      ]);
      const isConnector = path.includes("CLIENT");
      const client = isConnector ? simulator.connect(cfd?.id ?? "").id : "";
      const target = path
        .replace("CFD", cfd?.id ?? "")
        .replace("WARP", warp?.id ?? "")
        .replace("CLIENT", client);
      const answer = call(method, target, body, { authorization: "Bearer limited" });
      if (answer.status === 200) {
        return [who];
      }
      const isReader = path.endsWith("/token") && who.endsWith("read") && path.includes(who.slice(0, 3));
      expect([who, answer.status, code(answer)]).toEqual(isReader ? [who, 401, 1001] : [who, 403, 10000]);
      return [];
    });
    expect(through).toEqual(allowed);
  });
});

describe("paths", () => {
  it.each([
    ["GET", "/client/v4/nothing", 404, 7003],
    ["GET", "/elsewhere", 404, 7003],
    ["GET", `${IDS}/nothing`, 404, 7003],
    ["GET", `${IDS}/cfd_tunnel/not-an-id`, 400, 7003],
    ["GET", `${IDS}/cfd_tunnel/${UNKNOWN_ID}/nothing`, 404, 7003],
    ["GET", `${IDS}/warp_connector/${UNKNOWN_ID}/nothing`, 404, 7003],
    ["POST", `${IDS}/warp_connector/${UNKNOWN_ID}/management`, 404, 7003],
    ["PUT", `${IDS}/cfd_tunnel/${UNKNOWN_ID}`, 405, 10000],
    ["POST", `${IDS}/tunnels`, 405, 10000],
    ["DELETE", `${IDS}/cfd_tunnel`, 405, 10000],
    ["GET", "/client/v4/accounts//cfd_tunnel//token", 405, 10000],
  ])("%s %s: %i/%i", (method, path, status, first) => {
    const answer = world().raw(method, path, AUTH);
    expect([answer.status, code(answer)]).toEqual([status, first]);
    expect(answer.json).not.toHaveProperty("result");
  });

  it.each<[string, object]>([
    ["/user", { email: "sandbox@example.com" }],
    ["/user/tokens/verify", { status: "active" }],
    ["/accounts", [{ id: ACCOUNT }]],
    [`/accounts/${ACCOUNT}`, { id: ACCOUNT }],
    ["/memberships", [{ account: { id: ACCOUNT } }]],
  ])("answers %s, which clients ask first", (path, result) => {
    const answer = world().raw("GET", `/client/v4${path}`, AUTH);
    expect(answer.status).toBe(200);
    expect(answer.json.result).toMatchObject(result);
  });

  it("takes ids in capitals", () => {
    const { call, create } = world();
    const { id } = create("cfd_tunnel", "web");
    expect(row(call("GET", `/cfd_tunnel/${id.toUpperCase()}`)).id).toBe(id);
  });

  it("sends a date and a ray with each answer, and JSON as nothing but application/json", () => {
    const { call } = world();
    expect(call("GET", "/cfd_tunnel").headers).toEqual({
      "content-type": "application/json",
      date: "Wed, 25 Nov 2026 08:00:00 GMT",
      "cf-ray": "0000000000000000-DFW",
    });
  });
});

describe("determinism", () => {
  it("gives the same bytes for the same requests", () => {
    expect(play(5)).toBe(play(5));
    expect(play(5)).not.toBe(play(6));
  });

  it("knows no time but the one passed in", () => {
    const { call, create } = world();
    create("cfd_tunnel", "a");
    const times = call("GET", "/cfd_tunnel").text.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
    expect(new Set(times.map((time) => Date.parse(time)))).toEqual(new Set([START]));
  });
});

describe("restore", () => {
  it("puts the account back, names and lags included", () => {
    const { simulator, call, create } = world({ switches: { list_lag: 9, read_lag: 9 } });
    const before = simulator.contents;
    const { id } = create("cfd_tunnel", "a");
    expect(call("GET", "/cfd_tunnel").json.result).toEqual([]);
    const made = simulator.contents;
    const { revision } = simulator;
    simulator.restore(before);
    expect(simulator.revision).toBeGreaterThan(revision);
    expect(simulator.tunnels).toEqual([]);
    expect(call("GET", `/cfd_tunnel/${id}`).status).toBe(404);
    expect(call("POST", "/cfd_tunnel", { name: "a" }).status).toBe(200);
    simulator.restore(made);
    expect(call("GET", "/cfd_tunnel").json.result).toMatchObject([{ id }]);
    expect(call("POST", "/cfd_tunnel", { name: "a" }).status).toBe(409);
  });

  it("lets a connector come back that waited then", () => {
    const { simulator, call, create, advance } = world({ switches: { reconnect_ms: 50 } });
    const { id } = create("cfd_tunnel", "a");
    simulator.connect(id, { reconnects: true });
    call("DELETE", `/cfd_tunnel/${id}/connections`);
    const waiting = simulator.contents;
    simulator.remove(id);
    call("GET", "/cfd_tunnel");
    simulator.restore(waiting);
    advance(60);
    expect(call("GET", `/cfd_tunnel/${id}`).json.result).toMatchObject({ status: "healthy" });
  });
});

function play(seed: number): string {
  const { simulator, call, create, advance } = world({ seed });
  const out: string[] = [];
  for (const kind of KINDS) {
    const { id } = create(kind, "a");
    advance(10);
    simulator.connect(id, { reconnects: true });
    out.push(call("GET", "/tunnels").text, call("GET", `/${kind}/${id}/token`).text);
  }
  return out.join("\n");
}
