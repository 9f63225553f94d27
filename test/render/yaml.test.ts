import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { yamlKey, yamlText } from "../../src/render/yaml/yaml.ts";

describe("yamlText", () => {
  test.each([
    ["web", "web"],
    ["prod-web.v2_x", "prod-web.v2_x"],
    ["0192f0c1-7e57-7abc-8def-0123456789ab", "0192f0c1-7e57-7abc-8def-0123456789ab"],
    ["yes", '"yes"'],
    ["Null", '"Null"'],
    ["1e3", '"1e3"'],
    ["a b", '"a b"'],
    ['a"b\\', String.raw`"a\"b\\"`],
    ["a\u0007\u202Eb\u{E0041}", String.raw`"a\x07\u202eb\U000e0041"`],
    ["##[group]", String.raw`"\x23#[group]"`],
    ["日本", '"日本"'],
  ])("%j is written %s", (text, expected) => {
    expect(yamlText(text)).toBe(expected);
  });

  test("any text is read as that very text, by YAML 1.1 and 1.2 alike", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const version of ["1.1", "1.2"] as const) {
          expect(parse(`key: ${yamlText(text)}`, { version })).toEqual({ key: text });
        }
      }),
    );
  });
});

test("a key that is too long for one line takes two", () => {
  const text = "\u{E0041}".repeat(200);
  const lines = yamlKey(text, "  ");
  expect(lines).toHaveLength(2);
  expect(parse(["top:", ...lines, "    a: 1"].join("\n"))).toEqual({ top: { [text]: { a: 1 } } });
  expect(yamlKey("web", "  ")).toEqual(["  web:"]);
});
