import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findFiles } from "../../src/cli/files/find-files.ts";
import { runCli, temporaryFolder } from "../support/cli.ts";

/** A folder that holds these files. */
function folderOf(...paths: readonly string[]): string {
  const cwd = temporaryFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), "version: 1\n");
  }
  return cwd;
}

describe("without --file", () => {
  it.each([
    [["tunnels.yaml", "tunnels.yml"], "tunnels.yaml"],
    [["tunnels.yml"], "tunnels.yml"],
    [["other.yaml"], "tunnels.yaml"],
  ])("of %j it is %s", async (files, expected) => {
    expect(await findFiles([], { cwd: folderOf(...files) })).toEqual([expected]);
  });

  it("a command reads tunnels.yml", async () => {
    const files = { "tunnels.yml": "version: 1\ncfd_tunnel:\n  web:\n" };
    expect((await runCli(["validate"], { files })).stdout).toBe("Valid: 1 entry.\n");
  });
});

describe("a folder", () => {
  it("stands for the YAML files beneath it, sorted", async () => {
    const cwd = folderOf("a/z.yml", "a/b/c.yaml", "a/README.md", "a/b.yaml", "d.yaml");
    expect(await findFiles(["a"], { cwd })).toEqual(["a/b.yaml", "a/b/c.yaml", "a/z.yml"]);
    expect(await findFiles(["./a/"], { cwd })).toEqual(["a/b.yaml", "a/b/c.yaml", "a/z.yml"]);
    expect(await findFiles(["."], { cwd })).toEqual(["a/b.yaml", "a/b/c.yaml", "a/z.yml", "d.yaml"]);
    expect(await findFiles([join(cwd, "a/b")], { cwd: "/" })).toEqual([join(cwd, "a/b/c.yaml")]);
  });

  it("is read without what is hidden, node_modules, links and fleet.yaml", async () => {
    const cwd = folderOf(
      "a.yaml",
      ".b.yaml",
      ".git/c.yaml",
      "node_modules/d.yaml",
      "e/fleet.yaml",
      "f/g.yaml",
    );
    symlinkSync("a.yaml", join(cwd, "h.yaml"));
    symlinkSync("f", join(cwd, "i"));
    expect(await findFiles(["."], { cwd })).toEqual(["a.yaml", "f/g.yaml"]);
  });

  it("without a YAML file is refused", async () => {
    const { code, stderr } = await runCli(["validate", "--file", "a"], { files: { "a/README.md": "" } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "error: The folder a holds no .yaml or .yml file.\n",
    });
  });

  it("together with others holds no file twice", async () => {
    const cwd = folderOf("a/b.yaml", "a/c.yaml");
    expect(await findFiles(["./a/c.yaml", "a", "a/*"], { cwd })).toEqual(["./a/c.yaml", "a/b.yaml"]);
  });
});

describe("a glob", () => {
  it.each([
    ["*.yaml", ["c.yaml"]],
    ["*/tunnels.yaml", ["a/tunnels.yaml", "b/tunnels.yaml"]],
    ["./a*/*", ["a/tunnels.yaml"]],
    ["**/tunnels.yaml", ["a/tunnels.yaml", "a/x/y/tunnels.yaml", "b/tunnels.yaml"]],
    ["a/**", ["a/tunnels.yaml", "a/x/y/tunnels.yaml"]],
    ["**/x/**/*.yaml", ["a/x/y/tunnels.yaml"]],
    [`${"**/".repeat(200)}c.yaml`, ["c.yaml"]],
  ])("%s stands for what it matches", async (glob, expected) => {
    const cwd = folderOf("a/tunnels.yaml", "a/x/y/tunnels.yaml", "b/tunnels.yaml", "b/README.md", "c.yaml");
    expect(await findFiles([glob], { cwd })).toEqual(expected);
  });

  it("that is the name of a file is that file", async () => {
    expect(await findFiles(["*.yaml"], { cwd: folderOf("*.yaml", "a.yaml") })).toEqual(["*.yaml"]);
  });

  it.each(["none/*.yaml", "*.yml"])("%s, which matches nothing, is refused", async (glob) => {
    await expect(findFiles([glob], { cwd: folderOf("a.yaml") })).rejects.toMatchObject({
      code: "file_unreadable",
      message: `${glob} matches no .yaml or .yml file.`,
    });
  });
});
