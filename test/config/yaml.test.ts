import { describe, expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";
import { locate, sourceOf } from "../../src/config/yaml/source.ts";
import { growsWithItsSize } from "../support/growth.ts";
import { LIMITS, parseYaml } from "../../src/config/yaml/yaml.ts";

/** What the YAML library does by default, and a configuration must not suffer from. */
async function load(text: string) {
  return await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
}

async function codes(text: string): Promise<readonly string[]> {
  const result = await load(text);
  return result.ok
    ? []
    : result.problems.map(({ code, location: { line, column } }) => `${code} ${line}:${column}`);
}

function entries(count: number, entry: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `  t-${at}: ${entry(at)}\n`).join("");
}

describe("aliases", async () => {
  test("tens of thousands of aliases to one anchor are honest", async () => {
    const result = await load(
      `version: 1\ncfd_tunnel:\n  base: &b { config_src: local }\n${entries(20_000, () => "*b")}`,
    );
    expect(result.ok && result.value.entries).toHaveLength(20_001);
  });

  test("thousands of anchors with an alias each take no quadratic time", async () => {
    await growsWithItsSize(async (size) => {
      const text = `version: 1\ncfd_tunnel:\n${entries(size, (at) => `&a${at} { config_src: local }`)}${Array.from({ length: size }, (_, at) => `  u-${at}: *a${at}\n`).join("")}`;
      const result = await load(text);
      expect(result.ok && result.value.entries).toHaveLength(2 * size);
    }, 3_000);
  });

  test("a billion laughs is refused at once", async () => {
    const levels = Array.from(
      { length: 40 },
      (_, at) => `a${at + 1}: &a${at + 1} [${"*a".concat(String(at), ",").repeat(9)}]\n`,
    );
    expect(await codes(`version: 1\na0: &a0 [lol]\n${levels.join("")}`)).toEqual(["alias_explosion 8:18"]);
  });

  test("a billion laughs in mappings likewise", async () => {
    const repeated = (at: number) => Array.from("abcdefghi", (key) => `${key}: *a${at}`).join(", ");
    const levels = Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} { ${repeated(at)} }\n`);
    expect(await codes(`version: 1\na0: &a0 { lol: }\n${levels.join("")}`)).toEqual([
      expect.stringMatching(/^alias_explosion 8:/),
    ]);
  });

  test.each([
    [50, "a49"],
    [51, null],
  ])("to nothing, beside %i anchors: %j is likely to be meant", async (count, nearest) => {
    const anchors = Array.from({ length: count }, (_, at) => `&a${at} x`).join(", ");
    const result = await load(`version: 1\nprotected: [${anchors}, *a49x]`);
    expect(result.ok ? [] : result.problems).toMatchObject([{ code: "unknown_anchor", nearest }]);
  });

  test.each([
    ["in a list", "version: 1\nprotected: &a [*a]", ["alias_cycle 2:16"]],
    ["in a mapping", "version: 1\ncfd_tunnel: &a { web: *a }", ["alias_cycle 2:23"]],
    ["through two anchors", "version: 1\nx: &a [&b [*a, *b]]", ["alias_cycle 2:12", "alias_cycle 2:16"]],
    ["to nothing", "version: 1\ncfd_tunnel: { web: *base }", ["unknown_anchor 2:20"]],
    ["to an anchor further down", "version: 1\nlimits: *a\nprune: &a { prefix: x }", ["unknown_anchor 2:9"]],
  ])("an alias that leads nowhere, %s", async (_, text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  test("an anchor that is set again means the last one before the alias", async () => {
    const result = await load(
      "version: 1\ncfd_tunnel: { a: &x { config_src: local }, b: &x { config_src: cloudflare }, c: *x }",
    );
    expect(result.ok && result.value.entries[2]?.spec).toEqual({ config_src: "cloudflare" });
  });
});

describe("keys", async () => {
  test("two of a thousand are found, and both places named", async () => {
    const result = await load(`version: 1\ncfd_tunnel:\n${entries(1_000, () => "")}  t-7:\n`);
    expect(result.ok ? [] : result.problems).toMatchObject([
      {
        code: "duplicate_key",
        key: "t-7",
        location: { line: 1003, column: 3 },
        first: { line: 10, column: 3 },
      },
    ]);
  });

  test("thousands of keys take no quadratic time, right or wrong", async () => {
    await growsWithItsSize(async (size) => {
      const right = await load(`version: 1\ncfd_tunnel:\n${entries(size, () => "")}`);
      expect(right.ok && right.value.entries).toHaveLength(size);
      const wrong = await load(`version: 1\ncfd_tunnel:\n${entries(size, () => "{ x: 1 }")}`);
      expect(wrong.ok ? [] : wrong.problems).toHaveLength(size);
    }, 4_000);
  });

  test.each([
    ["a list", "? [a]\n: 1", "yaml_syntax 2:3"],
    ["a mapping", "{a: b}: 1", "yaml_syntax 2:1"],
    ["an alias", "*a : 1", "yaml_syntax 2:1"],
  ])("%s cannot be a key", async (_, key, expected) => {
    expect(await codes(`version: 1\n${key}`)).toContain(expected);
  });

  test("a merge key is refused, a quoted one is a name", async () => {
    expect(await codes("version: 1\ncfd_tunnel: { <<: { web: } }")).toEqual(["merge_key 2:15"]);
    expect(await codes('version: 1\ncfd_tunnel: { "<<": }')).toEqual([]);
  });

  test("no key reaches a prototype", async () => {
    const text =
      'version: 1\n"__proto__": { polluted: 1 }\nconstructor: 1\ncfd_tunnel: { __proto__: { polluted: 1, __proto__: 1 }, hasOwnProperty: , toString: { config_src: local } }';
    expect(await codes(text)).toEqual([
      "unknown_key 2:1",
      "unknown_key 3:1",
      "unknown_key 4:28",
      "unknown_key 4:41",
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("polluted" in {}).toBe(false);

    const result = await load("version: 1\ncfd_tunnel: { __proto__: { config_src: local } }");
    expect(result.ok && result.value.entries).toMatchObject([
      { name: "__proto__", spec: { config_src: "local" } },
    ]);
  });
});

describe("what is not plain YAML 1.2", async () => {
  test.each([
    ["a version directive", "%YAML 1.1\n---\nversion: 1\ncfd_tunnel: { no: }", ["yaml_directive 1:1"]],
    ["a tag directive", "%TAG ! tag:x,2000:\n---\nversion: 1", ["yaml_directive 1:1"]],
    ["two documents", "version: 1\n---\nversion: 1", ["several_documents 2:1"]],
    ["a thousand documents", "version: 1\n".concat("---\na\n".repeat(1000)), ["several_documents 2:1"]],
    ["a function tag", "version: 1\nprotected: [!!js/function 'x']", ["yaml_syntax 2:13"]],
    ["an own tag", "version: 1\naccount_id: !secret a b", ["yaml_syntax 2:13", "wrong_format 2:21"]],
    ["a set", "version: 1\nprotected: !!set { a }", ["yaml_syntax 2:12", "wrong_type 2:18"]],
    [
      "a number that loses digits",
      "version: 1\nlimits: { max_deletes: 9007199254740993 }",
      ["inexact_number 2:24"],
    ],
    ["infinity", "version: 1\nlimits: { max_deletes: .inf }", ["wrong_type 2:24"]],
    ["a tab", "version: 1\ncfd_tunnel:\n\tweb:", ["yaml_syntax 3:1"]],
    ["a text that is no YAML", "version: 1\n} foo [", ["yaml_syntax 2:1"]],
  ])("%s", async (_, text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  test("of hundreds of mistakes in the syntax 200 are reported", async () => {
    const lines = Array.from({ length: 300 }, (_, at) => `k${at}: @x\n`).join("");
    expect(
      (await codes(`version: 1\n${lines}`)).filter((code) => code.startsWith("yaml_syntax")),
    ).toHaveLength(200);
    expect(
      (await codes("%A\n".repeat(300))).filter((code) => code.startsWith("yaml_directive")),
    ).toHaveLength(200);
  });

  test("a document start and end are fine", async () => {
    expect(await codes("---\nversion: 1\n...\n")).toEqual([]);
    expect(await codes("# a comment\n--- # another\nversion: 1\n")).toEqual([]);
  });

  test.each([
    ["", 1],
    [" \n\t\n", 1],
    ["# only a comment\n", 1],
    ["---\n", 1],
    ["---\n...\n", 1],
    ["~", 1],
  ])("%j is an empty file", async (text, line) => {
    expect(await codes(text)).toEqual([`file_empty ${line}:1`]);
  });
});

describe("nesting", async () => {
  test.each([
    ["[", "["],
    ["{a: ", "{a: "],
    ["- ", "- "],
    ["? ", "? "],
    ["[{a: ", "[{a: "],
  ])("5,000 deep by %j is a sentence, not a crash", async (_, opening) => {
    expect(await codes(`version: 1\nx:\n ${opening.repeat(5_000)}`)).toEqual([
      expect.stringMatching(/^too_deep 3:/),
    ]);
  });

  test("5,000 deep by indentation", async () => {
    const text = Array.from({ length: 4_000 }, (_, at) => `${" ".repeat(at)}a:\n`).join("");
    expect(await codes(text)).toEqual([expect.stringMatching(/^too_deep 100:/)]);
  });

  test("below the limit the structure is judged", async () => {
    expect(await codes(`version: 1\nx: ${"[".repeat(90)}${"]".repeat(90)}`)).toEqual(["unknown_key 2:1"]);
  });
});

describe("more than fits into a run", async () => {
  const limits = { ...LIMITS, entries: 3, values: 12 };
  const given = (text: string) => {
    const found: string[] = [];
    const source = sourceOf("a.yaml", text);
    const { sound } = parseYaml(
      source,
      (_, { start }, { code }) => {
        const { line, column } = locate(source, start);
        found.push(`${code} ${line}:${column}`);
      },
      limits,
    );
    expect(sound).toBe(found.length === 0);
    return found;
  };

  test.each([
    ["three entries", "x:\n  a:\n  b:\n  c:\n", []],
    ["a fourth entry", "x:\n  a:\n  b:\n  c:\n  d:\n", ["too_many_entries 5:3"]],
    ["a fourth in braces", "{ x: { a: , b: , c: , d: } }", ["too_many_entries 1:23"]],
    ["a comma and a comment behind three", "{ x: { a: , b: , c: , # d\n } }", []],
    ["three each of two kinds", "x:\n  a:\n  b:\n  c:\ny: { a: , b: , c: }\n", []],
    ["a list", "x: [a, b, c, d]\n", []],
    ["attributes of an entry", "x:\n  a: { a: , b: , c: , d: }\n", []],
    ["keys of the first level", "a:\nb:\nc:\nd:\n", []],
    ["twelve values", `x: [${"a, ".repeat(10)}]`, []],
    ["thirteen", `x: [${"a, ".repeat(11)}]`, ["too_many_values 1:35"]],
    [
      "thirteen of all sorts",
      `x: [a, 'b', "c", &d e, *d, [], {}, f]\ny:\n- |\n z\n`,
      ["too_many_values 3:3"],
    ],
  ])("%s", async (_, text, expected) => {
    expect(given(text)).toEqual(expected);
  });

  test("entries count over all files of a run", async () => {
    const text = (first: number, count: number) =>
      `version: 1\ncfd_tunnel: &all\n${Array.from({ length: count }, (_, at) => `  t${first + at}:\n`).join("")}`;
    const files = [
      { path: "a.yaml", text: `${text(0, 50_000)}warp_connector: *all\n` },
      { path: "b.yaml", text: text(50_000, 2) },
    ];
    const result = await loadDesiredState(files, { env: {} });
    expect(result.ok ? [] : result.problems).toMatchObject([
      { code: "too_many_entries", limit: 100_000, location: { file: "b.yaml", line: 3, column: 3 } },
    ]);
  });
});
