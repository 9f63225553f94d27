import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";

const DOCS = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");

/** Of the options that `--help` shows, the long ones. */
async function optionsOf(command: string): Promise<readonly string[]> {
  const { code, stdout } = await runCli([...command.split(" "), "--help"]);
  expect(code).toBe(0);
  return [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option ?? "");
}

// Outside of a test, nothing would clean up a folder of its own.
const commandsOf = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await runCli([...words, "--help"], { cwd: "." });
  const names = [...(stdout.split("Commands:")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name]) => name ?? "")
    .filter((name) => name !== "help");
  const below = await Promise.all(
    words.length > 0
      ? []
      : names.map(async (name) => (await commandsOf(name)).map((each) => `${name} ${each}`)),
  );
  return [...names, ...below.flat()];
};
const commands = await commandsOf();

test("the help names the commands", () => {
  expect(commands).toContain("plan");
  expect(commands).toContain("rotate");
  expect(commands).toContain("sandbox env");
});

describe("docs/commands.md speaks of every command and option", () => {
  test.each(commands)("%s", async (command) => {
    expect(DOCS.includes(`\n## warren ${command}\n`) || DOCS.includes(`\n### warren ${command}\n`)).toBe(
      true,
    );
    const missing = (await optionsOf(command)).filter((option) => !DOCS.includes(`\`${option}`));
    expect(missing).toEqual([]);
  });

  test("and of no option that is not there", async () => {
    const real = new Set((await Promise.all(commands.map(optionsOf))).flat());
    const written = [...DOCS.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
    // Another program's, and one that only old scripts use.
    const others = new Set(["--token", "--auto-approve"]);
    expect([...new Set(written)].filter((option) => !real.has(option) && !others.has(option))).toEqual([]);
  });
});
