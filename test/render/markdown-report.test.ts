import { describe, expect, test } from "vitest";
import { renderMarkdownReport } from "../../src/render/markdown/report.ts";
import { create, REPORTS, uuid } from "./corpus.ts";
import { expectGolden } from "./golden.ts";

const options = { sameAccount: [] };

describe("renderMarkdownReport", () => {
  test.each(Object.entries(REPORTS))("%s reads well", async (name, report) => {
    await expectGolden(`report-${name}.md`, renderMarkdownReport(report, options));
  });

  test("is never too long for a comment, and says first what failed", () => {
    const outcomes = Array.from({ length: 3_000 }, (_, number) => {
      const change = create({ name: `${"|`@x".repeat(50)}${number}` });
      return number % 3 === 0
        ? ({ status: "failed", change, id: null, failure: { code: "gone" } } as const)
        : number % 3 === 1
          ? ({
              status: "skipped",
              change,
              id: null,
              because: { code: "needs_failed", kind: "vnet", name: `${number}` },
            } as const)
          : ({ status: "applied", change, id: uuid(number), confirmed: false } as const);
    });
    const report = { outcomes, verification: { verified: false, because: "interrupted" } as const };
    const text = renderMarkdownReport(report, options);
    expect(text.length).toBeLessThanOrEqual(60_000);
    const order = ["### Applied: 1000", "#### Failed (1000)", "#### Not begun (1000)", "#### Applied (1000)"];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text.match(/… and \d+ more\*\*/g)).toHaveLength(2);
    expect(text.match(/… and \d+ more reasons\*\*/g)).toHaveLength(1);
  });
});
