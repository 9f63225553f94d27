import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const YAML = `version: 1
cfd_tunnel:
  web:
    ingress:
      - { hostname: app.example.com, service: "http://10.1.2.3:8080" }
      - { service: "http_status:404" }
  taken: { state: absent }
virtual_network:
  prod-net: { comment: the cellar }
`;
/** What the plan holds, in any form. */
const HELD = /web|app\.example|10\.1\.2\.3|taken|prod-net|cellar/;

async function planned() {
  const { env, simulator } = await servedSandbox();
  simulator.seed([{ kind: "cfd_tunnel", name: "taken", connectors: [{}] }]);
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "tunnels.yaml"), YAML);
  return (...argv: readonly string[]) =>
    runCli(argv, {
      cwd,
      env: { ...env, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "summary") },
    }).then((result) => ({ ...result, cwd }));
}

describe("--summary-only", () => {
  it("counts, and shows nothing of what a plan holds", async () => {
    const run = await planned();
    const { code, stdout, stderr, cwd } = await run(
      "plan",
      "--summary-only",
      "--summary",
      "--out",
      "plan.json",
    );
    expect(code).toBe(3);
    expect(stdout).toBe(`cfd_tunnel: 1 to create, 1 blocked
cfd_tunnel_configuration: 1 to create
virtual_network: 1 to create

Plan: 3 to create, 0 to update, 0 to delete, 1 blocked, 0 unchanged, 1 unmanaged.
`);
    const page = `### Plan: 3 to create, 0 to update, 0 to delete, 1 blocked, 0 unchanged, 1 unmanaged

**\`apply\` refuses this plan.** Nothing is changed until that is resolved.

- cfd_tunnel: 1 to create, 1 blocked
- cfd_tunnel_configuration: 1 to create
- virtual_network: 1 to create

Names and values are left out (\`--summary-only\`).
`;
    expect(readFileSync(join(cwd, "summary"), "utf8").trimEnd()).toBe(page.trimEnd());
    expect(stderr).not.toMatch(HELD);
    const shown = await run("show-plan", "plan.json", "--summary-only", "--format", "markdown");
    expect(shown.stdout).toBe(page);
    // What the pages do not say, the plan does.
    expect((await run("show-plan", "plan.json")).stdout).toMatch(HELD);
  });

  it("of drift, and of a comparison with the base, likewise", async () => {
    const run = await planned();
    const drift = await run("drift", "--summary-only", "--base", "tunnels.yaml", "--format", "markdown");
    expect(drift.code).toBe(2);
    expect(drift.stdout).toMatch(/^### Drift: 3 to create/);
    expect(drift.stdout).toContain("Against the base: 0 from this change, 4 drifted before");
    expect(drift.stdout + drift.stderr).not.toMatch(HELD);
  });

  it("leaves a document for programs whole", async () => {
    const run = await planned();
    const [some, all] = [await run("plan", "--json", "--summary-only"), await run("plan", "--json")];
    expect(some.stdout).toBe(all.stdout);
  });

  it("says that nothing is to change", async () => {
    const { stdout } = await runCli(["plan", "--summary-only", "--sandbox"], {
      files: { "tunnels.yaml": "version: 1\n" },
    });
    expect(stdout).toBe(
      "No changes. The account agrees with what is declared.\n\nPlan: 0 to create, 0 to update, 0 to delete, 0 unchanged, 0 unmanaged.\n",
    );
  });
});
