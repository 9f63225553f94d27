import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { commandLine, shellWord } from "../../src/render/shell.ts";
import { HIDDEN, HOSTILE } from "./hostile.ts";

describe("shellWord", () => {
  test.each([
    ["cfd_tunnel/prod-web", "cfd_tunnel/prod-web"],
    ["two words", "'two words'"],
    ["it's", String.raw`'it'\''s'`],
    ["-n", "'-n'"],
    ["", "''"],
    ["$(id)", "'$(id)'"],
    ["a\u001bb", String.raw`$'a\x1bb'`],
    ["it's\u202e", String.raw`$'it\'s\u202e'`],
    ["\u{e0041}", String.raw`$'\U000e0041'`],
    ["##[x]", String.raw`$'\x23\x23[x]'`],
  ])("%j", (text, shown) => {
    expect(shellWord(text)).toBe(shown);
  });

  test("bash reads each hostile name back as it was, and runs nothing in it", () => {
    // No argument of a process can hold a NUL or half of a surrogate pair.
    const texts = HOSTILE.filter((text) => !/\0|\p{Cs}/u.test(text));
    const script = `printf '%s\\0' ${texts.map(shellWord).join(" ")}`;
    expect(script).not.toMatch(HIDDEN);
    const read = execFileSync("bash", ["--norc", "-c", script], {
      encoding: "utf8",
      env: { LC_ALL: "C.UTF-8" },
    });
    expect(read.split("\0").slice(0, -1)).toEqual(texts);
  });
});

test("commandLine leaves our own options bare and quotes the rest", () => {
  const line = commandLine(["warren", "apply", "--target", "cfd_tunnel/--yes now", "--file", "a b"]);
  expect(line).toBe("warren apply --target 'cfd_tunnel/--yes now' --file 'a b'");
});
