import { describe, expect, it } from "vitest";
import { runCli, servedSandbox } from "../support/cli.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

/** A file that declares these names, of one kind or both. */
function fileOf(kinds: readonly string[], count: number): string {
  const entries = names(count).map((name) => `  ${name}:\n`);
  return `version: 1\n${kinds.map((kind) => `${kind}:\n${entries.join("")}`).join("")}`;
}

/**
 * A sandbox with so many live tunnels of each of these kinds, its counts at naught. The first `slow` requests of that
 * method take as long as a busy machine may need to send as many.
 */
async function account(kinds: readonly string[], count: number, slow: { [method: string]: number } = {}) {
  const sandbox = await servedSandbox({
    switches: { quota: null },
    intercept: ({ method }) => {
      const left = slow[method] ?? 0;
      slow[method] = left - 1;
      return left > 0 ? { type: "delay", ms: 1_000, acts: "last" } : undefined;
    },
  });
  sandbox.simulator.seed(kinds.flatMap((kind) => names(count).map((name) => ({ kind, name }))));
  return { env: sandbox.env, counts: () => sandbox.simulator.traffic.counts() };
}

describe("a plan that finds nothing to do", () => {
  it.each([
    [1, 1],
    [999, 1],
    // A full page is not known to be the last one.
    [1_000, 2],
    [1_001, 2],
    [2_500, 3],
  ])("with %i live tunnels asks %i times for each declared kind", async (count, requests) => {
    const both = ["cfd_tunnel", "warp_connector"];
    const { env, counts } = await account(both, count);
    const { code, stdout } = await runCli(["plan"], { env, files: { "tunnels.yaml": fileOf(both, count) } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^No changes\./) });
    expect(counts().by_endpoint).toEqual({ "GET /cfd_tunnel": requests, "GET /warp_connector": requests });
  });

  it("asks for nothing of a kind that is not declared", async () => {
    const { env, counts } = await account(["cfd_tunnel", "warp_connector"], 3);
    await runCli(["plan"], { env, files: { "tunnels.yaml": fileOf(["warp_connector"], 3) } });
    expect(counts().by_endpoint).toEqual({ "GET /warp_connector": 1 });
  });

  it("asks for all pages after the first side by side", async () => {
    const { env, counts } = await account(["cfd_tunnel"], 5_500, { GET: 5 });
    await runCli(["plan", "--concurrency", "4"], {
      env,
      files: { "tunnels.yaml": fileOf(["cfd_tunnel"], 1) },
    });
    expect(counts()).toMatchObject({ requests: 6, most_in_flight: 4 });
  });
});

describe("an apply", () => {
  it("of creates sends one POST each, between a reading to plan and one to verify", async () => {
    const { env, counts } = await account([], 0);
    const files = { "tunnels.yaml": fileOf(["cfd_tunnel", "warp_connector"], 20) };
    expect((await runCli(["apply", "--yes"], { env, files })).code).toBe(0);
    expect(counts().by_endpoint).toEqual({
      "GET /cfd_tunnel": 2,
      "GET /warp_connector": 2,
      "POST /cfd_tunnel": 20,
      "POST /warp_connector": 20,
    });
  });

  it("of renames looks at each tunnel once before it sends its PATCH", async () => {
    const { env, counts } = await account(["cfd_tunnel"], 50);
    const files = {
      "tunnels.yaml": "version: 1\ncfd_tunnel:\n  a: { renamed_from: t1 }\n  b: { renamed_from: t2 }\n",
    };
    expect((await runCli(["apply", "--yes"], { env, files })).code).toBe(0);
    expect(counts().by_endpoint).toEqual({
      "GET /cfd_tunnel": 2,
      "GET /cfd_tunnel/{id}": 2,
      "PATCH /cfd_tunnel/{id}": 2,
    });
  });

  it("of nothing sends no more than a plan", async () => {
    const { env, counts } = await account(["cfd_tunnel"], 5);
    await runCli(["apply", "--yes"], { env, files: { "tunnels.yaml": fileOf(["cfd_tunnel"], 5) } });
    expect(counts().requests).toBe(1);
  });

  it.each([1, 4, 8, 16])(
    "at --concurrency %i has so many requests in flight, and opens hardly more connections",
    async (concurrency) => {
      const { env, counts } = await account([], 0, { POST: concurrency });
      const files = { "tunnels.yaml": fileOf(["cfd_tunnel"], 120) };
      const argv = ["apply", "--yes", "--concurrency", String(concurrency)];
      expect((await runCli(argv, { env, files })).code).toBe(0);
      const { requests, most_in_flight, connections } = counts();
      expect({ requests, most_in_flight }).toEqual({ requests: 122, most_in_flight: concurrency });
      expect(connections).toBeLessThanOrEqual(concurrency + 2);
    },
  );
});
