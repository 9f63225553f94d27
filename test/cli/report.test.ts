import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documents } from "../browser/documents.mjs";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const FILE = `version: 1
cfd_tunnel:
  web: { config_src: cloudflare }
  new-shop: { tunnel_secret: { env: SHOP_SECRET } }
`;
const SECRET = "c2hvcCBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyE=";

async function seeded() {
  const sandbox = await servedSandbox();
  const [web] = sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "web", config_src: "cloudflare" }]);
  sandbox.simulator.connect(web?.id ?? "", { version: "2026.8.2", colos: ["dfw01"] });
  const cwd = temporaryFolder();
  const env = { ...sandbox.env, SHOP_SECRET: SECRET };
  const warren = (...argv: string[]) => runCli(argv, { env, cwd, files: { "tunnels.yaml": FILE } });
  const save = async (name: string, ...argv: string[]) =>
    writeFileSync(join(cwd, name), (await warren(...argv)).stdout);
  return { sandbox, cwd, warren, save };
}

test("of the account: what would change, how the tunnels are, and a picture; twice the same bytes, and no token", async () => {
  const { sandbox, cwd, warren } = await seeded();
  const { code, stdout, stderr } = await warren("report", "--out", "report.html");
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
  const page = readFileSync(join(cwd, "report.html"), "utf8");
  expect(page).toContain("<b>1</b> healthy");
  expect(page).toContain("<b>1</b> to create");
  expect(page).toContain("dfw01 ×4");
  expect(page).toContain("cfd_tunnel/new-shop");
  expect(page).not.toContain(SECRET);
  expect(page).not.toContain(sandbox.token);
  expect(statSync(join(cwd, "report.html")).mode & 0o777).toBe(0o644);
  expect((await warren("report")).stdout).toBe(page);
});

describe("of documents", () => {
  test("the same page as of the account, and nothing is asked", async () => {
    const { sandbox, warren, save } = await seeded();
    const live = (await warren("report")).stdout;
    await save("plan.json", "plan", "--json");
    await save("status.json", "status", "--json");
    sandbox.simulator.traffic.reset();
    const { code, stdout } = await warren("report", "--plan", "plan.json", "--status", "status.json");
    expect(code).toBe(0);
    expect(stdout).toBe(live);
    expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({});
  });

  test("a saved plan is shown as the plan that it is", async () => {
    const { warren, save } = await seeded();
    await save("plan.json", "plan", "--json");
    await warren("plan", "--out", "saved.json");
    const saved = await warren("report", "--plan", "saved.json");
    expect(saved.stdout).toBe((await warren("report", "--plan", "plan.json")).stdout);
  });

  test("an apply: what became of each change", async () => {
    const { warren, save } = await seeded();
    await save("applied.json", "apply", "--yes", "--json");
    const { stdout } = await warren("report", "--report", "applied.json");
    expect(stdout).toContain("<b>1</b> applied");
    expect(stdout).toContain("Verified");
  });

  test("a fleet: a row for each account, and no account is read", async () => {
    const { cwd, warren } = await seeded();
    writeFileSync(join(cwd, "fleet.json"), JSON.stringify(documents().fleet));
    const { code, stdout } = await runCli(["report", "--fleet", "fleet.json"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("<title>Tunnels of the fleet</title>");
    expect(stdout).toContain("No document: its job died, or did not run.");
    expect(stdout.match(/<b class="name">(?:retail-emea|retail-us|labs|canary|media)<\/b>/g)).toHaveLength(5);
    expect((await warren("report", "--fleet", "tunnels.yaml")).stderr).toContain("`warren merge --json`");
  });

  test("what merge makes of a fleet's documents is such a fleet", async () => {
    const { sandbox, cwd, warren, save } = await seeded();
    await save("prod.json", "plan", "--json", "--as", "prod", "--run-id", "7");
    const { accountId } = sandbox;
    const member = { files: "x", environment: null, wave: null };
    const include = [
      { account: "prod", account_id: accountId, ...member },
      { account: "lab", account_id: "a".repeat(32), ...member },
    ];
    const matrix = { format_version: "1.0", run: "7", include, removed: [] };
    writeFileSync(join(cwd, "matrix.json"), JSON.stringify(matrix));
    await save("fleet.json", "merge", "prod.json", "--expect", "matrix.json", "--json");
    const { stdout } = await warren("report", "--fleet", "fleet.json");
    expect(stdout).toContain("<b>1</b> missing");
    expect(stdout).toContain("<b>1</b> with changes");
    expect(stdout).toContain("cfd_tunnel/new-shop");
  });

  test("what is no such document is refused, and says what it is", async () => {
    const { cwd, warren } = await seeded();
    const errors = [
      { code: "no_credentials", message: "No credentials.", file: null, line: null, column: null },
    ];
    writeFileSync(join(cwd, "failed.json"), JSON.stringify({ format_version: "1.0", errors }));
    writeFileSync(join(cwd, "other.json"), '{"format_version":"2.0","changes":[]}');
    const failed = await warren("report", "--plan", "failed.json");
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).toBe("error: failed.json is from a run that failed: No credentials.\n");
    for (const path of ["other.json", "tunnels.yaml"]) {
      expect((await warren("report", "--plan", path)).stderr).toContain(`${path} is not a saved plan`);
      expect((await warren("report", "--status", path)).stderr).toContain("`warren status --json`");
      expect((await warren("report", "--report", path)).stderr).toContain("`warren apply --json`");
    }
  });

  test("of an account of any size", async () => {
    const { cwd, warren } = await seeded();
    const { status } = documents();
    const [some] = status["health"] as readonly object[];
    const health = Array.from({ length: 20_000 }, () => some);
    writeFileSync(join(cwd, "status.json"), JSON.stringify({ ...status, health }));
    const { code, stdout } = await warren("report", "--status", "status.json");
    expect(code).toBe(0);
    expect(stdout).toContain("<b>20000</b> healthy");
    expect(stdout.match(/<tr>/g)).toHaveLength(501);
  });

  test("its own document is not written over", async () => {
    const { warren, save } = await seeded();
    await save("plan.json", "plan", "--json");
    const { code, stderr } = await warren("report", "--plan", "plan.json", "--out", "plan.json");
    expect(code).toBe(1);
    expect(stderr).toContain("--out plan.json would replace plan.json");
  });
});
