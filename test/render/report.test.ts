import { describe, expect, test } from "vitest";
import type { SkipReason } from "../../src/engine/model/outcome.ts";
import { renderReport } from "../../src/render/text/report.ts";
import { createStyle } from "../../src/render/text/style.ts";
import { applied, create, newSecret, rename, remove, REPORTS, SKIPS, uuid } from "./corpus.ts";
import { expectGolden } from "./golden.ts";

const options = { style: createStyle(false), sameAccount: [], width: null };
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

  test("what was skipped for one reason is one line with a count, and 200 creates take about 205 lines", () => {
    const skipped = (name: string, because: SkipReason) =>
      ({ status: "skipped", change: create({ name }), id: null, because }) as const;
    const needs = { code: "needs_failed", kind: "cfd_tunnel", name: "a" } as const;
    const outcomes = [
      ...Array.from({ length: 200 }, (_, at) => applied(create({ name: `t-${at}` }), uuid(at))),
      ...["a", "b", "c", "d", "e"].map((name) => skipped(name, SKIPS.interrupted)),
      skipped("f", needs),
    ];
    const lines = renderReport({ outcomes, verification }, options).split("\n");
    expect(lines.filter((line) => line.includes("skipped ("))).toEqual([
      "5 skipped (cfd_tunnel/a, cfd_tunnel/b, cfd_tunnel/c and 2 more): The run was interrupted first.",
      "1 skipped (cfd_tunnel/f): cfd_tunnel/a comes first, and was not applied.",
    ]);
    expect(lines.length).toBeLessThan(215);
  });

  test("on a terminal lines fit it, and a command to copy stays whole", () => {
    const outcomes = [
      applied(create(), uuid(1)),
      { status: "failed", change: remove(), id: uuid(4), failure: { code: "gone" } } as const,
    ];
    const account = ["--account-id", "023e105f4ecef8ad9ca31a8372d0c353"];
    const text = renderReport({ outcomes, verification }, { ...options, width: 60, sameAccount: account });
    const long = text.split("\n").filter((line) => line.length > 60);
    expect(long[0]).toMatch(/^    warren token \S+ --account-id \w{32}$/);
    expect(long.slice(1)).toEqual([
      "Running apply again is always safe: it begins with the account as it is then.",
    ]);
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
