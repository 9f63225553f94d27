import { describe, expect, it } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const file = (port: number) => ({
  "tunnels.yaml": `version: 1
cfd_tunnel:
  web:
    ingress:
      - { hostname: web.example.com, service: "http://localhost:${port}" }
      - service: http_status:404
  api:
`,
});

/** An account that has what port 1 asks for. */
async function applied() {
  const sandbox = await servedSandbox();
  const { env, simulator } = sandbox;
  expect((await runCli(["apply", "--yes"], { env, files: file(1) })).code).toBe(0);
  const [id = "", api = ""] = ["web", "api"].map(
    (name) => simulator.tunnels.find((one) => one.name === name)?.id,
  );
  // Nobody asks those of a tunnel whose configuration no entry writes.
  simulator.connect(api, { config_version: -1, config_lag_ms: null });
  const connect = (options: Parameters<typeof simulator.connect>[1]) => simulator.connect(id, options);
  return { env, connect };
}

describe("drift --rollout", () => {
  it("asks every connector, and one that is behind is a difference", async () => {
    const { env, connect } = await applied();
    connect({ version: "2026.8.2", arch: "linux_amd64" });
    const files = file(1);
    const agrees = await runCli(["drift", "--rollout"], { env, files });
    expect(agrees).toMatchObject({ code: 0 });
    expect(agrees.stdout).toContain("\nRollout: 1 connector asked.\n");

    connect({ version: "2026.7.0", arch: "linux_arm64", config_version: -1, config_lag_ms: null });
    expect((await runCli(["drift"], { env, files })).code).toBe(0);
    const lags = await runCli(["drift", "--rollout"], { env, files });
    expect(lags.code).toBe(2);
    expect(lags.stdout).toContain(
      "\nRollout: 2 connectors asked, 1 behind.\n    cfd_tunnel_configuration/web (",
    );
    expect(lags.stdout).toMatch(/\(2026\.7\.0, linux_arm64, [0-9.]+\) has none, and should have version 0\./);

    const { code, stdout } = await runCli(["drift", "--rollout", "--json"], { env, files });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [],
      rollout: {
        asked: 2,
        behind: [
          {
            kind: "cfd_tunnel_configuration",
            name: "web",
            code: "not_arrived",
            connector: { software: "2026.7.0, linux_arm64", version: "-1" },
            expected: "0",
          },
        ],
        silent: [],
      },
    });

    const markdown = (await runCli(["drift", "--rollout", "--format", "markdown"], { env, files })).stdout;
    expect(markdown).toContain("**Rollout: 2 connectors asked, 1 behind.**");
    expect(markdown).not.toContain("No drift.");
    const counts = await runCli(["drift", "--rollout", "--summary-only"], { env, files });
    expect(counts).toMatchObject({ code: 2 });
    expect(counts.stdout).toContain("Rollout: 2 connectors asked, 1 behind.");
    expect(counts.stdout).not.toContain("web");
  });

  it("holds connectors against what is live, also where the files ask for something else", async () => {
    const { env, connect } = await applied();
    connect({});
    const { code, stdout } = await runCli(["drift", "--rollout", "--json"], { env, files: file(2) });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [{ name: "web" }],
      rollout: { asked: 1, behind: [] },
    });
  });

  it("counts one that does not say, and takes it for no difference", async () => {
    const { env, connect } = await applied();
    connect({ config_version: null });
    const { code, stdout } = await runCli(["drift", "--rollout"], { env, files: file(1) });
    expect(code).toBe(0);
    expect(stdout).toContain("Rollout: 1 connector asked, 1 silent.");
    expect(stdout).toContain("does not say which version it has.");
  });

  it("asks nobody about what is blocked, or is not there yet", async () => {
    const { env } = await servedSandbox();
    const { code, stdout } = await runCli(["drift", "--rollout", "--json"], { env, files: file(1) });
    expect(code).toBe(2);
    expect(JSON.parse(stdout).rollout).toEqual({ asked: 0, behind: [], silent: [] });
  });
});

it("apply says who does not tell which version it has", async () => {
  const { env, connect } = await applied();
  connect({ config_version: null });
  const cwd = temporaryFolder();
  const text = await runCli(["apply", "--yes"], { env, files: file(2), cwd });
  expect(text).toMatchObject({ code: 0 });
  expect(text.stdout).toContain("does not say which version it has.");
  const { code, stdout } = await runCli(["apply", "--yes", "--json"], { env, files: file(3), cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    verified: true,
    verification: { silent: [{ code: "not_told", name: "web", connector: { version: null } }] },
  });
});
