import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import planSchema from "../../schema/plan.schema.json" with { type: "json" };
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const isPlan = new Ajv({ strict: true, allErrors: true }).compile(planSchema);
const OLD = Date.UTC(2020, 0, 1);
const WEB = "version: 1\ncfd_tunnel:\n  web:\n";

/** A repository whose `main` holds `tunnels.yaml`, and a sandbox beside it. */
async function repository(yaml: string | null, folder = ".") {
  const sandbox = await servedSandbox();
  const top = temporaryFolder();
  const cwd = join(top, folder);
  mkdirSync(cwd, { recursive: true });
  const git = (...argv: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], {
      cwd: top,
      stdio: "ignore",
    });
  git("init", "-q", "-b", "main");
  writeFileSync(join(cwd, yaml === null ? "other" : "tunnels.yaml"), yaml ?? "");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
  const env = { ...sandbox.env, PATH: process.env["PATH"], HOME: top };
  const run = (argv: readonly string[], files: { readonly [path: string]: string } = {}) =>
    runCli(argv, { cwd, env, files });
  return { ...sandbox, run, git, cwd };
}

describe("--base", () => {
  test("with a folder, on the disk or in a commit: each file in it is the base of its namesake", async () => {
    const { run, git, cwd } = await repository(null);
    const one = "version: 1\ncfd_tunnel:\n  one: { tunnel_secret: { file: one.secret } }\n";
    const files = {
      "accounts/one.yaml": one,
      "accounts/deep/two.yml": "version: 1\ncfd_tunnel:\n  two:\n",
      "accounts/.hidden/x.yaml": "version: 1\ncfd_tunnel:\n  hidden:\n",
      "accounts/fleet.yaml": "nothing of ours",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    symlinkSync("one.yaml", join(cwd, "accounts/link.yaml"));
    git("add", "-A");
    git("commit", "-q", "-m", "accounts");
    cpSync(join(cwd, "accounts"), join(cwd, "before"), { recursive: true });
    writeFileSync(join(cwd, "accounts/new.yaml"), "version: 1\ncfd_tunnel:\n  three:\n");
    const bases = ["before", "main:accounts", "main:accounts/", "main:./accounts"];
    for (const base of bases) {
      const { code, stdout, stderr } = await run(["plan", "--file", "accounts", "--base", base, "--json"]);
      expect({ code, stderr }, base).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout).base.changes, base).toMatchObject([
        { name: "one", origin: "drift" },
        { name: "three", origin: "this_change" },
        { name: "two", origin: "drift" },
      ]);
    }
    const gone = await run(["plan", "--file", "accounts", "--base", "main:gone", "--json"]);
    expect(gone.stderr).toContain("main:gone: the commit holds no such file");
  });

  test("with a folder that lies below the working folder", async () => {
    const { run } = await repository("version: 1\ncfd_tunnel:\n  web:\n", "infra");
    const { code, stdout } = await run(["plan", "--base", "main:./", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).base.changes).toMatchObject([{ name: "web", origin: "drift" }]);
  });

  test("with a commit: tells this change from drift, and shows what is adopted", async () => {
    const { run, simulator } = await repository("version: 1\ncfd_tunnel:\n  gone:\n");
    simulator.seed([{ kind: "cfd_tunnel", name: "web", created_at: OLD }]);
    const yaml = "version: 1\ncfd_tunnel:\n  gone:\n  new:\n  web:\n";
    const text = await run(["plan", "--base", "main:tunnels.yaml"], { "tunnels.yaml": yaml });
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(
      /\+ cfd_tunnel\/gone {2}.*\n(?: .*\n)*? {4}origin: drift that was there before this change \(state\)/,
    );
    expect(text.stdout).toMatch(/\+ cfd_tunnel\/new {2}.*\n(?: .*\n)*? {4}origin: this change \(state\)/);
    expect(text.stdout).toContain(`Adopted: cfd_tunnel web (${simulator.tunnels[0]?.id})`);
    expect(text.stdout).toContain("created 2020-01-01T00:00:00");
    const json = await run(["drift", "--base", "main:tunnels.yaml", "--json"]);
    const document: unknown = JSON.parse(json.stdout);
    expect(isPlan(document), JSON.stringify(isPlan.errors)).toBe(true);
    expect(document).toMatchObject({
      base: {
        changes: [{ origin: "drift" }, { origin: "this_change" }],
        adopted: [{ name: "web" }],
        released: [],
      },
    });
    const markdown = await run(["plan", "--base", "main:tunnels.yaml", "--format", "markdown"]);
    expect(markdown.stdout).toContain("#### Adopted by this change (1)");
    // One list a run.
    expect(simulator.traffic.counts().by_endpoint).toEqual({ "GET /cfd_tunnel": 3 });
  });

  test("with a file; and a saved plan keeps what was found", async () => {
    const { run } = await repository(null);
    const files = { "tunnels.yaml": WEB, "before.yaml": "version: 1\ncfd_tunnel: {}\n" };
    const saved = await run(["plan", "--base", "before.yaml", "--out", "plan.json"], files);
    const shown = await run(["show-plan", "plan.json"]);
    expect(shown.stdout).toBe(saved.stdout);
    expect(shown.stdout).toContain("origin: this change");
    expect((await run(["apply", "plan.json", "--file", "tunnels.yaml"])).code).toBe(0);
  });

  test("in a folder of the repository, by git's own rules", async () => {
    const { run } = await repository(WEB, "infra");
    for (const base of ["main:infra/tunnels.yaml", "main:./tunnels.yaml", "HEAD:./tunnels.yaml"]) {
      expect((await run(["plan", "--base", base])).stdout).toContain("origin: drift");
    }
  });

  test("takes a path to a secret in the base for what it is in the file", async () => {
    const yaml = "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { file: secret } }\n";
    const { run } = await repository(yaml, "infra");
    expect((await run(["plan", "--base", "main:infra/tunnels.yaml"])).stdout).toContain("origin: drift");
  });

  test("with a commit that does not hold the file: everything is new", async () => {
    const { run } = await repository(null);
    const result = await run(["plan", "--base", "main:tunnels.yaml"], { "tunnels.yaml": WEB });
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("holds no such file");
    expect(result.stdout).toContain("origin: this change");
  });

  test("that has problems of its own counts for nothing, and the plan is made", async () => {
    const { run } = await repository("version: 1\ncfd_tunnels: {}\n");
    const result = await run(["plan", "--base", "main:tunnels.yaml"], { "tunnels.yaml": WEB });
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("has 1 problem of its own");
  });

  test.each([
    ["nowhere:tunnels.yaml", "must have been fetched"],
    ["missing.yaml", "cannot be read: there is no such file"],
    ["--upload-pack=touch pwned:x", "cannot be read from git"],
    ["$(touch pwned):`touch pwned`", "cannot be read from git"],
    ["-", "not standard input"],
    ["nope:tunnels.yaml", "invalid object name 'nope'. In CI"],
  ])("refuses %s before any request", async (base, words) => {
    const { run, simulator, cwd } = await repository(WEB);
    const result = await run(["plan", `--base=${base}`]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(words);
    expect(simulator.traffic.counts().requests).toBe(0);
    expect(execFileSync("ls", [cwd], { encoding: "utf8" })).not.toContain("pwned");
  });

  test("outside a repository", async () => {
    const { env } = await servedSandbox();
    const cwd = temporaryFolder();
    const options = {
      cwd,
      env: { ...env, PATH: process.env["PATH"], GIT_CEILING_DIRECTORIES: join(cwd, "..") },
    };
    const result = await runCli(["plan", "--base", "main:x"], { ...options, files: { "tunnels.yaml": WEB } });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("not a git repository");
  });
});
