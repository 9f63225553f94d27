import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import errorsSchema from "../../schema/errors.schema.json" with { type: "json" };
import schema from "../../schema/tunnels.schema.json" with { type: "json" };
import { runCli } from "../support/cli.ts";

const isErrors = new Ajv({ strict: true }).compile(errorsSchema);

describe("validate", () => {
  it("needs no credentials", async () => {
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n  api:\n" };
    expect(await runCli(["validate"], { files })).toEqual({
      code: 0,
      stdout: "Valid: 2 entries.\n",
      stderr: "",
    });
  });

  it("says everything that is wrong, each with its place", async () => {
    const yaml = "version: 1\ncfd_tunnel:\n  web: { config_src: clod }\n  api: { statee: absent }\n";
    const result = await runCli(["validate"], { files: { "tunnels.yaml": yaml } });
    expect(result.code).toBe(1);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(/^tunnels\.yaml:3:\d+: /m);
    expect(result.stderr).toMatch(/^tunnels\.yaml:4:\d+: /m);
    expect(result.stderr).toContain('"state"');
    expect(result.stderr).toMatch(/2 problems\. Nothing was sent\.\n$/);
  });

  it("prints the problems as a document with --json", async () => {
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web: { config_src: clod }\n" };
    const result = await runCli(["validate", "--json"], { files });
    const document: unknown = JSON.parse(result.stdout);
    expect(result).toMatchObject({ code: 1, stderr: "" });
    expect(isErrors(document)).toBe(true);
    expect(document).toMatchObject({
      format_version: "1.0",
      errors: [{ file: "tunnels.yaml", line: 3, column: expect.any(Number) }],
    });
  });

  it("prints a document without errors when all is well", async () => {
    const result = await runCli(["validate", "--json"], { files: { "tunnels.yaml": "version: 1\n" } });
    expect(JSON.parse(result.stdout)).toEqual({ format_version: "1.0", errors: [] });
  });

  it("reads several files as one", async () => {
    const argv = ["validate", "--file", "a.yaml", "-f", "b.yaml"];
    const a = "version: 1\ncfd_tunnel:\n  web:\n";
    const apart = { "a.yaml": a, "b.yaml": "version: 1\ncfd_tunnel:\n  api:\n" };
    expect((await runCli(argv, { files: apart })).stdout).toBe("Valid: 2 entries.\n");
    const twice = await runCli(argv, { files: { "a.yaml": a, "b.yaml": a } });
    expect(twice.code).toBe(1);
    expect(twice.stderr).toMatch(/a\.yaml:3/);
    expect(twice.stderr).toMatch(/b\.yaml:3/);
  });

  it("reports in JSON only where that was asked for", async () => {
    for (const argv of [["json"], ["validate", "json"]]) {
      const { code, stdout, stderr } = await runCli(argv);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^error: /);
    }
    expect((await runCli(["validate", "--format", "json", "-f", "x"])).stdout).toContain('"errors"');
  });

  it("reads standard input", async () => {
    const good = await runCli(["validate", "-f", "-"], { stdin: "version: 1\n" });
    expect(good.code).toBe(0);
    const bad = await runCli(["validate", "-f", "-"], { stdin: "version: 2\n" });
    expect(bad.stderr).toMatch(/^<stdin>:1:/);
  });

  it.each([
    ["a missing file", ["validate"], /tunnels\.yaml cannot be read: there is no such file\. .*--file/],
    [
      "a missing file that was named",
      ["validate", "-f", "x.yaml"],
      /x\.yaml cannot be read: there is no such file\./,
    ],
    ["a folder", ["validate", "-f", "."], /folder/],
  ])("says so of %s", async (_, argv, words) => {
    const result = await runCli(argv);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(words);
  });
});

it("schema prints the schema of the file", async () => {
  const result = await runCli(["schema"]);
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toEqual(schema);
});
