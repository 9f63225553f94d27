import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const page = readFileSync(top("docs/walk.md"), "utf8");

/** The cells of each row of a table of the page, in whose first cell something matches. */
function rowsWhere(first: RegExp): readonly (readonly string[])[] {
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
  return rows.filter(([cell = ""]) => first.test(cell));
}

const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** The parts between commas that are in no bracket. */
function parts(list: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (const [at, letter] of list.split("").entries()) {
    depth += "([{<".includes(letter) ? 1 : ")]}>".includes(letter) && list[at - 1] !== "=" ? -1 : 0;
    if (letter === "," && depth === 0) {
      found.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, list.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}

/** The parameters of a function in a source: names, and `{ … }` for those that are taken apart. */
function parametersOf(name: string, source: string): readonly string[] | null {
  const start = new RegExp(`function\\*? ${name}(?:<[^(]*>)?\\(`).exec(source);
  if (start === null) {
    return null;
  }
  const from = start.index + start[0].length;
  let depth = 1;
  let to = from;
  while (depth > 0) {
    depth += source[to] === "(" ? 1 : source[to] === ")" ? -1 : 0;
    to += 1;
  }
  return parts(source.slice(from, to - 1)).map((parameter) =>
    parameter.startsWith("{") ? "{ … }" : (/^\w+/.exec(parameter)?.[0] ?? parameter),
  );
}

const steps = rowsWhere(/^\d+$/).map(([, call = "", files = ""]) => ({
  call: codeIn(call)[0] ?? "",
  files: codeIn(files).map((file) => `src/${file}`),
}));

describe("the walk", () => {
  it("has a row for each function", () => {
    expect(steps.length).toBeGreaterThan(20);
  });

  it.each(steps)("$call is in $files", ({ call, files }) => {
    const source = files.map((file) => readFileSync(top(file), "utf8")).join("\n");
    const [, owner, name = "", list = ""] = /^(\w+\.)?(\w+)\((.*)\)$/.exec(call) ?? [];
    if (owner === undefined) {
      expect(parametersOf(name, source)).toEqual(parts(list));
    } else {
      // A member of a kind: written as a method or as a property.
      expect(source).toMatch(new RegExp(`\\b${name}(?:\\(client|: \\(client)`));
    }
  });

  it("shows what is really printed for its tunnel", async () => {
    const yaml = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    const { stdout } = await runCli(["plan", "--sandbox"], { files: { "tunnels.yaml": yaml } });
    expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``);
  });
});

interface Override {
  readonly files: readonly string[];
  readonly rules: {
    readonly "no-restricted-imports"?: readonly [string, { readonly patterns: readonly string[] }];
  };
}

const { overrides } = JSON.parse(readFileSync(top(".oxlintrc.json"), "utf8")) as {
  readonly overrides: readonly Override[];
};

/** What the lint rules let the files of a room import of ours; null where they forbid nothing of ours. */
function allowedIn(room: string): readonly string[] | null {
  const own = overrides.filter(
    ({ files }) => files.includes(`src/${room}*.ts`) || files.includes(`src/${room}**`),
  );
  const patterns = own.flatMap(({ rules }) => rules["no-restricted-imports"]?.[1].patterns ?? []);
  if (!patterns.some((pattern) => pattern.startsWith("../"))) {
    return null;
  }
  return patterns
    .filter((pattern) => pattern.startsWith("!../") && !pattern.endsWith("package.json"))
    .map((pattern) => pattern.replace(/^!(?:\.\.\/)+/, ""));
}

describe("the rooms", () => {
  const rooms = rowsWhere(/^`\w+\/`$/);

  it.each(rooms.map(([room = "", , imports = ""]) => [codeIn(room)[0] ?? "", imports]))(
    "%s imports what the lint rules let it",
    (room, imports) => {
      expect(imports === "everything" ? null : codeIn(imports)).toEqual(allowedIn(room));
    },
  );

  it("are all there, each with a word of what it is, and none with more than sixteen files", () => {
    const folders = readdirSync(top("src"), { recursive: true, withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map((each) => `${each.parentPath}/${each.name}`.slice(top("src/").length));
    const told = rowsWhere(/^`[\w/]+\/`$/).map(([room = ""]) => (codeIn(room)[0] ?? "").slice(0, -1));
    expect(told.sort()).toEqual(folders.sort());
    for (const folder of folders) {
      expect(existsSync(top(`src/${folder}`))).toBe(true);
      const files = readdirSync(top(`src/${folder}`)).filter((file) => file.endsWith(".ts"));
      expect([folder, files.length <= 16]).toEqual([folder, true]);
    }
  });
});
