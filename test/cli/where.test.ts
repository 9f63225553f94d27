import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { accountWords, applyCommand } from "../../src/cli/args/command-words.ts";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const DEFAULTS = { sandbox: false, state: ".warren/sandbox.json" };

describe("accountWords", () => {
  test.each([
    ["nothing, where everything is the default", DEFAULTS, null, []],
    ["the account that was named", DEFAULTS, "023e", ["--account-id", "023e"]],
    ["the sandbox, whose account is its own", { ...DEFAULTS, sandbox: true }, "023e", ["--sandbox"]],
    [
      "the sandbox's state",
      { sandbox: true, state: "my state.json" },
      null,
      ["--sandbox", "--state", "my state.json"],
    ],
    ["no state without the sandbox", { sandbox: false, state: "x.json" }, null, []],
  ])("%s", (_, options, accountId, words) => {
    expect(accountWords(options, accountId)).toEqual(words);
  });
});

describe("applyCommand", () => {
  const options = {
    ...DEFAULTS,
    file: [],
    accountId: null,
    verifySecrets: false,
    requireSecrets: false,
    target: [],
    showUnmanaged: false,
    reasons: false,
    summary: false,
    format: "text",
    quiet: false,
    concurrency: 8,
    timeout: 30,
    insecure: false,
    verbose: false,
  } as const;

  test.each([
    ["no file", {}, []],
    ["the default file", { file: ["tunnels.yaml"] }, []],
    ["a file like an option, and standard input", { file: ["-x", "-"] }, ["--file", "./-x", "--file", "-"]],
    ["another file", { file: ["prod.yaml"] }, ["--file", "prod.yaml"]],
    [
      "several files, the default one among them",
      { file: ["tunnels.yaml", "b.yaml"] },
      ["--file", "tunnels.yaml", "--file", "b.yaml"],
    ],
    [
      "file and sandbox",
      { file: ["prod.yaml"], sandbox: true, state: "s" },
      ["--file", "prod.yaml", "--sandbox", "--state", "s"],
    ],
    ["account", { accountId: "023e" }, ["--account-id", "023e"]],
    ["compared secrets, or their changes would be none", { verifySecrets: true }, ["--verify-secrets"]],
    ["required secrets", { verifySecrets: true, requireSecrets: true }, ["--require-secrets"]],
  ])("%s", (_, given, words) => {
    expect(applyCommand({ ...options, ...given })).toEqual(["warren", "apply", ...words]);
  });
});

const BLOCKED = `version: 1
cfd_tunnel:
  new1:
  gone: { id: 0192f0c1-7e57-7abc-8def-0123456789ab }
`;

/** The suggested command as a shell splits it, without `warren`. */
function pasted(text: string): readonly string[] {
  const line = text.split("\n").find((line) => /warren (apply|token|show)/.test(line)) ?? "";
  const command = line.slice(line.indexOf("warren"));
  const script = `warren() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

describe("what a command suggests can be pasted, and acts in the same place", () => {
  const name = "it's prod $(id).yaml";

  test("apply of what is not blocked", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, name), BLOCKED);
    const where = ["-f", name, "--sandbox", "--state", "a b.json"];
    const planned = await runCli(["plan", ...where], { cwd });
    expect(planned.code).toBe(3);
    const suggested = pasted(planned.stderr);
    const all = ["--file", name, "--sandbox", "--state", "a b.json"];
    expect(suggested).toEqual(["apply", ...all, "--target", "cfd_tunnel/new1"]);
    expect(pasted((await runCli(["apply", ...where], { cwd })).stderr)).toEqual(suggested);

    const applied = await runCli([...suggested, "--yes"], { cwd });
    expect([applied.code, applied.stderr]).toEqual([0, ""]);
    const next = pasted(applied.stdout);
    expect(next).toEqual(["token", "cfd_tunnel/new1", "--sandbox", "--state", "a b.json"]);
    expect((await runCli(next, { cwd })).code).toBe(0);
  });

  test("a blocked saved plan names no file: nobody knows those that it was made from", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "prod.yaml"), BLOCKED);
    await runCli(["plan", "--sandbox", "-f", "prod.yaml", "--out", "p.json"], { cwd });
    const alone = await runCli(["apply", "p.json", "--sandbox"], { cwd });
    expect(alone.code).toBe(3);
    expect(alone.stderr).toMatch(
      /plan again from its files with --target:\n {4}--target cfd_tunnel\/new1\n$/,
    );
    const withFile = await runCli(["apply", "p.json", "--sandbox", "-f", "prod.yaml"], { cwd });
    const all = ["--file", "prod.yaml", "--sandbox", "--target", "cfd_tunnel/new1"];
    expect(pasted(withFile.stderr)).toEqual(["apply", ...all]);
  });

  test("apply of a saved plan", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "a b"));
    writeFileSync(join(cwd, "tunnels.yaml"), "version: 1\ncfd_tunnel:\n  web:\n");
    const planned = await runCli(["plan", "--sandbox", "--state", "s.json", "--out", "a b/p.json"], { cwd });
    const suggested = pasted(planned.stderr);
    expect(suggested).toEqual(["apply", "a b/p.json", "--sandbox", "--state", "s.json"]);
    expect((await runCli(suggested, { cwd })).code).toBe(0);
  });

  test("apply of a YAML file that was taken for a saved plan", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, name), "version: 1\ncfd_tunnel:\n  web:\n");
    const refused = await runCli(["apply", name, "--sandbox"], { cwd });
    expect(pasted(refused.stderr)).toEqual(["apply", "--file", name, "--sandbox"]);
  });

  test("token, of an account that only the file names", async () => {
    const sandbox = await servedSandbox();
    const { CLOUDFLARE_ACCOUNT_ID, ...env } = sandbox.env;
    const files = {
      "tunnels.yaml": `version: 1\naccount_id: ${CLOUDFLARE_ACCOUNT_ID}\ncfd_tunnel:\n  web:\n`,
    };
    const applied = await runCli(["apply", "--yes"], { env, files });
    const next = pasted(applied.stdout);
    expect(next).toEqual(["token", "cfd_tunnel/web", "--account-id", sandbox.accountId]);
    expect((await runCli(next, { env })).code).toBe(0);

    const named = await runCli(["list"], { env: sandbox.env });
    expect(named.code).toBe(0);
  });

  test("a tunnel that does not live: the list of the same place", async () => {
    const result = await runCli(["token", "nope", "--sandbox", "--state", "s.json"]);
    expect(result.stderr).toContain("`warren list --sandbox --state s.json` shows those that live.");
  });
});
