import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { refuseBadValues } from "../../src/cli/args/option-values.ts";
import { addFileOptions, wholeNumber } from "../../src/cli/args/options.ts";
import { runCli, temporaryFolder } from "../support/cli.ts";

/** What the options come to, or why they are refused. */
function parse(...argv: readonly string[]): unknown {
  const command = addFileOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .option("-o, --out <file>")
    .option("-q, --quiet")
    .option("--name <name>")
    .option("--port <n>", "", wholeNumber(0, 9))
    .option("--json");
  refuseBadValues(command, argv);
  try {
    return command.parse([...argv], { from: "user" }).opts();
  } catch (error) {
    return String(error);
  }
}

describe("a value", () => {
  test.each([
    ["--out --json", "For a file of that name write ./--json"],
    ["-o --json", "For a file of that name write ./--json"],
    ["-qo --json", "For a file of that name write ./--json"],
    ["--out -", "For a file of that name write ./-"],
    ["-f a.yaml -f --quiet", "For a file of that name write ./--quiet"],
    ["--name -x", "If it is meant, write --name=-x"],
    ["--port --json", "It must be a whole number from 0 to 9."],
    ["--out=", "It is empty."],
    ["--port=", "It is empty."],
    ["--file=", "It is empty."],
  ])("%s is refused", (line, why) => {
    expect(parse(...line.split(" "))).toContain(why);
  });

  test("that is an empty word is refused", () => {
    expect(parse("--name", "")).toContain("'--name <name>' argument '' is invalid. It is empty.");
  });

  test.each([
    ["--name=-x -q", { file: [], name: "-x", quiet: true }],
    ["--name=-q -q", { file: [], name: "-q", quiet: true }],
    ["--out=-x", { file: [], out: "-x" }],
    ["--out ./-x --json", { file: [], out: "./-x", json: true }],
    ["-f - --file b", { file: ["-", "b"] }],
    ["-fa -q", { file: ["a"], quiet: true }],
    ["--port 3", { file: [], port: 3 }],
  ])("%s is taken", (line, options) => {
    expect(parse(...line.split(" "))).toEqual(options);
  });
});

test("a token is not written to a file that is named like an option", async () => {
  const cwd = temporaryFolder();
  const result = await runCli(["token", "web", "--sandbox", "--out", "--json"], { cwd });
  expect(result.code).toBe(1);
  expect(result.stdout).toContain("write ./--json");
  expect(existsSync(join(cwd, "--json"))).toBe(false);
});

test.each([
  ["plan", "--account-id"],
  ["plan", "--out"],
  ["list", "--prefix"],
  ["rotate", "--secret-file"],
  ["sandbox", "--state"],
])("%s %s: an empty value is refused by name", async (command, option) => {
  const argument = command === "rotate" ? ["web"] : [];
  const result = await runCli([command, ...argument, option, ""]);
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(
    new RegExp(`^error: option '(?:-o, )?${option} <.*is invalid\\. It is empty\\.`),
  );
});
