import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli, temporaryFolder } from "../../support/cli.ts";
import { QuickClock } from "../../support/quick-clock.ts";
import { flawOf } from "../../support/documents.ts";

const idOf = (number: number) => `a${String(number).padStart(31, "0")}`;
const tunnels = (number: number) => `version: 1\naccount_id: ${idOf(number)}\ncfd_tunnel:\n  web:\n`;
const FLEET = "version: 1\ndiscover: accounts/*/tunnels.yaml\n";
const THREE = {
  "fleet.yaml": `${FLEET}defaults: { wave: rest }\naccounts:\n  lab: { wave: canary, environment: Lab 1 }\n`,
  "accounts/prod/tunnels.yaml": tunnels(1),
  "accounts/stage/tunnels.yaml": tunnels(2),
  "accounts/lab/tunnels.yaml": tunnels(3),
};

interface MatrixDocument {
  readonly run: string | null;
  readonly include: readonly { readonly account: string; readonly files: string | readonly string[] }[];
  readonly groups: readonly { readonly include: readonly { readonly account: string }[] }[];
  readonly removed: readonly object[];
}

async function matrix(
  argv: readonly string[],
  options: Parameters<typeof runCli>[1] = {},
): Promise<
  MatrixDocument & { readonly stdout: string; readonly names: readonly string[]; readonly stderr: string }
> {
  const { code, stdout, stderr } = await runCli(["matrix", ...argv], options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  const document = JSON.parse(stdout) as MatrixDocument;
  if (!argv.includes("gitlab")) {
    expect(flawOf(stdout)).toBeNull();
  }
  return { ...document, stdout, stderr, names: (document.include ?? []).map(({ account }) => account) };
}

async function problems(files: { readonly [path: string]: string }, argv: readonly string[] = []) {
  const { code, stderr, stdout } = await runCli(["matrix", ...argv], { files });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  return stderr;
}

describe("matrix", () => {
  test("says on a terminal what it takes its time for", async () => {
    const options = { files: THREE, clock: new QuickClock(0), tty: { stderr: true } };
    expect((await matrix([], options)).stderr).toContain("Reading the accounts' files");
  });

  test("lists the accounts by name, each with its id, its files and where it goes", async () => {
    const { include, run, removed } = await matrix([], { files: THREE });
    expect({ run, removed }).toEqual({ run: null, removed: [] });
    expect(include).toEqual([
      {
        account: "lab",
        account_id: idOf(3),
        files: ["accounts/lab/tunnels.yaml"],
        environment: "Lab 1",
        wave: "canary",
      },
      {
        account: "prod",
        account_id: idOf(1),
        files: ["accounts/prod/tunnels.yaml"],
        environment: null,
        wave: "rest",
      },
      {
        account: "stage",
        account_id: idOf(2),
        files: ["accounts/stage/tunnels.yaml"],
        environment: null,
        wave: "rest",
      },
    ]);
  });

  test("takes files, folders and globs beside the fleet, in place of those that are discovered", async () => {
    const files = {
      "top/fleet.yaml": `${FLEET}accounts:\n  prod: { files: [../shared, accounts/prod/*.yaml] }\n  other: { files: other.yaml }\n`,
      "top/accounts/prod/tunnels.yaml": tunnels(1),
      "top/other.yaml": tunnels(2),
      "shared/common.yaml": "version: 1\n",
    };
    const { include } = await matrix(["--fleet", "top/fleet.yaml"], { files });
    expect(include).toMatchObject([
      { account: "other", files: ["top/other.yaml"] },
      { account: "prod", files: ["shared", "top/accounts/prod/*.yaml"] },
    ]);
  });

  test("is one line for GitHub, the files one text, with the run of the CI", async () => {
    const files = {
      ...THREE,
      "accounts/prod/more.yaml": "version: 1\n",
      "fleet.yaml": `version: 1\ndiscover: accounts/*/*.yaml\n`,
    };
    const { stdout, include, run } = await matrix(["--format", "github"], {
      files,
      env: { GITHUB_RUN_ID: "12" },
    });
    expect(stdout.trimEnd()).not.toContain("\n");
    expect(run).toBe("12");
    expect(include.find(({ account }) => account === "prod")?.files).toBe(
      "accounts/prod/more.yaml\naccounts/prod/tunnels.yaml",
    );
  });

  test("is a child pipeline for GitLab, which has a job also where there is nothing to do", async () => {
    const { stdout } = await matrix(
      ["--format", "gitlab", "--run-id", "9", "--extends", ".plan", "--wave", "canary"],
      { files: THREE },
    );
    expect(JSON.parse(stdout)).toEqual({
      variables: { WARREN_RUN: "9", WARREN_SINCE: "" },
      "plan lab": {
        extends: ".plan",
        variables: {
          WARREN_ACCOUNT: "lab",
          WARREN_ACCOUNT_ID: idOf(3),
          WARREN_FILES: "accounts/lab/tunnels.yaml",
          WARREN_ENVIRONMENT: "Lab 1",
          WARREN_WAVE: "canary",
          WARREN_RUN: "9",
        },
      },
    });
  });

  test("takes one wave, and no wave that nobody is in", async () => {
    expect((await matrix(["--wave", "rest"], { files: THREE })).names).toEqual(["prod", "stage"]);
    expect(await problems(THREE, ["--wave", "canry"])).toContain("Did you mean canary?");
  });

  test("cuts nothing: more than --max, or than the engine takes, is an error; --group prints several", async () => {
    const said = await problems(THREE, ["--max", "2"]);
    expect(said).toContain("3 accounts are selected, and --max allows 2");
    expect(said).toContain("--group 2");
    const { groups } = await matrix(["--group", "2", "--format", "github"], { files: THREE });
    expect(groups.map(({ include }) => include.map(({ account }) => account))).toEqual([
      ["lab", "prod"],
      ["stage"],
    ]);
    expect(await problems(THREE, ["--group", "3", "--max", "2"])).toContain(
      "--group 3 is more than --max allows",
    );
    const many = Object.fromEntries(
      Array.from({ length: 257 }, (_, at) => [`accounts/a${at}/tunnels.yaml`, tunnels(at)]),
    );
    const files = { "fleet.yaml": FLEET, ...many };
    expect(await problems(files, ["--format", "github"])).toContain("GitHub takes 256");
    expect(await problems(files, ["--format", "gitlab"])).toContain("GitLab takes 200");
    const { stdout } = await matrix(["--format", "gitlab", "--group", "200"], { files });
    const pipelines = (JSON.parse(stdout) as { groups: readonly object[] }).groups;
    expect(pipelines.map((one) => Object.keys(one).length)).toEqual([201, 58]);
    expect((await matrix([], { files })).include).toHaveLength(257);
  });
});

describe("a fleet that is wrong is told with its place", () => {
  const one = { "accounts/prod/tunnels.yaml": tunnels(1) };
  test.each([
    ["no account", { "fleet.yaml": "version: 1\n" }, "fleet.yaml:1:1: the fleet has no account"],
    ["an empty file", { "fleet.yaml": "" }, "fleet.yaml:1:1: the file is empty"],
    ["no YAML", { "fleet.yaml": "version: 1\ndiscover: [\n" }, "fleet.yaml:"],
    ["discovers nothing", { "fleet.yaml": FLEET }, 'fleet.yaml:2:11: "accounts/*/tunnels.yaml" leads to no'],
    ["an unknown key", { ...one, "fleet.yaml": `${FLEET}acounts: {}\n` }, "fleet.yaml:3:1:"],
    [
      "a secret's name",
      { ...one, "fleet.yaml": `${FLEET}accounts:\n  prod: { token: X }\n` },
      "fleet.yaml:4:11:",
    ],
    [
      "a name with capitals",
      { ...one, "fleet.yaml": `${FLEET}accounts:\n  Prod: { files: x.yaml }\n` },
      "fleet.yaml:4:3: this is the text",
    ],
    [
      "a folder with capitals",
      { "fleet.yaml": FLEET, "accounts/Prod/tunnels.yaml": tunnels(1) },
      'fleet.yaml:2:11: "accounts/Prod" is found',
    ],
    [
      "a name that is too long",
      { "fleet.yaml": FLEET, [`accounts/${"a".repeat(64)}/tunnels.yaml`]: tunnels(1) },
      "fleet.yaml:2:11:",
    ],
    [
      "no files",
      { ...one, "fleet.yaml": `${FLEET}accounts:\n  prd: { wave: x }\n` },
      'fleet.yaml:4:3: "prd" has no files, and is not among those that are discovered; write its `files`; did you mean "prod"?',
    ],
    [
      "files that are not there",
      { ...one, "fleet.yaml": `${FLEET}accounts:\n  x: { files: [none.yaml] }\n` },
      'fleet.yaml:4:16: "none.yaml" leads to no',
    ],
    [
      "a path that a CI would expand",
      { ...one, "fleet.yaml": `${FLEET}accounts:\n  x: { files: "$TOKEN.yaml" }\n` },
      "fleet.yaml:4:15:",
    ],
    [
      "a found path that a CI would expand",
      { "fleet.yaml": "version: 1\ndiscover: a/*/*.yaml\n", "a/b/$TOKEN.yaml": tunnels(1) },
      "fleet.yaml:2:11:",
    ],
    [
      "two folders of one name",
      {
        "fleet.yaml": "version: 1\ndiscover: a/**/t.yaml\n",
        "a/x/b/t.yaml": tunnels(1),
        "a/y/b/t.yaml": tunnels(2),
      },
      'two folders are found for "b"',
    ],
    [
      "no account_id",
      { "fleet.yaml": FLEET, "accounts/prod/tunnels.yaml": "version: 1\n" },
      "accounts/prod/tunnels.yaml:1:1: no file of the account",
    ],
    [
      "an account_id from the environment",
      { "fleet.yaml": FLEET, "accounts/prod/tunnels.yaml": "version: 1\naccount_id: ${ACCOUNT_ID}\n" },
      "accounts/prod/tunnels.yaml:2:13: the account",
    ],
    [
      "an account_id that YAML reads as a number",
      { "fleet.yaml": FLEET, "accounts/prod/tunnels.yaml": `version: 1\naccount_id: ${"1".repeat(32)}\n` },
      "accounts/prod/tunnels.yaml:2:13:",
    ],
    [
      "one id twice",
      { "fleet.yaml": FLEET, ...one, "accounts/stage/tunnels.yaml": tunnels(1).replace("a000", "A000") },
      'accounts/stage/tunnels.yaml:2:13: this is the account of "prod" as well, at accounts/prod/tunnels.yaml:2:13',
    ],
    [
      "two ids in one account",
      {
        "fleet.yaml": "version: 1\ndiscover: accounts/*/*.yaml\n",
        ...one,
        "accounts/prod/a.yaml": tunnels(2),
      },
      "accounts/prod/tunnels.yaml:2:13: this is another account than at accounts/prod/a.yaml:2:13",
    ],
    [
      "an account's file that is no YAML",
      { "fleet.yaml": FLEET, "accounts/prod/tunnels.yaml": "version: [\n" },
      "accounts/prod/tunnels.yaml:",
    ],
  ])("%s", async (_, files, said) => {
    expect(await problems(files as { [path: string]: string })).toContain(said);
  });

  test("and no fleet at all", async () => {
    expect(await problems({})).toContain("fleet.yaml cannot be read");
  });
});

/** A repository that holds the files, and commands in one of its folders. */
function repository(files: { readonly [path: string]: string }) {
  const top = temporaryFolder();
  const git = (...argv: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], {
      cwd: top,
      stdio: "ignore",
    });
  const write = (more: { readonly [path: string]: string }) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    }
  };
  git("init", "-q", "-b", "main");
  write(files);
  git("add", "-A");
  git("commit", "-q", "-m", "first");
  const env = { PATH: process.env["PATH"], HOME: top };
  const since = (argv: readonly string[] = ["--changed-since", "main"], folder = ".") =>
    matrix(argv, { cwd: join(top, folder), env });
  return { top, git, write, since, env };
}

describe("matrix --changed-since", () => {
  test("tells a child pipeline the commit, by which it is found again, and a job though nothing has changed", async () => {
    const { top, env, git, write } = repository(THREE);
    git("checkout", "-q", "-b", "work");
    const pipeline = async (ref: string) =>
      JSON.parse(
        (await matrix(["--format", "gitlab", "--changed-since", ref], { cwd: top, env })).stdout,
      ) as {
        readonly variables: { readonly WARREN_SINCE: string };
      };
    const none = await pipeline("main");
    expect(none).toHaveProperty(["nothing to do", "script"]);
    expect(none.variables.WARREN_SINCE).toMatch(/^[0-9a-f]{40}$/);
    write({ "accounts/prod/tunnels.yaml": `${tunnels(1)}  api:\n` });
    const some = await pipeline("main");
    expect(Object.keys(some)).toEqual(["variables", "warren prod"]);
    expect(await pipeline(some.variables.WARREN_SINCE)).toEqual(some);
  });

  test("takes accounts that have changed since the merge base, committed or not, and no others", async () => {
    const { git, write, since } = repository(THREE);
    expect(await since()).toMatchObject({ include: [], removed: [] });
    git("checkout", "-q", "-b", "work");
    write({ "accounts/prod/tunnels.yaml": `${tunnels(1)}  api:\n`, "README.md": "x" });
    git("commit", "-q", "-a", "-m", "work");
    write({ "accounts/new/tunnels.yaml": tunnels(4) });
    git("checkout", "-q", "main");
    write({ "accounts/stage/tunnels.yaml": `${tunnels(2)}  main:\n` });
    git("commit", "-q", "-a", "-m", "main goes on");
    git("checkout", "-q", "work");
    expect((await since()).names).toEqual(["new", "prod"]);
    expect((await since(["--changed-since", "main", "--wave", "canary"])).include).toEqual([]);
    expect((await since(["--changed-since", "main", "--fleet", "../fleet.yaml"], "accounts")).names).toEqual([
      "new",
      "prod",
    ]);
  });

  test("takes every account when the fleet itself has changed", async () => {
    const { write, since } = repository(THREE);
    write({ "fleet.yaml": `${THREE["fleet.yaml"]}  prod: { wave: canary }\n` });
    const { names, stderr } = await since();
    expect(names).toEqual(["lab", "prod", "stage"]);
    expect(stderr).toContain("every account is taken");
  });

  test("sees a file that is gone from a folder, and what a link leads to", async () => {
    const { top, git, write, since } = repository({
      ...THREE,
      "fleet.yaml": `version: 1\ndiscover: accounts/*/tunnels.yaml\naccounts:\n  far: { files: far }\n  linked: { files: accounts/linked/tunnels.yaml }\n`,
      "accounts/prod/old.yaml": "version: 1\n",
      "far/a.yaml": tunnels(7),
      "far/b.yaml": "version: 1\n",
      "shared/linked.yaml": tunnels(8),
    });
    mkdirSync(join(top, "accounts/linked"));
    symlinkSync("../../shared/linked.yaml", join(top, "accounts/linked/tunnels.yaml"));
    git("add", "-A");
    git("commit", "-q", "-m", "link");
    expect((await since()).names).toEqual([]);
    rmSync(join(top, "accounts/prod/old.yaml"));
    rmSync(join(top, "far/b.yaml"));
    expect((await since()).names).toEqual(["far", "prod"]);
    write({ "shared/linked.yaml": `${tunnels(8)}  api:\n` });
    expect((await since()).names).toEqual(["far", "linked", "prod"]);
  });

  test("lists what is gone under removed, by id: a new name is no removal, another id is", async () => {
    const { top, write, since } = repository(THREE);
    renameSync(join(top, "accounts/prod"), join(top, "accounts/production"));
    rmSync(join(top, "accounts/lab"), { recursive: true });
    write({ "accounts/stage/tunnels.yaml": tunnels(5), "fleet.yaml": FLEET });
    const { removed, names } = await since();
    expect(names).toEqual(["production", "stage"]);
    expect(removed).toEqual([
      { account: "lab", account_id: idOf(3) },
      { account: "stage", account_id: idOf(2) },
    ]);
  });

  test.each([["no-such"], ["--upload-pack=x"], ["HEAD:fleet.yaml"]])(
    "%s is no commit to compare with",
    async (ref) => {
      const { top, env } = repository(THREE);
      const { code, stderr } = await runCli(["matrix", `--changed-since=${ref}`], { cwd: top, env });
      expect(code).toBe(1);
      expect(stderr).toContain("cannot be compared with");
    },
  );
});
