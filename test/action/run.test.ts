import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { servedSandbox } from "../support/cli.ts";
import { commandsIn, createRunner } from "../support/runner.ts";

const WEB = "version: 1\ncfd_tunnel:\n  web:\n";
const BLOCKED = "version: 1\ncfd_tunnel:\n  old: { state: absent }\n  web:\n";
const COMMENT = { comment: "true", token: "gh-token" };

async function job(yaml = WEB, more: { readonly [path: string]: string } = {}) {
  const sandbox = await servedSandbox();
  const runner = await createRunner({ "tunnels.yaml": yaml, ...more }, sandbox.env);
  return { ...sandbox, ...runner };
}

describe("plan", () => {
  test("saves the plan, sets the outputs, adds to the summary, and comments", async () => {
    const { use, github, summary, token } = await job();
    const step = await use({ command: "plan", ...COMMENT });
    expect(step.code).toBe(0);
    expect(step.outputs).toEqual({
      exit_code: "0",
      has_changes: "true",
      plan_file: expect.stringMatching(/warren-plan-/),
      create: "1",
      update: "0",
      delete: "0",
      replace: "0",
      blocked: "0",
      unchanged: "0",
      unmanaged: "0",
    });
    expect(existsSync(step.outputs["plan_file"] ?? "")).toBe(true);
    expect(summary()).toMatch(/^### Plan: 1 to create/);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(/^<!-- warren:plan:[0-9a-f]{16} -->\n### Plan: 1 to create/);
    expect(step.log).toContain(`::add-mask::${token}\n`);
    expect([...github.tokens]).toEqual(["Bearer gh-token"]);
  });

  test("reads tunnels.yml where there is no tunnels.yaml, and holds a saved plan against it", async () => {
    const sandbox = await servedSandbox();
    const { use, write } = await createRunner({ "tunnels.yml": WEB }, sandbox.env);
    const { code, outputs } = await use({ command: "plan" });
    expect({ code, create: outputs["create"] }).toEqual({ code: 0, create: "1" });
    write("tunnels.yml", "version: 1\ncfd_tunnel:\n  other:\n");
    const apply = { command: "apply", "plan-file": outputs["plan_file"] ?? "" };
    expect((await use(apply)).code).toBe(3);
    write("tunnels.yml", WEB);
    expect((await use(apply)).code).toBe(0);
  });

  test("with summary-only shows counts, and no name, in comment, summary and log", async () => {
    const { use, github, summary, simulator } = await job(BLOCKED);
    simulator.seed([{ kind: "cfd_tunnel", name: "old", connectors: [{}] }]);
    const step = await use({ command: "plan", "summary-only": "true", ...COMMENT });
    expect(step.outputs).toMatchObject({ exit_code: "3", create: "1", blocked: "1" });
    expect(github.comments[0]?.body).toContain("- cfd_tunnel: 1 to create, 1 blocked\n");
    for (const text of [github.comments[0]?.body, summary(), step.log]) {
      expect(text).not.toMatch(/\bold\b|\bweb\b/);
    }
    expect((await use({ command: "apply", "summary-only": "true" })).log).toContain(
      "summary-only is for plan and drift.",
    );
  });

  test("updates its one comment, and touches nobody else's", async () => {
    const { use, github, write } = await job();
    await use({ command: "plan", ...COMMENT });
    const mark = github.comments[0]?.body.split("\n")[0] ?? "";
    // Older than our own, with our very mark.
    github.comments.unshift({ id: 1, author: "mallory", body: `${mark}\nAll is well.` });
    write("tunnels.yaml", `${WEB}  api:\n`);
    await use({ command: "plan", ...COMMENT });
    expect(github.comments.map(({ author }) => author)).toEqual(["mallory", "github-actions[bot]"]);
    expect(github.comments[0]?.body).toContain("All is well.");
    expect(github.comments[1]?.body).toContain("### Plan: 2 to create");
    const before = github.requests.length;
    await use({ command: "plan", ...COMMENT });
    expect(github.requests.slice(before)).toEqual([
      "GET /repos/acme/infra/issues/7/comments?per_page=100&page=1",
    ]);
  });

  test("finds its comment on a later page", async () => {
    const { use, github } = await job();
    await use({ command: "plan", ...COMMENT });
    const strangers = Array.from({ length: 250 }, (_, id) => ({ id, author: "someone", body: "hello" }));
    github.comments.unshift(...strangers);
    await use({ command: "plan", "working-directory": ".", ...COMMENT });
    expect(github.comments).toHaveLength(251);
  });

  test("keeps a comment for each folder", async () => {
    const { use, github } = await job(WEB, { "infra/tunnels.yaml": WEB });
    await use({ command: "plan", ...COMMENT });
    const step = await use({ command: "plan", "working-directory": "infra", ...COMMENT });
    expect(step.code).toBe(0);
    expect(github.comments).toHaveLength(2);
  });

  test("that is refused fails the job with 3, and says why", async () => {
    const { use, github, simulator } = await job(BLOCKED);
    simulator.seed([{ kind: "cfd_tunnel", name: "old", connectors: [{}] }]);
    const step = await use({ command: "plan", ...COMMENT });
    expect(step.code).toBe(3);
    expect(step.outputs).toMatchObject({ exit_code: "3", has_changes: "true", blocked: "1" });
    expect(step.outputs).toHaveProperty("plan_file");
    expect(step.log).toContain("::error file=tunnels.yaml,line=3,col=3::Blocked");
    expect(github.comments[0]?.body).toContain("#### Blocked (1)");
  });

  test("of a file with errors comments them, where nothing in them can act", async () => {
    const evil = "```\n# @everyone\n::error::x";
    const { use, github } = await job(`version: 1\ncfd_tunnel:\n  web: { ${JSON.stringify(evil)}: 1 }\n`);
    const step = await use({ command: "plan", ...COMMENT });
    expect(step.code).toBe(1);
    const body = github.comments[0]?.body ?? "";
    expect(body).toContain("`warren plan` failed (exit code 1)");
    const fence = /^(`{3,})text$/m.exec(body)?.[1] ?? "";
    expect(body.split("\n").filter((line) => line.startsWith(fence))).toEqual([`${fence}text`, fence]);
    expect(step.log.split("\n").filter((line) => line.startsWith("::error::x"))).toEqual([]);
  });

  test("shows what is new against the base", async () => {
    const { use, summary } = await job(WEB, { "before.yaml": "version: 1\n" });
    await use({ command: "plan", base: "before.yaml" });
    expect(summary()).toContain("Against the base: 1 from this change");
  });

  test("sends the account nothing but GET", async () => {
    const { use, simulator } = await job();
    for (const command of ["validate", "plan", "drift"]) {
      await use({ command });
    }
    const endpoints = Object.keys(simulator.traffic.counts().by_endpoint);
    expect(endpoints).toEqual(["GET /cfd_tunnel"]);
  });
});

describe("apply", () => {
  test("applies a saved plan where the files still ask for it", async () => {
    const { use, simulator } = await job();
    const { outputs } = await use({ command: "plan" });
    const step = await use({
      command: "apply",
      "plan-file": outputs["plan_file"] ?? "",
      files: "tunnels.yaml",
    });
    expect(step.code).toBe(0);
    expect(step.outputs).toMatchObject({ exit_code: "0", applied: "1", failed: "0", skipped: "0" });
    expect(simulator.tunnels.map(({ name }) => name)).toEqual(["web"]);
  });

  test("refuses a stale one", async () => {
    const { use, simulator, summary } = await job();
    const { outputs } = await use({ command: "plan" });
    simulator.seed([{ kind: "cfd_tunnel", name: "web" }]);
    const step = await use({ command: "apply", "plan-file": outputs["plan_file"] ?? "" });
    expect(step.code).toBe(3);
    expect(summary()).toContain("### Not applied");
  });

  test("without a plan plans and applies", async () => {
    const { use, simulator } = await job();
    expect((await use({ command: "apply" })).code).toBe(0);
    expect(simulator.tunnels).toHaveLength(1);
  });
});

describe("drift", () => {
  const DRIFT = { command: "drift", issue: "true", "fail-on-drift": "false", token: "gh-token" };

  test("opens one issue, keeps it up to date, and closes it when there is none", async () => {
    const { use, github, write } = await job();
    expect((await use(DRIFT)).code).toBe(0);
    expect(github.issues).toMatchObject([
      { title: "Drift in tunnels.yaml", labels: ["warren-drift"], state: "open" },
    ]);
    write("tunnels.yaml", `${WEB}  api:\n`);
    const step = await use(DRIFT);
    expect(step.outputs).toMatchObject({ exit_code: "2", has_changes: "true" });
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]?.body).toContain("### Drift: 2 to create");
    await use({ command: "apply" });
    await use(DRIFT);
    expect(github.issues).toMatchObject([{ state: "closed" }]);
    // A new one, later.
    write("tunnels.yaml", `${WEB}  api:\n  third:\n`);
    await use(DRIFT);
    expect(github.issues).toMatchObject([{ state: "closed" }, { state: "open" }]);
  });

  test("fails the job where that was not switched off", async () => {
    const { use } = await job();
    expect((await use({ command: "drift" })).code).toBe(2);
  });

  test("that could not be looked for leaves the issue alone", async () => {
    const { use, github } = await job();
    await use(DRIFT);
    const step = await use(DRIFT, { CLOUDFLARE_API_TOKEN: "wrong" });
    expect(step.code).toBe(1);
    expect(github.issues).toMatchObject([{ state: "open" }]);
  });

  test("is also a connector that is behind, where they are asked", async () => {
    const { use, github, simulator } = await job(
      'version: 1\ncfd_tunnel:\n  web: { ingress: [{ service: "http://localhost:1" }] }\n',
    );
    await use({ command: "apply" });
    simulator.connect(simulator.tunnels[0]?.id ?? "", { config_version: -1, config_lag_ms: null });
    expect(await use(DRIFT)).toMatchObject({ outputs: { exit_code: "0" } });
    const step = await use({ ...DRIFT, rollout: "true" });
    expect(step.outputs).toMatchObject({ exit_code: "2", has_changes: "true", update: "0" });
    expect(github.issues).toMatchObject([{ state: "open", body: expect.stringContaining("1 behind") }]);
  });

  test("leaves a stranger's issue alone", async () => {
    const { use, github } = await job();
    await use(DRIFT);
    const mark = github.issues[0]?.body.split("\n")[0] ?? "";
    github.issues.splice(0, 1, { id: 3, author: "mallory", body: mark, state: "open" });
    await use(DRIFT);
    expect(github.issues.map(({ author, state }) => [author, state])).toEqual([
      ["mallory", "open"],
      ["github-actions[bot]", "open"],
    ]);
  });
});

describe("what goes wrong around it", () => {
  test("a summary that cannot be written is a warning, and the result stands", async () => {
    const { use, simulator } = await job();
    const step = await use({ command: "apply" }, { GITHUB_STEP_SUMMARY: "/nowhere/summary" });
    expect([step.code, simulator.tunnels.length]).toEqual([0, 1]);
    expect(step.log).toMatch(/::warning::The summary could not be written: ENOENT/);
  });

  test("a plan that failed is no output, not even an older one in its place", async () => {
    const { use } = await job();
    const before = await use({ command: "plan", "plan-file": "p.json" });
    expect(before.outputs["plan_file"]).toMatch(/p\.json$/);
    const wrong = { CLOUDFLARE_API_TOKEN: "wrong" };
    for (const inputs of [{ command: "plan", "plan-file": "p.json" }, { command: "plan" }]) {
      const step = await use(inputs, wrong);
      expect(step.code).toBe(1);
      expect(Object.keys(step.outputs)).not.toContain("plan_file");
    }
  });

  test("an author that is spelt in another case is the same", async () => {
    const { use, github } = await job();
    await use({ command: "plan", ...COMMENT });
    await use({ command: "plan", ...COMMENT, author: "GitHub-Actions[bot]" });
    expect(github.comments).toHaveLength(1);
  });

  test("a comment that may not be written is a warning, and the result stands", async () => {
    const { use, github } = await job();
    github.status = 403;
    const step = await use({ command: "plan", ...COMMENT });
    expect(step.code).toBe(0);
    expect(step.log).toMatch(/::warning::The comment could not be written: GET .*HTTP 403, so the token/);
    expect(step.log).not.toContain("gh-token");
  });

  test("outside a pull request there is no comment", async () => {
    const { use, github } = await job();
    const step = await use({ command: "plan", ...COMMENT }, { GITHUB_EVENT_PATH: "/nowhere" });
    expect([step.code, github.requests]).toEqual([0, []]);
    expect(step.log).toContain("::notice::No comment");
  });

  test("an API that is not https is not told the token", async () => {
    const { use } = await job();
    const step = await use({ command: "plan", ...COMMENT }, { GITHUB_API_URL: "http://api.example.com" });
    expect(step.log).toContain(
      "::warning::The comment could not be written: GITHUB_API_URL is no https URL.",
    );
  });

  test.each([
    [{ command: "destroy" }, "command must be one of validate, plan, apply, drift"],
    [{}, "command must be one of"],
    [{ command: "plan", comment: "yes" }, "comment must be true or false"],
    [{ command: "apply", base: "x" }, "base is for plan and drift"],
    [{ command: "plan", issue: "true" }, "issue is for drift"],
    [{ command: "plan", rollout: "true" }, "rollout is for drift"],
    [{ command: "plan", version: "9.9.9" }, "this action brings warren 0.1.0"],
  ])("%j is an error of the workflow", async (inputs, words) => {
    const { use, simulator } = await job();
    const step = await use(inputs);
    expect(step.code).toBe(1);
    expect(step.log).toContain(`::error::${words}`);
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  test.each([
    ["files", "--sandbox"],
    ["files", "$(touch pwned)"],
    ["files", "`touch pwned`;touch pwned|touch pwned&touch pwned"],
    ["base", "--upload-pack=touch pwned"],
    ["base", "x:$(touch pwned)"],
    ["plan-file", "$(touch pwned)"],
  ])("nothing in the input %s is an option or a command: %s", async (name, value) => {
    const { use, workspace, simulator } = await job();
    await use({ command: "plan", [name]: value });
    expect(existsSync(join(workspace, "pwned"))).toBe(false);
    expect(existsSync(join(workspace, ".warren"))).toBe(false);
    expect(
      Object.keys(simulator.traffic.counts().by_endpoint).filter((each) => !each.startsWith("GET")),
    ).toEqual([]);
  });

  test.each([
    ["##[set-output name=plan_file]x.yaml"],
    ["a ##[add-path]x.yaml"],
    ["::set-output name=plan_file::x.yaml"],
    ["a\r::set-output name=plan_file::x.yaml"],
  ])("a text that is a command to the runner is none in the log: %j", async (evil) => {
    const wrong = "version: 1\ncfd_tunnel:\n  web: { confg_src: local }\n";
    const { use } = await job(WEB, { [evil]: wrong });
    const steps = [
      await use({ command: "validate", files: evil }),
      await use({ command: "validate", files: `none-${evil}` }),
      await use({ command: "plan", base: evil, ...COMMENT }, { GITHUB_STEP_SUMMARY: `/nowhere/${evil}` }),
      await use({ command: "apply", "plan-file": evil }),
      await use({ command: evil }),
      await use({ command: "plan", version: evil }),
      await use({ command: "plan", "working-directory": `none/${evil}` }),
    ];
    expect(steps[0]?.log).toContain(":3: unknown key");
    for (const { log } of steps) {
      expect(commandsIn(log).filter((name) => !["add-mask", "error", "warning"].includes(name))).toEqual([]);
    }
  });

  test("an output of a hostile value is one output", async () => {
    const { use } = await job();
    const step = await use({ command: "plan", "plan-file": "a\nexit_code<<x\n99\nx" });
    expect(Object.keys(step.outputs)).not.toContain("99");
    expect(step.outputs["exit_code"]).toBe(String(step.code));
  });
});

test("action.yml declares every input and output that the script knows, and no other", async () => {
  const action = parse(readFileSync("action.yml", "utf8")) as {
    inputs: { [name: string]: { description: string } };
    outputs: { [name: string]: { description: string } };
    runs: { using: string; main: string };
  };
  const source = readFileSync("src/action/inputs.ts", "utf8");
  const known = [...source.matchAll(/(?:text|lines|flag)\("([a-z-]+)"/g)].map(([, name]) => name);
  expect(new Set(Object.keys(action.inputs))).toEqual(new Set(known));
  const { use } = await job();
  const outputs = [await use({ command: "plan" }), await use({ command: "apply" })].flatMap((step) =>
    Object.keys(step.outputs),
  );
  expect(new Set(Object.keys(action.outputs))).toEqual(new Set(outputs));
  for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
    expect(description).not.toBe("");
  }
  expect(action.runs).toEqual({ using: "node24", main: "dist/action.js" });
  expect(readFileSync("build/bundles.mjs", "utf8")).toContain('action: "src/action/main.ts"');
});
