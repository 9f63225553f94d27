import fc from "fast-check";
import { expect, test } from "vitest";
import { renderPage } from "../../../src/render/html/page.ts";
import { readFleetPage } from "../../../src/render/html/read-fleet.ts";
import { readHealthPage, readPlanPage, readReportPage } from "../../../src/render/html/read.ts";
import { documents } from "../../browser/documents.mjs";
import { flawOf } from "../../support/documents.ts";

const whole: unknown = documents();

/** The document with whatever stands at one of its places replaced. */
function replaced(value: unknown, place: number, other: unknown): unknown {
  let left = place;
  const visit = (node: unknown): unknown => {
    left -= 1;
    if (left < 0) {
      left = Number.POSITIVE_INFINITY;
      return other;
    }
    if (Array.isArray(node)) {
      return node.map(visit);
    }
    return typeof node === "object" && node !== null
      ? Object.fromEntries(Object.entries(node).map(([key, member]) => [key, visit(member)]))
      : node;
  };
  return visit(value);
}

test("whatever a document holds, it is shown or it is none", () => {
  fc.assert(
    fc.property(fc.nat(700), fc.jsonValue(), fc.jsonValue(), (place, other, another) => {
      const { plan, report, status, fleet } = {
        ...(replaced(replaced(whole, place, other), (place * 7) % 700, another) as object),
      } as { readonly [sort: string]: unknown };
      const page = {
        plan: readPlanPage(plan),
        report: readReportPage(report),
        health: readHealthPage(status),
        fleet: readFleetPage(fleet),
      };
      const text = renderPage(page, "warren");
      expect(text.endsWith("</html>\n")).toBe(true);
      expect(text).not.toContain("NaN");
      expect(text).not.toContain("[object");
    }),
    { numRuns: 500 },
  );
});

test("a document of another format, or of another sort, is none", () => {
  const { plan, report, status } = documents();
  expect(readPlanPage({ ...plan, format_version: "2.0" })).toBeNull();
  expect(readPlanPage(report)).toBeNull();
  expect(readReportPage(status)).toBeNull();
  expect(readHealthPage(plan)).toBeNull();
  expect(readFleetPage(plan)).toBeNull();
  expect(readPlanPage({ ...plan, format_version: "1.7", unheard: true })).toEqual(readPlanPage(plan));
});

test("the documents that pages are tried with are ones that the program could have printed", () => {
  for (const document of Object.values(documents())) {
    expect(flawOf(JSON.stringify(document))).toBeNull();
  }
});
