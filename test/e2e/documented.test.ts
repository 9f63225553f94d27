import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { commandBlocks, type DocumentedCommand } from "../support/documented.ts";
import { secretOf } from "../support/rig.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const LONG_AGO = Date.UTC(2024, 0, 1);

/** What no test runs, by the list that says why: docs/makers/testing.md. */
const notRun = [
  ...(
    /^## Commands that no test runs\n(.*?)(?=^## |$(?![^]))/ms.exec(
      readFileSync(join(top, "docs/makers/testing.md"), "utf8"),
    )?.[1] ?? ""
  ).matchAll(/^\| `` ?(.+?) ?`` \| (.+) \|$/gm),
].map(([, name = ""]) => name.replaceAll("\\|", "|"));

const blocks = commandBlocks();

/** Where a command ends otherwise than with 0, in the world of these tests. */
const ENDS: { readonly [command: string]: number } = {
  // Something is to be made.
  "warren drift --verify-secrets": 2,
  "warren drift --rollout": 2,
  // A tunnel that was never connected.
  "warren status": 2,
  // The rule that serves it is another one.
  "warren explain app.example.com --tunnel web --expect http://localhost:8080": 1,
  // No route of the file leads there.
  "warren explain 10.1.2.3": 1,
};

/** What these print is shown of another world, on a terminal. */
const SHOWN_OF_ANOTHER = ["warren status"];

/** Commands that ask, and sessions as somebody sees them: these are run on a terminal where somebody answers yes. */
const isOnTerminal = ({ name, output }: DocumentedCommand) =>
  output === null
    ? /^warren (?:apply|rotate|disconnect)\b/.test(name) && !/--yes|plan\.json|--sandbox/.test(name)
    : !name.startsWith("warren sandbox");

const WEB = `version: 1
cfd_tunnel:
  web:
    config_src: cloudflare
    tunnel_secret: { env: WEB_SECRET }
    ingress:
      - { hostname: app.example.com, path: ^/api/, service: "http://localhost:8080" }
      - { hostname: app.example.com, service: "http://localhost:3000" }
      - { service: "http_status:404" }
  new:
`;
const other = (name: string) => `version: 1\ncfd_tunnel:\n  ${name}:\n`;

/** What the pages speak of: an account with three tunnels, files, a repository, and programs that are not ours. */
async function world(names: readonly string[]) {
  const sandbox = await servedSandbox();
  const [, web] = sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "api", config_src: "local", created_at: LONG_AGO },
    {
      kind: "cfd_tunnel",
      name: "web",
      config_src: "cloudflare",
      tunnel_secret: secretOf(7),
      created_at: LONG_AGO,
      connectors: [{ reconnects: true }],
    },
    { kind: "warp_connector", name: "branch", created_at: LONG_AGO },
  ]);
  if (names.some((name) => name.includes("--live"))) {
    const { ingress } = parse(WEB).cfd_tunnel.web;
    sandbox.simulator.add("configurations", [{ tunnel_id: web?.id ?? "", config: { ingress } }]);
  }
  const cwd = temporaryFolder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  const program = (name: string, script: string) => {
    write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(cwd, "bin", name), 0o755);
  };
  program("warren", `exec '${process.execPath}' '${join(top, "dist/main.js")}' "$@"`);
  program("cloudflared", `test "$*" = "tunnel run --token $(warren token web)"`);
  program("gh", 'test -n "$(cat)"');
  program("jq", `exec '${process.execPath}' -e 'JSON.parse(require("fs").readFileSync(0, "utf8"))'`);
  mkdirSync(join(cwd, "home/.config/fish/completions"), { recursive: true });
  mkdirSync(join(cwd, "schema"));
  const env = {
    ...sandbox.env,
    PATH: `${join(cwd, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: join(cwd, "home"),
    NO_COLOR: "1",
    WEB_SECRET: secretOf(7),
  };
  // One that begins with `init` begins in an empty folder.
  if (!names.some((name) => name.startsWith("warren init"))) {
    write("tunnels.yaml", WEB);
    write("base.yaml", other("base"));
    write("prod.yaml", other("prod"));
    write("accounts/prod/tunnels.yaml", `account_id: ${sandbox.accountId}\n${other("prod")}`);
    write(
      "fleet.yaml",
      "version: 1\naccounts: { prod: { wave: canary } }\ndiscover: accounts/*/tunnels.yaml\n",
    );
    const git = (...argv: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...argv], { cwd });
    git("init", "-q");
    git("add", "tunnels.yaml", "fleet.yaml", "accounts");
    git("commit", "-q", "-m", "first");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    await runCli(["plan", "--out", "plan.json"], { cwd, env });
    if (names.some((name) => name.startsWith("warren merge"))) {
      const print = async (path: string, ...argv: readonly string[]) =>
        write(path, (await runCli(argv, { cwd, env })).stdout);
      const of = ["--file", "accounts/prod", "--as", "prod", "--run-id", "7", "--json"];
      await print("matrix.json", "matrix", "--run-id", "7");
      const isApply = names.some((name) => name.includes("--command apply"));
      await print("documents/prod.json", ...(isApply ? ["apply", "--yes"] : ["plan"]), ...of);
    }
    await runCli(["apply", "--sandbox", "--yes"], { cwd, env });
  }
  return { cwd, env };
}

type World = Awaited<ReturnType<typeof world>>;

/** What a command ended with, and what it printed. */
interface Ended {
  readonly name: string;
  readonly code: number;
  readonly stdout: string;
}

/** Runs commands one after another in one shell, as somebody who types them. */
async function inShell(
  commands: readonly DocumentedCommand[],
  { cwd, env }: World,
): Promise<readonly Ended[]> {
  const script = commands.map(({ text }) => `{ ${text}\n}; printf '\\n@@ %d @@' $?\n`).join("");
  const shell = spawn("bash", ["-c", `${script}\nkill $(jobs -p) 2>/dev/null; wait`], { cwd, env });
  let [stdout, stderr] = ["", ""];
  shell.stdout.on("data", (text) => (stdout += String(text)));
  shell.stderr.on("data", (text) => (stderr += String(text)));
  await once(shell, "close");
  const pieces = stdout.split(/\n@@ (\d+) @@/);
  return commands.map(({ name }, at) => ({
    name,
    code: Number(pieces[2 * at + 1] ?? Number.NaN),
    stdout: pieces[2 * at] ?? stderr,
  }));
}

/** The same on a terminal, where every question is answered with yes. */
async function onTerminal({ name }: DocumentedCommand, { cwd, env }: World): Promise<Ended> {
  const [, ...argv] = name.split(/ +/);
  const terminal = { tty: true, columns: 140, stdin: "yes\nyes\n" };
  const { code, stdout } = await runCli(argv, { cwd, env, ...terminal });
  return { name, code, stdout };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

async function runAll(commands: readonly DocumentedCommand[]): Promise<readonly Ended[]> {
  const there = await world(commands.map(({ name }) => name));
  // Others may run on this machine at the same time.
  const port = String(await freePort());
  const moved = commands.map((each) => {
    const text = each.text.replaceAll("8787", port);
    // One that is served until somebody ends it: the next command comes as soon as it answers.
    const isServed = /^warren sandbox --\S/.test(text) && !text.includes("&");
    return { ...each, text: isServed ? `${text} & warren sandbox env --port ${port} > env` : text };
  });
  const ended: Ended[] = [];
  while (ended.length < moved.length) {
    const rest = moved.slice(ended.length);
    const next = rest.findIndex(isOnTerminal);
    const [first] = rest;
    ended.push(
      ...(next === 0 && first !== undefined
        ? [await onTerminal(first, there)]
        : await inShell(next === -1 ? rest : rest.slice(0, next), there)),
    );
  }
  return ended;
}

/** What differs from run to run, made the same. */
function steady(text: string): string {
  return (
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
      // What has just begun has no age.
      .replaceAll(/ \(\d+ (?:s|min|h|d) ago\)/g, "")
      .replaceAll(/\d+ (?:s|min|h|d) ago\b/g, "TIME")
      .replaceAll(/ {2,}/g, "  ")
      .replaceAll(/(?<=\$schema=)\S+/g, "SCHEMA")
      .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
      .trim()
  );
}

describe("a command of README or the documents", () => {
  beforeAll(() => {
    execFileSync(process.execPath, ["build.mjs"], { cwd: top });
  }, 60_000);

  const isRun = ({ name }: DocumentedCommand) => !notRun.includes(name);
  // The page of commands shows for each the ways to call it, and not one after another.
  const units = blocks
    .flatMap(({ page, commands }) =>
      page === "docs/commands.md"
        ? commands.map((command) => ({ page, commands: [command] }))
        : [{ page, commands }],
    )
    .map(({ page, commands }) => ({ page, commands: commands.filter(isRun) }))
    .filter(({ commands }) => commands.length > 0)
    .map((unit) => ({ ...unit, title: unit.commands.map(({ name }) => name).join("; ") }));

  it.each(units)("$page: $title", async ({ commands }) => {
    const ended = await runAll(commands);
    for (const [at, { name, code, stdout }] of ended.entries()) {
      expect({ name, code, stdout }).toMatchObject({ name, code: ENDS[name] ?? 0 });
      const shown = commands[at]?.output ?? null;
      if (shown !== null && shown.trim() !== "" && !SHOWN_OF_ANOTHER.includes(name)) {
        expect(steady(stdout)).toBe(steady(shown));
      }
    }
  });

  it("that no test runs is listed, with the reason", () => {
    const all = blocks.flatMap(({ commands }) => commands.map(({ name }) => name));
    expect(all.length).toBeGreaterThan(60);
    expect(notRun.filter((name) => !all.includes(name))).toEqual([]);
  });

  it("npm run demo ends well", () => {
    const shown = execFileSync("npm", ["run", "demo"], { cwd: top, encoding: "utf8" });
    expect(shown).toMatch(/No changes\. The account agrees with what is declared\.\n[^]*\n$/);
  });
});
