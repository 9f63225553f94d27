import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CARRIED, makePackage, makeTagTree } from "../../build/release-tree.mjs";
import packageJson from "../../package.json" with { type: "json" };
import { commandBlocks } from "../support/documented.ts";
import { type Registry, serveRegistry } from "../support/registry.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "warren-release-"));
const address = packageJson.repository.url.replace(/^git\+|\.git$/g, "");
const FILE = "version: 1\ncfd_tunnel:\n  web:\n";
const [tagTree, tag, tarballs] = [join(work, "tag"), join(work, "repository"), join(work, "tarballs")];
let registry: Registry;

/** npm and what it installed, as a user has them: none of this repository's packages, no network. */
async function sh(command: string, cwd: string, env: { readonly [name: string]: string } = {}) {
  mkdirSync(cwd, { recursive: true });
  const { stdout } = await promisify(execFile)("sh", ["-c", command], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      HOME: join(work, "home"),
      NO_COLOR: "1",
      npm_config_registry: registry.url,
      npm_config_audit: "false",
      npm_config_update_notifier: "false",
      ...env,
    },
  });
  return stdout;
}

/** The repository at a release's tag: what is in git, and what the tag carries beside it. */
async function makeRepository() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: top,
    encoding: "utf8",
  });
  for (const path of listed.split("\0").filter((name) => name !== "" && existsSync(join(top, name)))) {
    mkdirSync(join(tag, dirname(path)), { recursive: true });
    cpSync(join(top, path), join(tag, path));
  }
  cpSync(tagTree, tag, { recursive: true });
  const author = "-c user.name=t -c user.email=t@example.com";
  await sh(
    `git init -q && git add . && git add --force ${CARRIED.join(" ")} && git ${author} commit -qm r && git tag v0`,
    tag,
  );
}

beforeAll(async () => {
  const dist = join(work, "dist");
  execFileSync(process.execPath, ["build.mjs", dist], { cwd: top });
  makeTagTree(tagTree, dist);
  makePackage(join(work, "package"), dist);
  registry = await serveRegistry();
  await makeRepository();
  await sh(`npm pack --pack-destination . ../package`, tarballs);
}, 180_000);

afterAll(() => {
  registry.close();
  rmSync(work, { recursive: true, force: true });
});

const manifestAt = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as typeof packageJson;

describe("what a tag carries", () => {
  it("is what its list says", () => {
    expect(readdirSync(tagTree).sort()).toEqual([...CARRIED].sort());
  });

  it("has a manifest that npm installs without a build", () => {
    const manifest = manifestAt(tagTree);
    expect(manifest).toMatchObject({ name: "warren", dependencies: packageJson.dependencies });
    expect(manifest).not.toHaveProperty("scripts");
    expect(manifest).not.toHaveProperty("devDependencies");
    for (const file of Object.values(manifest.bin)) {
      expect(existsSync(join(tagTree, file))).toBe(true);
    }
  });

  it("is what the release workflow adds, in a job that installs nothing and after one that may write nothing", () => {
    const { jobs } = parse(readFileSync(join(top, ".github/workflows/release.yml"), "utf8"));
    const commands = (job: { steps: readonly { run?: string }[] }) =>
      job.steps.map(({ run = "" }) => run).join("\n");
    expect(commands(jobs.publish)).toContain(`git add --force ${CARRIED.join(" ")}\n`);
    expect(commands(jobs.publish)).not.toMatch(/\bnp[mx]\b|\bnode\b/);
    expect(jobs.build.permissions).toEqual({ contents: "read" });
    expect(commands(jobs.build)).toContain("npm ci");
    expect(jobs.publish.needs).toBe("build");
  });

  it("goes to npm from a job that may do nothing else, as the tarball that was built", () => {
    const { jobs } = parse(readFileSync(join(top, ".github/workflows/release.yml"), "utf8"));
    expect(jobs.npm).toMatchObject({ needs: "publish", permissions: { "id-token": "write" } });
    const commands = jobs.npm.steps.map(({ run }: { run?: string }) => run).filter(Boolean);
    expect(commands).toEqual([
      "tar --extract --file release.tar",
      expect.stringMatching(/^npm publish --ignore-scripts .*\.tgz"?$/),
    ]);
  });

  it.each([
    [FILE, 0, ""],
    ["version: 1\ncfd_tunel:\n  web:\n", 1, 'unknown key "cfd_tunel"'],
  ])("runs as the Action: it starts the program beside it, on %j", (yaml, status, said) => {
    const workspace = mkdtempSync(join(work, "action-"));
    writeFileSync(join(workspace, "tunnels.yaml"), yaml);
    const output = join(workspace, "output");
    writeFileSync(output, "");
    const run = spawnSync(process.execPath, [join(tagTree, "dist/action.js")], {
      cwd: workspace,
      env: {
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: output,
        RUNNER_TEMP: workspace,
        INPUT_COMMAND: "validate",
        INPUT_FILES: "tunnels.yaml",
      },
      encoding: "utf8",
    });
    expect(run).toMatchObject({ status, stdout: expect.stringContaining(said) });
    expect(readFileSync(output, "utf8")).toMatch(new RegExp(`exit_code.*\n${status}\n`));
  });
});

describe("npm install --global of a release's tag, by the line of the GitLab example", () => {
  it("leaves a program that runs, with Node and git alone", async () => {
    const example = parse(readFileSync(join(top, "examples/gitlab/.gitlab-ci.yml"), "utf8")) as {
      variables: { WARREN: string };
      default: { before_script: readonly string[] };
    };
    const [container, install = ""] = example.default.before_script;
    expect(container).toBe("apk add --no-cache git");
    expect(example.variables.WARREN.split("#")[0]).toBe(packageJson.repository.url);
    const cwd = join(work, "global");
    const env = { npm_config_prefix: cwd, WARREN: `git+${pathToFileURL(tag).href}#v0` };
    await sh(install, cwd, env);
    writeFileSync(join(cwd, "tunnels.yaml"), FILE);
    const PATH = `${join(cwd, "bin")}:${process.env["PATH"] ?? ""}`;
    expect(await sh("warren --version", cwd, { PATH })).toBe(`${packageJson.version}\n`);
    expect(await sh("warren plan --sandbox", cwd, { PATH })).toContain("Plan: 1 to create");
  });
});

describe("npm pack's tarball in an empty folder", () => {
  const cwd = join(work, "user");
  const installed = join(cwd, "node_modules/warren");
  beforeAll(() => sh(`npm install --prefix . ../tarballs/*.tgz`, cwd), 180_000);

  it("brings the program and the schemas", async () => {
    writeFileSync(join(cwd, "tunnels.yaml"), FILE);
    expect(await sh("npx --no warren apply --sandbox --yes", cwd)).toContain("Applied: 1");
    expect(readdirSync(join(installed, "schema"))).toEqual(readdirSync(join(top, "schema")));
    const [, path = ""] = /\$schema=(\S+)/.exec(await sh("npx --no warren export --sandbox", cwd)) ?? [];
    expect(join(cwd, path)).toBe(join(installed, "schema/tunnels.schema.json"));
  });

  it("takes a stranger, by README alone, from an empty folder to a hostname that is served", async () => {
    const [block] = commandBlocks().filter(
      ({ page, commands }) => page === "README.md" && commands.some(({ name }) => name === "warren init"),
    );
    const PATH = `${join(cwd, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
    const folder = join(work, "stranger");
    const printed: { [command: string]: string } = {};
    for (const { name } of block?.commands ?? []) {
      printed[name] = await sh(name, folder, { PATH });
    }
    expect(printed["warren show example --sandbox"]).toContain("status: healthy");
    expect(printed["warren explain https://app.example.com/"]).toContain("served by cfd_tunnel/example");
    expect(printed["warren plan --sandbox"]).toContain("No changes.");
  });

  it("brings the library with its types, and no type that its exports do not lead to", async () => {
    const source = `
      import { createClient, execute, type Plan, plan } from "warren";
      import { createSimulator } from "warren/sandbox";
      import schema from "warren/schema/tunnels.schema.json" with { type: "json" };
      const changes = (made: Plan): number => made.changes.length;
      // @ts-expect-error A plan is no text: the types are there, and are not any.
      const wrong = () => changes("");
      console.log(typeof wrong, typeof createClient, typeof execute, typeof plan, typeof createSimulator, typeof schema);
    `;
    writeFileSync(join(cwd, "user.mts"), source);
    const options = "--module nodenext --target es2023 --strict --skipLibCheck false --types node";
    const roots = `--typeRoots '${join(top, "node_modules/@types")}'`;
    await sh(`node '${join(top, "node_modules/typescript/bin/tsc")}' ${options} ${roots} user.mts`, cwd);
    expect(await sh("node --no-warnings user.mjs", cwd)).toBe(`${"function ".repeat(5)}object\n`);
    const types = readdirSync(join(installed, "dist/types"), { recursive: true }).map(String);
    expect(types.filter((path) => /\/(?:cli|render|saved|action)\//.test(path))).toEqual([]);
    expect(types).not.toContain("src/config/schema/schema.d.ts");
  });

  it("runs nothing when it is installed, and links to nothing that it does not bring", () => {
    expect(manifestAt(installed)).not.toHaveProperty("scripts");
    const readme = readFileSync(join(installed, "README.md"), "utf8");
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
    expect(links).toContain(`${address}/blob/v${packageJson.version}/docs/commands.md`);
    expect(links.filter((link = "") => !/^(?:https:|#)/.test(link))).toEqual([]);
  });
});

it("package.json names one repository, three times", () => {
  expect([packageJson.homepage, packageJson.bugs]).toEqual([`${address}#readme`, `${address}/issues`]);
});
