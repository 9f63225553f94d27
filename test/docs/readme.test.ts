import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(top(path), "utf8");

it("README shows what the demo really prints", async () => {
  const files = { "tunnels.yaml": read("tunnels.yaml") };
  const { stdout } = await runCli(["plan", "--sandbox"], { files });
  expect(read("README.md")).toContain(`$ warren plan --sandbox\n${stdout}`);
});

it("README shows what is really printed for its first file", async () => {
  const page = read("README.md");
  const yaml = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
  const { code, stdout } = await runCli(["plan", "--sandbox"], { files: { "tunnels.yaml": yaml } });
  expect(code).toBe(0);
  expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``);
});
