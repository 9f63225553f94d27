import { describe, expect, it } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const entry = (name: string, port: number) => `  ${name}:
    ingress:
      - { hostname: ${name}.example.com, service: "http://localhost:${port}" }
      - service: http_status:404
`;
const file = (...entries: readonly string[]) => ({
  "tunnels.yaml": `version: 1\ncfd_tunnel:\n${entries.join("")}`,
});

describe("configurations", () => {
  it("are planned, applied, saved and planned to nothing", async () => {
    const { env } = await servedSandbox();
    const files = file(entry("web", 1), entry("api", 2));
    const planned = await runCli(["plan"], { env, files });
    expect(planned).toMatchObject({ code: 0 });
    expect(planned.stdout).toContain("cfd_tunnel_configuration");
    expect(planned.stdout).toContain("Plan: 4 to create");
    expect(await runCli(["apply", "--yes"], { env, files })).toMatchObject({ code: 0 });
    expect((await runCli(["plan"], { env, files })).stdout).toContain("Plan: 0 to create, 0 to update");
    const changed = file(entry("web", 3), entry("api", 2));
    const cwd = temporaryFolder();
    const saved = await runCli(["plan", "--out", "plan.json"], { env, files: changed, cwd });
    expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining("1 to update") });
    const applied = await runCli(["apply", "plan.json"], { env, cwd });
    expect(applied).toMatchObject({ code: 0 });
    expect((await runCli(["drift"], { env, files: changed })).code).toBe(0);
    expect((await runCli(["drift"], { env, files })).code).toBe(2);
  });

  it("go with their tunnel as a target, and bring it along where it is not there yet", async () => {
    const { env } = await servedSandbox();
    const files = file(entry("web", 1), entry("api", 2));
    for (const target of ["cfd_tunnel/web", "cfd_tunnel_configuration/web"]) {
      const { stdout } = await runCli(["plan", "--json", "--target", target], { env, files });
      expect(JSON.parse(stdout)).toMatchObject({
        changes: [
          { kind: "cfd_tunnel", name: "web" },
          { kind: "cfd_tunnel_configuration", name: "web" },
        ],
      });
    }
    expect((await runCli(["apply", "--yes"], { env, files })).code).toBe(0);
    const changed = file(entry("web", 3), entry("api", 4));
    const { stdout } = await runCli(["plan", "--json", "--target", "cfd_tunnel/web"], {
      env,
      files: changed,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [{ kind: "cfd_tunnel_configuration", name: "web" }],
      summary: { unchanged: 1 },
    });
  });
});
