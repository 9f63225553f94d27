import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { whyUnreadable, whyUnwritable } from "../../src/cli/files/file-error.ts";
import { runCli, temporaryFolder } from "../support/cli.ts";

/** What the system itself says. */
async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing went wrong");
}

describe("whyUnreadable", () => {
  test.each([
    ["missing", "there is no such file"],
    [".", "it is a folder"],
    ["file/x", "a part of its path is a file, where a folder must be"],
    ["circle", "its symbolic links lead in a circle"],
    ["x".repeat(300), "its name is too long"],
  ])("%s", async (path, why) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    symlinkSync("circle", join(folder, "circle"));
    expect(whyUnreadable(await errorOf(() => readFile(join(folder, path))))).toBe(why);
  });

  test.each([
    ["EACCES", "permission denied"],
    ["EPERM", "permission denied"],
    ["EROFS", "the file system is read-only"],
    ["EIO", "error EIO"],
  ])("%s", (code, why) => {
    expect(whyUnreadable(Object.assign(new Error(), { code }))).toBe(why);
  });

  test("what is no error of the system", () => {
    expect(whyUnreadable("x")).toBe("error unknown");
  });
});

describe("whyUnwritable", () => {
  test("a folder that is not there", async () => {
    const error = await errorOf(() => writeFile(join(temporaryFolder(), "no/dir/x"), ""));
    expect(whyUnwritable(error, "no/dir/x")).toBe("the folder no/dir does not exist");
  });

  test("a full disk", async () => {
    const error = await errorOf(() => {
      const full = openSync("/dev/full", "w");
      try {
        writeSync(full, "x");
      } finally {
        closeSync(full);
      }
    });
    expect(whyUnwritable(error, "/dev/full")).toBe("the disk is full");
  });
});

describe("no message is a bare code of the system", () => {
  test.each([
    [["validate", "-f", "x.yaml"], "error: x.yaml cannot be read: there is no such file.\n"],
    [["validate", "-f", "."], "error: The folder . holds no .yaml or .yml file.\n"],
    [["apply", "x.json", "--sandbox"], "error: x.json cannot be read: there is no such file.\n"],
    [["apply", "folder", "--sandbox"], "error: folder cannot be read: it is a folder.\n"],
    [
      ["plan", "--sandbox", "--out", "no/p"],
      "error: no/p cannot be written: the folder no does not exist.\n",
    ],
    [
      ["token", "web", "--sandbox", "--out", "no/t"],
      "error: no/t cannot be written: the folder no does not exist.\n",
    ],
    [
      ["rotate", "web", "--sandbox", "--secret-file", "none"],
      "error: A secret cannot be used.\n  file none: cannot be read: there is no such file\n",
    ],
  ])("%j", async (argv, message) => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "folder"));
    expect(await runCli(argv, { cwd })).toEqual({ code: 1, stdout: "", stderr: message });
  });
});
