import { describe, expect, test } from "vitest";
import { environmentFor, runCli, servedSandbox, temporaryFolder } from "../../support/cli.ts";
import { QuickClock } from "../../support/quick-clock.ts";
import { flawOf } from "../../support/documents.ts";
import { HOSTILE } from "../../render/hostile.ts";

const idOf = (number: number) => `a${String(number).padStart(31, "0")}`;
const NAMES = ["prod", "stage", "lab"];
const RUN = "77";

const expected = (names: readonly string[], part: object = {}) =>
  JSON.stringify({
    format_version: "1.0",
    run: RUN,
    include: names.map((account) => ({
      account,
      account_id: idOf(NAMES.indexOf(account)),
      files: "x",
      environment: null,
      wave: null,
    })),
    removed: [],
    ...part,
  });

const madeFrom = (account: string, part: object = {}) => ({
  account,
  account_id: idOf(NAMES.indexOf(account)),
  files_digest: null,
  base: null,
  run: RUN,
  ...part,
});

const change = (name = "web", action = "create") => ({ action, kind: "cfd_tunnel", name });

/** What acts on a terminal, or hides. */
const ACTS = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

/** A plan as `plan --json` prints it, as far as it matters. */
const planOf = (account: string, part: object = {}, made: object = {}) =>
  JSON.stringify({
    format_version: "1.0",
    command: "plan",
    made_from: madeFrom(account, made),
    changes: [],
    blocked: [],
    ...part,
  });

const reportOf = (account: string, outcomes: readonly object[] = [], part: object = {}) =>
  JSON.stringify({
    format_version: "1.0",
    command: "apply",
    made_from: madeFrom(account),
    outcomes,
    verified: true,
    verification: { message: "ok" },
    ...part,
  });

const errorOf = (account: string | null, made: object = {}, command = "plan") =>
  JSON.stringify({
    format_version: "1.0",
    command,
    made_from: { ...madeFrom(account ?? "", made), account, account_id: null },
    errors: [{ code: "no_credentials", message: "No credentials." }],
  });

interface Merged {
  readonly run: string | null;
  readonly accounts: readonly {
    readonly account: string;
    readonly status: string;
    readonly missing: string | null;
  }[];
  readonly unexpected: readonly { readonly file: string }[];
  readonly summary: object;
}

async function merge(
  files: { readonly [path: string]: string },
  {
    names = NAMES,
    argv = ["d"],
    matrix = expected(names),
  }: {
    readonly names?: readonly string[];
    readonly argv?: readonly string[];
    readonly matrix?: string;
  } = {},
) {
  const cwd = temporaryFolder();
  const options = { cwd, files: { "matrix.json": matrix, ...files } };
  const line = ["merge", ...argv, "--expect", "matrix.json"];
  const json = await runCli([...line, "--json"], options);
  const text = await runCli(line, options);
  const markdown = await runCli([...line, "--format", "markdown"], options);
  expect([text.code, markdown.code]).toEqual([json.code, json.code]);
  const document = JSON.parse(json.stdout) as Merged;
  const statuses = Object.fromEntries(
    (document.accounts ?? []).map(({ account, status, missing }) => [account, missing ?? status]),
  );
  return {
    code: json.code,
    document,
    statuses,
    text: text.stdout,
    markdown: markdown.stdout,
    stderr: text.stderr,
  };
}

const plans = (part: { readonly [account: string]: string } = {}) =>
  Object.fromEntries(NAMES.map((name) => [`d/${name}.json`, part[name] ?? planOf(name)]));

describe("merge ends as the gravest", () => {
  test("0 for plans, with changes or without", async () => {
    const { code, statuses, text } = await merge(plans({ stage: planOf("stage", { changes: [change()] }) }));
    expect(code).toBe(0);
    expect(statuses).toEqual({ stage: "changed", lab: "unchanged", prod: "unchanged" });
    expect(text).toContain("+ cfd_tunnel/web");
    expect(text).toContain("3 accounts: 1 with changes, 2 unchanged.");
  });

  test("2 for drift, what is blocked and who is behind included", async () => {
    const drift = (account: string, part: object = {}) => planOf(account, { command: "drift", ...part });
    const parts = [
      { changes: [change()] },
      { blocked: [{ message: "no", reason: "x" }] },
      { rollout: { behind: [{ code: "lags", message: "web is behind" }] } },
    ];
    for (const part of parts) {
      const { code, statuses } = await merge(
        plans({ prod: drift("prod", part), stage: drift("stage"), lab: drift("lab") }),
      );
      expect(code).toBe(2);
      expect(statuses).toEqual({ prod: "differs", stage: "unchanged", lab: "unchanged" });
    }
  });

  test("3 for a plan that would be refused, and for an apply that was", async () => {
    const blocked = await merge(
      plans({ prod: planOf("prod", { blocked: [{ message: "live", code: "live" }] }) }),
    );
    expect([blocked.code, blocked.statuses["prod"]]).toEqual([3, "refused"]);
    const refused = planOf("prod", { command: "apply", errors: [{ code: "stale", message: "stale" }] });
    const both = await merge({
      "d/a.json": refused,
      "d/b.json": reportOf("stage"),
      "d/c.json": reportOf("lab", [{ status: "applied", change: change() }]),
    });
    expect(both.code).toBe(3);
    expect(both.statuses).toEqual({ prod: "refused", lab: "changed", stage: "unchanged" });
  });

  test.each([
    ["an error", { "d/prod.json": errorOf("prod") }],
    [
      "a plan that lacks secrets",
      { "d/prod.json": planOf("prod", { errors: [{ code: "secrets_unknown", message: "no" }] }) },
    ],
    ["an empty file", { "d/prod.json": "" }],
    ["a document that is cut off", { "d/prod.json": planOf("prod").slice(0, -9) }],
    ["no document of ours", { "d/prod.json": '{"changes":[],"blocked":[]}' }],
    ["a version that nobody knows", { "d/prod.json": planOf("prod", { format_version: "2.0" }) }],
    ["an error under the account's folder", { "d/prod.json": "null" }],
  ])("1 for %s, whatever else there is", async (_, files) => {
    const { code, statuses } = await merge({
      ...plans({ stage: planOf("stage", { blocked: [{}] }) }),
      ...files,
    });
    expect(code).toBe(1);
    expect(statuses["prod"]).toBe("failed");
  });

  test.each([
    ["failed", [{ status: "failed", change: change(), error: { code: "api", message: "500" } }], true],
    ["skipped", [{ status: "skipped", change: change() }], true],
    ["unverified", [{ status: "applied", change: change() }], false],
  ])("1 for a report with something %s", async (_, outcomes, verified) => {
    const files = Object.fromEntries(NAMES.map((name) => [`d/${name}.json`, reportOf(name)]));
    const { code, statuses } = await merge({
      ...files,
      "d/lab.json": reportOf("lab", outcomes, { verified }),
    });
    expect(code).toBe(1);
    expect(statuses).toEqual({ lab: "failed", prod: "unchanged", stage: "unchanged" });
  });
});

describe("an account is missing", () => {
  test("without a document: its job died", async () => {
    const { prod: _, ...others } = { prod: "", stage: planOf("stage"), lab: planOf("lab") };
    const { code, statuses, text, markdown } = await merge({
      "d/s.json": others.stage,
      "d/l.json": others.lab,
    });
    expect(code).toBe(1);
    expect(statuses["prod"]).toBe("no_document");
    expect(text.split("\n")[0]).toMatch(/^missing +prod +no document: its job died/);
    expect(markdown).toContain("**missing**");
  });

  test("also where no job left anything, and the shell its pattern", async () => {
    const { code, document, stderr } = await merge({}, { argv: ["d/*.json"] });
    expect(code).toBe(1);
    expect(document.summary).toMatchObject({ missing: 3 });
    expect(stderr).toContain("d/*.json: there is no such file.");
  });

  test("with two, of which neither counts", async () => {
    const { code, statuses } = await merge({
      ...plans(),
      "d/again/prod.json": planOf("prod", { changes: [change()] }),
    });
    expect([code, statuses["prod"]]).toEqual([1, "several_documents"]);
  });

  test("with one of another run, or of none, than the matrix's or --run-id", async () => {
    for (const run of ["76", null]) {
      const { code, statuses, text } = await merge(plans({ prod: planOf("prod", {}, { run }) }));
      expect([code, statuses["prod"]]).toEqual([1, "another_run"]);
      expect(text).toContain(run === null ? "only a document of no run" : "only a document of run 76");
    }
    const { statuses } = await merge(plans(), { argv: ["d", "--run-id", "78"] });
    expect(statuses).toEqual({ prod: "another_run", stage: "another_run", lab: "another_run" });
    const failed = await merge(plans({ prod: errorOf("prod", { run: "76" }) }));
    expect(failed.statuses["prod"]).toBe("another_run");
  });

  test("with one of another command", async () => {
    const files = { ...plans(), "d/prod.json": reportOf("prod") };
    expect((await merge(files, { argv: ["d", "--command", "apply"] })).statuses).toEqual({
      prod: "unchanged",
      stage: "another_command",
      lab: "another_command",
    });
    const { code, document } = await merge(files);
    expect(code).toBe(1);
    expect(document).toMatchObject({ errors: [{ code: "several_commands" }] });
  });
});

describe("a document is of nobody who was expected", () => {
  test.each([
    ["of an account beside the fleet", planOf("other", {}, { account_id: idOf(9) })],
    ["of an account that was not to be run", planOf("lab")],
    [
      "under one name with another's id: a swapped token or file",
      planOf("prod", {}, { account_id: idOf(1) }),
    ],
    ["that nobody can tell", "[]"],
  ])("%s", async (_, text) => {
    const names = ["prod", "stage"];
    const files = { "d/prod.json": planOf("prod"), "d/stage.json": planOf("stage"), "d/odd.json": text };
    const { code, document, statuses } = await merge(files, { names });
    expect(code).toBe(1);
    expect(document.unexpected).toMatchObject([{ file: "d/odd.json" }]);
    expect(statuses).toEqual({ prod: "unchanged", stage: "unchanged" });
  });

  test("and satisfies neither the one nor the other", async () => {
    const swapped = {
      "d/prod.json": planOf("prod", {}, { account_id: idOf(1) }),
      "d/stage.json": planOf("stage", {}, { account_id: idOf(0) }),
    };
    const { statuses, document } = await merge(swapped, { names: ["prod", "stage"] });
    expect(statuses).toEqual({ prod: "no_document", stage: "no_document" });
    expect(document.unexpected).toHaveLength(2);
  });
});

describe("merge", () => {
  test("tells failures that know no account by their file, or its folder", async () => {
    const files = {
      "d/prod.json": "",
      "d/stage/plan.json": "",
      "d/x/lab.json": errorOf(null, { run: null }),
    };
    const { statuses, document } = await merge(files);
    expect(statuses).toEqual({ lab: "failed", prod: "failed", stage: "failed" });
    expect(document.unexpected).toEqual([]);
  });

  test("takes groups, and says who is gone; the matrix may lie among the documents", async () => {
    const { include } = JSON.parse(expected(["prod"])) as { include: object[] };
    const gone = { account: "old", account_id: idOf(8) };
    const matrix = expected([], {
      include: undefined,
      groups: [{ include }, { include: [] }],
      removed: [gone],
    });
    const { code, text, markdown } = await merge({ "d/prod.json": planOf("prod") }, { matrix, argv: ["."] });
    expect(code).toBe(0);
    expect(text).toContain("gone from the fleet: old");
    expect(markdown).toContain("gone from the fleet: <code>old</code>");
  });

  test("of an empty matrix is done, and of one that is none fails", async () => {
    expect((await merge({}, { names: [] })).code).toBe(0);
    for (const matrix of ["[]", '{"format_version":"1.0","run":null,"include":[{}],"removed":[]}', "x"]) {
      const { code, document } = await merge(plans(), { matrix });
      expect(code).toBe(1);
      expect(document).toMatchObject({ errors: [{ code: "bad_document" }] });
    }
  });

  test("asks which run is meant where nothing says so and there are two", async () => {
    const matrix = expected(NAMES, { run: null });
    const { code, document } = await merge(plans({ prod: planOf("prod", {}, { run: "1" }) }), { matrix });
    expect(code).toBe(1);
    expect(document).toMatchObject({ errors: [{ code: "several_runs" }] });
    expect((await merge(plans(), { matrix })).document.run).toBe(RUN);
  });

  test("fits into a comment, whatever there is, and counts what it leaves out", async () => {
    const names = Array.from({ length: 2_000 }, (_, at) => `account-${at}`);
    const include = names.map((account, at) => ({
      account,
      account_id: idOf(at),
      files: "x",
      environment: null,
      wave: null,
    }));
    const changes = Array.from({ length: 500 }, (_, at) => change(`tunnel-${at}`));
    const files = Object.fromEntries(
      names
        .slice(0, 40)
        .map((name, at) => [`d/${name}.json`, planOf(name, { changes }, { account_id: idOf(at) })]),
    );
    const { markdown, document } = await merge(files, { matrix: expected([], { include }) });
    expect(markdown.length).toBeLessThan(60_001);
    expect(markdown).toMatch(/\| … and \d+ more \|/);
    expect(document.summary).toMatchObject({ missing: 1_960, changed: 40 });
  });

  test("lets nothing from a document act: not on a terminal, not as markup, not in CI", async () => {
    for (let from = 0; from < HOSTILE.length; from += 40) {
      const texts = HOSTILE.slice(from, from + 40);
      const include = texts.flatMap((_, at) =>
        ["a", "b", "c"].map((sort, of) => ({
          account: `${sort}-${at}`,
          account_id: idOf(3 * at + of),
          files: "x",
          environment: null,
          wave: null,
        })),
      );
      const id = (name: string) => ({
        account_id: include.find(({ account }) => account === name)?.account_id,
      });
      const files = Object.fromEntries(
        texts.flatMap((text, at) => [
          [`d/${at}/a.json`, planOf(`a-${at}`, { changes: [change(text)] }, id(`a-${at}`))],
          [`d/${at}/b.json`, planOf(`b-${at}`, { blocked: [{ message: text, code: text }] }, id(`b-${at}`))],
          [`d/${at}/c.json`, planOf(`c-${at}`, {}, { run: text, ...id(`c-${at}`) })],
          [`d/${at}/d.json`, planOf("x", {}, { account: text, account_id: text })],
        ]),
      );
      const { text, markdown, document } = await merge(files, { matrix: expected([], { include }) });
      expect(document.unexpected).toHaveLength(texts.length);
      expect(text).not.toMatch(ACTS);
      expect(markdown).not.toMatch(ACTS);
      expect(text.split("\n").filter((line) => /^(::|##\[)/.test(line))).toEqual([]);
      const bare = markdown.replaceAll(/<code>[^<]*<\/code>|<\/?(?:details|summary)>/g, "");
      expect(bare).not.toMatch(/[<@]|https?:|\]\(/);
    }
  });

  test("reads what the commands really print", async () => {
    const sandbox = await servedSandbox();
    const cwd = temporaryFolder();
    const env = environmentFor(sandbox);
    const yaml = `version: 1\naccount_id: ${sandbox.accountId}\ncfd_tunnel:\n  web: { config_src: cloudflare }\n`;
    const files = {
      "fleet.yaml": "version: 1\ndiscover: accounts/*/tunnels.yaml\n",
      "accounts/prod/tunnels.yaml": yaml,
    };
    const made = ["--as", "prod", "--run-id", "1", "--json", "-f", "accounts/prod"];
    const matrix = (await runCli(["matrix", "--run-id", "1"], { cwd, files })).stdout;
    const merged = async (
      name: string,
      argv: readonly string[],
      env: { readonly [name: string]: string },
    ) => {
      const { stdout } = await runCli([...argv, ...made], { cwd, env });
      const result = await merge({ [`${name}/x.json`]: stdout }, { matrix, argv: [name] });
      return [result.code, result.statuses["prod"]];
    };
    expect(await merged("a", ["plan"], env)).toEqual([0, "changed"]);
    expect(await merged("b", ["drift"], env)).toEqual([2, "differs"]);
    expect(await merged("c", ["apply"], env)).toEqual([3, "refused"]);
    expect(await merged("d", ["apply", "--yes"], env)).toEqual([0, "changed"]);
    expect(await merged("e", ["apply", "--yes"], env)).toEqual([0, "unchanged"]);
    expect(await merged("f", ["plan"], environmentFor(sandbox, "wrong"))).toEqual([1, "failed"]);
    expect(await merged("g", ["plan", "--oops"], env)).toEqual([1, "failed"]);
    const { stdout } = await runCli(["merge", "none", "--expect", "m.json", "--json"], {
      cwd,
      files: { "m.json": matrix },
    });
    expect(flawOf(stdout)).toBeNull();
  });
});

test("says on a terminal what it takes its time for", async () => {
  const { stderr } = await runCli(["merge", "d", "--expect", "matrix.json"], {
    files: { "matrix.json": expected(["prod"]), "d/prod.json": planOf("prod") },
    clock: new QuickClock(0),
    tty: { stderr: true },
  });
  expect(stderr).toContain("Reading the documents");
});
