import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import planSchema from "../../schema/plan.schema.json" with { type: "json" };
import savedSchema from "../../schema/saved-plan.schema.json" with { type: "json" };
import { type CliOptions, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { secretOf } from "../support/rig.ts";

const OLD = Date.UTC(2020, 0, 1);
const uuid = (number: number) => `0192f3a0-0000-4000-8000-${String(number).padStart(12, "0")}`;
const idle = (name: string, number: number, more: object = {}) =>
  ({ kind: "cfd_tunnel", name, id: uuid(number), created_at: OLD, ...more }) as const;

const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
const isSaved = ajv.compile(savedSchema);
const isPlan = ajv.compile(planSchema);

/** A folder with a file and a plan of it, and a sandbox to apply it to. */
async function planned(
  yaml: string,
  tunnels: Parameters<Awaited<ReturnType<typeof servedSandbox>>["simulator"]["seed"]>[0] = [],
  more: readonly string[] = [],
) {
  const sandbox = await servedSandbox();
  sandbox.simulator.seed(tunnels);
  const cwd = temporaryFolder();
  const run = (argv: readonly string[], options: CliOptions = {}) =>
    runCli(argv, { cwd, ...options, env: { ...sandbox.env, ...options.env } });
  const saved = await run(["plan", "--out", "plan.json", ...more], { files: { "tunnels.yaml": yaml } });
  const writes = () =>
    Object.entries(sandbox.simulator.traffic.counts().by_endpoint).filter(
      ([name]) => !name.startsWith("GET"),
    );
  const requests = () => sandbox.simulator.traffic.counts().requests;
  return { sandbox, cwd, run, saved, writes, requests, simulator: sandbox.simulator };
}

const WEB = "version: 1\ncfd_tunnel:\n  web: { config_src: cloudflare }\n";

describe("plan --out", () => {
  test.each([
    ["the default file", "tunnels.yaml", []],
    ["a file under another name", "sub/../tunnels.yaml", ["-f", "tunnels.yaml"]],
    ["a file through a linked folder", "link/tunnels.yaml", ["-f", "sub/more.yaml", "-f", "tunnels.yaml"]],
    ["a base", "sub/more.yaml", ["--base", "sub/more.yaml"]],
  ])("does not replace what it reads: %s", async (_, out, more) => {
    const { env, simulator } = await servedSandbox();
    const cwd = temporaryFolder();
    symlinkSync(cwd, join(cwd, "link"));
    const files = { "tunnels.yaml": WEB, "sub/more.yaml": "version: 1\n" };
    const result = await runCli(["plan", ...more, "--out", out], { env, cwd, files });
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toMatch(/would replace .*, which this command reads/);
    expect(readFileSync(join(cwd, "tunnels.yaml"), "utf8")).toBe(WEB);
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  test("saves a plan that only its owner may read, that its schema describes, and that holds no secret", async () => {
    const yaml = "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { env: WEB_SECRET } }\n";
    const { cwd, saved, sandbox } = await planned(yaml);
    expect(saved.code).toBe(0);
    expect(saved.stdout).toContain("Plan: 1 to create");
    expect(saved.stderr).toBe("Saved. To apply exactly this:\n    warren apply plan.json\n");
    expect(statSync(join(cwd, "plan.json")).mode & 0o777).toBe(0o600);
    const text = readFileSync(join(cwd, "plan.json"), "utf8");
    expect(isSaved(JSON.parse(text)), JSON.stringify(isSaved.errors)).toBe(true);
    expect(text).not.toContain(sandbox.token);
    expect(readdirSync(cwd).sort()).toEqual(["plan.json", "tunnels.yaml"]);
  });

  test("gives the same bytes for the same inputs, in the place of an older file", async () => {
    const { cwd, run } = await planned(WEB, [idle("other", 1)]);
    const before = readFileSync(join(cwd, "plan.json"));
    chmodSync(join(cwd, "plan.json"), 0o644);
    await run(["plan", "--out", "plan.json"]);
    expect(readFileSync(join(cwd, "plan.json")).equals(before)).toBe(true);
    expect(statSync(join(cwd, "plan.json")).mode & 0o777).toBe(0o600);
  });

  test.each(["text", "json"])("shows no plan that could not be saved (%s)", async (format) => {
    const cwd = temporaryFolder();
    const { env } = await servedSandbox({
      intercept: () => {
        mkdirSync(join(cwd, "plan.json"), { recursive: true });
        return undefined;
      },
    });
    const files = { "tunnels.yaml": WEB };
    const result = await runCli(["plan", "--out", "plan.json", "--format", format], { cwd, env, files });
    expect(result.code).toBe(1);
    const [said, nothing] =
      format === "json" ? [result.stdout, result.stderr] : [result.stderr, result.stdout];
    expect(said).toContain("plan.json cannot be written: it is a folder.");
    expect(nothing).toBe("");
    if (format === "json") {
      expect(Object.keys(JSON.parse(said))).toEqual(["format_version", "command", "made_from", "errors"]);
    }
    expect(readdirSync(cwd).sort()).toEqual(["plan.json", "tunnels.yaml"]);
  });

  test("does not take - for a file", async () => {
    const { cwd, run } = await planned(WEB);
    const { code, stderr } = await run(["plan", "--out=-"]);
    expect(code).toBe(1);
    expect(stderr).toContain("To print the result, leave --out out");
    expect(readdirSync(cwd).sort()).toEqual(["plan.json", "tunnels.yaml"]);
  });

  test("says so where the folder has gone meanwhile", async () => {
    const cwd = temporaryFolder();
    const { env } = await servedSandbox({
      intercept: () => {
        rmSync(join(cwd, "out"), { recursive: true, force: true });
        return undefined;
      },
    });
    const files = { "tunnels.yaml": WEB, "out/plan.json": "" };
    const result = await runCli(["plan", "--out", "out/plan.json"], { cwd, env, files });
    expect(result).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: out/plan.json cannot be written: the folder out does not exist.\n",
    });
  });

  test("follows no link, and says so before any request", async () => {
    const { cwd, run, requests } = await planned(WEB);
    writeFileSync(join(cwd, "precious"), "kept");
    symlinkSync("precious", join(cwd, "link.json"));
    const before = requests();
    const result = await run(["plan", "--out", "link.json"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("symbolic link");
    expect(readFileSync(join(cwd, "precious"), "utf8")).toBe("kept");
    expect(requests()).toBe(before);
  });

  test("says before any request that a path cannot be written", async () => {
    const { run, requests } = await planned(WEB);
    const before = requests();
    expect((await run(["plan", "--out", "nowhere/plan.json"])).code).toBe(1);
    expect((await run(["plan", "--out", "."])).code).toBe(1);
    expect(requests()).toBe(before);
  });

  test("leaves what was there when the plan fails", async () => {
    const { cwd, run } = await planned(WEB);
    const before = readFileSync(join(cwd, "plan.json"));
    const result = await run(["plan", "--out", "plan.json"], { env: { CLOUDFLARE_API_TOKEN: "wrong" } });
    expect(result.code).toBe(1);
    expect(readFileSync(join(cwd, "plan.json")).equals(before)).toBe(true);
    expect(readdirSync(cwd).sort()).toEqual(["plan.json", "tunnels.yaml"]);
  });
});

describe("show-plan", () => {
  test.each([
    ["text", []],
    ["markdown", ["--format", "markdown"]],
    ["json", ["--json"]],
    ["all of it", ["--show-unmanaged"]],
    ["all of it in JSON", ["--show-unmanaged", "--json"]],
  ])("shows as %s what plan showed, offline and without credentials", async (_, format) => {
    const { cwd, run } = await planned(WEB, [idle("other", 1)]);
    const all = format.filter((word) => word === "--show-unmanaged");
    await run(["plan", "--out", "plan.json", ...all]);
    const shown = await run(["plan", ...format]);
    const again = await runCli(["show-plan", "plan.json", ...format], { cwd });
    expect(again).toEqual({ code: 0, stdout: shown.stdout, stderr: "" });
    expect(shown.stdout.includes("other")).toBe(all.length > 0);
  });

  test("what is unmanaged is in no file and no document that did not ask for it, and counted in each", async () => {
    const { cwd, run } = await planned(WEB, [idle("other", 1)]);
    expect(readFileSync(join(cwd, "plan.json"), "utf8")).not.toContain("other");
    for (const command of [["plan"], ["drift"], ["show-plan", "plan.json"]]) {
      const { stdout } = await run([...command, "--json"]);
      expect(JSON.parse(stdout)).toMatchObject({ unmanaged: [], summary: { unmanaged: 1 } });
    }
    const asked = await run(["show-plan", "plan.json", "--show-unmanaged"]);
    expect(asked.stderr).toContain("plan --show-unmanaged --out FILE");
  });
});

describe("apply FILE", () => {
  test("applies it without asking and without the file, reading only the kinds concerned", async () => {
    const { run, simulator } = await planned(`${WEB}warp_connector: {}\n`);
    const result = await run(["apply", "plan.json"], { tty: true });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("Applied: 1, failed: 0, skipped: 0.");
    const { by_endpoint } = simulator.traffic.counts();
    // Once for the plan.
    expect(by_endpoint["GET /warp_connector"]).toBe(1);
    expect((await run(["drift"])).code).toBe(0);
  });

  test("prints a report as JSON", async () => {
    const { run } = await planned(WEB);
    const result = await run(["apply", "plan.json", "--json"]);
    expect(JSON.parse(result.stdout)).toMatchObject({ verified: true, summary: { applied: 1 } });
  });

  test("does nothing for an empty plan, without a request", async () => {
    const { run, requests } = await planned("version: 1\ncfd_tunnel: {}\n");
    const before = requests();
    expect((await run(["apply", "plan.json"])).code).toBe(0);
    expect(requests()).toBe(before);
  });

  test("applied again it is stale", async () => {
    const { run, simulator } = await planned(WEB);
    await run(["apply", "plan.json"]);
    const again = await run(["apply", "plan.json"]);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain(
      `cfd_tunnel web: create in the plan, no change now. ${simulator.tunnels[0]?.id} has the name web.`,
    );
  });

  test("reads secrets when it is applied, before the first write", async () => {
    const yaml = "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { env: WEB_SECRET } }\n";
    const { run, writes, simulator } = await planned(yaml);
    const without = await run(["apply", "plan.json"]);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain("env WEB_SECRET: is not set");
    expect(writes()).toEqual([]);
    expect((await run(["apply", "plan.json"], { env: { WEB_SECRET: secretOf(7) } })).code).toBe(0);
    expect(simulator.tunnels[0]?.secret).toBe(secretOf(7));
  });

  test("a swap is ordered anew, and done", async () => {
    const yaml = `version: 1\ncfd_tunnel:\n  a: { id: ${uuid(2)} }\n  b: { id: ${uuid(1)} }\n`;
    const { run, simulator } = await planned(yaml, [idle("a", 1), idle("b", 2)]);
    expect((await run(["apply", "plan.json"])).code).toBe(0);
    expect([simulator.tunnel(uuid(1))?.name, simulator.tunnel(uuid(2))?.name]).toEqual(["b", "a"]);
  });

  test("of another account is refused, before any request", async () => {
    const { run, requests, cwd } = await planned(WEB);
    const before = requests();
    const result = await run(["apply", "plan.json"], {
      env: { CLOUDFLARE_ACCOUNT_ID: "0123456789abcdef0123456789abcdef" },
    });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("made for account");
    expect(result.stderr).not.toContain("0123456789abcdef");
    expect(requests()).toBe(before);
    expect(existsSync(join(cwd, "plan.json"))).toBe(true);
  });

  test("takes the plan's own account where nothing else names one", async () => {
    const { run } = await planned(WEB);
    expect((await run(["apply", "plan.json"], { env: { CLOUDFLARE_ACCOUNT_ID: undefined } })).code).toBe(0);
  });

  test("with something blocked is refused as ever", async () => {
    const yaml = "version: 1\ncfd_tunnel:\n  old: { state: absent }\n  new:\n";
    const { saved, run, writes } = await planned(yaml, [idle("old", 1, { connectors: [{}] })]);
    expect(saved.code).toBe(3);
    expect((await run(["apply", "plan.json"])).code).toBe(3);
    expect(writes()).toEqual([]);
  });

  test("says which of its deletes has come alive, and why that is refused, in every format", async () => {
    const yaml = "version: 1\ncfd_tunnel:\n  old: { state: absent }\n  new:\n";
    const { run, writes, simulator } = await planned(yaml, [idle("old", 1)]);
    simulator.connect(uuid(1));
    const why = "It is live (status healthy), and warren deletes nothing that is in use.";
    const text = await run(["apply", "plan.json"]);
    expect([text.code, text.stderr]).toEqual([
      3,
      expect.stringContaining(`cfd_tunnel old: delete in the plan, blocked now. ${why}`),
    ]);
    const json = await run(["apply", "plan.json", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      blocked: [{ name: "old", message: expect.stringContaining(why) }],
      summary: { blocked: 1 },
    });
    const markdown = await run(["apply", "plan.json", "--format", "markdown"]);
    expect(markdown.stdout).toMatch(/delete.*old.*It is live \(status <code>healthy<\/code>\)/);
    expect(writes()).toEqual([]);
  });

  test.each(["--verify-secrets", "--require-secrets"])("does not take %s", async (option) => {
    const { run, writes } = await planned(WEB);
    const { code, stderr } = await run(["apply", "plan.json", option, "-f", "tunnels.yaml"]);
    expect({ code, writes: writes() }).toEqual({ code: 1, writes: [] });
    expect(stderr).toContain(`${option} means nothing with a saved plan`);
  });

  test("takes --target only with --file", async () => {
    const { run, requests } = await planned(WEB);
    const before = requests();
    const result = await run(["apply", "plan.json", "--target", "cfd_tunnel/web"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("--file");
    expect(requests()).toBe(before);
  });

  test.each([
    ["tunnels.yaml", WEB, "To apply a YAML file, use --file: warren apply --file tunnels.yaml"],
    ["other", WEB, "use --file"],
    ["bad.json", '{"format":"warren-saved-plan"', "damaged or cut off"],
    ["bad.json", '{"format":"warren-saved-plan","format_version":"9.0"}', "format version 9.0"],
    ["bad.json", '{"format":"warren-saved-plan","format_version":"1.0","digest":"x"}', "does not match"],
    ["bad.json", '{"format_version":"1.0","changes":[]}', "plan --out FILE"],
  ])("says what %s with %j is instead", async (path, text, words) => {
    const { run, requests } = await planned(WEB);
    const before = requests();
    const result = await run(["apply", path], { files: { [path]: text } });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(words);
    expect(requests()).toBe(before);
  });

  test("names a file that is not there", async () => {
    const { run } = await planned(WEB);
    const result = await run(["apply", "plan.jsn"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toBe("error: plan.jsn cannot be read: there is no such file.\n");
  });
});

describe("apply FILE --file F", () => {
  test("applies where the files ask for the very same, wherever in them it stands", async () => {
    const { run } = await planned(WEB);
    const files = { "tunnels.yaml": `# moved\n\n${WEB}` };
    expect((await run(["apply", "plan.json", "--file", "tunnels.yaml"], { files })).code).toBe(0);
  });

  test.each([
    ["less", "version: 1\ncfd_tunnel: {}\n", "cfd_tunnel web: create in the plan, no change now.\n"],
    ["more", `${WEB}  api:\n`, "cfd_tunnel api: no change in the plan, create now. It is declared"],
    [
      "something else",
      WEB.replace("cloudflare", "local"),
      "cfd_tunnel web: create, but not the one in the plan.\n",
    ],
  ])("refuses where they ask for %s", async (_, yaml, words) => {
    const { run, writes } = await planned(WEB);
    const result = await run(["apply", "plan.json", "--file", "tunnels.yaml"], {
      files: { "tunnels.yaml": yaml },
    });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("the files are not those that the plan was made from");
    expect(result.stderr).toContain(words);
    expect(writes()).toEqual([]);
  });

  test("refuses what has drifted beside the plan, too", async () => {
    const yaml = `${WEB}  api:\n`;
    const { run, writes, simulator } = await planned(yaml, [idle("api", 1)]);
    simulator.remove(uuid(1));
    const result = await run(["apply", "plan.json", "--file", "tunnels.yaml"]);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("the account has changed since");
    expect(writes()).toEqual([]);
    // Alone, the plan is what it was.
    expect((await run(["apply", "plan.json"])).code).toBe(0);
  });

  test("takes the targets from the command line, never from the plan", async () => {
    const { run } = await planned(`${WEB}  api:\n`, [], ["--target", "cfd_tunnel/web"]);
    const argv = ["apply", "plan.json", "--file", "tunnels.yaml"];
    expect((await run(argv)).code).toBe(3);
    expect((await run([...argv, "--target", "cfd_tunnel/web"])).code).toBe(0);
  });

  test("does nothing that a forged plan says and the file does not", async () => {
    const { run, cwd, writes } = await planned(WEB, [idle("precious", 1)]);
    const evil = await run(["plan", "--file", "evil.yaml", "--out", "plan.json"], {
      files: { "evil.yaml": "version: 1\ncfd_tunnel:\n  precious: { state: absent }\n" },
    });
    expect(evil.code).toBe(0);
    expect(readFileSync(join(cwd, "plan.json"), "utf8")).toContain("precious");
    expect((await run(["apply", "plan.json", "--file", "tunnels.yaml"])).code).toBe(3);
    expect(writes()).toEqual([]);
  });

  test("an invalid file causes no request", async () => {
    const { run, requests } = await planned(WEB);
    const before = requests();
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnels:\n" };
    expect((await run(["apply", "plan.json", "--file", "tunnels.yaml"], { files })).code).toBe(1);
    expect(requests()).toBe(before);
  });
});

test("a stale plan's refusal is in the document that --json prints", async () => {
  const { run, simulator } = await planned(WEB);
  simulator.seed([idle("web", 1, { config_src: "cloudflare" })]);
  const result = await run(["apply", "plan.json", "--json"]);
  expect(result.code).toBe(3);
  const document: unknown = JSON.parse(result.stdout);
  expect(isPlan(document), JSON.stringify(isPlan.errors)).toBe(true);
  expect(document).toMatchObject({
    errors: [{ code: "stale" }, { code: "stale", message: expect.stringContaining("now") }],
  });
});
