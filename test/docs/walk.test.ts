import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Rows of the walk's table: the function's name, and the files it is said to be in. */
const rows = [
  ...readFileSync(top("docs/walk.md"), "utf8").matchAll(/^\| +\d+[ab]? +\| (.*?) \| (.*?) \|/gm),
].map(([, call = "", files = ""]) => ({
  names: [...call.matchAll(/`(?:\w+\.)?(\w+)\(/g)].map(([, name = ""]) => name),
  files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => `src/${file}`),
}));

it("has a row for each function of the walk", () => {
  expect(rows.length).toBeGreaterThan(10);
});

it.each(rows)("$names is in $files", ({ names, files }) => {
  const source = files
    .map((file) => (existsSync(top(file)) ? readFileSync(top(file), "utf8") : ""))
    .join("\n");
  for (const name of names) {
    expect(source).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

it("shows what is really printed for its tunnel", async () => {
  const page = readFileSync(top("docs/walk.md"), "utf8");
  const yaml = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
  const { stdout } = await runCli(["plan", "--sandbox"], { files: { "tunnels.yaml": yaml } });
  expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``);
});
