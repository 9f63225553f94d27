import { describe, expect, test } from "vitest";
import { blockedWords } from "../../src/render/words/blocked.ts";
import { toText } from "../../src/render/words/sentence.ts";
import { BLOCKED_REASONS, blocked, uuid } from "./corpus.ts";

// Every reason's sentence is in the golden files of plans; the compiler sees to it that each has one.
describe("blockedWords", () => {
  test.each([
    [1000, "1s"],
    [1500, "2s"],
    [45_000, "45s"],
    [60_000, "1m"],
    [5_400_000, "90m"],
    [3_600_000, "1h"],
    [172_800_000, "2d"],
  ])("%i ms is said as %s", (min_idle, text) => {
    expect(toText(blockedWords(blocked({ code: "activity_unknown", min_idle })))).toContain(
      `asks for ${text} without`,
    );
  });

  test("several immutable attributes, each with both values", () => {
    const attributes = [
      { name: "config_src", live: "local", declared: "cloudflare" },
      { name: "ha", live: false, declared: true },
    ];
    const words = toText(
      blockedWords(blocked({ ...BLOCKED_REASONS.immutable_attribute, id: uuid(9), attributes })),
    );
    expect(words).toContain(
      "config_src is local and the file declares cloudflare; ha is false and the file declares true;",
    );
    expect(words).toContain(`\`replace: ${uuid(9)}\``);
  });
});
