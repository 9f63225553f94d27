import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import schema from "../../schema/tunnels.schema.json" with { type: "json" };
import { compileSchema } from "../../src/config/compile-schema.ts";
import { compileSchema as compileSavedPlanSchema } from "../../src/saved/compile-schema.ts";
import { savedDocument } from "../../src/saved/saved-plan.ts";
import { ACCOUNT, PLANS, STAMP } from "../render/corpus.ts";
import { state } from "../support/builders.ts";
import { buildAs } from "./bundles.ts";

type Validate = ReturnType<typeof compileSchema>;

/** A module that compiles a schema, as the built program has it. */
async function builtCheck(path: string) {
  const { outputFiles = [] } = await buildAs("program", { entryPoints: [path], splitting: false });
  const code = outputFiles.map(({ text }) => text).join("");
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return { code, validate: (module as { readonly compileSchema: typeof compileSchema }).compileSchema() };
}

const interpreted = compileSchema();
let standalone: Validate;
let code: string;

beforeAll(async () => {
  ({ code, validate: standalone } = await builtCheck("src/config/compile-schema.ts"));
});

/** What a check says of some data: all of its errors, in order. */
function verdict(validate: Validate, data: unknown) {
  const valid = validate(data);
  return { valid, errors: validate.errors ?? [] };
}

const name = fc.oneof(
  fc.constantFrom("web", "a/b", "\u{1F687}", "", "n".repeat(255), "n".repeat(256), "\u{1F687}".repeat(255)),
  fc.constantFrom("a\0b", "\ud800", "0192f0c1-7e57-7abc-8def-0123456789ab", "__proto__", "constructor"),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("cloudflare", "local", "absent", "present", true, 1, 0, -1, 1.5, "1h", "0", "1w", null, {}),
  name,
  fc.constantFrom({ env: "A" }, { env: "a-b" }, { file: "./x" }, { file: "" }, { env: "A", file: "x" }),
);
/** Mostly what is right there, sometimes anything else. */
function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: right, weight: 9 }, { arbitrary: value, weight: 1 });
}

const id = mostly(fc.constant("0192f0c1-7e57-7abc-8def-0123456789ab"));
const common = {
  id,
  renamed_from: mostly(fc.constant("old")),
  state: mostly(fc.constantFrom("absent", "present")),
  replace: id,
};
const reference = mostly(fc.constantFrom({ env: "A" }, { file: "./x" }));
const cfd = {
  ...common,
  config_src: mostly(fc.constantFrom("cloudflare", "local")),
  tunnel_secret: reference,
};
const warp = { ...common, ha: mostly(fc.boolean()) };
const anyOf = (fields: { readonly [key: string]: fc.Arbitrary<unknown> }) =>
  mostly(fc.record({ ...fields, misspelt: fc.constant(1) }, { requiredKeys: [] }));
const few = <T>(fields: fc.Arbitrary<T>) =>
  mostly(fc.dictionary(mostly(fc.constant("web")).map(String), fields, { maxKeys: 2 }));
const file = mostly(
  fc.record(
    {
      version: mostly(fc.constant(1)),
      account_id: mostly(fc.constantFrom("5a9db0c05a9db0c05a9db0c05a9db0c0", `\${ACCOUNT_ID}`)),
      prune: mostly(fc.record({ prefix: mostly(fc.constant("a")) })),
      limits: mostly(
        fc.record({ max_deletes: mostly(fc.nat()), min_idle: mostly(fc.constantFrom("1h", 0)) }),
      ),
      protected: mostly(fc.array(mostly(fc.constant("a*")), { maxLength: 3 })),
      cfd_tunnel: few(mostly(fc.record(cfd, { requiredKeys: [] }))),
      warp_connector: few(anyOf(warp)),
      misspelt: few(anyOf(cfd)),
    },
    { requiredKeys: [] },
  ),
);

describe("the schema as precompiled code", () => {
  it.each([
    [{ version: 1 }],
    [{ version: 1, cfd_tunnel: { web: null, api: { config_src: "cloudflare" } }, warp_connector: {} }],
  ])("accepts %j", (data) => {
    expect(verdict(standalone, data)).toEqual({ valid: true, errors: [] });
  });

  it("says of any data what the schema says, word for word", () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(file, (data) => {
        const expected = verdict(interpreted, data);
        expect(verdict(standalone, data)).toEqual(expected);
        seen[expected.valid ? "valid" : "invalid"] += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(seen.valid).toBeGreaterThan(20);
    expect(seen.invalid).toBeGreaterThan(1_000);
  });

  it("holds no compiler", () => {
    expect(code).not.toContain("new Function");
    // It grows with the schema alone: one that held the compiler would be several times as long.
    expect(code.length).toBeLessThan(6 * JSON.stringify(schema).length);
  });
});

describe("the schema of saved plans as precompiled code", () => {
  const documents = Object.values(PLANS).map((plan) => {
    const saved = {
      account_id: ACCOUNT,
      made_from: STAMP.made_from,
      desired: state([]),
      targets: [],
      plan,
      base: null,
    };
    return JSON.stringify(savedDocument(saved, "warren 0.0.0"));
  });

  it("says of saved plans, whole and damaged, what the schema says", async () => {
    const wanted = compileSavedPlanSchema();
    const { validate } = await builtCheck("src/saved/compile-schema.ts");
    for (const text of documents) {
      expect(verdict(validate, JSON.parse(text)).valid).toBe(true);
    }
    let invalid = 0;
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), value, (text, at, other) => {
        // Another value in the place of one that any number chooses.
        let left = at % (text.match(/[":][^"]*/g) ?? []).length;
        const damaged: unknown = JSON.parse(text, (_, each: unknown) => (left-- === 0 ? other : each));
        const expected = verdict(wanted, damaged);
        expect(verdict(validate, damaged)).toEqual(expected);
        invalid += expected.valid ? 0 : 1;
      }),
      { numRuns: 1_000 },
    );
    expect(invalid).toBeGreaterThan(100);
  });
});
