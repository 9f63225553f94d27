import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { runCli } from "../support/cli.ts";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(top(path), "utf8");

/** The cells of each row of a page's tables, after a first cell of some form. */
function rowsOf(page: string, first: RegExp): readonly (readonly string[])[] {
  return read(page)
    .split("\n")
    .map((line) => line.split(/ *\| */).slice(1, -1))
    .filter(([cell = ""]) => first.test(cell));
}

/** The text from a bracket to the one that closes it, brackets left out. No bracket stands in a text of these. */
function within(code: string, start: number): string {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    depth += "([{".includes(code[at] ?? "") ? 1 : ")]}".includes(code[at] ?? "") ? -1 : 0;
    if (depth === 0) {
      return code.slice(start + 1, at);
    }
  }
  return code.slice(start + 1);
}

/** `{ a, b = 1 }, c` is the parameters `{ a, b }, c`. */
function tidied(parameters: string): string {
  return parameters
    .replaceAll(/ = (?:null|\[\]|\{\}|"\w+"|\w+)/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const code = async (file: string) =>
  (await transform(read(`src/${file}`), { loader: "ts", format: "esm", target: "esnext" })).code;

/** The parameters of every function, method or arrow of a name. */
function definitionsOf(name: string, js: string): readonly string[] {
  const declared = new RegExp(
    `\\bfunction\\*? ${name}\\(|^ +(?:async )?${name}\\(|\\b${name}: (?:async )?\\(`,
    "gm",
  );
  return [...js.matchAll(declared)].flatMap(({ index, 0: { length } }) => {
    const parameters = within(js, index + length - 1);
    const rest = js.slice(index + length + parameters.length);
    return /^\) (?:=>|\{)/.test(rest) ? [tidied(parameters)] : [];
  });
}

describe("the walk", () => {
  const rows = rowsOf("docs/makers/walk.md", /^\d+$/).map(([, cell = "", file = ""]) => {
    const [, dots = "", path = "", name = "", args = ""] =
      /^((?:· )*)`((?:\w+\.)?(\w+))\((.*)\)`$/.exec(cell) ?? [];
    return { call: `${path}(${args})`, name, args, depth: dots.length, file: file.replaceAll("`", "") };
  });
  const callers = rows.map(
    (row, at) => rows.slice(0, at).findLast(({ depth }) => depth === Math.max(0, row.depth - 2)) ?? null,
  );

  it("has a row for each function", () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ name }) => name === "")).toEqual([]);
  });

  it.each(rows)("$call is in $file", async ({ name, args, file }) => {
    expect(definitionsOf(name, await code(file))).toContain(args);
  });

  it.each(rows.map((row, at) => ({ ...row, caller: callers[at]?.file ?? null })).slice(1))(
    "$call is called in $caller",
    async ({ name, caller }) => {
      const js = caller === null ? "" : await code(caller);
      expect(new RegExp(`(?<!function )\\b${name}\\(|\\(await import\\(.*\\)\\)\\.${name}\\b`).test(js)).toBe(
        true,
      );
    },
  );

  it("shows what is really printed for its tunnel", async () => {
    const page = read("docs/makers/walk.md");
    const yaml = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    const { stdout } = await runCli(["plan", "--sandbox"], { files: { "tunnels.yaml": yaml } });
    expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``);
  });
});

describe("the rooms", () => {
  const rows = rowsOf("docs/makers/walk.md", /^(?:· )?`[\w/-]+\/`$/);
  const folders = readdirSync(top("src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${posix.relative(top("src"), posix.join(parentPath, name))}/`);
  const rooms = folders.filter((folder) => folder.split("/").length === 2);

  it("are the folders of src, each with what it is for", () => {
    const named = rows.map(([cell = ""]) => cell.replaceAll(/[·` ]/g, ""));
    expect([...named].sort()).toEqual([...folders].sort());
    expect(rows.filter(([, purpose = ""]) => purpose === "")).toEqual([]);
  });

  it.each(folders)("%s has at most sixteen files", (folder) => {
    expect(readdirSync(top(`src/${folder}`)).filter((file) => file.endsWith(".ts")).length).toBeLessThan(17);
  });

  it("stand below the room that they are in", () => {
    let room = "";
    for (const [cell = ""] of rows) {
      const name = cell.replaceAll(/[·` ]/g, "");
      room = cell.startsWith("·") ? room : name;
      expect(name.startsWith(room)).toBe(true);
    }
  });

  it.each(rooms)("%s may import what lint lets it import", (room) => {
    const [, , imports, packages] = rows.find(([cell]) => cell === `\`${room}\``) ?? [];
    const { ours, theirs } = allowed(room);
    expect(imports).toBe(ours === null ? "all" : ours.length === 0 ? "nothing" : ours.join(", "));
    expect(packages).toBe(theirs.length === 0 ? "none" : theirs.join(", "));
  });

  it.each(rooms)("%s imports no less: each package of its row is used", (room) => {
    const sources = readdirSync(top(`src/${room}`), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => read(`src/${room}${file}`))
      .join("\n");
    const used = (name: string) =>
      new RegExp(`\\b(?:from|import\\()\\s*"${name.replaceAll("`", "")}["/]`).test(sources);
    expect(allowed(room).theirs.filter((name) => !used(name))).toEqual([]);
  });
});

interface LintConfig {
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: {
      readonly "no-restricted-imports"?: readonly [string, { readonly patterns: readonly string[] }];
    };
  }[];
}

/** What lint lets the files of a room import: paths from `src` (null: all of them), and packages. */
function allowed(room: string): {
  readonly ours: readonly string[] | null;
  readonly theirs: readonly string[];
} {
  const { overrides } = JSON.parse(read(".oxlintrc.json")) as LintConfig;
  const patterns = overrides
    .filter(({ files }) => files.some((glob) => [`src/${room}*.ts`, `src/${room}**`].includes(glob)))
    .findLast(({ rules }) => rules["no-restricted-imports"] !== undefined)?.rules[
    "no-restricted-imports"
  ]?.[1].patterns;
  const quoted = (paths: readonly string[]) => [...paths].sort().map((path) => `\`${path}\``);
  const exceptions = (patterns ?? []).filter((pattern) => pattern.startsWith("!"));
  const ours = exceptions.map((pattern) => posix.join(room, pattern.slice(1).replace(/\*\*$/, "")));
  return {
    ours: patterns?.includes("../**") === true ? quoted(ours) : null,
    theirs: quoted(Object.keys(packageJson.dependencies).filter((name) => !patterns?.includes(name))),
  };
}
