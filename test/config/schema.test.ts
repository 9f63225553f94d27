import { Ajv } from "ajv";
import { kinds } from "../../src/kinds/index.ts";
import { describe, expect, test } from "vitest";
import schema from "../../schema/tunnels.schema.json" with { type: "json" };
import {
  attributesOf,
  fileKinds,
  resolve,
  violations,
  writeOnlyAttributes,
} from "../../src/config/schema/schema.ts";

interface Node {
  readonly [keyword: string]: unknown;
}

/** Every schema under `properties`, at any depth, with its path. */
function properties(node: unknown, path: string): readonly (readonly [string, Node])[] {
  if (typeof node !== "object" || node === null) {
    return [];
  }
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const inner = properties(value, `${path}/${key}`);
    if (key !== "properties") {
      return inner;
    }
    const own = Object.entries(value as { readonly [name: string]: Node });
    return [...own.map(([name, property]) => [`${path}/${name}`, property] as const), ...inner];
  });
}

function definition(property: Node): Node {
  const name = typeof property["$ref"] === "string" ? property["$ref"].split("/").at(-1) : undefined;
  const found = Object.entries<Node>(schema.definitions).find(([key]) => key === name);
  return found?.[1] ?? property;
}

describe("the schema", () => {
  test("is draft-07, named, and refers to nothing outside", () => {
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema.$id).toMatch(/:1$/);
    const references = JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g);
    expect([...references].filter(([, target]) => target?.startsWith("#/definitions/") !== true)).toEqual([]);
  });

  test.each(properties(schema, ""))("describes %s", (_, property) => {
    expect(definition(property)["description"]).toMatch(/^[A-Z`].{10,}\.$/s);
  });

  test("has examples that it accepts", () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    for (const [path, property] of properties(schema, "")) {
      const examples = definition(property)["examples"];
      if (!Array.isArray(examples)) {
        continue;
      }
      const validate = ajv.compile({ allOf: [property], definitions: schema.definitions });
      for (const example of examples) {
        expect([path, example, validate(example)]).toEqual([path, example, true]);
      }
    }
  });

  test("shows an example of whatever has a value of its own", () => {
    const without = properties(schema, "").filter(
      ([, property]) => definition(property)["examples"] === undefined,
    );
    expect(without.map(([path]) => path)).toEqual(["/version"]);
  });
});

describe("fileKinds", () => {
  test("are read from the schema", () => {
    expect(fileKinds).toEqual(["cfd_tunnel", "warp_connector", "virtual_network"]);
    expect(writeOnlyAttributes).toEqual(["tunnel_secret"]);
  });

  test.each(fileKinds)("%s takes what every kind takes", (kind) => {
    expect([...attributesOf(kind).keys()].slice(0, 3)).toEqual(["id", "renamed_from", "state"]);
  });

  test.each(kinds.filter(({ kind }) => fileKinds.includes(kind)))(
    "$kind takes `replace` where something cannot be changed in place",
    ({ kind, immutable }) => {
      expect(attributesOf(kind).has("replace")).toBe(immutable.length > 0);
    },
  );

  test.each(fileKinds)("%s has write-only attributes that are references", (kind) => {
    for (const node of attributesOf(kind).values()) {
      if (node.writeOnly === true) {
        expect(resolve(node).properties).toHaveProperty("env");
      }
    }
  });
});

describe("violations", () => {
  test("of entries are found in every batch, at their own place", () => {
    const entries = Object.fromEntries(Array.from({ length: 350 }, (_, at) => [`t-${at}`, { x: at }]));
    const found = violations({ version: 1, cfd_tunnel: entries });
    expect(found.map(({ instancePath }) => instancePath)).toEqual(
      Object.keys(entries).map((name) => `/cfd_tunnel/${name}`),
    );
  });

  test.each([
    [[], 1],
    [null, 1],
    [{ version: 1, cfd_tunnel: [] }, 1],
    [{ cfd_tunnel: { a: null }, warp_connector: { b: { ha: 1 } } }, 2],
    [{ version: 1, cfd_tunnel: {}, warp_connector: { b: null } }, 0],
  ])("%j: %i", (data, count) => {
    expect(violations(data)).toHaveLength(count);
  });
});
