import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servedSandbox } from "../support/cli.ts";
import { buildAs } from "./bundles.ts";

const folder = mkdtempSync(join(tmpdir(), "warren-build-"));
let metafile: Metafile;

beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "tunnels.yaml"), "version: 1\ncfd_tunnel:\n  web:\n");
  ({ metafile } = await buildAs("program", { outdir: join(folder, "dist"), write: true }));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tells, file by file, what Node loads. */
const hook = `
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    import { appendFileSync } from "node:fs";
    export async function load(url, context, next) {
      if (url.startsWith("file:")) appendFileSync(process.env.LOADS, url + "\\\\n");
      return next(url, context);
    }
  \`));
`;

/** What one run of the built program loads: the files, and what they are made of. */
async function loadedBy(argv: readonly string[], env: { readonly [name: string]: string } = {}) {
  const log = join(folder, "loads");
  writeFileSync(log, "");
  const node = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
  const code = await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...node, join(folder, "dist/main.js"), ...argv],
      { cwd: folder, env: { ...env, LOADS: log } },
      () => resolve(child.exitCode),
    );
  });
  const files = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((url) => basename(url));
  const inputs = files.flatMap((file) =>
    Object.entries(metafile.outputs)
      .filter(([path]) => basename(path) === file)
      .flatMap(([, output]) => Object.keys(output.inputs)),
  );
  return {
    code,
    files,
    packages: uniqueParts(inputs, /^node_modules\/([^/]+)/),
    /** What sends requests, and all of the engine but its nouns. */
    online: inputs.filter((path) =>
      /^src\/(?:cloudflare\/(?:client|list|wire)|engine\/(?!model\/))/.test(path),
    ),
    /** The larger parts of the source, each by the file that stands for it. */
    parts: Object.entries(PARTS).flatMap(([part, path]) => (inputs.includes(path) ? [part] : [])),
  };
}

function uniqueParts(paths: readonly string[], part: RegExp): readonly string[] {
  return [...new Set(paths.flatMap((path) => part.exec(path)?.[1] ?? []))].sort();
}

const PARTS = {
  command_line: "src/cli/program.ts",
  files: "src/config/load.ts",
  planning: "src/engine/plan.ts",
  wire: "src/cloudflare/client.ts",
  simulator: "src/simulator/simulator.ts",
};

const START = ["commander", "picocolors"];
const FILES = ["ajv", "yaml"];
const WIRE = ["destr", "diff", "ofetch", "p-limit", "ufo", "yocto-queue"];

describe("what the built program loads", () => {
  it("to say its version: next to nothing", async () => {
    const { files, ...loaded } = await loadedBy(["--version"]);
    expect(loaded).toEqual({ code: 0, packages: [], parts: [], online: [] });
    expect(files.length).toBeLessThanOrEqual(4);
  });

  it.each([{ argv: ["--help"] }, { argv: ["plan", "--help"] }])(
    "for $argv: the command line",
    async ({ argv }) => {
      expect(await loadedBy(argv)).toMatchObject({ code: 0, packages: START, parts: ["command_line"] });
    },
  );

  it("for a mistyped command: what says so", async () => {
    expect(await loadedBy(["paln"])).toMatchObject({ code: 1, packages: START, parts: ["command_line"] });
  });

  it("to validate: what reads files", async () => {
    const { code, packages, parts } = await loadedBy(["validate"]);
    expect({ code, packages }).toEqual({ code: 0, packages: [...START, ...FILES].sort() });
    expect(parts).toEqual(["command_line", "files"]);
  });

  it("to explain, or to validate rules: the same, and patterns where a rule has one", async () => {
    const rules = (path: string) =>
      `version: 1\ncfd_tunnel:\n  web:\n    ingress: [{ ${path} service: hello_world }, { service: hello_world }]\n`;
    writeFileSync(join(folder, "host.yaml"), rules("hostname: a.b,"));
    const { code, packages, parts } = await loadedBy(["explain", "https://a.b", "-f", "host.yaml"]);
    expect({ code, packages, parts }).toEqual({
      code: 0,
      packages: [...START, ...FILES].sort(),
      parts: ["command_line", "files"],
    });
    writeFileSync(join(folder, "path.yaml"), rules("path: ^/x,"));
    for (const argv of [["explain", "https://a.b"], ["validate"]]) {
      expect(await loadedBy([...argv, "-f", "path.yaml"])).toMatchObject({
        code: 0,
        packages: [...START, ...FILES, "re2js"].sort(),
        parts: ["command_line", "files"],
        // The globs of --file are those of `protected`.
        online: ["src/engine/decide/glob.ts"],
      });
    }
  });

  it("to plan: all but the sandbox and the proxy", async () => {
    const { env } = await servedSandbox();
    expect(await loadedBy(["plan"], env)).toMatchObject({
      code: 0,
      packages: [...START, ...FILES, ...WIRE].sort(),
      parts: ["command_line", "files", "planning", "wire"],
      online: expect.arrayContaining(["src/engine/plan.ts", "src/cloudflare/client.ts"]),
    });
  });

  it("to list: no files", async () => {
    const { env } = await servedSandbox();
    expect(await loadedBy(["list"], env)).toMatchObject({
      code: 0,
      packages: [...START, "destr", "ofetch", "p-limit", "ufo", "yocto-queue"].sort(),
      parts: ["command_line", "wire"],
    });
  });

  it("to serve the sandbox: no files and no wire", async () => {
    // A folder is no state file: so it ends at once.
    expect(await loadedBy(["sandbox", "--state", folder])).toMatchObject({
      code: 1,
      packages: START,
      parts: ["command_line", "simulator"],
    });
  });

  it("of ajv: its run time, and of other packages: one copy of each source", () => {
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
    const ofAjv = inputs.filter((path) => path.includes("/ajv/"));
    expect(ofAjv.filter((path) => !path.startsWith("node_modules/ajv/dist/runtime/"))).toEqual([]);
    expect(new Set(inputs).size).toBe(inputs.length);
  });
});

it("lets a bundler drop what a user of the library leaves", async () => {
  const size = async (names: string) => {
    const { outputFiles = [] } = await buildAs("library", {
      entryPoints: [],
      stdin: { contents: `import ${names} from "warren"; console.log(all);`, resolveDir: folder },
      alias: { warren: join(folder, "library/index.js") },
      minify: true,
      splitting: false,
    });
    return outputFiles.reduce((bytes, { contents }) => bytes + contents.length, 0);
  };
  await buildAs("library", { outdir: join(folder, "library"), write: true });
  const all = await size("* as all");
  expect(all).toBeGreaterThan(50_000);
  expect(await size("{ ApiError as all }")).toBeLessThan(all / 4);
});
