import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { secretOf } from "../support/rig.ts";
import { createRunner } from "../support/runner.ts";
import { type Job, readWorkflow, runJob } from "../support/workflow.ts";

const FOLDER = "examples/github";
const names = readdirSync(FOLDER).sort();
const workflows = names.map((name) => [name, readWorkflow(join(FOLDER, name))] as const);
const [drift, merge, pullRequest] = workflows.map(([, workflow]) => workflow);

const READ = "read-only-token";
const WRITE = "write-token";
const FILE = "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { env: WEB_SECRET } }\n";

describe.each(workflows)("%s", (name, { on, permissions, concurrency, jobs }) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const all = Object.entries(jobs);
  const steps = all.flatMap(([, job]) => job.steps);

  test("never runs for a pull request with rights of the base", () => {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(Object.keys(on)).not.toContain("workflow_run");
  });

  test("gives nothing by default, and each job no more than it needs", () => {
    expect(permissions).toEqual({});
    for (const [, job] of all) {
      const { contents, ...more } = job.permissions;
      expect(contents).toBe("read");
      const inputs = job.steps.flatMap(({ with: given = {} }) => Object.keys(given));
      expect(more).toEqual({
        ...(inputs.includes("comment") ? { "pull-requests": "write" } : {}),
        ...(inputs.includes("issue") ? { issues: "write" } : {}),
      });
    }
  });

  test("pins every action by commit, keeps no credentials of git, and runs no shell", () => {
    for (const { uses, run, with: given } of steps) {
      expect(run).toBeUndefined();
      expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      if (uses?.startsWith("actions/checkout@")) {
        expect(given?.["persist-credentials"]).toBe(false);
      }
    }
    expect(text.match(/uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)).toHaveLength(steps.length);
  });

  test("runs one at a time, and an apply is never cut off", () => {
    expect(concurrency.group).not.toBe("");
    expect(concurrency["cancel-in-progress"]).toBe(!JSON.stringify(jobs).includes('"apply"'));
  });

  test("gives the write token and tunnel secrets to an apply alone, behind the environment", () => {
    for (const [, job] of all) {
      const isApply = job.steps.some(({ with: given }) => given?.["command"] === "apply");
      const secrets = [...JSON.stringify(job).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
      const held = isApply ? ["CLOUDFLARE_WRITE_TOKEN", "WEB_SECRET"] : ["CLOUDFLARE_READ_TOKEN"];
      expect(held).toEqual(expect.arrayContaining(secrets));
      expect(job.environment).toBe(isApply ? "tunnels" : undefined);
    }
  });

  test("gives the action only inputs that it knows", () => {
    const { inputs } = parse(readFileSync("action.yml", "utf8")) as { inputs: object };
    for (const { uses, with: given = {} } of steps) {
      if (uses?.startsWith("your-org/warren@")) {
        expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      }
    }
  });
});

/** A repository with a base commit, a sandbox that knows two tokens, and the runner that the jobs run on. */
async function repository(before: string, after: string) {
  const sandbox = await servedSandbox({
    credentials: [
      { token: READ, permissions: { cfd_tunnel: "read", warp_connector: "read" } },
      { token: WRITE },
    ],
  });
  const base = { CLOUDFLARE_BASE_URL: sandbox.url, PATH: process.env["PATH"] };
  const runner = await createRunner({ "tunnels.yaml": before }, base);
  const git = (...argv: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], {
      cwd: runner.workspace,
      stdio: "ignore",
    });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "before");
  runner.write("tunnels.yaml", after);
  git("commit", "-q", "-a", "-m", "after", "--allow-empty");
  const context = {
    "vars.CLOUDFLARE_ACCOUNT_ID": sandbox.accountId,
    "secrets.CLOUDFLARE_READ_TOKEN": READ,
    "secrets.CLOUDFLARE_WRITE_TOKEN": WRITE,
    "secrets.WEB_SECRET": secretOf(7),
  };
  const artifacts = new Map<string, string>();
  const run = (job: Job | undefined, without: readonly string[] = []) => {
    if (job === undefined) {
      throw new Error("no such job");
    }
    const known = Object.entries(context).filter(([name]) => !without.includes(name));
    return runJob(job, runner, Object.fromEntries(known), artifacts);
  };
  const writes = () =>
    Object.keys(sandbox.simulator.traffic.counts().by_endpoint).filter((name) => !name.startsWith("GET"));
  return { ...sandbox, runner, run, writes, artifacts };
}

const EMPTY = "version: 1\ncfd_tunnel: {}\n";

describe("the three jobs", () => {
  test("from a pull request to the account, and a night later", async () => {
    const { runner, run, writes, simulator } = await repository(EMPTY, FILE);
    const { github } = runner;

    // A fork's pull request: no secret at all.
    const secrets = ["secrets.CLOUDFLARE_READ_TOKEN", "secrets.CLOUDFLARE_WRITE_TOKEN", "secrets.WEB_SECRET"];
    const forked = await run(pullRequest?.jobs["validate"], [...secrets, "vars.CLOUDFLARE_ACCOUNT_ID"]);
    expect(forked.steps.map(({ code }) => code)).toEqual([0]);
    expect(simulator.traffic.counts().requests).toBe(0);

    const planned = await run(pullRequest?.jobs["plan"], secrets.slice(1));
    expect(planned.steps.map(({ code }) => code)).toEqual([0]);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain("Against the base: 1 from this change, 0 drifted before");

    const merged = await run(merge?.jobs["plan"], secrets.slice(1));
    expect(merged.outputs).toEqual({ has_changes: "true" });
    expect(writes()).toEqual([]);

    const applied = await run(merge?.jobs["apply"]);
    expect(applied.steps.map(({ code }) => code)).toEqual([0]);
    expect(simulator.tunnels).toMatchObject([{ name: "web", secret: secretOf(7) }]);

    await run(drift?.jobs["drift"], secrets.slice(1));
    expect(github.issues).toEqual([]);
    simulator.rename(simulator.tunnels[0]?.id ?? "", "moved");
    const drifted = await run(drift?.jobs["drift"], secrets.slice(1));
    expect(drifted.steps.map(({ code }) => code)).toEqual([0]);
    expect(github.issues).toMatchObject([
      { state: "open", body: expect.stringContaining("What has moved (1)") },
    ]);
    simulator.rename(simulator.tunnels[0]?.id ?? "", "web");
    await run(drift?.jobs["drift"], secrets.slice(1));
    expect(github.issues).toMatchObject([{ state: "closed" }]);
  });

  test("a plan that became stale while it waited for approval is refused", async () => {
    const { runner, run, writes, simulator } = await repository(EMPTY, FILE);
    await run(merge?.jobs["plan"]);
    simulator.seed([{ kind: "cfd_tunnel", name: "web" }]);
    const applied = await run(merge?.jobs["apply"]);
    expect(applied.steps.map(({ code }) => code)).toEqual([3]);
    expect(runner.summary()).toContain("the plan is stale");
    expect(writes()).toEqual([]);
  });

  test("a poisoned artifact does nothing that the merged file does not say", async () => {
    const { runner, run, writes, artifacts, simulator, env } = await repository(EMPTY, FILE);
    simulator.seed([{ kind: "cfd_tunnel", name: "precious", created_at: 0 }]);
    await run(merge?.jobs["plan"]);
    const cwd = temporaryFolder();
    const evil = "version: 1\ncfd_tunnel:\n  precious: { state: absent }\n";
    await runCli(["plan", "--out", "evil.json"], { cwd, env, files: { "tunnels.yaml": evil } });
    artifacts.set("tunnels-plan", join(cwd, "evil.json"));
    const applied = await run(merge?.jobs["apply"]);
    expect(applied.steps.map(({ code }) => code)).toEqual([3]);
    expect(runner.summary()).toContain("not what the files ask for");
    expect(writes()).toEqual([]);
  });

  test("nothing to do is nothing to approve", async () => {
    const { run } = await repository(EMPTY, EMPTY);
    expect((await run(merge?.jobs["plan"])).outputs).toEqual({ has_changes: "false" });
    expect(merge?.jobs["apply"]?.if).toBe("needs.plan.outputs.has_changes == 'true'");
  });
});

/** The words of a command that needs no shell: anything else in an example would have to be tested in one. */
function wordsOf(line: string): readonly string[] {
  expect(line).toMatch(/^warren(?: [\w./:-]+)+$/);
  return line.split(" ").slice(1);
}

/** The component with the defaults of its inputs put in, as GitLab does it. */
function gitlabComponent(): string {
  const [head = "", body = ""] = readFileSync("templates/tunnels.yml", "utf8").split(/^---$/m);
  const { spec } = parse(head) as { spec: { inputs: { [name: string]: { default?: string } } } };
  return body.replaceAll(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name: string) => {
    expect(spec.inputs).toHaveProperty(name);
    return spec.inputs[name]?.default ?? "warren";
  });
}

describe("commands that are written down", () => {
  test.each([
    ["pipeline", readFileSync("examples/gitlab/.gitlab-ci.yml", "utf8")],
    ["component", gitlabComponent()],
  ])("of the GitLab %s run, in order", async (_, text) => {
    const pipeline = parse(text) as {
      [job: string]: { script?: readonly string[]; environment?: string; resource_group?: string };
    };
    const { env, simulator } = await servedSandbox({
      credentials: [{ token: READ, permissions: { cfd_tunnel: "read", warp_connector: "read" } }],
    });
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "tunnels.yaml"), FILE);
    for (const name of ["validate", "plan", "apply", "drift"]) {
      const job = pipeline[name] ?? pipeline[`warren ${name}`];
      expect(job?.script).toContainEqual(expect.stringMatching(new RegExp(`^warren ${name}`)));
      const isApply = name === "apply";
      expect([job?.environment, job?.resource_group]).toEqual(
        isApply ? ["tunnels", "tunnels"] : [undefined, undefined],
      );
      for (const line of job?.script ?? []) {
        const held = isApply ? { WEB_SECRET: secretOf(7) } : { CLOUDFLARE_API_TOKEN: READ };
        const result = await runCli(wordsOf(line), { cwd, env: { ...env, ...held } });
        expect([line, result.code, result.stderr.replace(/^Saved.*\n.*\n/, "")]).toEqual([line, 0, ""]);
      }
    }
    expect(simulator.tunnels.map(({ name }) => name)).toEqual(["web"]);
  });

  test("of the page about pull requests run, in order", async () => {
    const page = readFileSync("docs/pull-requests.md", "utf8");
    const yaml = /```yaml\n([^`]+)```/.exec(page)?.[1]?.replace(/^ {3}/gm, "") ?? "";
    const lines = (/## The same from a terminal\n\n```sh\n([^`]+)```/.exec(page)?.[1] ?? "")
      .trim()
      .split("\n");
    expect(lines).toHaveLength(5);
    const { env, runner } = await repository(EMPTY, yaml);
    for (const line of lines) {
      const result = await runCli(wordsOf(line), {
        cwd: runner.workspace,
        env: { ...env, PATH: process.env["PATH"], WEB_SECRET: secretOf(7) },
      });
      expect([line, result.code]).toEqual([line, 0]);
    }
  });

  test("of the page exist: each option and command that it names", () => {
    const page = readFileSync("docs/pull-requests.md", "utf8");
    for (const [, path] of page.matchAll(/\]\(\.\.\/([^)]+)\)/g)) {
      expect(readFileSync(path ?? "", "utf8")).not.toBe("");
    }
  });

  test("of the page about pull requests: every input and output of the Action, with its default", () => {
    const page = readFileSync("docs/pull-requests.md", "utf8");
    const [, section = ""] = /^## The Action\n(.*?)^## /ms.exec(page) ?? [];
    const { inputs, outputs } = parse(readFileSync("action.yml", "utf8")) as {
      readonly [list: string]: { readonly [name: string]: { readonly default?: string } };
    };
    const rows = new Map(
      [...section.matchAll(/^\| `([\w-]+)` \| (.*?) \|/gm)].map(([, name = "", fallback = ""]) => [
        name,
        fallback,
      ]),
    );
    expect([...rows.keys()].sort()).toEqual(Object.keys(inputs ?? {}).sort());
    const plain = Object.entries(inputs ?? {}).filter(([, { default: text = "" }]) =>
      /^[\w[\]-]+$/.test(text),
    );
    expect(plain.length).toBeGreaterThan(4);
    for (const [name, { default: text }] of plain) {
      expect([name, rows.get(name)]).toEqual([name, `\`${text}\``]);
    }
    expect(Object.keys(outputs ?? {}).filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  test("of the pre-commit hook: it checks the default file, offline", async () => {
    const [hook] = parse(readFileSync(".pre-commit-hooks.yaml", "utf8")) as readonly {
      [key: string]: string | boolean;
    }[];
    expect(hook).toMatchObject({ id: "warren-validate", language: "node", pass_filenames: false });
    const result = await runCli(wordsOf(String(hook?.["entry"])), { files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(0);
    const broken = await runCli(wordsOf(String(hook?.["entry"])), {
      files: { "tunnels.yaml": "version: 2\n" },
    });
    expect(broken.code).toBe(1);
  });
});
