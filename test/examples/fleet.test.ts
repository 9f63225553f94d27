import { cpSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { runCli, temporaryFolder } from "../support/cli.ts";

const FOLDER = "examples/fleet";
const read = (path: string) => readFileSync(join(FOLDER, path), "utf8");
const ACCOUNTS = ["branches", "lab", "shop"];

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: {
    readonly [name: string]: {
      readonly uses?: string;
      readonly permissions: object;
      readonly needs?: string | readonly string[];
      readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly env?: object }[];
    };
  };
}

/** The examples in a folder, as a project of its own has them. */
function project() {
  const cwd = temporaryFolder();
  for (const path of ["fleet.yaml", "accounts"]) {
    cpSync(join(FOLDER, path), join(cwd, path), { recursive: true });
  }
  return cwd;
}

describe("the fleet of the examples", () => {
  test("has three accounts, whose files are valid, in the two waves that the workflow for GitHub takes", async () => {
    const cwd = project();
    const waves = [...read("github/merge.yml").matchAll(/--wave (\w+)/g)].map(([, wave = ""]) => wave);
    expect(waves).toEqual(["canary", "rest"]);
    const taken: string[] = [];
    for (const wave of waves) {
      const { code, stdout } = await runCli(["matrix", "--wave", wave], { cwd });
      expect(code).toBe(0);
      const { include } = JSON.parse(stdout) as {
        include: readonly { account: string; environment: string; files: string[] }[];
      };
      expect(include.map(({ environment }) => environment)).toEqual(include.map(({ account }) => account));
      for (const { account, files } of include) {
        taken.push(account);
        expect((await runCli(["validate", ...files.map((file) => `--file=${file}`)], { cwd })).code).toBe(0);
      }
    }
    expect(taken.sort()).toEqual(ACCOUNTS);
  });

  test("is a child pipeline whose jobs extend those of the example for GitLab", async () => {
    const jobs = parse(read("gitlab/fleet-jobs.yml")) as { readonly [name: string]: object };
    const parent = read("gitlab/.gitlab-ci.yml");
    const extended = [...parent.matchAll(/--extends (\.\w+)/g)].map(([, name = ""]) => name);
    expect(extended).toEqual([".plan", ".apply", ".drift"]);
    for (const name of extended) {
      expect(jobs).toHaveProperty([name, "script"]);
      const { stdout } = await runCli(["matrix", "--format", "gitlab", "--extends", name], {
        cwd: project(),
      });
      const { variables: own = {}, ...pipeline } = JSON.parse(stdout) as {
        readonly [job: string]: { extends: string; variables: object };
      };
      expect(Object.values(pipeline).map((job) => job.extends)).toEqual([name, name, name]);
      const given = [own, ...Object.values(pipeline).map((job) => job.variables)].flatMap((some) =>
        Object.keys(some),
      );
      const used = [...JSON.stringify(jobs).matchAll(/\$(WARREN_\w+)/g)].map(([, variable = ""]) => variable);
      expect(used.length).toBeGreaterThan(5);
      expect(used.filter((variable) => !given.includes(variable))).toEqual([]);
    }
  });
});

const workflows = readdirSync(join(FOLDER, "github")).map(
  (name) => [name, parse(read(`github/${name}`)) as Workflow] as const,
);

describe.each(workflows)("%s", (name, { on, permissions, jobs }) => {
  const all = Object.values(jobs);
  const steps = all.flatMap((job) => job.steps ?? []);

  test("gives nothing by default, and never runs with rights of the base", () => {
    expect(permissions).toEqual({});
    expect(all.filter((job) => job.permissions === undefined)).toEqual([]);
    expect(Object.keys(on)).not.toContain("pull_request_target");
  });

  test("pins what it uses, and calls workflows that are there", () => {
    for (const { uses } of [...steps, ...all]) {
      expect(uses ?? "").toMatch(
        /^(?:|[\w/-]+@[0-9a-f]{40}|\.\/\.github\/workflows\/fleet-(?:account|report)\.yml)$/,
      );
    }
    const called = all.flatMap(({ uses }) =>
      uses?.startsWith("./") ? [basename(uses).replace("fleet-", "")] : [],
    );
    expect(called.filter((file) => !workflows.some(([other]) => other === file))).toEqual([]);
    expect(read(`github/${name}`)).toContain("Copy to .github/workflows/");
  });

  test("puts nothing from outside into a script", () => {
    expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes("${{"))).toEqual([]);
  });

  test("gives the token to the step that runs warren for an account, and no command a secret on its line", () => {
    const withToken = steps.filter(({ env }) => JSON.stringify(env ?? {}).includes("secrets."));
    expect(withToken.every(({ run }) => run?.includes('--as="$ACCOUNT"'))).toBe(true);
  });
});

test("each command line of the examples is one that warren takes", async () => {
  const texts = [
    "argo.yaml",
    "gitlab/.gitlab-ci.yml",
    "gitlab/fleet-jobs.yml",
    ...workflows.map(([name]) => `github/${name}`),
  ].map(read);
  const lines = texts.flatMap((text) => [
    ...text.matchAll(/\bwarren (matrix|merge|report|plan|apply|drift)\b([^\n]*)/g),
  ]);
  expect(lines.length).toBeGreaterThan(15);
  for (const [, command = "", rest = ""] of lines) {
    const { stdout: help } = await runCli([command, "--help"]);
    for (const [, option = ""] of rest.matchAll(/(?<=[\s"])(--[a-z-]+)/g)) {
      expect(help, `warren ${command}${rest}`).toMatch(new RegExp(`^ .*${option}\\b`, "m"));
    }
  }
});
