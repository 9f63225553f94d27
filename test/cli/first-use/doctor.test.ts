import { describe, expect, it } from "vitest";
import { checkNode } from "../../../src/cli/first-use/doctor.ts";
import { runCli, servedSandbox } from "../../support/cli.ts";

const FILES = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\nvirtual_network:\n  blue:\n" };

interface Document {
  readonly ok: boolean;
  readonly checks: readonly { readonly check: string; readonly status: string; readonly what: string }[];
}

async function examine(options: Parameters<typeof runCli>[1], argv: readonly string[] = ["--insecure"]) {
  const { code, stdout } = await runCli(["doctor", "--json", ...argv], options);
  const { ok, checks } = JSON.parse(stdout) as Document;
  expect(code).toBe(ok ? 0 : 1);
  return checks;
}

/** `file: ok` and the like. */
function linesOf(checks: Document["checks"]): readonly string[] {
  return checks.map(({ check, status }) => `${check}: ${status}`);
}

describe("doctor", () => {
  it("finds everything in order, and asks for what the files need alone", async () => {
    const { env, simulator } = await servedSandbox();
    expect(linesOf(await examine({ env, files: FILES }))).toEqual([
      "node: ok",
      "file: ok",
      "credentials: ok",
      "account: ok",
      "api: ok",
      "permission: ok",
      "permission: ok",
      "clock: ok",
    ]);
    expect(simulator.traffic.counts()).toMatchObject({ requests: 2 });
  });

  it("needs nothing of its own against the embedded sandbox", async () => {
    const { code, stdout } = await runCli(["doctor", "--sandbox"], { files: FILES });
    expect(code).toBe(0);
    expect(stdout).toContain("ok       file        tunnels.yaml: 2 entries\n");
  });

  it("goes on where it can, with a cure for each that failed", async () => {
    const { code, stdout } = await runCli(["doctor"]);
    expect(code).toBe(1);
    expect(stdout.split("\n").slice(1)).toEqual([
      "failed   file        tunnels.yaml cannot be read: there is no such file.",
      "                     Write it (warren init does), or name another with --file.",
      "failed   credentials No credentials.",
      "                     Set CLOUDFLARE_API_TOKEN to an API token (README says which permissions it needs), or try everything without an account: --sandbox.",
      "failed   account     No account.",
      "                     Set account_id in the file, --account-id, or CLOUDFLARE_ACCOUNT_ID.",
      "",
    ]);
  });

  it("shows the first of a file's problems", async () => {
    const { env } = await servedSandbox();
    const checks = await examine({ env, files: { "tunnels.yaml": "version: 1\nx: 1\ny: 2\n" } });
    expect(checks[1]).toMatchObject({
      check: "file",
      status: "failed",
      what: expect.stringMatching(/^tunnels\.yaml:2: .* \(and 1 more\)$/),
      cure: "warren validate shows all that is wrong.",
    });
  });

  it("names a permission that is missing", async () => {
    const { env, simulator } = await servedSandbox({
      intercept: ({ path }) =>
        path.includes("virtual_networks")
          ? {
              type: "answer",
              acts: false,
              status: 403,
              body: '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}',
            }
          : undefined,
    });
    const checks = await examine({ env, files: FILES });
    expect(linesOf(checks).filter((line) => line.endsWith("failed"))).toEqual(["permission: failed"]);
    expect(checks.find(({ status }) => status === "failed")).toMatchObject({
      what: "Account > Cloudflare One Networks: Read (virtual_network)",
      cure: expect.stringContaining("permission"),
    });
    expect(simulator.traffic.counts()).toMatchObject({ requests: 2 });
  });

  it("says that the API does not answer", async () => {
    const sandbox = await servedSandbox();
    await sandbox.close();
    const checks = await examine({ env: sandbox.env, files: FILES }, ["--deadline", "1"]);
    expect(linesOf(checks).at(-1)).toBe("api: failed");
  });

  it("refuses what no command would send to", async () => {
    const { env } = await servedSandbox();
    const open = { ...env, CLOUDFLARE_BASE_URL: "http://api.example" };
    expect(linesOf(await examine({ env: open, files: FILES }, [])).at(-1)).toBe("api: failed");
  });

  it.each([
    [3_600_000, "3600 s behind the API's."],
    [-3_600_000, "3600 s ahead of the API's."],
  ])("warns of a clock that is off by %d ms", async (off, what) => {
    const { env } = await servedSandbox({ now: () => Date.now() + off });
    const checks = await examine({ env, files: FILES });
    const clock = checks.at(-1);
    expect(clock).toMatchObject({ check: "clock", status: "warning" });
    expect(clock?.what.replace(/359\d|360\d/, "3600")).toBe(what);
  });

  it.each([
    ["v20.18.9", "failed"],
    ["v9.0.0", "failed"],
    ["v20.19.0", "ok"],
    ["v24.1.0", "ok"],
  ])("of Node %s says %s", (version, status) => {
    expect(checkNode(version)).toMatchObject({ check: "node", status });
  });
});
