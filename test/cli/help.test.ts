import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";

/** The help of a command, in parts by their headings. */
async function partsOf(...command: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await runCli([...command, "--help"], { cwd: "." });
  const parts = stdout.split("\n\n").map((part) => part.trimEnd().split("\n"));
  return new Map(parts.map(([heading = "", ...lines]) => [heading, lines]));
}

async function below(...command: readonly string[]): Promise<readonly (readonly string[])[]> {
  const lines = (await partsOf(...command)).get("Commands:") ?? [];
  const names = lines.flatMap((line) => /^ {2}([a-z-]+)/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== "help").map((name) => [...command, name]);
}

const top = await below();
const commands = [...top, ...(await below("sandbox"))];

describe.each(commands.map((command) => [command.join(" "), command] as const))("%s", (_, command) => {
  test("has examples of itself, with options that it has", async () => {
    const parts = await partsOf(...command);
    const examples = (parts.get("Examples:") ?? []).map((line) => line.trim().split(/ {2,}/)[0] ?? "");
    expect(examples.length).toBeGreaterThan(0);
    const help = [...parts.values()].flat().join("\n");
    for (const example of examples) {
      const words = example.split(" ");
      expect(words.slice(0, command.length + 1)).toEqual(["warren", ...command]);
      for (const option of words.filter((word) => word.startsWith("-"))) {
        expect(help, example).toMatch(new RegExp(`^  (-\\w, )?${option}( |$)`, "m"));
      }
    }
    expect(new Set(examples).size).toBe(examples.length);
  });

  test("keeps its own options apart from those that most commands share, which come last", async () => {
    const headings = [...(await partsOf(...command)).keys()].filter((heading) => heading.endsWith("ptions:"));
    expect(headings).toEqual(headings.length === 1 ? ["Options:"] : ["Options:", "Common options:"]);
    const own = ((await partsOf(...command)).get("Options:") ?? []).join("\n");
    expect(own).not.toMatch(/--(json|quiet|timeout|concurrency|account-id|verbose) /);
  });
});

test("every command is one of the help's", () => {
  expect(top.length).toBeGreaterThan(15);
});
