import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/config/problem.ts";
import { loadDesiredState, type LoadOptions } from "../../src/config/load.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const ID = "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70";
const ID_2 = "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f71";
const none: LoadOptions = { env: {} };

/** Loads texts as a.yaml, b.yaml and so on. */
async function load(texts: string | readonly string[], options = none) {
  const list = typeof texts === "string" ? [texts] : texts;
  return await loadDesiredState(
    list.map((text, at) => ({ path: `${"abcdef"[at]}.yaml`, text })),
    options,
  );
}

async function state(texts: string | readonly string[], options = none) {
  const result = await load(texts, options);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

/** Problems as `code file:line:column`. */
async function problems(texts: string | readonly string[], options = none): Promise<readonly string[]> {
  const result = await load(texts, options);
  return result.ok ? [] : result.problems.map(brief);
}

function brief({ code, location: { file, line, column } }: Problem): string {
  return `${code} ${file}:${line}:${column}`;
}

describe("a good file", async () => {
  test("version alone is valid and asks for nothing", async () => {
    expect(await state("version: 1")).toEqual({
      account_id: null,
      kinds: [],
      entries: [],
      prune: [],
      containers: [],
      limits: { max_deletes: 3, min_idle: 3_600_000, max_routes: 1_000 },
      protected: [],
    });
  });

  test("everything that may be written", async () => {
    const text = `
version: 1
account_id: \${ACCOUNT_ID}
prune: { prefix: prod- }
limits: { max_deletes: 7, min_idle: 2d, max_routes: 5000 }
protected: [prod-core, "prod-db-*", prod-core]
warp_connector:
  prod-branch: { ha: true }
cfd_tunnel:
  prod-web:
    config_src: cloudflare
    tunnel_secret: { env: PROD_WEB_SECRET }
    replace: ${ID.toUpperCase()}
  prod-api: { renamed_from: api, state: present }
  prod-old: { state: absent, id: ${ID.toUpperCase()} }
  prod-empty:
`;
    const plain = { state: "present", id: null, renamed_from: null, replace: null, spec: {}, secrets: {} };
    const at = (line: number) => ({ file: "a.yaml", line, column: 3 });
    expect(await state(text, { env: { ACCOUNT_ID: ACCOUNT.toUpperCase() } })).toEqual({
      account_id: ACCOUNT,
      kinds: ["cfd_tunnel", "warp_connector"],
      entries: [
        { ...plain, kind: "cfd_tunnel", name: "prod-api", renamed_from: "api", source: at(14) },
        { ...plain, kind: "cfd_tunnel", name: "prod-empty", source: at(16) },
        { ...plain, kind: "cfd_tunnel", name: "prod-old", state: "absent", id: ID, source: at(15) },
        {
          ...plain,
          kind: "cfd_tunnel",
          name: "prod-web",
          replace: ID,
          spec: { config_src: "cloudflare" },
          secrets: { tunnel_secret: { env: "PROD_WEB_SECRET" } },
          source: at(10),
        },
        { ...plain, kind: "warp_connector", name: "prod-branch", spec: { ha: true }, source: at(8) },
      ],
      containers: [],
      prune: [
        {
          prefix: "prod-",
          kinds: ["cfd_tunnel", "warp_connector"],
          collections: [],
          source: { file: "a.yaml", line: 4, column: 18 },
        },
      ],
      limits: { max_deletes: 7, min_idle: 172_800_000, max_routes: 5_000 },
      protected: ["prod-core", "prod-db-*"],
    });
  });

  test("an empty kind is written, a missing one is not", async () => {
    expect((await state("version: 1\ncfd_tunnel: {}")).kinds).toEqual(["cfd_tunnel"]);
  });

  test.each([
    ["0", 0],
    ['"0"', 0],
    ["0s", 0],
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["7d", 604_800_000],
    ["99999999d", 99_999_999 * 86_400_000],
  ])("min_idle: %s", async (written, milliseconds) => {
    expect((await state(`version: 1\nlimits: { min_idle: ${written} }`)).limits.min_idle).toBe(milliseconds);
  });

  test.each([
    "yes",
    "no",
    "1e3",
    "0x10",
    "null",
    "~",
    "12",
    "true",
    "1.0",
    "2001-01-01",
    "<",
    "__proto__",
    "constructor",
    "${NAME}",
  ])("the name %s stays what was written", async (name) => {
    const { entries } = await state(`version: 1\ncfd_tunnel:\n  ${name}:\n    config_src: local`);
    expect(entries).toMatchObject([{ name, spec: { config_src: "local" } }]);
  });

  test("a variable is replaced in account_id and nowhere else", async () => {
    const text =
      'version: 1\nprune: { prefix: "${A}" }\nprotected: ["${A}"]\ncfd_tunnel: { "${A}-1": { renamed_from: "${A}" } }';
    expect(await state(text, { env: { A: "x" } })).toMatchObject({
      prune: [{ prefix: "${A}" }],
      protected: ["${A}"],
      entries: [{ name: "${A}-1", renamed_from: "${A}" }],
    });
    const reference = 'version: 1\ncfd_tunnel: { web: { tunnel_secret: { env: "${A}" } } }';
    expect(await problems(reference, { env: { A: "x" } })).toEqual(["bad_secret_reference a.yaml:2:37"]);
  });

  test("a name holds 255 characters, counted by code points", async () => {
    expect((await state(`version: 1\ncfd_tunnel: { "${"🚇".repeat(255)}": }`)).entries).toHaveLength(1);
    expect(await problems(`version: 1\ncfd_tunnel: { "${"🚇".repeat(256)}": }`)).toEqual([
      "bad_name a.yaml:2:15",
    ]);
  });

  test("control and bidi characters are accepted in a name", async () => {
    const { entries } = await state('version: 1\ncfd_tunnel: { "a\\u202e\\e[31m\\n\\u0085b": }');
    expect(entries[0]?.name).toBe("a\u202e\u001b[31m\n\u0085b");
  });

  test("a byte order mark and Windows line ends are tolerated", async () => {
    const text = "\ufeffversion: 1\r\ncfd_tunnel:\r\n  web:\r\n    config_src: local\r\n";
    const [entry] = (await state(text)).entries;
    expect(entry).toMatchObject({
      name: "web",
      spec: { config_src: "local" },
      source: { line: 3, column: 3 },
    });
    const bytes = await loadDesiredState([{ path: "a.yaml", text: new TextEncoder().encode(text) }], none);
    expect(bytes).toEqual(await load(text));
  });

  test("JSON is YAML, tabs included", async () => {
    const text = '{\n\t"version": 1,\n\t"cfd_tunnel": {\n\t\t"web": null\n\t}\n}\n';
    expect((await state(text)).entries).toHaveLength(1);
  });

  test("an alias repeats a whole entry", async () => {
    const text = "version: 1\ncfd_tunnel:\n  a: &same { config_src: local }\n  b: *same\n";
    expect((await state(text)).entries.map(({ name, spec }) => [name, spec])).toEqual([
      ["a", { config_src: "local" }],
      ["b", { config_src: "local" }],
    ]);
  });

  test("values of attributes are plain objects, to be compared by structure", async () => {
    const [entry] = (await state("version: 1\ncfd_tunnel: { a: { tunnel_secret: { env: A } } }")).entries;
    expect(Object.getPrototypeOf(entry?.spec)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(entry?.secrets)).toBe(Object.prototype);
  });
});

describe("where a secret's file is", async () => {
  const text = "version: 1\ncfd_tunnel: { web: { tunnel_secret: { file: secrets/web } } }";
  const absolute = text.replace("secrets/web", "/run/secrets/web");
  test.each([
    ["tunnels.yaml", text, "secrets/web"],
    ["conf/prod/tunnels.yaml", text, "conf/prod/secrets/web"],
    ["../tunnels.yaml", text, "../secrets/web"],
    ["/etc/tunnels.yaml", text, "/etc/secrets/web"],
    ["-", text, "secrets/web"],
    ["conf/tunnels.yaml", absolute, "/run/secrets/web"],
  ])("%s", async (path, text, file) => {
    const result = await loadDesiredState([{ path, text }], none);
    expect(result.ok && result.value.entries[0]?.secrets).toEqual({ tunnel_secret: { file } });
  });
});

describe("account_id", async () => {
  const text = "version: 1\naccount_id: ${MY_ACCOUNT_ID}";
  const at = "a.yaml:2:13";
  test.each<readonly [string, string | undefined, readonly string[]]>([
    ["an account id", ACCOUNT, []],
    ["one in capitals", ACCOUNT.toUpperCase(), []],
    ["unset", undefined, [`variable_unset ${at}`]],
    ["empty", "", [`variable_unset ${at}`]],
    ["no account id", "CANARY and more", [`variable_not_an_account_id ${at}`]],
    ["too short", ACCOUNT.slice(1), [`variable_not_an_account_id ${at}`]],
    ["too long", `${ACCOUNT}0`, [`variable_not_an_account_id ${at}`]],
    ["of other letters", "canary0".repeat(5).slice(0, 32), [`variable_not_an_account_id ${at}`]],
    ["on two lines", `${ACCOUNT}\n`, [`variable_not_an_account_id ${at}`]],
  ])("a variable that is %s", async (_, value, expected) => {
    const env = value === undefined ? {} : { MY_ACCOUNT_ID: value };
    expect(await problems(text, { env })).toEqual(expected);
    expect(JSON.stringify(await load(text, { env }))).not.toMatch(/CANARY/i);
  });

  test("comes from a variable whose name ends so, and from no other", async () => {
    const env = { ACCOUNT_ID: ACCOUNT, DEPLOY_KEY: ACCOUNT, ACCOUNT_ID_KEY: ACCOUNT, account_id: ACCOUNT };
    expect((await state("version: 1\naccount_id: ${ACCOUNT_ID}", { env })).account_id).toBe(ACCOUNT);
    for (const name of ["DEPLOY_KEY", "ACCOUNT_ID_KEY", "account_id"]) {
      const result = await load(`version: 1\naccount_id: \${${name}}`, { env });
      expect(result.ok ? [] : result.problems).toMatchObject([
        { code: "wrong_format", found: { text: `\${${name}}` } },
      ]);
      expect(JSON.stringify(result)).not.toContain(ACCOUNT);
    }
  });

  test("an inherited property is no variable", async () => {
    const env = Object.create({ MY_ACCOUNT_ID: ACCOUNT }) as { readonly [name: string]: string };
    expect(await problems(text, { env })).toEqual([`variable_unset ${at}`]);
  });

  test("is left alone when the run has its own account, but must be well formed", async () => {
    const options = { env: {}, ignoreAccount: true };
    expect((await state(text, options)).account_id).toBeNull();
    expect(await problems("version: 1\naccount_id: my account", options)).toEqual([`wrong_format ${at}`]);
    expect(await problems("version: 1\naccount_id: ${DEPLOY_KEY}", options)).toEqual([`wrong_format ${at}`]);
  });

  test.each(
    [
      ["$ACCOUNT_ID", "${ACCOUNT_ID}x", "${}", "${A-ACCOUNT_ID}", "${ACCOUNT_ID:-x}", "${0ACCOUNT_ID}"],
      ["an id", "my-account", "", "é", `${ACCOUNT}0`, ACCOUNT.slice(1), `${ACCOUNT.slice(1)}g`],
    ].flat(),
  )("%s is refused", async (written) => {
    expect(await problems(`version: 1\naccount_id: "${written}"`, { env: { ACCOUNT_ID: ACCOUNT } })).toEqual([
      `wrong_format ${at}`,
    ]);
  });

  test("is compared in lower case", async () => {
    expect((await state(`version: 1\naccount_id: ${ACCOUNT.toUpperCase()}`)).account_id).toBe(ACCOUNT);
  });

  test("of digits alone must be in quotes, and that is said once", async () => {
    expect(await problems(`version: 1\naccount_id: ${"1".repeat(32)}`)).toEqual([`wrong_type ${at}`]);
    expect(await problems(`version: 1\naccount_id: ${"0".repeat(28)}1e99`)).toEqual([`wrong_type ${at}`]);
    expect(await problems(`version: 1\naccount_id: "${"1".repeat(32)}"`)).toEqual([]);
  });
});

describe("several files", async () => {
  test("form one desired state, whatever their order", async () => {
    const a = `version: 1\naccount_id: ${ACCOUNT}\nprotected: [b, a]\nlimits: { max_deletes: 1 }\ncfd_tunnel: { b: }`;
    const b = `version: 1\naccount_id: \${ACCOUNT_ID}\nprotected: [a, c]\nlimits: { min_idle: 60s }\ncfd_tunnel: { a: }\nwarp_connector: { b: }`;
    const options = { env: { ACCOUNT_ID: ACCOUNT.toUpperCase() } };
    const result = await state([a, b], options);
    expect(result).toMatchObject({
      account_id: ACCOUNT,
      kinds: ["cfd_tunnel", "warp_connector"],
      limits: { max_deletes: 1, min_idle: 60_000, max_routes: 1_000 },
      protected: ["a", "b", "c"],
    });
    expect(result.entries.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      "cfd_tunnel/a",
      "cfd_tunnel/b",
      "warp_connector/b",
    ]);
  });

  const prune = (prefix: string, ...names: readonly string[]) =>
    `version: 1\nprune: { prefix: ${prefix} }\ncfd_tunnel: { ${names.map((name) => `${name}: `).join(", ")} }`;
  const plain = (...names: readonly string[]) =>
    `version: 1\ncfd_tunnel: { ${names.map((name) => `${name}: `).join(", ")} }`;

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ["the same name in two kinds", [plain("a"), "version: 1\nwarp_connector: { a: }"], []],
    ["the same kind and name", [plain("a"), plain("b", "a")], ["declared_twice b.yaml:2:20"]],
    [
      "one id in two files",
      [
        `version: 1\ncfd_tunnel: { a: { id: ${ID} } }`,
        `version: 1\nwarp_connector: { a: { id: ${ID.toUpperCase()} } }`,
      ],
      ["id_twice b.yaml:2:28"],
    ],
    ["prefixes apart", [prune("a-", "a-1"), prune("b-", "b-1"), plain("c")], []],
    ["equal prefixes", [prune("a-", "a-1"), prune("a-", "a-2")], ["prefixes_overlap b.yaml:2:18"]],
    [
      "a prefix inside another",
      [prune("a-b-", "a-b-1"), prune("a-", "a-2")],
      ["prefixes_overlap b.yaml:2:18"],
    ],
    [
      "a name under a foreign prefix",
      [plain("a-2", "c"), prune("a-", "a-1")],
      ["name_under_foreign_prefix a.yaml:2:15"],
    ],
    [
      "a name of another kind under a foreign prefix",
      ["version: 1\nwarp_connector: { a-2: }", prune("a-", "a-1")],
      ["name_under_foreign_prefix a.yaml:2:19"],
    ],
    [
      "other limits",
      [
        "version: 1\nlimits: { max_deletes: 1, min_idle: 1h }",
        "version: 1\nlimits: { max_deletes: 2, min_idle: 2h }",
      ],
      ["limit_conflict b.yaml:2:24", "limit_conflict b.yaml:2:37"],
    ],
    [
      "another id of a zone, however its name is written",
      [
        `version: 1\nzones: { example.com: { id: ${"a".repeat(32)} }, example.net: }`,
        `version: 1\nzones: { Example.com: { id: ${"b".repeat(32)} }, example.net: { id: ${"c".repeat(32)} } }`,
      ],
      ["zone_id_conflict b.yaml:2:10"],
    ],
    [
      "the same limits, otherwise written",
      ["version: 1\nlimits: { min_idle: 1h }", "version: 1\nlimits: { min_idle: 60m }"],
      [],
    ],
    [
      "other accounts",
      [`version: 1\naccount_id: ${ACCOUNT}`, "version: 1", `version: 1\naccount_id: ${"f".repeat(32)}`],
      ["account_id_conflict c.yaml:2:13"],
    ],
    [
      "a rename of a name in another file",
      [plain("a"), "version: 1\ncfd_tunnel: { b: { renamed_from: a } }"],
      ["renamed_from_declared b.yaml:2:34"],
    ],
    [
      "a cycle through two files",
      [
        "version: 1\ncfd_tunnel: { a: { renamed_from: b } }",
        "version: 1\ncfd_tunnel: { b: { renamed_from: a } }",
      ],
      ["rename_cycle_without_id a.yaml:2:34", "rename_cycle_without_id b.yaml:2:34"],
    ],
    ["every file has a version", [plain("a"), "cfd_tunnel: { b: }"], ["missing_key b.yaml:1:1"]],
    [
      "mistakes in each file are reported together",
      ["version: 1\nx: 1", "", "version: 2"],
      ["unknown_key a.yaml:2:1", "file_empty b.yaml:1:1", "wrong_value c.yaml:1:10"],
    ],
  ])("%s", async (_, texts, expected) => {
    expect(await problems(texts)).toEqual(expected);
  });

  test("a file that is no text is reported beside what is wrong with the others", async () => {
    const result = await loadDesiredState(
      [
        { path: "a.yaml", text: "version: 1\n\0" },
        { path: "b.yaml", text: Buffer.from([0xff, 0xfe]) },
        { path: "c.yaml", text: "version: 2" },
      ],
      none,
    );
    expect(result.ok ? [] : result.problems.map(brief)).toEqual([
      "not_text a.yaml:2:1",
      "not_text b.yaml:1:1",
      "wrong_value c.yaml:1:10",
    ]);
  });

  test("one file given twice", async () => {
    const file = { path: "a.yaml", text: plain("a") };
    const result = await loadDesiredState([file, file], none);
    expect(result.ok ? [] : result.problems.map(brief)).toEqual(["file_given_twice a.yaml:1:1"]);
  });
});

describe("entries beside each other", async () => {
  const cfd = (entries: string) => `version: 1\ncfd_tunnel: { ${entries} }`;
  test.each<readonly [string, string, readonly string[]]>([
    ["a chain of renames", "a: { renamed_from: b }, b: { renamed_from: c }", []],
    ["a pinned swap", `a: { id: ${ID}, renamed_from: b }, b: { id: ${ID_2}, renamed_from: a }`, []],
    [
      "a half pinned swap",
      `a: { id: ${ID}, renamed_from: b }, b: { renamed_from: a }`,
      ["rename_cycle_without_id a.yaml:2:100"],
    ],
    [
      "a chain into a cycle",
      "x: { renamed_from: a }, a: { renamed_from: b }, b: { renamed_from: a }",
      [
        "renamed_from_twice a.yaml:2:82",
        "rename_cycle_without_id a.yaml:2:58",
        "rename_cycle_without_id a.yaml:2:82",
      ],
    ],
    ["renamed from itself", "a: { renamed_from: a }", ["renamed_from_itself a.yaml:2:34"]],
    ["renamed from a declared name", "a: { renamed_from: b }, b: ", ["renamed_from_declared a.yaml:2:34"]],
    [
      "renamed from a tombstone",
      "a: { renamed_from: b }, b: { state: absent }",
      ["renamed_from_declared a.yaml:2:34"],
    ],
    [
      "one renamed_from twice",
      "a: { renamed_from: c }, b: { renamed_from: c }",
      ["renamed_from_twice a.yaml:2:58"],
    ],
    ["one id twice", `a: { id: ${ID} }, b: { id: ${ID} }`, ["id_twice a.yaml:2:73"]],
    ["a tombstone with an id", `a: { state: absent, id: ${ID} }`, []],
    [
      "a tombstone with a rename",
      "a: { state: absent, renamed_from: b }",
      ["absent_with_attribute a.yaml:2:35"],
    ],
    [
      "a tombstone with an attribute",
      "a: { config_src: local, state: absent }",
      ["absent_with_attribute a.yaml:2:20"],
    ],
    ["a name twice", "a: , b: , a: ", ["duplicate_key a.yaml:2:25"]],
    ["a list in place of a name", "web: { renamed_from: [a] }", ["wrong_type a.yaml:2:36"]],
  ])("%s", async (_, entries, expected) => {
    expect([...(await problems(cfd(entries)))].sort()).toEqual([...expected].sort());
  });

  test("the same old name in both kinds is no mistake", async () => {
    const text =
      "version: 1\ncfd_tunnel: { a: { renamed_from: x } }\nwarp_connector: { a: { renamed_from: x } }";
    expect(await problems(text)).toEqual([]);
  });

  test("a kind written twice is one mistake, and the second place is named", async () => {
    expect(await problems("version: 1\ncfd_tunnel: {}\ncfd_tunnel: {}")).toEqual([
      "duplicate_key a.yaml:3:1",
    ]);
  });

  test("prune: all names begin with the prefix, tombstones too", async () => {
    const text = "version: 1\nprune: { prefix: p- }\ncfd_tunnel: { p-1: , q: , p: { state: absent } }";
    expect(await problems(text)).toEqual([
      "name_outside_prefix a.yaml:3:22",
      "name_outside_prefix a.yaml:3:27",
    ]);
  });
});

test("standard input is shown by name", async () => {
  const result = await loadDesiredState([{ path: "-", text: "" }], none);
  expect(result.ok ? [] : result.problems.map(brief)).toEqual(["file_empty <stdin>:1:1"]);
});
