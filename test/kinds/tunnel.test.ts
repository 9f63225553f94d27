import { describe, expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import type { CloudflareClient } from "../../src/cloudflare/client.ts";
import { ApiError } from "../../src/cloudflare/error.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { warpConnector } from "../../src/kinds/warp_connector/index.ts";
import { facts, id, LONG_AGO, tunnel } from "../support/builders.ts";
import { refused } from "../support/fake-account.ts";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly sent: unknown;
}

/** A wire that gives one answer to everything, or one error. */
function answering(answer: unknown): CloudflareClient & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const say = (method: string) => (path: string, sent?: unknown) => {
    calls.push({ method, path, sent });
    return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const rows = async <T>(
    path: string,
    sent: unknown,
    parse: (row: unknown) => T | null,
  ): Promise<readonly T[]> => {
    calls.push({ method: "LIST", path, sent });
    return (Array.isArray(answer) ? answer : []).flatMap((row) => parse(row) ?? []);
  };
  return {
    calls,
    accountId: "account",
    get: say("GET"),
    post: say("POST"),
    put: say("PUT"),
    patch: say("PATCH"),
    delete: say("DELETE"),
    list: rows,
    find: rows,
  };
}

const ROW = {
  id: id(1),
  name: "web",
  tun_type: "cfd_tunnel",
  status: "inactive",
  created_at: LONG_AGO,
  conns_active_at: null,
  conns_inactive_at: LONG_AGO,
  deleted_at: null,
  config_src: "local",
  remote_config: false,
  connections: [],
  metadata: {},
  token: "CANARY",
  credentials_file: { TunnelSecret: "CANARY" },
};

describe("a row", () => {
  test("becomes a resource that holds the named fields and no other", async () => {
    expect(await cfdTunnel.read(answering(ROW), id(1))).toEqual(tunnel("web", 1));
    expect(await warpConnector.read(answering({ ...ROW, tun_type: "warp_connector" }), id(1))).toEqual(
      tunnel("web", 1, { kind: "warp_connector", spec: {} }),
    );
  });

  test.each([
    [{ config_src: "cloudflare", remote_config: false }, { config_src: "cloudflare" }],
    [{ config_src: "local", remote_config: true }, { config_src: "local" }],
    [{ config_src: undefined, remote_config: true }, { config_src: "cloudflare" }],
    [{ config_src: undefined, remote_config: false }, { config_src: "local" }],
    [{ config_src: null, remote_config: true }, { config_src: "cloudflare" }],
    [{ config_src: "new", remote_config: undefined }, {}],
    [{ config_src: undefined, remote_config: undefined }, {}],
  ])("of cfd_tunnel with %j has %j", async (change, spec) => {
    expect((await cfdTunnel.read(answering({ ...ROW, ...change }), id(1)))?.spec).toEqual(spec);
  });

  test("with an id in capitals has it in small letters", async () => {
    const upper = "ABCDEF00-0000-4000-8000-00000000000A";
    expect((await cfdTunnel.list(answering([{ ...ROW, id: upper }])))[0]?.id).toBe(upper.toLowerCase());
  });

  test("that is deleted is passed over", async () => {
    const deleted = { ...ROW, deleted_at: LONG_AGO };
    expect(await cfdTunnel.list(answering([deleted, ROW]))).toHaveLength(1);
    expect(await cfdTunnel.read(answering(deleted), id(1))).toBeNull();
  });

  test.each([
    ["no object", "web"],
    ["null", null],
    ["without an id", { ...ROW, id: undefined }],
    ["with an id that leads elsewhere", { ...ROW, id: "../../x" }],
    ["without a name", { ...ROW, name: undefined }],
    ["with an empty name", { ...ROW, name: "" }],
    ["of another kind", { ...ROW, tun_type: "warp_connector" }],
  ])("that is %s fails the reading", async (_, row) => {
    await expect(cfdTunnel.list(answering([ROW, row]))).rejects.toMatchObject({ failure: "unreadable" });
    await expect(cfdTunnel.read(answering(row), id(1))).rejects.toMatchObject({ failure: "unreadable" });
  });

  test("with a zero time is as without one", async () => {
    const zero = "0001-01-01T00:00:00Z";
    const row = {
      ...ROW,
      deleted_at: zero,
      conns_active_at: zero,
      conns_inactive_at: `${zero.slice(0, -1)}.000Z`,
    };
    expect(await cfdTunnel.read(answering(row), id(1))).toMatchObject({
      facts: { conns_active_at: null, conns_inactive_at: null },
    });
  });

  test("with open connections says how many", async () => {
    const row = { ...ROW, status: "down", connections: [{ id: "a" }, { id: "b" }] };
    const actual = await cfdTunnel.read(answering(row), id(1));
    expect(actual?.facts).toMatchObject({ status: "down", connections: "2" });
  });

  test("of another id than was asked for fails the reading", async () => {
    await expect(cfdTunnel.read(answering(ROW), id(2))).rejects.toMatchObject({ failure: "unreadable" });
  });
});

describe("reading", () => {
  test("asks for what lives", async () => {
    const client = answering([ROW]);
    await cfdTunnel.list(client);
    await cfdTunnel.find(client, { name: "web", spec: {} });
    expect(client.calls).toEqual([
      { method: "LIST", path: "/cfd_tunnel", sent: { is_deleted: false } },
      { method: "LIST", path: "/cfd_tunnel", sent: { name: "web", is_deleted: false } },
    ]);
  });

  test("by name holds each row against the name: an unknown filter would be ignored", async () => {
    expect(
      await cfdTunnel.find(answering([ROW, { ...ROW, id: id(2), name: "web2" }]), { name: "web", spec: {} }),
    ).toHaveLength(1);
  });

  test("of what is not there is null; no other error is", async () => {
    expect(await cfdTunnel.read(answering(refused(404, null, "GET")), id(1))).toBeNull();
    const unknownRoute = new ApiError("no route", {
      failure: "refused",
      method: "GET",
      path: "/",
      status: 404,
      errors: [{ code: 7003, message: "No route for that URI" }],
    });
    await expect(cfdTunnel.read(answering(unknownRoute), id(1))).rejects.toBe(unknownRoute);
    await expect(cfdTunnel.delete(answering(unknownRoute), id(1))).rejects.toBe(unknownRoute);
    for (const status of [400, 401, 403, 429, 500]) {
      await expect(cfdTunnel.read(answering(refused(status, null, "GET")), id(1))).rejects.toMatchObject({
        status,
      });
    }
  });
});

describe("writing", () => {
  test("a create sends what was written and gives the id", async () => {
    const client = answering({ ...ROW, id: id(5) });
    const secrets = { tunnel_secret: new Secret("c2VjcmV0") };
    expect(
      await cfdTunnel.create(client, { name: "web", spec: { config_src: "cloudflare" }, secrets }),
    ).toMatchObject({ kind: "cfd_tunnel", name: "web", id: id(5) });
    expect(client.calls).toEqual([
      {
        method: "POST",
        path: "/cfd_tunnel",
        sent: { name: "web", config_src: "cloudflare", tunnel_secret: "c2VjcmV0" },
      },
    ]);
  });

  test.each([null, {}, { id: "no" }, []])(
    "a create that answers %j may have made something",
    async (answer) => {
      await expect(
        cfdTunnel.create(answering(answer), { name: "web", spec: {}, secrets: {} }),
      ).rejects.toMatchObject({ failure: "unreadable", ambiguous: true });
    },
  );

  test("an update sends what it was given, and a name only where there is one", async () => {
    const client = answering(ROW);
    await warpConnector.update(client, id(1), { name: "new", spec: {}, secrets: {} });
    await warpConnector.update(client, id(1), { spec: {}, secrets: { tunnel_secret: new Secret("x") } });
    expect(client.calls.map(({ method, path, sent }) => [method, path, sent])).toEqual([
      ["PATCH", `/warp_connector/${id(1)}`, { name: "new" }],
      ["PATCH", `/warp_connector/${id(1)}`, { tunnel_secret: "x" }],
    ]);
  });

  test.each([null, {}, { id: id(2) }, []])("a yes to a write that answers %j may be none", async (answer) => {
    const unclear = { failure: "unreadable", ambiguous: true };
    const edit = { name: "new", spec: {}, secrets: {} };
    await expect(cfdTunnel.update(answering(answer), id(1), edit)).rejects.toMatchObject(unclear);
    await expect(cfdTunnel.delete(answering(answer), id(1))).rejects.toMatchObject(unclear);
  });

  test("a delete sends no `cascade`, and what is gone already is no error", async () => {
    const client = answering(ROW);
    await cfdTunnel.delete(client, id(1));
    expect(client.calls).toEqual([{ method: "DELETE", path: `/cfd_tunnel/${id(1)}`, sent: undefined }]);
    await cfdTunnel.delete(answering(refused(404, null, "DELETE")), id(1));
    await expect(cfdTunnel.delete(answering(refused(400, null, "DELETE")), id(1))).rejects.toMatchObject({
      status: 400,
    });
  });
});

describe("the last activity", () => {
  const older = "2025-01-01T00:00:00Z";
  const newer = "2025-06-01T00:00:00.5Z";

  test.each([
    [{ created_at: newer, conns_active_at: older, conns_inactive_at: older }, newer],
    [{ created_at: older, conns_active_at: newer, conns_inactive_at: older }, newer],
    [{ created_at: older, conns_active_at: older, conns_inactive_at: newer }, newer],
    [{ created_at: older, conns_active_at: null, conns_inactive_at: null }, older],
    [{ created_at: null, conns_active_at: older, conns_inactive_at: newer }, null],
    [{ created_at: older, conns_active_at: "2025-06-01T00:00:00", conns_inactive_at: null }, null],
    [
      { created_at: "2025-06-01T02:00:00+02:00", conns_active_at: older, conns_inactive_at: null },
      "2025-06-01T02:00:00+02:00",
    ],
    [{ created_at: "?", conns_active_at: null, conns_inactive_at: newer }, null],
  ])("of %j is %j", (change, text) => {
    expect(cfdTunnel.use.lastActive(tunnel("web", 1, facts(change)))?.text ?? null).toBe(text);
  });
});

function token(parts: unknown): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64");
}

describe("the comparison of a secret", () => {
  const secret = Buffer.from("thirty-two bytes that are secret").toString("base64");
  const verdictOf = async (answer: unknown, attribute = "tunnel_secret") =>
    (await cfdTunnel.secrets.compare(answering(answer), id(1), attribute, new Secret(secret))).verdict;

  test.each([
    ["the same", token({ a: "account", t: id(1), s: secret }), "same"],
    ["the same, without padding", token({ a: "account", t: id(1), s: secret.replace(/=+$/, "") }), "same"],
    [
      "another",
      token({ a: "account", t: id(1), s: Buffer.from("x".repeat(32)).toString("base64") }),
      "differs",
    ],
    ["shorter", token({ a: "account", t: id(1), s: "eA==" }), "differs"],
    ["the same, its ids in upper case", token({ a: "ACCOUNT", t: id(1).toUpperCase(), s: secret }), "same"],
    ["another account's", token({ a: "other", t: id(1), s: secret }), "unknown"],
    ["another tunnel's", token({ a: "account", t: id(2), s: secret }), "unknown"],
    ["of another form", token({ a: "account", t: id(1) }), "unknown"],
    ["no JSON", Buffer.from("{").toString("base64"), "unknown"],
    ["no text", { token: "x" }, "unknown"],
    ["refused", refused(403, null, "GET"), "unknown"],
  ])("where the token is %s", async (_, answer, verdict) => {
    expect(await verdictOf(answer)).toBe(verdict);
  });

  test("of an attribute that no token holds is unknown, and asks nothing", async () => {
    expect(await verdictOf(ROW, "other")).toBe("unknown");
  });

  test("fails when the network does", async () => {
    const error = new ApiError("cut", { failure: "network", method: "GET", path: "/" });
    await expect(verdictOf(error)).rejects.toBe(error);
  });
});
