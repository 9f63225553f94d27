import { describe, expect, test } from "vitest";
import { isUuid } from "../../src/base/json.ts";
import { badNameOf } from "../../src/config/attribute.ts";
import { loadDesiredState } from "../../src/config/load.ts";

/** The problems of a file that begins with `version: 1`, their places and excerpts left out. */
async function details(text: string, env: { readonly [name: string]: string } = {}) {
  const result = await loadDesiredState([{ path: "a.yaml", text: `version: 1\n${text}` }], { env });
  return result.ok
    ? []
    : result.problems.map((problem) => ({ ...problem, location: undefined, excerpt: undefined }));
}

const cfd = (entry: string) => `cfd_tunnel: { ${entry} }`;

describe("what is suggested for a literal secret", async () => {
  test.each([
    ["web: { tunnel_secret: abc }", "tunnel_secret: { env: WEB_SECRET }"],
    ["web: { tunnel_secret: '${MINE}' }", "tunnel_secret: { env: MINE }"],
    ["web: { tunnel_secret: '${_MY_OWN_2}' }", "tunnel_secret: { env: _MY_OWN_2 }"],
    ["web: { tunnel_secret: 'x${MINE}' }", "tunnel_secret: { env: WEB_SECRET }"],
    ["web: { tunnel_secret: '${MINE}x' }", "tunnel_secret: { env: WEB_SECRET }"],
    ["web: { tunnel_secret: '${mine}' }", "tunnel_secret: { env: WEB_SECRET }"],
    ["web: { tunnel_secret: '${2}' }", "tunnel_secret: { env: WEB_SECRET }"],
    ["web: { tunnel_secret: ['${MINE}'] }", "tunnel_secret: { env: WEB_SECRET }"],
    ["web: { tunnel_secret: 12 }", "tunnel_secret: { env: WEB_SECRET }"],
    ["'site: déjà  vu': { tunnel_secret: abc }", "tunnel_secret: { env: SITE_D_J_VU_SECRET }"],
    ["'--web': { tunnel_secret: abc }", "tunnel_secret: { env: WEB_SECRET }"],
    ["24h: { tunnel_secret: abc }", "tunnel_secret: { env: TUNNEL_24H_SECRET }"],
    [`${"w".repeat(99)}: { tunnel_secret: abc }`, `tunnel_secret: { env: ${"W".repeat(40)}_SECRET }`],
  ])("%s", async (entry, write) => {
    expect(await details(cfd(entry))).toEqual([
      { code: "literal_secret", attribute: "tunnel_secret", write },
    ]);
  });
});

describe("what is wrong with a reference to a secret", async () => {
  test.each([
    ["", "empty"],
    ["{}", "empty"],
    ["{ env: A, file: b }", "both"],
    ["{ value: A }", "unknown_key"],
    ["{ env: A, x: b }", "unknown_key"],
    ["{ env: 1A }", "env_name"],
    ["{ env: }", "env_name"],
    ["{ file: '' }", "file_path"],
    ['{ file: "\\0" }', "file_path"],
    ["{ file: [a] }", "file_path"],
  ])("%s", async (written, why) => {
    expect(await details(cfd(`web: { tunnel_secret: ${written} }`))).toMatchObject([
      { code: "bad_secret_reference", why },
    ]);
  });
});

describe("what is hinted at beside a value of the wrong type", async () => {
  test.each([
    ["cfd_tunnel: [web]", "names_are_keys"],
    ["cfd_tunnel:", "write_braces"],
    ["cfd_tunnel: web", null],
    ["cfd_tunnel: 0", null],
    ["limits:", null],
    ["limits: []", null],
    [cfd("config_src: cloudflare"), "name_missing"],
    [cfd("web: cloudflare"), null],
    ["limits: { config_src: 1 }", undefined],
    ["protected: web", "write_list"],
    ["protected: 7", null],
    ["protected: { a: }", null],
    ["protected: [[a]]", null],
    ["protected: [true]", "quote_it"],
    [cfd("web: 'config_src:local'"), "space_behind_colon"],
    [cfd("web: 'see config_src:local'"), null],
    [cfd("web: 'config_src: local'"), null],
    ["protected: [{ a: 'b:c' }]", null],
    ["account_id: 12", "quote_it"],
    ["account_id: true", "quote_it"],
    ["account_id: [a]", null],
    ["warp_connector: { a: { ha: 'true' } }", "unquote_it"],
    ["warp_connector: { a: { ha: 'false' } }", "unquote_it"],
    ["warp_connector: { a: { ha: 'falsely' } }", null],
    ["warp_connector: { a: { ha: 'not false' } }", null],
    ["warp_connector: { a: { ha: '12' } }", null],
    ["warp_connector: { a: { ha: [] } }", null],
    ["limits: { max_deletes: '12' }", "unquote_it"],
    ["limits: { max_deletes: '12x' }", null],
    ["limits: { max_deletes: 'x12' }", null],
    ["limits: { max_deletes: [] }", null],
    ["limits: '12'", null],
  ])("%s: %s", async (text, hint) => {
    const [detail] = await details(text);
    expect(detail !== undefined && "hint" in detail ? detail.hint : undefined).toBe(hint);
  });
});

test.each([
  ["account_id: [a]", { type: "list", text: null }],
  ["account_id: { a: }", { type: "mapping", text: null }],
  ["account_id:", { type: "nothing", text: null }],
  ["account_id: ~", { type: "nothing", text: null }],
  ["account_id: 0x10", { type: "number", text: "0x10" }],
  ["account_id: TRUE", { type: "boolean", text: "TRUE" }],
  ['account_id: "a \\x62"', { type: "text", text: "a b" }],
  [`account_id: ${"a".repeat(60)}`, { type: "text", text: "a".repeat(60) }],
  [`account_id: ${"a".repeat(61)}`, { type: "text", text: null }],
])("what is said of the value in %s", async (text, found) => {
  expect(await details(text)).toMatchObject([{ found }]);
});

describe("the nearest value", async () => {
  test.each([
    [cfd("a: { state: Absent }"), "absent"],
    [cfd("a: { state: gone }"), null],
    [cfd("a: { state: 1 }"), null],
    [cfd("a: { state: }"), null],
  ])("%s: %s", async (text, nearest) => {
    expect(await details(text)).toMatchObject([
      { code: "wrong_value", allowed: ["present", "absent"], nearest },
    ]);
  });

  test("is not the value itself", async () => {
    const result = await loadDesiredState([{ path: "a.yaml", text: 'version: "1"' }], { env: {} });
    expect(result.ok ? [] : result.problems).toMatchObject([{ allowed: ["1"], nearest: null }]);
  });
});

describe("an unknown key", async () => {
  test.each<readonly [string, string | null, readonly string[]]>([
    ["ha: 1", null, []],
    ["limits: { ha: 1 }", "limits", []],
    [cfd("a: { ha: true }"), "a", ["warp_connector"]],
    ["warp_connector: { a: { tunnel_secret: { env: A } } }", "a", ["cfd_tunnel"]],
    [cfd("a: { other: true }"), "a", []],
  ])("%s", async (text, where, kinds) => {
    expect(await details(text)).toMatchObject([{ code: "unknown_key", where, belongs_to: kinds }]);
  });

  test("beside another one is reported as well, once however often an alias repeats it", async () => {
    expect(await details(cfd("a: &a { x: 1, y: 2 }, b: *a"))).toMatchObject([{ key: "x" }, { key: "y" }]);
  });

  test.each(["a/b", "a~b", "a~1b", "a~0b", "~", "/"])(
    "in an entry named %s stands at its place",
    async (name) => {
      const text = `version: 1\ncfd_tunnel:\n  other:\n  "${name}": { x: 1 }`;
      const result = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
      expect(result.ok ? [] : result.problems).toMatchObject([
        { key: "x", where: name, location: { line: 4 } },
      ]);
    },
  );
});

test("a missing key is shown by one caret", async () => {
  const result = await loadDesiredState([{ path: "a.yaml", text: "limits: {}" }], { env: {} });
  expect(result.ok ? [] : result.problems).toMatchObject([
    { code: "missing_key", key: "version", where: null, excerpt: { caret: 0, length: 1 } },
  ]);
});

test.each(["prune: { prefix: TEXT }", "protected: [TEXT]"])(
  "what no name holds is refused in %s",
  async (line) => {
    const wrong = async (text: string) => (await details(line.replace("TEXT", text))).map(({ code }) => code);
    expect(await wrong(String.raw`"\ud83d"`)).toEqual(["wrong_format"]);
    expect(await wrong(String.raw`"a\udc00-"`)).toEqual(["wrong_format"]);
    expect(await wrong(String.raw`"a\0"`)).toEqual(["wrong_format"]);
    expect(await wrong(String.raw`"\ud83d\ude80"`)).toEqual([]);
    expect(await wrong("🚀")).toEqual([]);
  },
);

test.each([
  [{}, false],
  [{ MY_ACCOUNT_ID: "" }, true],
])("a variable that is not set, or empty: %j", async (env, empty) => {
  expect(await details("account_id: ${MY_ACCOUNT_ID}", env)).toEqual([
    { code: "variable_unset", variable: "MY_ACCOUNT_ID", empty },
  ]);
});

test.each([
  ["a", null],
  ["", "empty"],
  ["a\0", "nul"],
  ["\ud800", "lone_surrogate"],
  ["🚇".repeat(255), null],
  ["🚇".repeat(256), "too_long"],
  ["01926A3e-7c55-7d0a-9f3e-2b1c4d5e6f70", "uuid"],
  ["x01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70", null],
])("badNameOf(%j) is %j", async (name, why) => {
  expect(badNameOf(name)).toBe(why);
  expect(isUuid(name)).toBe(why === "uuid");
});

describe("the desired state", async () => {
  const load = async (...texts: readonly string[]) => {
    const result = await loadDesiredState(
      texts.map((text, at) => ({ path: `${at}.yaml`, text: `version: 1\n${text}` })),
      { env: {} },
    );
    return result.ok ? result.value : null;
  };

  test("holds the prefixes sorted, whatever the order of the files", async () => {
    const state = await load("prune: { prefix: b }", "prune: { prefix: c }", "prune: { prefix: a }");
    expect(state?.prune.map(({ prefix }) => prefix)).toEqual(["a", "b", "c"]);
  });

  test("takes the account from whichever file names it", async () => {
    const [lower, upper] = ["a".repeat(32), "A".repeat(32)];
    expect((await load("", `account_id: ${lower}`, `account_id: ${upper}`))?.account_id).toBe(lower);
  });

  test.each(["1.5h", "h", "1", "-1h", "1h1h", "123456789s"])("has no min_idle of %s", async (written) => {
    expect(await load(`limits: { min_idle: ${written} }`)).toBeNull();
  });
});
