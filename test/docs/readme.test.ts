import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { runCli, servedSandbox } from "../support/cli.ts";

const page = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");

/** The code of each block of a language, in order. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, code = ""]) => code);

it("README shows what is really printed for its first file, which has five lines or fewer", async () => {
  const [yaml = ""] = blocks("yaml");
  expect(yaml.trimEnd().split("\n").length).toBeLessThanOrEqual(5);
  expect(yaml).toContain("ingress:");
  const [planned = "", applied = ""] = blocks("text");
  const { env } = await servedSandbox();
  const files = { "tunnels.yaml": yaml };
  expect(await runCli(["plan"], { env, files })).toEqual({ code: 0, stdout: planned, stderr: "" });
  const apply = await runCli(["apply", "--yes"], { env, files });
  const [id = ""] = /[0-9a-f-]{36}/.exec(apply.stdout) ?? [];
  const shown = apply.stdout
    .replaceAll(id, "0192f0c1-7e57-4abc-8def-0123456789ab")
    .replace(/\b[0-9a-f]{32}\b/, "372e67954025e0ba6aaa6d586b9e0b59");
  expect(shown).toBe(`${planned}\n${applied}`);
});

it("README installs the version that there is, from the repository that there is", () => {
  const { repository, version } = packageJson;
  const commands = blocks("sh").join("");
  expect(commands).toContain(`npm install --global ./warren-${version}.tgz `);
  expect(commands).toContain(`npm install --global ${repository.url}#v${version} `);
  // Without an installed one, npx would fetch whatever the registry has under that name.
  expect(page).not.toMatch(/npx warren/);
});
