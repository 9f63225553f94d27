import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CliOptions, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const WEB = "version: 1\ncfd_tunnel:\n  web: { config_src: cloudflare }\n";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const DIGEST = `sha256:${sha256(WEB)}`;

/** A folder with a file, and a sandbox that commands reach. */
async function folder(files: { readonly [path: string]: string } = { "tunnels.yaml": WEB }) {
  const { accountId, env } = await servedSandbox();
  const cwd = temporaryFolder();
  const run = async (argv: readonly string[], options: CliOptions = {}) => {
    const result = await runCli(argv, { cwd, files, ...options, env: { ...env, ...options.env } });
    return { ...result, document: documentOf(result.stdout) };
  };
  return { accountId, cwd, run };
}

interface Stamped {
  readonly command: string;
  readonly made_from: { readonly [key: string]: unknown };
}

function documentOf(text: string): Stamped {
  return (text.startsWith("{") ? JSON.parse(text) : {}) as Stamped;
}

const NAMED = ["--as", "prod", "--run-id", "77", "--json"];

describe("made_from", () => {
  test.each([
    ["plan", []],
    ["drift", []],
    ["apply", ["--yes"]],
  ])("of %s says the account, the files and the run", async (command, more) => {
    const { accountId, run } = await folder();
    const { document } = await run([command, ...more, ...NAMED]);
    expect(document).toMatchObject({
      command,
      made_from: { account: "prod", account_id: accountId, files_digest: DIGEST, base: null, run: "77" },
    });
  });

  test("of an apply that is refused, and of one that has nothing to do", async () => {
    const { run } = await folder();
    const refused = await run(["apply", ...NAMED]);
    expect(refused.code).toBe(3);
    expect(refused.document).toMatchObject({ command: "apply", made_from: { account: "prod", run: "77" } });
    await run(["apply", "--yes"]);
    const idle = await run(["apply", "--yes", ...NAMED]);
    expect(idle.document).toMatchObject({ command: "apply", made_from: { account: "prod", run: "77" } });
  });

  test("without options says what the CI's own variables say, and of a run no attempt", async () => {
    const { run } = await folder();
    const bare = await run(["plan", "--json"]);
    expect(bare.document.made_from).toMatchObject({ account: null, run: null });
    const attempt = (number: string) =>
      run(["plan", "--json"], { env: { GITHUB_RUN_ID: "1234", GITHUB_RUN_ATTEMPT: number } });
    const [first, second] = [await attempt("1"), await attempt("2")];
    expect(first.document.made_from).toMatchObject({ run: "1234" });
    expect(second.stdout).toBe(first.stdout);
    const gitlab = await run(["plan", "--json"], { env: { CI_PIPELINE_ID: "99" } });
    expect(gitlab.document.made_from).toMatchObject({ run: "99" });
    const odd = await run(["plan", "--json"], { env: { CI_PIPELINE_ID: "9 9\n::error::" } });
    expect(odd.document.made_from).toMatchObject({ run: null });
  });

  test("says the digest of several files by their texts, wherever they lie", async () => {
    const texts = [WEB, "version: 1\ncfd_tunnel:\n  api:\n"];
    const digest = `sha256:${sha256(texts.map((text) => `${sha256(text)}\n`).join(""))}`;
    for (const top of ["one", "two/three"]) {
      const { run } = await folder({ [`${top}/a.yaml`]: texts[0] ?? "", [`${top}/b.yaml`]: texts[1] ?? "" });
      const { document } = await run(["plan", "--json", "--file", top]);
      expect(document.made_from).toMatchObject({ files_digest: digest });
    }
  });

  test("says the base as it was given", async () => {
    const { run } = await folder();
    const { document } = await run(["drift", "--json", "--base", "tunnels.yaml"]);
    expect(document.made_from).toMatchObject({ base: ["tunnels.yaml"] });
  });

  test("stands in a saved plan, in what shows it, and in what applies it, whose run is its own", async () => {
    const { accountId, cwd, run } = await folder();
    await run(["plan", "--out", "plan.json", "--as", "prod", "--run-id", "1"]);
    const made_from = { account: "prod", account_id: accountId, files_digest: DIGEST, base: null, run: "1" };
    expect(JSON.parse(readFileSync(join(cwd, "plan.json"), "utf8"))).toMatchObject({ made_from });
    const shown = await run(["show-plan", "plan.json", "--json"]);
    expect(shown.document).toMatchObject({ command: "plan", made_from });
    const applied = await run(["apply", "plan.json", "--json", "--run-id", "2"]);
    expect(applied.document).toMatchObject({ command: "apply", made_from: { ...made_from, run: "2" } });
  });
});

describe("made_from of an error", () => {
  const errors = [
    ["a file that is wrong", ["--file", "bad.yaml"], { files_digest: `sha256:${sha256("version: 2\n")}` }],
    ["a file that is not there", ["--file", "none.yaml"], { files_digest: null, account_id: null }],
    ["an option that is not there", ["--oops"], { files_digest: null, account_id: null }],
  ] as const;
  test.each(errors)("%s", async (_, more, known) => {
    const { run } = await folder({ "tunnels.yaml": WEB, "bad.yaml": "version: 2\n" });
    for (const command of ["plan", "apply", "drift"]) {
      const { code, document } = await run([command, ...NAMED, ...more]);
      expect(code).toBe(1);
      expect(document).toMatchObject({
        command,
        errors: [{}],
        made_from: { account: "prod", run: "77", ...known },
      });
    }
  });

  test("knows the account of the file where there are no credentials, and of a refusal by the API", async () => {
    const { accountId, run } = await folder({ "tunnels.yaml": `account_id: ${"a".repeat(32)}\n${WEB}` });
    const none = await run(["plan", ...NAMED], {
      env: { CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_ACCOUNT_ID: "" },
    });
    expect(none.document).toMatchObject({
      errors: [{ code: "no_credentials" }],
      made_from: { account_id: "a".repeat(32) },
    });
    const { run: other } = await folder();
    const refused = await other(["plan", ...NAMED], {
      env: { CLOUDFLARE_API_TOKEN: "wrong", CLOUDFLARE_ACCOUNT_ID: accountId },
    });
    expect(refused.code).toBe(1);
    expect(refused.document.made_from).toMatchObject({ account_id: accountId, files_digest: DIGEST });
  });

  test("is not there where the command has none", async () => {
    const { run } = await folder();
    const { document } = await run(["list", "--json", "--oops"]);
    expect(document).not.toHaveProperty("made_from");
    expect(document).not.toHaveProperty("command");
  });
});

test.each([
  ["--as", "Prod"],
  ["--as", "a/b"],
  ["--as", "a".repeat(64)],
  ["--run-id", "a b"],
  ["--run-id", "é"],
])("%s %s is refused", async (option, value) => {
  const { code, stderr } = await runCli(["plan", option, value]);
  expect(code).toBe(1);
  expect(stderr).toContain(option);
});
