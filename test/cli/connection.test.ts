import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n" };
const ACCOUNT = "0123456789abcdef0123456789abcdef";
const OTHER = "fedcba9876543210fedcba9876543210";

/** No request can succeed there, so that a test sees which complaint comes before the first. */
const nowhere = { CLOUDFLARE_BASE_URL: "http://127.0.0.1:9/client/v4", CLOUDFLARE_ACCOUNT_ID: ACCOUNT };

async function complaint(
  env: { readonly [name: string]: string },
  ...argv: readonly string[]
): Promise<string> {
  const result = await runCli(["plan", ...argv], { env, files });
  expect(result.code).toBe(1);
  expect(result.stdout).toBe("");
  return result.stderr;
}

describe("credentials", () => {
  it("are hidden before anything is opened", async () => {
    const token = "canary-0123456789-0123456789";
    const env = { ...nowhere, CLOUDFLARE_API_TOKEN: token };
    for (const argv of [
      ["plan", "-f", `x${token}`],
      ["validate", "-f", token],
      [token],
      ["schema", `--${token}`],
    ]) {
      const { code, stdout, stderr } = await runCli(argv, { env });
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("(secret)");
      expect(stdout + stderr).not.toContain(token);
    }
  });

  it("do not hide what a sandbox says of itself", async () => {
    const stop = new AbortController();
    const env = { CLOUDFLARE_API_TOKEN: "sandbox-token-0000000000000000000000000000" };
    const result = await runCli(["sandbox"], { env, stop: stop.signal, onOutput: () => stop.abort() });
    expect(JSON.parse(result.stdout)).toMatchObject({ token: env.CLOUDFLARE_API_TOKEN });
  });

  it("must be there, and the way without an account is named", async () => {
    expect(await complaint(nowhere)).toMatch(/CLOUDFLARE_API_TOKEN.*--sandbox/);
  });

  it("count as missing when they are set to nothing", async () => {
    expect(await complaint({ ...nowhere, CLOUDFLARE_API_TOKEN: " " })).toMatch(/No credentials/);
  });

  it("need the e-mail address beside a global key", async () => {
    expect(await complaint({ ...nowhere, CLOUDFLARE_API_KEY: "k".repeat(37) })).toMatch(/CLOUDFLARE_EMAIL/);
    const misplaced = [
      { CLOUDFLARE_API_TOKEN: "cfk_0123456789" },
      { CLOUDFLARE_API_KEY: "cfut_0123456789", CLOUDFLARE_EMAIL: "ops@example.com" },
      { CLOUDFLARE_API_KEY: "cfat_0123456789" },
    ];
    for (const env of misplaced) {
      const said = await complaint({ ...nowhere, ...env });
      expect(said).toMatch(/holds (?:a global API key|an API token)/);
      expect(said).not.toContain("0123456789");
    }
  });

  it("can be a key and an e-mail address", async () => {
    const email = "ops@example.com";
    const key = "0123456789abcdef0123456789abcdef01234";
    const { env } = await servedSandbox({ credentials: [{ email, key }] });
    const result = await runCli(["plan"], {
      env: { ...env, CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_API_KEY: key, CLOUDFLARE_EMAIL: email },
      files,
    });
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });

  it("are the token where both are set, with a note", async () => {
    const { env } = await servedSandbox();
    const both = { ...env, CLOUDFLARE_API_KEY: "0123", CLOUDFLARE_EMAIL: "ops@example.com" };
    const result = await runCli(["plan"], { env: both, files });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/the token is used/);
    expect((await runCli(["plan", "--quiet"], { env: both, files })).stderr).toBe("");
  });

  it("that the API refuses end the run with a hint", async () => {
    const { env } = await servedSandbox();
    const wrong = { ...env, CLOUDFLARE_API_TOKEN: "not-the-token-of-this-sandbox-at-all" };
    const result = await runCli(["plan"], { env: wrong, files });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/token/i);
    expect(result.stderr).not.toContain("not-the-token-of-this-sandbox-at-all");
  });
});

describe("the account", () => {
  const token = { CLOUDFLARE_API_TOKEN: "t".repeat(40), CLOUDFLARE_BASE_URL: nowhere.CLOUDFLARE_BASE_URL };

  it("must be named somewhere", async () => {
    expect(await complaint(token)).toMatch(/No account/);
  });

  it("must not be named in two ways", async () => {
    const env = { ...token, CLOUDFLARE_ACCOUNT_ID: OTHER };
    expect(await complaint(env, "--account-id", ACCOUNT)).toContain(
      "--account-id and CLOUDFLARE_ACCOUNT_ID name different accounts.",
    );
  });

  it("in the file must agree with the environment", async () => {
    const result = await runCli(["plan"], {
      env: { ...token, CLOUDFLARE_ACCOUNT_ID: OTHER },
      files: { "tunnels.yaml": `account_id: ${ACCOUNT}\n${files["tunnels.yaml"]}` },
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("the file (account_id)");
  });

  it.each([
    ["DEPLOY_KEY", "s3cr3t-deploy-KEY"],
    ["DEPLOY_KEY", "5ec3e7".repeat(5).padEnd(32, "0")],
    ["DEPLOY_ACCOUNT_ID", "s3cr3t-deploy-KEY"],
  ])("is no way to print what %s holds", async (variable, value) => {
    const { env, simulator } = await servedSandbox();
    const cwd = temporaryFolder();
    for (const argv of [
      ["validate", "--json"],
      ["plan"],
      ["plan", "--json"],
      ["plan", "--out", "plan.json"],
      ["drift", "--json"],
      ["apply", "--yes", "--json"],
    ]) {
      const { code, stdout, stderr } = await runCli(argv, {
        cwd,
        env: { ...env, CLOUDFLARE_ACCOUNT_ID: undefined, [variable]: value },
        files: { "tunnels.yaml": `account_id: \${${variable}}\n${files["tunnels.yaml"]}` },
      });
      expect(code).toBe(1);
      expect(stdout + stderr).toContain(`\${${variable}}`);
      expect((stdout + stderr).toLowerCase()).not.toContain(value.toLowerCase());
    }
    expect(readdirSync(cwd)).toEqual(["tunnels.yaml"]);
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  it("that a variable gives to the file is never repeated where it differs", async () => {
    const result = await runCli(["plan"], {
      env: { ...token, CLOUDFLARE_ACCOUNT_ID: OTHER, FILE_ACCOUNT_ID: ACCOUNT },
      files: { "tunnels.yaml": `account_id: \${FILE_ACCOUNT_ID}\n${files["tunnels.yaml"]}` },
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("name different accounts");
    expect(result.stderr).not.toContain(ACCOUNT);
  });

  it("may come from --account-id alone", async () => {
    const { env, accountId } = await servedSandbox();
    const argv = ["plan", "--account-id", accountId];
    expect((await runCli(argv, { env: { ...env, CLOUDFLARE_ACCOUNT_ID: "" }, files })).code).toBe(0);
  });

  it.each(["../user", "my-account", ACCOUNT.slice(1), `${ACCOUNT}0`])("is never %s", async (id) => {
    expect(await complaint(token, "--account-id", id)).toMatch(/not an account id/);
    expect(await complaint({ ...token, CLOUDFLARE_ACCOUNT_ID: id })).toMatch(/not an account id/);
  });
});

describe("the base URL", () => {
  const env = { CLOUDFLARE_API_TOKEN: "t".repeat(40), CLOUDFLARE_ACCOUNT_ID: ACCOUNT };

  it.each([
    ["http://api.example.com/client/v4", /not https/],
    ["http://127.0.0.1.example.com/client/v4", /not https/],
    ["https://user:pass@api.example.com/client/v4", /user name/],
    ["ftp://api.example.com", /https:/],
    ["nonsense", /not a URL/],
  ])("%s is refused before any request", async (url, words) => {
    expect(await complaint({ ...env, CLOUDFLARE_BASE_URL: url })).toMatch(words);
  });

  it("is also read under wrangler's name, but not under both with two values", async () => {
    const sandbox = await servedSandbox();
    const { CLOUDFLARE_BASE_URL: url = "", ...rest } = sandbox.env;
    const wrangler = { ...rest, CLOUDFLARE_API_BASE_URL: url };
    expect((await runCli(["plan"], { env: wrangler, files })).code).toBe(0);
    const spelt = { ...wrangler, CLOUDFLARE_BASE_URL: `${url.replace("http:", "HTTP:")}/` };
    expect((await runCli(["plan"], { env: spelt, files })).code).toBe(0);
    expect(await complaint({ ...wrangler, CLOUDFLARE_BASE_URL: `${url}/x` })).toMatch(/different values/);
    expect(await complaint({ ...wrangler, CLOUDFLARE_BASE_URL: "nonsense" })).toMatch(/different values/);
  });
});

describe("options", () => {
  it.each([
    [["plan", "--jsno"], /unknown option '--jsno'.*\n.*--json/],
    [["aply"], /unknown command 'aply'.*\n.*apply/],
    [["plan", "--concurrency", "0"], /whole number from 1/],
    [["plan", "--timeout", "soon"], /number of seconds/],
    [["plan", "extra"], /too many arguments for 'plan'\. Expected 0 arguments but got 1\.\nwarren --help/],
    [["plan", "-q", "a b.yaml"], /Did you mean --file 'a b\.yaml'\?/],
  ])("%j is an error that says what is wrong", async (argv, words) => {
    const result = await runCli(argv, { files });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(words);
  });

  it.each([
    [["plan", "--json", "--jsno"], /unknown option/],
    [["plan", "--json", "--format", "markdown"], /contradict/],
  ])("%j, being wrong, is told to a program as a document", async (argv, words) => {
    const result = await runCli(argv, { files });
    expect(result.code).toBe(1);
    expect(result.stderr).toBe("");
    expect(JSON.parse(result.stdout)).toMatchObject({
      format_version: "1.0",
      errors: [
        { code: "usage", message: expect.stringMatching(words), file: null, line: null, column: null },
      ],
    });
  });

  it("show a control character that came with them instead of sending it to the terminal", async () => {
    const result = await runCli(["plan", "--\u001B[2J"], { files });
    expect(result.stderr).not.toContain("\u001B");
  });

  it.each([["--help"], ["plan", "--help"], ["apply", "--help"], ["--version"]])(
    "%s is answered on standard output with 0",
    async (...argv) => {
      const result = await runCli(argv);
      expect(result).toMatchObject({ code: 0, stderr: "" });
      expect(result.stdout).not.toBe("");
    },
  );
});

it("ends with 1 and names the server when nobody answers", async () => {
  const { env } = await servedSandbox({ intercept: () => ({ type: "drop", acts: false }) });
  // The waits between the tries are over at once; the time limit for one try is left alone.
  const sleep: Clock["sleep"] = (ms, signal) => systemClock.sleep(ms === 30_000 ? ms : 0, signal);
  const result = await runCli(["plan"], { env, files, clock: { now: Date.now, sleep } });
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/GET \/cfd_tunnel/);
});

it.each([["plan"], ["apply", "--yes"], ["list"], ["token", "web"]])(
  "%s --state without --sandbox does not go to the account",
  async (...argv) => {
    const { env, simulator } = await servedSandbox();
    for (const state of ["mine.json", ".warren/sandbox.json"]) {
      const { code, stdout, stderr } = await runCli([...argv, "--state", state], { env, files });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain("it needs --sandbox");
    }
    expect(simulator.traffic.counts().requests).toBe(0);
  },
);
