import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { describe, expect, onTestFinished, test } from "vitest";
import { servedSandbox, temporaryFolder } from "../support/cli.ts";
import { folder } from "./program.ts";

const examples = join(fileURLToPath(new URL("../..", import.meta.url)), "examples/fleet");
const read = (path: string) => readFileSync(join(examples, path), "utf8");
const NAMES = ["branches", "lab", "shop"];

/** A sandbox for each account of the example, behind one address that keeps who was asked with which token. */
async function accounts() {
  const asked = new Set<string>();
  const sandboxes = await Promise.all(
    NAMES.map(async (name) => {
      const id = /^account_id: (\w+)$/m.exec(read(`accounts/${name}/tunnels.yaml`))?.[1] ?? "";
      const sandbox = await servedSandbox({ credentials: [{ token: `token-of-${name}` }] });
      return { name, id, sandbox };
    }),
  );
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = "", method = "", headers } = request;
    const account = sandboxes.find(({ id }) => url.includes(id));
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const authorization = headers.authorization ?? "";
    asked.add(`${account?.name ?? url} ${authorization}`);
    if (account === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { id, sandbox } = account;
    const got = await fetch(new URL(url.replaceAll(id, sandbox.accountId), sandbox.url), {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    response.writeHead(got.status, { "content-type": "application/json" });
    response.end((await got.text()).replaceAll(sandbox.accountId, id));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const tunnels = () =>
    Object.fromEntries(
      sandboxes.map(({ name, sandbox }) => [name, sandbox.simulator.tunnels.map((tunnel) => tunnel.name)]),
    );
  return { asked, sandboxes, tunnels, url: `http://127.0.0.1:${port}/client/v4` };
}

/** The example as a repository whose first commit is `origin/main`, and a shell with warren, and stand-ins for `npm` and `gh`. */
async function project() {
  const fleet = await accounts();
  const cwd = temporaryFolder();
  const bin = temporaryFolder();
  const program = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("warren", `exec '${process.execPath}' '${join(folder, "dist/main.js")}' "$@"`);
  program("npm", "exit 0");
  const log = join(bin, "gh.log");
  program("gh", `printf '%s\\n' "$*" >> '${log}'; case "$*" in "issue list"*) cat '${bin}/issue';; esac`);
  writeFileSync(join(bin, "issue"), "");
  for (const path of ["fleet.yaml", "accounts"]) {
    cpSync(join(examples, path), join(cwd, path), { recursive: true });
  }
  const git = (...argv: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], { cwd });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  const files = { output: join(bin, "output"), summary: join(bin, "summary.md") };
  const sh = async (shell: readonly string[], script: string, env: { readonly [name: string]: string }) => {
    const [command, ...argv] = [...shell, script];
    const child = spawn(command, argv, {
      cwd,
      env: {
        PATH: `${bin}:${process.env["PATH"] ?? ""}`,
        NO_COLOR: "1",
        CLOUDFLARE_BASE_URL: fleet.url,
        ...env,
      },
    });
    let text = "";
    child.stdout.on("data", (some) => (text += String(some)));
    child.stderr.on("data", (some) => (text += String(some)));
    const [code] = (await once(child, "close")) as [number];
    return { code, text };
  };
  const gh = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
  return { ...fleet, cwd, git, sh, gh, files, issue: join(bin, "issue") };
}

type Project = Awaited<ReturnType<typeof project>>;
type Context = { readonly [name: string]: string };

interface Step {
  readonly run?: string;
  readonly name?: string;
  readonly if?: string;
  readonly env?: Context;
}

/** Runs the scripts of a job of the workflows, as GitHub runs them; all but how a vault hands out a token. */
async function runJob(project: Project, file: string, job: string, context: Context, token = "") {
  const { jobs } = parse(read(`github/${file}`)) as {
    readonly jobs: { readonly [name: string]: { readonly steps: readonly Step[] } };
  };
  const { output, summary } = project.files;
  rmSync(output, { force: true });
  const outputs = () =>
    Object.fromEntries(
      (existsSync(output) ? readFileSync(output, "utf8").trim().split("\n") : []).map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)];
      }),
    );
  for (const step of jobs[job]?.steps ?? []) {
    if (step.run === undefined || step.name === "the account's token" || (step.if && !context[step.if])) {
      continue;
    }
    const known: Context = {
      "secrets.CLOUDFLARE_API_TOKEN": token,
      "github.token": "",
      "github.repository": "acme/fleet",
      "github.event.pull_request.number": "7",
      "github.base_ref": "main",
      "steps.merge.outputs.code": outputs()["code"] ?? "",
      ...context,
    };
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ (.+?) \}\}/g, (_, key: string) => {
        expect(known, `${file} ${job}`).toHaveProperty([key]);
        return known[key] ?? "";
      }),
    ]);
    const { code, text } = await project.sh(
      ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"],
      step.run,
      {
        GITHUB_ACTIONS: "true",
        GITHUB_RUN_ID: "4711",
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_REPOSITORY: "acme/fleet",
        CLOUDFLARE_API_TOKEN: token,
        ...Object.fromEntries(env),
      },
    );
    if (code !== 0) {
      return { code, text, outputs: outputs() };
    }
  }
  return { code: 0, text: "", outputs: outputs() };
}

interface Item {
  readonly account: string;
  readonly account_id: string;
  readonly files: string;
}

/** A job for each account of a matrix, each with its own token; what they leave lies in one folder. */
async function runAccounts(project: Project, file: string, job: string, matrix: string, command: string) {
  rmSync(join(project.cwd, "documents"), { recursive: true, force: true });
  mkdirSync(join(project.cwd, "documents"));
  const codes: { [account: string]: number } = {};
  for (const { account, account_id, files } of JSON.parse(matrix).include as readonly Item[]) {
    const context = {
      "matrix.account": account,
      "matrix.account_id": account_id,
      "matrix.files": files,
      "inputs.command": command,
    };
    codes[account] = (await runJob(project, file, job, context, `token-of-${account}`)).code;
    renameSync(join(project.cwd, `${account}.json`), join(project.cwd, "documents", `${account}.json`));
  }
  return codes;
}

describe("the workflows for GitHub", () => {
  test("plan what a pull request changes, and keep one comment", async () => {
    const there = await project();
    writeFileSync(
      join(there.cwd, "accounts/shop/tunnels.yaml"),
      `${read("accounts/shop/tunnels.yaml")}  shop-more:\n`,
    );
    there.git("commit", "-q", "-a", "-m", "more");
    const { outputs } = await runJob(there, "pull-request.yml", "matrix", {});
    const matrix = outputs["matrix"] ?? "";
    expect(await runAccounts(there, "pull-request.yml", "plan", matrix, "plan")).toEqual({ shop: 0 });
    const merged = await runJob(there, "pull-request.yml", "merge", {
      "needs.matrix.outputs.matrix": matrix,
    });
    expect(merged).toMatchObject({ code: 0, outputs: { code: "0" } });
    expect(there.gh()).toContain("issues/7/comments --field body=@fleet.md");
    const page = readFileSync(join(there.cwd, "fleet.md"), "utf8");
    expect(page).toMatch(/^<!-- fleet -->\n/);
    expect(page).toContain("shop");
    expect(there.tunnels()).toEqual({ branches: [], lab: [], shop: [] });
  });

  test("apply what was planned wave by wave, look for drift, and keep one issue", async () => {
    const there = await project();
    const report = (command: string, matrix: string) =>
      runJob(there, "report.yml", "merge", {
        "inputs.command": command,
        "inputs.matrix": matrix,
        "inputs.issue": command === "drift" ? "true" : "",
      });
    const { outputs } = await runJob(there, "merge.yml", "matrix", {});
    const { all = "", canary = "", rest = "" } = outputs;
    expect(await runAccounts(there, "account.yml", "account", all, "plan")).toEqual({
      branches: 0,
      lab: 0,
      shop: 0,
    });
    expect(await report("plan", all)).toMatchObject({ code: 0 });
    expect(await runAccounts(there, "account.yml", "account", canary, "apply")).toEqual({ lab: 0 });
    expect(await report("apply", canary)).toMatchObject({ code: 0 });
    expect(there.tunnels()).toEqual({ branches: [], lab: ["lab-web"], shop: [] });
    expect(await runAccounts(there, "account.yml", "account", rest, "apply")).toEqual({
      branches: 0,
      shop: 0,
    });
    // A wave's documents alone are not the fleet's.
    expect((await report("apply", all)).code).toBe(1);

    const matrix = (await runJob(there, "drift.yml", "matrix", {})).outputs["all"] ?? "";
    const drift = async () => {
      await runAccounts(there, "account.yml", "account", matrix, "drift");
      return report("drift", matrix);
    };
    expect(await drift()).toMatchObject({ code: 0, outputs: { code: "0" } });
    expect(there.gh()).not.toContain("issue create");
    const [branches] = there.sandboxes;
    branches?.sandbox.simulator.rename(branches.sandbox.simulator.tunnels[0]?.id ?? "", "moved");
    expect(await drift()).toMatchObject({ code: 0, outputs: { code: "2" } });
    expect(there.gh()).toContain("issue create --title Drift in the fleet");
    branches?.sandbox.simulator.rename(branches.sandbox.simulator.tunnels[0]?.id ?? "", "branches-web");
    writeFileSync(there.issue, "12\n");
    await drift();
    expect(there.gh()).toContain("issue close 12");
    expect([...there.asked].sort()).toEqual(NAMES.map((name) => `${name} Bearer token-of-${name}`));
  });
});

interface Template {
  readonly name: string;
  readonly container?: { readonly args: readonly string[] };
}

test("the scripts for Argo make one page of all accounts' drift", async () => {
  const there = await project();
  const { templates } = parse(read("argo.yaml")).spec as { readonly templates: readonly Template[] };
  const temporary = temporaryFolder();
  const script = async (name: string, env: Context = {}) => {
    const [text = ""] = templates.find((template) => template.name === name)?.container?.args ?? [];
    expect(text).not.toBe("");
    const filled = text.replaceAll("{{workflow.uid}}", "run-1").replaceAll("/tmp/", `${temporary}/`);
    expect(filled).not.toContain("{{");
    return there.sh(["sh", "-c"], filled, env);
  };
  const path = (name: string) => join(temporary, name);
  expect(await script("matrix")).toEqual({ code: 0, text: "" });
  const items = JSON.parse(readFileSync(path("include.json"), "utf8")) as readonly Item[];
  expect(items.map(({ account }) => account)).toEqual(NAMES);
  for (const { account, account_id, files } of items) {
    const env = { ACCOUNT: account, ACCOUNT_ID: account_id, FILES: files };
    const { code } = await script("drift", { ...env, CLOUDFLARE_API_TOKEN: `token-of-${account}` });
    expect(code).toBe(0);
    mkdirSync(dirname(path(`documents/${account}.json`)), { recursive: true });
    renameSync(path("document.json"), path(`documents/${account}.json`));
  }
  const merged = await script("merge");
  expect(merged.code).toBe(2);
  expect(merged.text).toMatch(/branches.*lab.*shop/s);
  rmSync(path("documents/lab.json"));
  expect(await script("merge")).toMatchObject({
    code: 1,
    text: expect.stringMatching(/lab.*missing|missing.*lab/),
  });
});
