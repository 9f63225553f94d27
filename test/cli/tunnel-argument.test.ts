import { describe, expect, test } from "vitest";
import type { Credential } from "../../src/simulator/wire/auth.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { environmentFor, runCli, servedSandbox } from "../support/cli.ts";

const A = "aaaaaaaa-0000-4000-8000-000000000000";
const B = "bbbbbbbb-0000-4000-8000-000000000000";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const credentials: readonly Credential[] = [
  { token: "cfd-only", permissions: { cfd_tunnel: "read" } },
  { token: "warp-only", permissions: { warp_connector: "read" } },
  { token: "nothing", permissions: {} },
];

async function account(...tunnels: readonly SeedTunnel[]) {
  const sandbox = await servedSandbox({ credentials });
  sandbox.simulator.seed(tunnels);
  const find = async (argument: string, token?: string) => {
    sandbox.simulator.traffic.reset();
    const { code, stdout, stderr } = await runCli(["show", "--json", "--", argument], {
      env: environmentFor(sandbox, token),
    });
    const { by_endpoint } = sandbox.simulator.traffic.counts();
    const document = JSON.parse(stdout) as {
      readonly tunnel?: { readonly id: string };
      readonly errors?: readonly { readonly code: string; readonly message: string }[];
    };
    return { code, stderr, by_endpoint, id: document.tunnel?.id, error: document.errors?.[0] };
  };
  return { sandbox, find };
}

const cfd = (name: string, id = A): SeedTunnel => ({ kind: "cfd_tunnel", name, id });
const warp = (name: string, id = B): SeedTunnel => ({ kind: "warp_connector", name, id });

describe("one request finds it", () => {
  const READ = { "GET /cfd_tunnel/{id}": 1, "GET /cfd_tunnel/{id}/connections": 1 };

  test.each([
    ["a name", "web", "GET /tunnels"],
    ["a kind and a name", "cfd_tunnel/web", "GET /cfd_tunnel"],
    ["an id", A, "GET /tunnels"],
    ["an id in capitals", A.toUpperCase(), "GET /tunnels"],
  ])("by %s", async (_, argument, endpoint) => {
    const { find } = await account(cfd("web"), warp("branch"));
    expect(await find(argument)).toMatchObject({ id: A, by_endpoint: { [endpoint]: 1, ...READ } });
  });

  test("by a kind and an id", async () => {
    const { find } = await account(cfd("web"));
    expect(await find(`cfd_tunnel/${A}`)).toMatchObject({ id: A });
  });
});

describe("odd names", () => {
  test.each([
    "a/b",
    "cfd_tunnel",
    "warp_connector/x",
    "-x",
    "ü \u202E\u001B[31m",
    "x?name=y&z",
    "%2F",
    "a+b",
    "  ",
  ])("%j", async (name) => {
    const { find } = await account(cfd(name));
    expect(await find(`cfd_tunnel/${name}`)).toMatchObject({ code: 0, id: A });
    // A name that begins as a kind needs its own kind before it.
    expect((await find(name)).id).toBe(name === "warp_connector/x" ? undefined : A);
  });

  test("a text that reads as an id may still be a name", async () => {
    const { find } = await account(cfd(UNKNOWN));
    expect(await find(UNKNOWN)).toMatchObject({ code: 0, id: A });
  });

  test("an empty one is an error", async () => {
    const { find } = await account();
    expect(await find("")).toMatchObject({ code: 1, error: { code: "usage" }, by_endpoint: {} });
    expect(await find("cfd_tunnel/")).toMatchObject({ code: 1, error: { code: "usage" } });
  });
});

describe("not found", () => {
  test.each(["web", "cfd_tunnel/web", UNKNOWN])("%s", async (argument) => {
    const { find } = await account(cfd("api"), warp("web-2"));
    expect(await find(argument)).toMatchObject({ code: 1, error: { code: "unknown_tunnel" } });
  });

  test("a filter that the server ignores finds no other tunnel", async () => {
    const { sandbox, find } = await account(cfd("api"), warp("branch"));
    sandbox.simulator.setSwitches({ ignored_filters: ["name", "uuid"] });
    expect(await find("web")).toMatchObject({ code: 1, error: { code: "unknown_tunnel" } });
    expect(await find("api")).toMatchObject({ code: 0, id: A });
    expect(await find(B)).toMatchObject({ code: 0, id: B });
  });

  test("a deleted namesake is none", async () => {
    const { sandbox, find } = await account({ ...cfd("web"), deleted_at: 1 });
    sandbox.simulator.setSwitches({ ignored_filters: ["is_deleted"], is_deleted_default: "both" });
    expect(await find("web")).toMatchObject({ code: 1, error: { code: "unknown_tunnel" } });
  });
});

describe("ambiguous names", () => {
  test("of two kinds: each candidate is what to write instead", async () => {
    const { find } = await account(cfd("web"), warp("web"));
    const { code, error } = await find("web");
    expect({ code, error: error?.code }).toEqual({ code: 1, error: "ambiguous_tunnel" });
    expect(error?.message).toContain("cfd_tunnel/web");
    expect(error?.message).toContain("warp_connector/web");
    expect(await find("warp_connector/web")).toMatchObject({ code: 0, id: B });
  });

  test("of one kind: only ids tell them apart", async () => {
    const { find } = await account(cfd("web"), cfd("web", B));
    const { code, error } = await find("cfd_tunnel/web");
    expect({ code, error: error?.code }).toEqual({ code: 1, error: "ambiguous_tunnel" });
    expect(error?.message).toContain(A);
    expect(error?.message).toContain(B);
    expect(await find(B)).toMatchObject({ code: 0, id: B });
  });
});

describe("what may not be read", () => {
  test("does not keep from finding what may", async () => {
    const { find } = await account(cfd("web"), warp("branch"));
    expect(await find("web", "cfd-only")).toMatchObject({ code: 0, id: A });
    expect(await find("branch", "warp-only")).toMatchObject({ code: 0, id: B });
    expect(await find(B, "warp-only")).toMatchObject({ code: 0, id: B });
    expect(await find("warp_connector/branch", "warp-only")).toMatchObject({ code: 0, id: B });
  });

  test("is said where nothing was found, and is not taken for none", async () => {
    const { find } = await account(cfd("web"), warp("branch"));
    const { code, error } = await find("branch", "cfd-only");
    expect({ code, error: error?.code }).toEqual({ code: 1, error: "unknown_tunnel" });
    expect(error?.message).toContain("warp_connector may not be read");
    expect((await find("web", "warp-only")).error?.message).toContain("cfd_tunnel may not be read");
  });

  test("nothing may be read: the API's own refusal", async () => {
    const { find } = await account(cfd("web"));
    expect(await find("web", "nothing")).toMatchObject({ code: 1, error: { code: "refused" } });
    expect(await find("cfd_tunnel/web", "nothing")).toMatchObject({ code: 1, error: { code: "refused" } });
  });
});
