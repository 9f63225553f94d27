import { describe, expect, test } from "vitest";
import { renderReport } from "../../src/render/text/report.ts";
import { createStyle } from "../../src/render/text/style.ts";
import { applied, create, newSecret, rename, remove, REPORTS, SKIPS, uuid } from "./corpus.ts";
import { expectGolden } from "./golden.ts";

const options = { style: createStyle(false), sameAccount: [] };
const verification = { verified: true, because: "shown" } as const;

describe("renderReport", () => {
  test.each(Object.entries(REPORTS))("%s reads well", async (name, report) => {
    await expectGolden(`report-${name}.txt`, renderReport(report, options));
  });

  test("the counts are the last line", () => {
    const outcomes = [
      applied(create(), uuid(1)),
      applied(rename(), uuid(2)),
      { status: "skipped", change: remove(), id: uuid(4), because: SKIPS.interrupted } as const,
    ];
    const lines = renderReport({ outcomes, verification }, options).split("\n");
    expect(lines.at(-2)).toBe("Applied: 2, failed: 0, skipped: 1.");
  });

  test("what failed comes after what was applied", () => {
    const failed = { status: "failed", change: create(), id: null, failure: { code: "gone" } } as const;
    const text = renderReport({ outcomes: [failed, applied(rename(), uuid(2))], verification }, options);
    expect(text.indexOf("applied")).toBeLessThan(text.indexOf("failed"));
  });

  test.each([
    ["a create", applied(create({ name: "it's" }), uuid(1)), String.raw`warren token 'cfd_tunnel/it'\''s'`],
    ["a new secret", applied(newSecret(), uuid(3)), "warren token cfd_tunnel/prod-mail"],
    ["a rename", applied(rename(), uuid(2)), null],
    ["a delete", applied(remove(), uuid(4)), null],
    ["a kind without tokens", applied(create({ kind: "route" }), uuid(5)), null],
  ])("after %s the next step", (_, outcome, step) => {
    const text = renderReport({ outcomes: [outcome], verification }, options);
    expect(text.includes("warren token")).toBe(step !== null);
    if (step !== null) {
      expect(text).toContain(`    ${step}\n`);
    }
  });
});
