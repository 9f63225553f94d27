import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const WEB = "version: 1\ncfd_tunnel:\n  web:\n";
const BLOCKED = "version: 1\ncfd_tunnel:\n  old: { state: absent }\n  web:\n";

async function runner() {
  const sandbox = await servedSandbox();
  const workspace = temporaryFolder();
  const cwd = join(workspace, "infra");
  mkdirSync(cwd);
  const summaryFile = join(workspace, "summary.md");
  const env = {
    ...sandbox.env,
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: workspace,
    GITHUB_STEP_SUMMARY: summaryFile,
  };
  const run = (argv: readonly string[], yaml = WEB) =>
    runCli(argv, { cwd, env, files: { "tunnels.yaml": yaml } });
  return { ...sandbox, run, summaryFile, cwd, env };
}

const commands = (stderr: string) => stderr.split("\n").filter((line) => line.startsWith("::"));

describe("annotations", () => {
  test("problems of a file stand beside its lines, by their path from the top of the repository", async () => {
    const { run } = await runner();
    const result = await run(["validate"], "version: 1\ncfd_tunnel:\n  web: { config_source: local }\n");
    expect(result.code).toBe(1);
    expect(commands(result.stderr)).toEqual([
      expect.stringMatching(/^::error file=infra\/tunnels\.yaml,line=3,col=10::.*config_src/),
    ]);
  });

  test.each([["plan"], ["drift"], ["apply"]])("what is blocked in %s", async (command) => {
    const { run, simulator } = await runner();
    simulator.seed([{ kind: "cfd_tunnel", name: "old", connectors: [{}] }]);
    const result = await run([command], BLOCKED);
    expect(commands(result.stderr)).toEqual([
      expect.stringMatching(
        /^::error file=infra\/tunnels\.yaml,line=3,col=3::Blocked: delete cfd_tunnel old /,
      ),
    ]);
    // Standard output is the result, and nothing else.
    expect(commands(result.stdout)).toEqual([]);
  });

  test("what failed in an apply", async () => {
    const sandbox = await servedSandbox({
      intercept: ({ method }) => (method === "POST" ? { type: "answer", status: 403 } : undefined),
    } as Parameters<typeof servedSandbox>[0]);
    const env = { ...sandbox.env, GITHUB_ACTIONS: "true" };
    const result = await runCli(["apply", "--yes"], { env, files: { "tunnels.yaml": WEB } });
    expect(result.code).toBe(1);
    expect(commands(result.stderr)[0]).toMatch(
      /^::error file=tunnels.yaml,line=3,col=3::Failed: create cfd_tunnel web/,
    );
  });

  test("are not printed elsewhere", async () => {
    const { env, cwd } = await runner();
    const result = await runCli(["plan"], {
      cwd,
      env: { ...env, GITHUB_ACTIONS: undefined },
      files: { "tunnels.yaml": "version: 2\n" },
    });
    expect(commands(result.stderr)).toEqual([]);
  });
});

describe("--summary", () => {
  test.each([
    ["plan", ["plan", "--json"], "### Plan: 1 to create"],
    ["drift", ["drift"], "### Drift: 1 to create"],
    ["apply", ["apply", "--yes"], "### Applied: 1, failed: 0, skipped: 0"],
    ["a refused apply", ["apply"], "### Not applied: 1 to create"],
  ])("appends what %s found, whatever is printed", async (_, argv, head) => {
    const { run, summaryFile } = await runner();
    writeFileSync(summaryFile, "before\n");
    await run([...argv, "--summary"]);
    const text = readFileSync(summaryFile, "utf8");
    expect(text.startsWith(`before\n${head}`)).toBe(true);
    expect(text.endsWith("\n")).toBe(true);
  });

  test("outside a job is an error, before any request", async () => {
    const { env, cwd, simulator } = await runner();
    const result = await runCli(["plan", "--summary"], {
      cwd,
      env: { ...env, GITHUB_STEP_SUMMARY: undefined },
      files: { "tunnels.yaml": WEB },
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("GITHUB_STEP_SUMMARY");
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  test("that is full or cannot be written is said, and changes nothing else", async () => {
    const { run, summaryFile } = await runner();
    writeFileSync(summaryFile, "x".repeat(1_000_000));
    const full = await run(["plan", "--summary"]);
    expect([full.code, full.stderr]).toEqual([0, "The job's summary is full, so nothing was added to it.\n"]);
    const { run: again, env, cwd } = await runner();
    mkdirSync(env.GITHUB_STEP_SUMMARY);
    const folder = await again(["plan", "--summary"]);
    expect([folder.code, folder.stderr]).toEqual([
      0,
      "The job's summary cannot be written: it is a folder.\n",
    ]);
    expect(cwd).toContain("infra");
  });
});

describe("apply --format markdown", () => {
  test("prints a report, or why there is none", async () => {
    const { run } = await runner();
    const refused = await run(["apply", "--format", "markdown"]);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toMatch(/^### Not applied/);
    const done = await run(["apply", "--yes", "--format", "markdown"]);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^### Applied: 1/);
  });
});
