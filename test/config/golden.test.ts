import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";
import { problemsJson, renderProblems } from "../../src/render/text/problem.ts";

const folder = join(import.meta.dirname, "bad");
const env = { OTHER_ACCOUNT_ID: "fedcba9876543210fedcba9876543210" };

/** A bad file each; a folder is several files of one run. They end in `.txt`, so that no tool mends them. */
const cases = readdirSync(folder, { withFileTypes: true }).map((found) => {
  if (found.isFile()) {
    return { name: found.name, files: [found.name] };
  }
  const files = readdirSync(join(folder, found.name)).map((name) => join(found.name, name));
  return { name: found.name, files };
});

describe("what a stranger reads about a bad file", () => {
  test.each(cases)("$name", async ({ name, files }) => {
    const result = await loadDesiredState(
      files.map((path) => ({ path: path.replace(/txt$/, "yaml"), text: readFileSync(join(folder, path)) })),
      { env },
    );

    expect(result.ok).toBe(false);
    const problems = result.ok ? [] : result.problems;
    const text = renderProblems(problems);
    await expect(text).toMatchFileSnapshot(join("golden", `${basename(name, ".txt")}.txt`));

    const everything = text + JSON.stringify(problems) + JSON.stringify(problemsJson(problems));
    expect(everything).not.toMatch(/CANARY|7733112244|eyJhIjoi/);
  });
});
