import { describe, expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";

async function codes(text: string): Promise<readonly string[]> {
  const result = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
  return result.ok
    ? []
    : result.problems.map(({ code, location: { line, column } }) => `${code} ${line}:${column}`);
}

describe("a mistyped key of the first level", async () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["a kind: its schema", "cfd_tunel: { a: { x: 1 } }", ["unknown_key 2:1", "unknown_key 2:19"]],
    [
      "a kind: its rules",
      "cfd_tunel: { a: { renamed_from: a } }",
      ["unknown_key 2:1", "renamed_from_itself 2:33"],
    ],
    ["a kind that is right", "cfd_tunel: { a: }", ["unknown_key 2:1"]],
    [
      "a kind that is there as well",
      "cfd_tunnel: { a: { renamed_from: b } }\ncfd_tunel: { b: { x: 1 } }",
      ["renamed_from_declared 2:34", "unknown_key 3:1", "unknown_key 3:19"],
    ],
    [
      "a kind before the right one",
      "cfd_tunel: { a: { x: 1 } }\ncfd_tunnel: { b: { y: 1 } }",
      ["unknown_key 2:1", "unknown_key 2:19", "unknown_key 3:20"],
    ],
    [
      "a kind twice mistyped",
      "cfd_tunel: { a: }\ncfd_tunnell: { b: { x: 1 } }",
      ["unknown_key 2:1", "unknown_key 3:1", "unknown_key 3:21"],
    ],
    [
      "a kind that is no mapping",
      "cfd_tunel: [a]\ncfd_tunnel: { b: { y: 1 } }",
      ["unknown_key 2:1", "unknown_key 3:20"],
    ],
    ["another key", "acount_id: ${ACCOUNT_ID}", ["unknown_key 2:1", "variable_unset 2:12"]],
    [
      "another key that is there as well",
      "limits: { x: 1 }\nlimit: { y: 1 }",
      ["unknown_key 2:11", "unknown_key 3:1"],
    ],
    ["like nothing", "nonsense: { a: { x: 1 } }", ["unknown_key 2:1"]],
  ])("%s", async (_, text, expected) => {
    expect(await codes(`version: 1\n${text}`)).toEqual(expected);
  });

  test("does not count as missing", async () => {
    expect(await codes("verzion: 1")).toEqual(["unknown_key 1:1"]);
    expect(await codes("vrsion: 1")).toEqual(["unknown_key 1:1"]);
  });

  test("is still a mistake when all else is right", async () => {
    expect(await codes("version: 1\ncfd_tunnels: { web: }")).toEqual(["unknown_key 2:1"]);
  });
});
