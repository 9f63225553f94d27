import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { createStyle, wantsColour } from "../../src/render/text/style.ts";

describe("wantsColour", () => {
  test.each([
    ["a terminal", {}, true, true],
    ["a pipe", {}, false, false],
    ["CI, piped", { CI: "true" }, false, false],
    ["a dumb terminal", { TERM: "dumb" }, true, false],
    ["a good terminal", { TERM: "xterm-256color" }, true, true],
    ["NO_COLOR on a terminal", { NO_COLOR: "1" }, true, false],
    ["NO_COLOR=0, which is set all the same", { NO_COLOR: "0" }, true, false],
    ["an empty NO_COLOR, which is unset", { NO_COLOR: "" }, true, true],
    ["FORCE_COLOR on a pipe", { FORCE_COLOR: "1" }, false, true],
    ["FORCE_COLOR on a dumb terminal", { FORCE_COLOR: "3", TERM: "dumb" }, true, true],
    ["FORCE_COLOR=0 on a terminal", { FORCE_COLOR: "0" }, true, false],
    ["FORCE_COLOR=false on a terminal", { FORCE_COLOR: "false" }, true, false],
    ["an empty FORCE_COLOR, which is unset", { FORCE_COLOR: "" }, false, false],
    ["NO_COLOR goes before FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  ])("%s", (_, env, isTTY, expected) => {
    expect(wantsColour({ env, isTTY })).toBe(expected);
  });
});

describe("createStyle", () => {
  test("without colour every text stays as it is", () => {
    for (const paint of Object.values(createStyle(false))) {
      expect(paint("x")).toBe("x");
    }
  });

  test("with colour no text does, whatever the environment says", () => {
    for (const paint of Object.values(createStyle(true))) {
      expect(paint("x")).not.toBe("x");
      expect(stripVTControlCharacters(paint("x"))).toBe("x");
    }
  });
});
