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
    expect(JSON.parse(result.stdout)).toEqual({ format_version: "1.0", errors: [], warnings: [], notes: [] });
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

  const INGRESS = `version: 1
cfd_tunnel:
  web:
    ingress:
      - { hostname: app.example.com, path: /v1/*, service: http://localhost:8080, originRequest: { connectTimeout: 10s } }
      - service: http_status:404
`;

  it("warns of what is legal and hardly meant, and is content", async () => {
    const result = await runCli(["validate"], { files: { "tunnels.yaml": INGRESS } });
    expect(result).toMatchObject({ code: 0, stdout: "Valid: 2 entries, 1 warning.\n" });
    expect(result.stderr).toMatch(/^tunnels\.yaml:5:44: warning: .*no glob/);
    const quiet = await runCli(["validate", "--quiet"], { files: { "tunnels.yaml": INGRESS } });
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
  });

  it("counts warnings as errors with --strict, but for those that are allowed", async () => {
    const files = { "tunnels.yaml": INGRESS };
    const strict = await runCli(["validate", "--strict", "--json"], { files });
    const document: unknown = JSON.parse(strict.stdout);
    expect(strict.code).toBe(1);
    expect(isErrors(document)).toBe(true);
    const place = { file: "tunnels.yaml", line: 5, column: 44 };
    expect(document).toMatchObject({ errors: [{ code: "path_like_glob", ...place }], warnings: [] });
    const allowed = await runCli(["validate", "--strict", "--allow", "path_like_glob", "--json"], { files });
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.stdout)).toMatchObject({
      errors: [],
      warnings: [{ code: "path_like_glob", ...place }],
    });
  });

  it("shows warnings beside errors, and no password", async () => {
    const wrong = INGRESS.replace("http://localhost:8080", "http://me:hunter2@localhost:8080");
    const result = await runCli(["validate"], { files: { "tunnels.yaml": wrong } });
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("warning: ");
    expect(result.stderr).toMatch(/password in the open/);
    expect(result.stderr).not.toContain("hunter2");
  });

  it("tells GitHub of warnings", async () => {
    const env = { GITHUB_ACTIONS: "true" };
    const { stderr } = await runCli(["validate"], { files: { "tunnels.yaml": INGRESS }, env });
    expect(stderr).toMatch(/^::warning file=tunnels\.yaml,line=5,col=44::/m);
  });
});

it("schema prints the schema of the file", async () => {
  const result = await runCli(["schema"]);
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toEqual(schema);
});
