// Runs the GitLab example over 24 accounts, each a sandbox with two tokens of its own: one that reads, one that writes.
// No request may carry another account's token, no token may stand in a log or an artifact, and what goes wrong must be
// said: a job that dies, one that leaves nothing, a token that was swapped. Needs bash, git, rsync, npm, and a build.
import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { serveSandbox } from "../dist/sandbox.js";

const COUNT = 24;
const top = resolve(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "warren-fleet-"));
const repository = join(work, "fleet");
const names = Array.from({ length: COUNT }, (_, at) => `a${String(at + 1).padStart(2, "0")}`);
const say = (line) => process.stdout.write(`${line}\n`);
const [swapped, killed, gone] = ["a05", "a07", "a08"];

/** What gitlab-ci-local needs: itself, and Node 22 or later. */
function install() {
  execFileSync("npm", [
    "install",
    "--silent",
    "--no-audit",
    "--no-fund",
    "--prefix",
    work,
    "gitlab-ci-local@4.75.1",
    "node@22",
  ]);
}

/** A sandbox for each account, and one address that leads to all of them and keeps who asked with which token. */
async function serveAccounts() {
  const accounts = new Map();
  for (const name of names) {
    const reader = `reader-of-${name}-${crypto.randomUUID()}`;
    const writer = `writer-of-${name}-${crypto.randomUUID()}`;
    const permissions = { cfd_tunnel: "read", warp_connector: "read", virtual_network: "read" };
    const sandbox = await serveSandbox({ credentials: [{ token: reader, permissions }, { token: writer }] });
    // Every sandbox has the same account id; seen from here each has its own.
    accounts.set(name, { name, id: createHash("md5").update(name).digest("hex"), sandbox, reader, writer });
  }
  const byId = new Map([...accounts.values()].map((account) => [account.id, account]));
  const asked = [];
  const answer = async (request, response) => {
    const id = /\/accounts\/([0-9a-f]{32})/.exec(request.url ?? "")?.[1];
    const account = byId.get(id ?? "");
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    asked.push({ name: account?.name ?? null, token, method: request.method });
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    if (account === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { id: own, sandbox } = account;
    const target = new URL((request.url ?? "").replaceAll(own, sandbox.accountId), sandbox.url);
    const got = await fetch(target, {
      method: request.method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": request.headers["content-type"] ?? "application/json",
      },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    response.writeHead(got.status, {
      "content-type": got.headers.get("content-type") ?? "application/json",
    });
    response.end((await got.text()).replaceAll(sandbox.accountId, own));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}/client/v4`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all([...accounts.values()].map(({ sandbox }) => sandbox.close()));
  };
  return { accounts, asked, url, close };
}

/** The example as its first lines say, with an account's folder for each sandbox. */
function writeRepository({ accounts }) {
  mkdirSync(join(repository, ".gitlab"), { recursive: true });
  cpSync(join(top, "examples/fleet/gitlab/.gitlab-ci.yml"), join(repository, ".gitlab-ci.yml"));
  cpSync(join(top, "examples/fleet/gitlab/fleet-jobs.yml"), join(repository, ".gitlab/fleet-jobs.yml"));
  const environments = names.map((name) => `  ${name}: { environment: ${name} }\n`).join("");
  writeFileSync(
    join(repository, "fleet.yaml"),
    `version: 1\ndiscover: accounts/*/tunnels.yaml\naccounts:\n${environments}`,
  );
  for (const { name, id } of accounts.values()) {
    mkdirSync(join(repository, "accounts", name), { recursive: true });
    const text = `version: 1\naccount_id: "${id}"\ncfd_tunnel:\n  ${name}-web: { config_src: cloudflare }\n`;
    writeFileSync(join(repository, "accounts", name, "tunnels.yaml"), text);
  }
  const git = (...argv) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], {
      cwd: repository,
    });
  git("init", "--quiet", "--initial-branch", "main");
  git("remote", "add", "origin", "git@gitlab.com:your-org/fleet.git");
  git("add", ".");
  git("commit", "--quiet", "--message", "fleet");
}

/** The project's variables: a token in the scope of each environment, outside the repository. */
function writeVariables({ accounts, url }, tokenOf) {
  const values = [...accounts.values()].flatMap((account) => [
    `      plan/${account.name}: ${tokenOf(account, "reader")}`,
    `      apply/${account.name}: ${tokenOf(account, "writer")}`,
  ]);
  const text = `global:\n  CLOUDFLARE_BASE_URL: ${url}\n  CLOUDFLARE_API_TOKEN:\n    type: variable\n    values:\n${values.join("\n")}\n`;
  mkdirSync(join(work, "home/.gitlab-ci-local"), { recursive: true });
  writeFileSync(join(work, "home/.gitlab-ci-local/variables.yml"), text);
}

/** `warren` for the jobs: the build, but for what `trouble` says of an account. */
function writeProgram(trouble) {
  const folder = join(work, "bin");
  mkdirSync(folder, { recursive: true });
  const cases = Object.entries(trouble).map(([name, script]) => `  *--as=${name}\\ *) ${script} ;;\n`);
  const text = `#!/bin/bash\ncase "$*" in\n${cases.join("")}esac\nexec "${process.execPath}" "${top}/dist/main.js" "$@"\n`;
  writeFileSync(join(folder, "warren"), text);
  chmodSync(join(folder, "warren"), 0o755);
}

/** One pipeline; what it printed, and where its logs and artifacts lie. */
function pipeline(source, ...more) {
  const program = [
    join(work, "node_modules/gitlab-ci-local/dist/index.js"),
    "--home",
    "../home",
    "--force-shell-executor",
    "--shell-isolation",
  ];
  const argv = [...program, "--concurrency", "4", "--variable", `CI_PIPELINE_SOURCE=${source}`, ...more];
  const env = { HOME: join(work, "home"), LANG: "C.UTF-8", PATH: `${join(work, "bin")}:${process.env.PATH}` };
  const child = spawn(join(work, "node_modules/.bin/node"), argv, { cwd: repository, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += data;
    });
  }
  return new Promise((done) =>
    child.on("close", (code) => done({ code, said: stripVTControlCharacters(said) })),
  );
}

/** Every file below a folder. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function checkTokens({ accounts }, said) {
  const tokens = [...accounts.values()].flatMap(({ reader, writer }) => [reader, writer]);
  const texts = [
    ["the log", said],
    ...filesBelow(repository)
      .filter((path) => !path.includes("/.git/"))
      .map((path) => [path, readFileSync(path, "latin1")]),
  ];
  for (const [where, text] of texts) {
    assert.ok(!tokens.some((token) => text.includes(token)), `a token stands in ${where}`);
  }
  return texts.length;
}

/** What the page of a report says of an account. */
const rowOf = (said, name) =>
  said.split("\n").find((line) => new RegExp(`report +> \\w+ +${name} `).test(`${line} `)) ?? "";

const world = await serveAccounts();
try {
  install();
  writeRepository(world);

  say(`== planned, approved and applied: ${COUNT} accounts`);
  writeProgram({});
  writeVariables(world, (account, which) => account[which]);
  const merged = await pipeline("push", "--manual", "approve");
  process.stdout.write(process.env.VERBOSE ? merged.said : "");
  assert.equal(merged.code, 0, merged.said);
  assert.doesNotMatch(merged.said, / FAIL /, merged.said);
  assert.match(merged.said, new RegExp(`${COUNT} accounts: ${COUNT} with changes\\.`));
  assert.match(merged.said, new RegExp(`${COUNT} accounts: ${COUNT} applied\\.`));
  const pages = filesBelow(repository).filter((path) => path.endsWith("/fleet.html"));
  assert.ok(pages.length > 0, "no report for a browser was left");
  assert.ok(
    pages.every((path) => names.every((name) => readFileSync(path, "utf8").includes(name))),
    "a report lacks an account",
  );
  for (const { name, sandbox } of world.accounts.values()) {
    assert.deepEqual(
      sandbox.simulator.tunnels.map((tunnel) => tunnel.name),
      [`${name}-web`],
    );
  }
  for (const { name, token, method } of world.asked) {
    const account = world.accounts.get(name);
    assert.ok(
      account !== undefined && [account.reader, account.writer].includes(token),
      `${name} was asked with another's token`,
    );
    assert.ok(
      method === "GET" || token === account.writer,
      `${name} was written to with the token that reads`,
    );
  }
  say(
    `${world.asked.length} requests, each with its account's token; ${checkTokens(world, merged.said)} files without one`,
  );

  say("== merge requests: one that changes an account, and one that changes none");
  const git = (...argv) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], {
      cwd: repository,
      encoding: "utf8",
    }).trim();
  const request = (base) =>
    pipeline("merge_request_event", "--variable", `CI_MERGE_REQUEST_DIFF_BASE_SHA=${base}`);
  const before = git("rev-parse", "HEAD");
  appendFileSync(join(repository, "accounts/a02/tunnels.yaml"), "  a02-api: { config_src: cloudflare }\n");
  git("commit", "--quiet", "--message", "one more", "accounts");
  const one = await request(before);
  process.stdout.write(process.env.VERBOSE ? one.said : "");
  assert.match(one.said, /report +> 1 account: 1 with changes\./, one.said);
  assert.match(one.said, /\+ cfd_tunnel\/a02-api/, one.said);
  git("reset", "--quiet", "--hard", before);
  const none = await request(before);
  process.stdout.write(process.env.VERBOSE ? none.said : "");
  assert.match(none.said, /report +> 0 accounts\./, none.said);

  say("== drift: a swapped token, a job that is killed, a job that leaves nothing");
  world.asked.length = 0;
  writeVariables(
    world,
    (account, which) => world.accounts.get(account.name === swapped ? "a06" : account.name)[which],
  );
  writeProgram({ [killed]: "kill -9 $$", [gone]: `rm -f documents/drift/${gone}.json; kill -9 $PPID $$` });
  const drift = await pipeline("schedule");
  process.stdout.write(process.env.VERBOSE ? drift.said : "");
  // What the child pipeline ends with does not show in the exit code here, as it does with `strategy: depend`.
  assert.match(drift.said, /FAIL +drift report/, drift.said);
  assert.match(rowOf(drift.said, swapped), /failed/, drift.said);
  assert.match(rowOf(drift.said, killed), /failed .*the file is empty/, drift.said);
  assert.match(rowOf(drift.said, gone), /missing .*no document/, drift.said);
  assert.match(drift.said, new RegExp(`${COUNT} accounts: 1 missing, 2 failed, ${COUNT - 3} unchanged\\.`));
  const others = world.asked.filter(({ name, token }) => token !== world.accounts.get(name)?.reader);
  assert.deepEqual([...new Set(others.map(({ name }) => name))], [swapped]);
  say(`each said as such; ${checkTokens(world, drift.said)} files without a token`);
} finally {
  await world.close();
  rmSync(work, { recursive: true, force: true });
}
