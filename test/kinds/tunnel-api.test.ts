import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/cloudflare/error.ts";
import { readConnectors, readRunToken, readTunnel } from "../../src/tunnels/api.ts";
import { parseTunnel } from "../../src/tunnels/tunnel-row.ts";
import { createRig } from "../support/rig.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const ROW = { id: ID, name: "web", tun_type: "cfd_tunnel" };

describe("a row", () => {
  test("holds what it says, and null for what it does not", () => {
    expect(parseTunnel({ id: ID.toUpperCase(), name: "web" }, "cfd_tunnel", "/cfd_tunnel")).toEqual({
      kind: "cfd_tunnel",
      id: ID,
      name: "web",
      status: null,
      created_at: null,
      deleted_at: null,
      conns_active_at: null,
      conns_inactive_at: null,
      config_src: null,
      connectors: null,
    });
  });

  test.each([
    [{ config_src: "cloudflare", remote_config: false }, "cloudflare"],
    [{ remote_config: true }, "cloudflare"],
    [{ remote_config: false }, "local"],
    [{ config_src: null }, null],
  ])("%j is configured by %s", (fields, expected) => {
    expect(parseTunnel({ ...ROW, ...fields }, null, "/tunnels").config_src).toBe(expected);
  });

  test.each([
    [{ status: "down" }, 0],
    [{ status: "healthy" }, null],
    [{ status: "healthy", connections: [] }, null],
    [{ status: "healthy", connections: [{ client_id: "a" }, { client_id: "a" }, { client_id: "b" }] }, 2],
    [{ status: "healthy", connections: [{ client_id: "a" }, null] }, null],
  ])("%j has %s connectors", (fields, expected) => {
    expect(parseTunnel({ ...ROW, ...fields }, null, "/tunnels").connectors).toBe(expected);
  });

  test.each([
    ["no object", null],
    ["no id", { name: "web", tun_type: "cfd_tunnel" }],
    ["an id that is none", { ...ROW, id: "../x" }],
    ["no name", { id: ID, tun_type: "cfd_tunnel" }],
    ["an empty name", { ...ROW, name: "" }],
    ["no type, where any may come", { id: ID, name: "web" }],
  ])("with %s fails the reading", (_, row) => {
    expect(() => parseTunnel(row, null, "/tunnels")).toThrow(ApiError);
  });

  test("of another kind fails the reading", () => {
    expect(() => parseTunnel(ROW, "warp_connector", "/warp_connector")).toThrow(ApiError);
  });
});

describe("an answer of 200 that says nothing is never taken for absent", () => {
  const empty = () => ({
    type: "answer" as const,
    acts: false,
    status: 200,
    body: '{"success":true,"errors":[],"messages":[],"result":null}',
  });
  const tunnel = { kind: "cfd_tunnel", id: ID } as const;

  test("by id, in the connections, in the token", async () => {
    const rig = createRig({ tunnels: [{ kind: "cfd_tunnel", name: "web", id: ID }] });
    rig.fault = empty;
    await expect(readTunnel(rig.client, "cfd_tunnel", ID)).rejects.toThrow(ApiError);
    await expect(readConnectors(rig.client, tunnel)).rejects.toThrow(ApiError);
    await expect(readConnectors(rig.client, { ...tunnel, kind: "warp_connector" })).rejects.toThrow(ApiError);
    await expect(readRunToken(rig.client, tunnel)).rejects.toThrow(ApiError);
  });
});

test("a 404 for the connections of a cfd tunnel is an error: the endpoint is there, so the tunnel is not", async () => {
  const rig = createRig();
  await expect(readConnectors(rig.client, { kind: "cfd_tunnel", id: ID })).rejects.toThrow(ApiError);
});
