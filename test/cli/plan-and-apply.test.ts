import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import planSchema from "../../schema/plan.schema.json" with { type: "json" };
import reportSchema from "../../schema/report.schema.json" with { type: "json" };
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { QuickClock } from "../support/quick-clock.ts";
import { secretOf } from "../support/rig.ts";

const FILE = "version: 1\ncfd_tunnel:\n  web: { config_src: cloudflare }\nwarp_connector:\n  branch:\n";
const YEAR_2020 = Date.UTC(2020, 0, 1);
const ajv = new Ajv({ strict: true, allErrors: true });
const isPlan = ajv.compile(planSchema);
const isReport = ajv.compile(reportSchema);

const writes = (counts: { readonly by_endpoint: { readonly [endpoint: string]: number } }) =>
  Object.keys(counts.by_endpoint).filter((endpoint) => !endpoint.startsWith("GET"));

describe("plan", () => {
  it("shows what apply would do, writes nothing, and ends with 0", async () => {
    const { env, simulator } = await servedSandbox();
    const result = await runCli(["plan"], { env, files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(0);
    expect(result.stderr).toBe("");
    expect(result.stdout).toContain("+ cfd_tunnel/web  config_src: cloudflare  tunnels.yaml:");
    expect(result.stdout).toMatch(
      /Plan: 2 to create, 0 to update, 0 to delete, 0 unchanged, 0 unmanaged\.\n$/,
    );
    expect(writes(simulator.traffic.counts())).toEqual([]);
  });

  it("asks once for each declared kind, and for no other", async () => {
    const { env, simulator } = await servedSandbox();
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n" };
    await runCli(["plan"], { env, files });
    expect(simulator.traffic.counts().by_endpoint).toEqual({ "GET /cfd_tunnel": 1 });
  });

  it("sends nothing where nothing is declared", async () => {
    const { env, simulator } = await servedSandbox();
    const result = await runCli(["plan"], { env, files: { "tunnels.yaml": "version: 1\n" } });
    expect(result.code).toBe(0);
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  it("ends with 2 on changes only where that was asked for", async () => {
    const { env } = await servedSandbox();
    const cwd = temporaryFolder();
    const files = { "tunnels.yaml": FILE };
    expect((await runCli(["plan", "--detailed-exitcode"], { env, cwd, files })).code).toBe(2);
    expect((await runCli(["apply", "--yes"], { env, cwd })).code).toBe(0);
    expect((await runCli(["plan", "--detailed-exitcode"], { env, cwd })).code).toBe(0);
  });

  it("ends with 3 when apply would refuse, also with --detailed-exitcode, and shows the plan first", async () => {
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "old", created_at: YEAR_2020, connectors: [{}] }]);
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  old: { state: absent }\n  new:\n" };
    const result = await runCli(["plan", "--detailed-exitcode"], { env, files });
    expect(result.code).toBe(3);
    expect(result.stdout).toContain("1 blocked");
    expect(result.stderr).toContain("--target cfd_tunnel/new");
  });

  it("prints one document with --json, which its schema describes", async () => {
    const { env } = await servedSandbox();
    const result = await runCli(["plan", "--json"], { env, files: { "tunnels.yaml": FILE } });
    const document: unknown = JSON.parse(result.stdout);
    expect(isPlan(document), JSON.stringify(isPlan.errors)).toBe(true);
    expect(document).toMatchObject({
      format_version: "1.0",
      account_id: env["CLOUDFLARE_ACCOUNT_ID"],
      changes: [
        { action: "create", kind: "cfd_tunnel", name: "web", id: null, before: null },
        { action: "create", kind: "warp_connector", name: "branch" },
      ],
      summary: { create: 2, update: 0, delete: 0, replace: 0, blocked: 0, unchanged: 0, unmanaged: 0 },
    });
  });

  it("counts what is unmanaged, and lists it when asked", async () => {
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "someone-elses" }]);
    const options = { env, files: { "tunnels.yaml": FILE } };
    const counted = await runCli(["plan"], options);
    expect(counted.stdout).toContain("1 unmanaged.");
    expect(counted.stdout).not.toContain("someone-elses");
    expect((await runCli(["plan", "--show-unmanaged"], options)).stdout).toContain("someone-elses");
  });

  it("plans for one target", async () => {
    const { env, simulator } = await servedSandbox();
    const files = { "tunnels.yaml": FILE };
    const result = await runCli(["plan", "--target", "cfd_tunnel/web"], { env, files });
    expect(result.stdout).toContain("Plan: 1 to create");
    expect(simulator.traffic.counts().by_endpoint).toEqual({ "GET /cfd_tunnel": 1 });
  });

  it.each([
    ["cfd_tunnel/wob", /Did you mean cfd_tunnel\/web\?/],
    ["web", /write it as KIND\/NAME, like cfd_tunnel\/web/],
  ])("refuses the target %s with a hint, before any request", async (target, hint) => {
    const { env, simulator } = await servedSandbox();
    const files = { "tunnels.yaml": FILE };
    const result = await runCli(["plan", "--target", target], { env, files });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(hint);
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  it("names the missing permission, and never takes a refusal for an empty account", async () => {
    const { env, simulator, token } = await servedSandbox();
    simulator.setCredentials([{ token, permissions: { cfd_tunnel: "write", warp_connector: "none" } }]);
    const result = await runCli(["plan"], { env, files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(1);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(/WARP/);
  });

  it("shows each request with --verbose, and no secret", async () => {
    const { env, token } = await servedSandbox();
    const result = await runCli(["plan", "--verbose"], { env, files: { "tunnels.yaml": FILE } });
    expect(result.stderr).toMatch(/^GET \/cfd_tunnel\?is_deleted=false&page=1&per_page=1000 200 \d+ ms$/m);
    expect(result.stderr).not.toContain(token);
  });

  it("ends with 130 when it is interrupted", async () => {
    const stop = new AbortController();
    const { env } = await servedSandbox({
      intercept: () => {
        stop.abort();
        return { type: "delay", ms: 50, acts: "last" };
      },
    });
    const result = await runCli(["plan"], { env, files: { "tunnels.yaml": FILE }, stop: stop.signal });
    expect(result.code).toBe(130);
  });
});

describe("drift", () => {
  it("ends with 2 when anything differs, and with 0 when nothing does", async () => {
    const { env, simulator } = await servedSandbox();
    const cwd = temporaryFolder();
    const files = { "tunnels.yaml": FILE };
    expect((await runCli(["drift"], { env, cwd, files })).code).toBe(2);
    await runCli(["apply", "--yes"], { env, cwd });
    expect((await runCli(["drift"], { env, cwd })).code).toBe(0);
    const [web] = simulator.tunnels;
    simulator.rename(web?.id ?? "", "moved");
    const moved = await runCli(["drift"], { env, cwd });
    expect(moved.code).toBe(2);
    expect(moved.stdout).toMatch(
      /^\+ cfd_tunnel\/web {2}it is not in the account: deleted, renamed, or never made {2}tunnels.yaml:\d+\n {4}apply would make it, with a new id and a new token\n/,
    );
    expect(moved.stdout).toMatch(/\nDrift: 1 to create, [^\n]*\n$/);
  });

  it("ends with 2 when all that differs is blocked", async () => {
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "web", config_src: "local" }]);
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web: { config_src: cloudflare }\n" };
    const result = await runCli(["drift"], { env, files });
    expect(result.code).toBe(2);
    expect(result.stdout).toContain("1 blocked");
  });
});

describe("apply", () => {
  it("applies with --yes, verifies, says the next step, and a second plan is empty", async () => {
    const { env } = await servedSandbox();
    const cwd = temporaryFolder();
    const result = await runCli(["apply", "--yes"], { env, cwd, files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("warren token cfd_tunnel/web\n");
    expect(result.stdout).toMatch(/Applied: 2, failed: 0, skipped: 0\.\n$/);
    expect((await runCli(["plan"], { env, cwd })).stdout).toMatch(/^No changes\./);
  });

  it("takes --auto-approve for --yes", async () => {
    const { env } = await servedSandbox();
    const result = await runCli(["apply", "--auto-approve"], { env, files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(0);
  });

  it("refuses where nobody can be asked, shows the plan, and writes nothing", async () => {
    const { env, simulator } = await servedSandbox();
    const result = await runCli(["apply"], { env, files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(3);
    expect(result.stdout).toContain("Plan: 2 to create");
    expect(result.stderr).toContain("--yes");
    expect(writes(simulator.traffic.counts())).toEqual([]);
  });

  it("with --json shows the plan as text only to whoever is asked, in colours that standard error can show", async () => {
    const { env } = await servedSandbox();
    const cwd = temporaryFolder();
    const files = { "tunnels.yaml": FILE };
    const noTerminal = await runCli(["apply", "--json"], { env, cwd, files });
    expect([noTerminal.code, noTerminal.stderr]).toEqual([3, ""]);
    const toFile = await runCli(["apply", "--json"], { env, cwd, tty: { stdin: true, stdout: true } });
    expect([toFile.code, toFile.stderr]).toEqual([3, ""]);
    const asked = await runCli(["apply", "--json"], { env, cwd, tty: { stdin: true, stderr: true } });
    expect(asked.stderr).toContain("\u001B[32m+ cfd_tunnel/web\u001B[39m");
    expect(asked.stdout).not.toContain("\\u001b");
  });

  it("needs no consent for an empty plan", async () => {
    const { env } = await servedSandbox();
    const cwd = temporaryFolder();
    await runCli(["apply", "--yes"], { env, cwd, files: { "tunnels.yaml": FILE } });
    expect((await runCli(["apply"], { env, cwd })).code).toBe(0);
  });

  it.each([
    ["yes", 0],
    ["y", 3],
    ["no", 3],
    ["", 3],
  ])("takes the answer %j on a terminal and ends with %i", async (answer, code) => {
    const { env, simulator } = await servedSandbox();
    const files = { "tunnels.yaml": FILE };
    const result = await runCli(["apply"], { env, files, tty: true, stdin: `${answer}\n` });
    expect(result.code).toBe(code);
    expect(writes(simulator.traffic.counts()).length > 0).toBe(code === 0);
  });

  it("reads again after the answer, and refuses what is no longer so", async () => {
    const sandbox = await servedSandbox();
    const result = await runCli(["apply"], {
      env: sandbox.env,
      files: { "tunnels.yaml": FILE },
      tty: true,
      stdin: "yes\n",
      onOutput: (text) => {
        if (text.includes("Only")) {
          sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "web", config_src: "cloudflare" }]);
        }
      },
    });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("cfd_tunnel web: create in the plan, no change now.");
    expect(writes(sandbox.simulator.traffic.counts())).toEqual([]);
  });

  it("asks nothing when the file came on standard input", async () => {
    const { env } = await servedSandbox();
    const result = await runCli(["apply", "--file", "-"], { env, tty: true, stdin: FILE });
    expect(result.code).toBe(3);
    const consented = await runCli(["apply", "--file", "-", "--yes"], { env, tty: true, stdin: FILE });
    expect(consented.code).toBe(0);
  });

  it("refuses the whole plan when anything in it is blocked, and names the way round", async () => {
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "old", connectors: [{}] }]);
    const cwd = temporaryFolder();
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  old: { state: absent }\n  new:\n" };
    const refused = await runCli(["apply", "--yes"], { env, cwd, files });
    expect(refused.code).toBe(3);
    expect(writes(simulator.traffic.counts())).toEqual([]);
    expect(refused.stderr).toContain("--target cfd_tunnel/new");
    expect((await runCli(["apply", "--yes", "--target", "cfd_tunnel/new"], { env, cwd })).code).toBe(0);
  });

  it("prints the plan's document with errors when a --json run is refused", async () => {
    const { env } = await servedSandbox();
    const result = await runCli(["apply", "--json"], { env, files: { "tunnels.yaml": FILE } });
    const document: unknown = JSON.parse(result.stdout);
    expect(result.code).toBe(3);
    expect(isPlan(document), JSON.stringify(isPlan.errors)).toBe(true);
    expect(document).toMatchObject({ errors: [{ code: "no_consent" }], summary: { create: 2 } });
  });

  it("prints a report with --json, which its schema describes", async () => {
    const { env } = await servedSandbox();
    const result = await runCli(["apply", "--json", "--yes"], { env, files: { "tunnels.yaml": FILE } });
    const document: unknown = JSON.parse(result.stdout);
    expect(isReport(document), JSON.stringify(isReport.errors)).toBe(true);
    expect(document).toMatchObject({
      format_version: "1.0",
      outcomes: [
        { status: "applied", change: { action: "create", name: "web" }, error: null },
        { status: "applied", change: { action: "create", name: "branch" }, error: null },
      ],
      verified: true,
      summary: { applied: 2, failed: 0, skipped: 0 },
    });
  });

  it("ends with 1 when a change failed, and goes on with the others", async () => {
    const { env } = await servedSandbox({
      intercept: ({ body }) =>
        body?.includes('"web"')
          ? { type: "answer", acts: false, status: 400, body: '{"success":false,"errors":[]}' }
          : undefined,
    });
    const result = await runCli(["apply", "--yes"], { env, files: { "tunnels.yaml": FILE } });
    expect(result.code).toBe(1);
    expect(result.stdout).toContain("Applied: 1, failed: 1, skipped: 0.");
  });

  const WITH_SECRET = "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { env: WEB_SECRET } }\n";

  it("sends a declared secret, and shows it nowhere", async () => {
    const { env, simulator } = await servedSandbox();
    const secret = secretOf(7);
    const result = await runCli(["apply", "--yes", "--verbose"], {
      env: { ...env, WEB_SECRET: secret },
      files: { "tunnels.yaml": WITH_SECRET },
    });
    expect(result.code).toBe(0);
    expect(simulator.tunnels[0]?.secret).toBe(secret);
    expect(result.stdout).toContain("(secret)");
    expect(result.stdout + result.stderr).not.toContain(secret);
  });

  it.each([
    ["is not set", undefined],
    ["is not base64", "not base64 at all, and rather long for it!"],
    ["is 16 bytes once decoded", Buffer.alloc(16, 3).toString("base64")],
  ])("changes nothing when a secret %s, and does not echo it", async (words, value) => {
    const { env, simulator } = await servedSandbox();
    const result = await runCli(["apply", "--yes"], {
      env: { ...env, WEB_SECRET: value },
      files: { "tunnels.yaml": WITH_SECRET },
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`env WEB_SECRET: ${words}`);
    expect(result.stderr).not.toContain(value ?? "\0");
    expect(writes(simulator.traffic.counts())).toEqual([]);
  });

  it.each([
    ["CLOUDFLARE_API_TOKEN", "WEB_SECRET"],
    ["GITHUB_TOKEN", "WEB_SECRET"],
    ["ACTIONS_RUNTIME_TOKEN", "web.secret"],
  ])("does not send what %s holds, wherever it is found (%s)", async (variable, place) => {
    const credential = secretOf(5);
    const { env, simulator } = await servedSandbox({ credentials: [{ token: credential }] });
    const files = {
      "tunnels.yaml":
        place === "WEB_SECRET" ? WITH_SECRET : WITH_SECRET.replace(/env: \w+/, `file: ${place}`),
      "web.secret": `${credential}\n`,
    };
    const result = await runCli(["apply", "--yes"], {
      env: { ...env, CLOUDFLARE_API_TOKEN: credential, WEB_SECRET: credential, [variable]: credential },
      files,
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`${place}: is a credential of the account's or the CI's own`);
    expect(writes(simulator.traffic.counts())).toEqual([]);
  });

  it("reads a secret from a file beside the YAML file", async () => {
    const { env, simulator } = await servedSandbox();
    const result = await runCli(["apply", "--yes", "--file", "team/tunnels.yaml"], {
      env,
      files: {
        "team/tunnels.yaml": "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { file: web.secret } }\n",
        "team/web.secret": `${secretOf(9)}\n`,
      },
    });
    expect(result.code).toBe(0);
    expect(simulator.tunnels[0]?.secret).toBe(secretOf(9));
  });

  it("needs no secret to plan or validate", async () => {
    const { env } = await servedSandbox();
    const files = { "tunnels.yaml": WITH_SECRET };
    expect((await runCli(["validate"], { files })).code).toBe(0);
    expect((await runCli(["plan"], { env, files })).code).toBe(0);
  });

  it("ends with 130 when it is interrupted, having finished what was under way", async () => {
    const stop = new AbortController();
    const { env, simulator } = await servedSandbox({
      intercept: ({ method }) => {
        if (method === "POST") {
          stop.abort();
        }
        return undefined;
      },
    });
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  a:\n  b:\n  c:\n" };
    const argv = ["apply", "--yes", "--concurrency", "1"];
    const result = await runCli(argv, { env, files, stop: stop.signal });
    expect(result.code).toBe(130);
    expect(result.stderr).toContain("what is under way is finished");
    expect(simulator.tunnels.map(({ name }) => name)).toEqual(["a"]);
    expect(result.stdout).toContain("Applied: 1, failed: 0, skipped: 2.");
  });

  it("reports as uncertain what a second interruption cut", async () => {
    const stop = new AbortController();
    const abort = new AbortController();
    const { env } = await servedSandbox({
      intercept: ({ method }) => {
        if (method !== "POST") {
          return undefined;
        }
        stop.abort();
        setImmediate(() => abort.abort());
        return { type: "stall", bytes: 0 };
      },
    });
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  a:\n  b:\n" };
    const argv = ["apply", "--yes", "--json", "--concurrency", "1"];
    const result = await runCli(argv, { env, files, stop: stop.signal, abort: abort.signal });
    expect(result.code).toBe(130);
    expect(JSON.parse(result.stdout)).toMatchObject({
      outcomes: [
        { status: "failed", error: { code: "uncertain" } },
        { status: "skipped", skipped: { code: "interrupted" } },
      ],
      verified: false,
    });
  });

  it("judges idleness by the API's clock where this machine's is fast", async () => {
    const created_at = Date.now() - 60_000;
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "prod-a", created_at }]);
    const files = { "tunnels.yaml": "version: 1\nprune: { prefix: prod- }\ncfd_tunnel: {}\n" };
    const clock = { ...systemClock, now: () => Date.now() + 3_700_000 };
    const result = await runCli(["apply", "--yes"], { env, files, clock });
    expect(result.code).toBe(3);
    expect(simulator.tunnels[0]?.deleted_at).toBeNull();
  });

  it("begins nothing after its deadline, says what is left, and waits for no list that lags", async () => {
    const clock = new QuickClock(YEAR_2020);
    const { env, simulator } = await servedSandbox({
      intercept: ({ method }) => {
        clock.advance(method === "POST" ? 1_000 : 0);
        return undefined;
      },
    });
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  a:\n  b:\n  c:\n" };
    const argv = ["apply", "--yes", "--concurrency", "1", "--deadline", "2"];
    const result = await runCli(argv, { env, files, clock });
    expect(result.code).toBe(1);
    expect(simulator.tunnels.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(result.stdout).toContain("--deadline");
    expect(result.stdout).toContain("Applied: 2, failed: 0, skipped: 1.");
  });

  it("is interrupted while it asks: says that nothing was changed, in either form", async () => {
    const { env, simulator } = await servedSandbox();
    const interrupted = (...argv: readonly string[]) => {
      const stop = new AbortController();
      return runCli(["apply", ...argv], {
        env,
        files: { "tunnels.yaml": FILE },
        tty: true,
        stop: stop.signal,
        onOutput: (text) => {
          if (text.includes("Only")) {
            stop.abort();
          }
        },
      });
    };
    const text = await interrupted();
    expect([text.code, text.stderr]).toEqual([130, expect.stringContaining("Nothing was changed.")]);
    const json = await interrupted("--json");
    expect(json.code).toBe(130);
    expect(JSON.parse(json.stdout)).toMatchObject({ errors: [{ code: "interrupted" }] });
    expect(simulator.tunnels).toEqual([]);
  });

  it("shows its progress on a terminal, and nothing of it elsewhere", async () => {
    const { env } = await servedSandbox();
    const files = { "tunnels.yaml": FILE };
    // Every moment is over at once.
    const sleep: Clock["sleep"] = (ms, signal) => systemClock.sleep(ms === 500 ? 0 : ms, signal);
    const result = await runCli(["apply", "--yes"], {
      env: { ...env, NO_COLOR: "1" },
      files,
      tty: true,
      clock: { ...systemClock, sleep },
    });
    expect(result.stderr).toContain("2 done, 0 failed, 0 left");
    expect(result.stderr.endsWith("\r\u001B[K")).toBe(true);
    expect(result.stdout).not.toContain("\u001B");
  });
});

it("keeps the embedded sandbox's account from one run to the next, and looks at no other", async () => {
  const cwd = temporaryFolder();
  const files = { "tunnels.yaml": `account_id: \${NO_ACCOUNT_ID}\n${FILE}` };
  expect((await runCli(["apply", "--sandbox", "--yes"], { cwd, files })).code).toBe(0);
  expect((await runCli(["plan", "--sandbox", "--detailed-exitcode"], { cwd })).code).toBe(0);
  expect(readFileSync(join(cwd, ".warren/sandbox.json"), "utf8")).toContain('"web"');
});
