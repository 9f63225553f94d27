import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { runCli, servedSandbox, temporaryFolder } from "../../support/cli.ts";

describe("init", () => {
  it("writes a file that is valid, and that plan makes something of", async () => {
    const cwd = temporaryFolder();
    expect(await runCli(["init"], { cwd })).toEqual({
      code: 0,
      stdout: "Wrote tunnels.yaml. Next: edit it, then warren plan.\n",
      stderr: "",
    });
    expect((await runCli(["validate", "--strict"], { cwd })).stdout).toBe("Valid: 3 entries.\n");
    const { stdout } = await runCli(["plan", "--sandbox", "--json"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ summary: { blocked: 0 } });
    expect(stdout).toContain('"example"');
    expect(stdout).toContain('"app.example.com"');
  });

  it("leads an editor to this version's schema in the repository that package.json names", async () => {
    const cwd = temporaryFolder();
    await runCli(["init"], { cwd });
    const { repository, version } = packageJson;
    const owner = /github\.com\/(.+)\.git$/.exec(repository.url)?.[1];
    const line = `# yaml-language-server: $schema=https://raw.githubusercontent.com/${owner}/v${version}/schema/tunnels.schema.json\n`;
    expect(readFileSync(join(cwd, "tunnels.yaml"), "utf8").startsWith(line)).toBe(true);
    expect((await runCli(["export", "--sandbox"], { cwd })).stdout.startsWith(line)).toBe(true);
  });

  it("leads it to the schema on the disk where warren lies beneath the folder", async () => {
    const top = fileURLToPath(new URL("../../..", import.meta.url));
    const state = join(temporaryFolder(), "sandbox.json");
    const { stdout } = await runCli(["export", "--sandbox", "--state", state], { cwd: top });
    const [, path] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(stdout) ?? [];
    expect(path).toBe("./schema/tunnels.schema.json");
    expect(existsSync(join(top, path ?? ""))).toBe(true);
  });

  it.each(["tunnels.yaml", "tunnels.yml"])("leaves %s as it is", async (path) => {
    for (const more of [[], ["--from-account"]]) {
      const cwd = temporaryFolder();
      const result = await runCli(["init", ...more], { cwd, files: { [path]: "mine" } });
      expect(result).toMatchObject({
        code: 1,
        stdout: "",
        stderr: `error: ${path} is there already, and stays as it is.\n`,
      });
      expect(readFileSync(join(cwd, path), "utf8")).toBe("mine");
    }
  });

  it("writes with --from-account what export prints", async () => {
    const sandbox = await servedSandbox();
    const { env } = sandbox;
    const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n  api:\n" };
    expect((await runCli(["apply", "--insecure", "--yes"], { env, files })).code).toBe(0);
    const cwd = temporaryFolder();
    const result = await runCli(["init", "--from-account", "--insecure"], { env, cwd });
    expect(result).toMatchObject({
      code: 0,
      stdout: "Wrote tunnels.yaml. Next: warren plan finds nothing to do.\n",
    });
    const exported = await runCli(["export", "--insecure"], { env });
    expect(readFileSync(join(cwd, "tunnels.yaml"), "utf8")).toBe(exported.stdout);
    expect(exported.stdout).toContain("  web:");
  });
});
