import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/cloudflare/error.ts";
import type { MadeFrom } from "../../src/base/stamp.ts";
import type { BaseComparison } from "../../src/engine/compare/baseline.ts";
import type { Plan } from "../../src/engine/model/change.ts";
import type { Report } from "../../src/engine/model/outcome.ts";
import {
  apiErrorItem,
  errorsDocument,
  planDocument,
  reportDocument,
  toJson,
} from "../../src/render/json/json.ts";
import { renderMarkdown } from "../../src/render/markdown/plan.ts";
import { renderPlan } from "../../src/render/text/plan.ts";
import { renderMarkdownReport } from "../../src/render/markdown/report.ts";
import { plainRefusal, blockedRefusal } from "../../src/render/words/refusal.ts";
import { renderReport } from "../../src/render/text/report.ts";
import { createStyle } from "../../src/render/text/style.ts";
import { visible } from "../../src/render/visible.ts";
import { API_ERRORS, BASE, HINTED, PLANS, plan, REPORTS, STAMP } from "./corpus.ts";
import { HIDDEN, HOSTILE } from "./hostile.ts";

const style = createStyle(false);

// Of each plan and report with a golden file, every string that is not a code of ours is replaced by a hostile one.
const { "every-change": changes, "every-blocked": blocked, "every-note": notes, values } = PLANS;
const plans: readonly Plan[] = [changes, blocked, notes, values].map((one) => one ?? plan());
const reports = Object.values(REPORTS);
const errors = [...Object.values(API_ERRORS), ...Object.values(HINTED)];

const hostileStamp = (text: string) => ({ ...STAMP, made_from: poison(STAMP.made_from, text) });

describe(`${HOSTILE.length} hostile texts`, () => {
  test("are 200 at least", () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
  });

  test("do nothing in the text of a plan, a refusal, a report", () => {
    for (const text of HOSTILE) {
      for (const one of plans) {
        const poisoned = poison(one, text);
        const base = poison(BASE, text);
        expectInert(
          renderPlan(poisoned, { style, showUnmanaged: true, reasons: true, width: null, base }),
          text,
        );
        expectInert(
          renderPlan(poisoned, { style, showUnmanaged: true, reasons: true, width: null, drift: true }),
          text,
        );
        expectInert(blockedRefusal(poisoned, ["warren", "apply"])?.text ?? "", text);
      }
      for (const one of reports) {
        expectInert(renderReport(poison(one, text), { style, width: null, sameAccount: [text] }), text);
      }
    }
  });

  test("add no line to any of them", () => {
    const harmless = plans.map((one) =>
      countLines(renderPlan(poison(one, "x"), { style, showUnmanaged: true, reasons: true, width: null })),
    );
    for (const text of HOSTILE.filter((text) => text !== "name")) {
      const lines = plans.map((one) =>
        countLines(renderPlan(poison(one, text), { style, showUnmanaged: true, reasons: true, width: null })),
      );
      // A value of several lines is shown as such; every other line feed is escaped.
      if (!text.includes("\n")) {
        expect(lines, JSON.stringify(text)).toEqual(harmless);
      }
    }
  });

  test("do nothing in the Markdown of drift, of a refusal, of a report", () => {
    const refused = (text: string) => plainRefusal("stale", "Refused.", [visible(text)]);
    const driftOf = (text: string) =>
      renderMarkdown(poison(changes ?? plan(), text), {
        title: "Drift",
        showUnmanaged: false,
        drift: true,
        refusal: refused(text),
      });
    const harmless = structure(driftOf("x"));
    for (const text of HOSTILE.filter((text) => !text.includes("\n") && text.length < 200)) {
      const page = driftOf(text);
      expectInert(page, text);
      expect(structure(page), JSON.stringify(text)).toBe(harmless);
    }
    for (const text of HOSTILE) {
      for (const report of reports) {
        // Its shape moves with what the API said, which may be nothing.
        expectInert(renderMarkdownReport(poison(report, text), { sameAccount: [text] }), text);
      }
    }
  });

  test("do nothing in JSON, which still says them", () => {
    for (const text of HOSTILE) {
      const poisonedPlans = plans.map((one) => poison(one, text));
      for (const one of poisonedPlans) {
        expectSameJson(
          planDocument(one, text, hostileStamp(text), { refusal: blockedRefusal(one, ["warren", "apply"]) }),
          text,
        );
      }
      for (const one of reports) {
        expectSameJson(reportDocument(poison(one, text), text, hostileStamp(text)), text);
      }
      expectSameJson(errorsDocument(poison(errors, text).map(apiErrorItem), null, hostileStamp(text)), text);
    }
  });

  test("do nothing in Markdown: the page has the same structure whatever they are", () => {
    for (const one of plans) {
      const harmless = shape(one, "x");
      // One of many lines changes the plan's shape, and a very long one in every place is cut.
      for (const text of HOSTILE.filter((text) => !text.includes("\n") && text.length < 40)) {
        expect(shape(one, text), JSON.stringify(text)).toBe(harmless);
      }
    }
  });
});

function expectInert(output: string, text: string): void {
  // One assertion, since there are a great many outputs.
  const found = [
    HIDDEN.exec(output.replaceAll("\n", "")),
    /^\s*::/m.exec(output),
    /##[a-z]*\[/i.exec(output),
  ];
  expect(found, JSON.stringify(text)).toEqual([null, null, null]);
}

function expectSameJson(document: object, text: string): void {
  const output = toJson(document);
  expectInert(output, text);
  expect(JSON.stringify(JSON.parse(output)) === JSON.stringify(document), JSON.stringify(text)).toBe(true);
}

function shape(one: Plan, text: string): string {
  const base = one === changes ? poison(BASE, text) : null;
  const page = renderMarkdown(poison(one, text), { title: "Plan", showUnmanaged: true, base });
  expectInert(page, text);
  return structure(page);
}

/**
 * The page with each piece of foreign text taken out, and what a renderer of Markdown would make markup of left in:
 * code elements may hold plain words and character references only, and the block of code ends where it should.
 */
function structure(page: string): string {
  const fence = /^(`{3,})diff\n[^]*?^\1$/m;
  return page
    .replace(fence, (block) => {
      const marks = /^`+/.exec(block)?.[0] ?? "";
      const lines = block.split("\n").slice(1, -1);
      for (const line of lines) {
        expect(line === "" || /^(?:[+\-!# ]) /.test(line), line).toBe(true);
      }
      expect(block.includes(`\n${marks}\``)).toBe(false);
      return `fence of ${lines.length}`;
    })
    .replace(/<code>((?:[A-Za-z0-9 ._:-]|&#\d+;)*)<\/code>/g, (_, inside: string) => {
      expect(inside).not.toMatch(/^www\.|:\/\/|^[._:]|[._:]$/i);
      return "CODE";
    });
}

function countLines(text: string): number {
  return text.split("\n").length;
}

/** Names that our own unions and switches read. */
const OURS = new Set(["code", "action", "status", "because", "failure", "hint", "operation", "origin"]);

function poison<T extends Plan | Report | BaseComparison | readonly ApiError[] | MadeFrom>(
  value: T,
  text: string,
): T {
  return poisoned(value, text, "") as T;
}

function poisoned(value: unknown, text: string, key: string): unknown {
  if (typeof value === "string") {
    return OURS.has(key) ? value : text;
  }
  if (Array.isArray(value)) {
    return value.map((item) => poisoned(item, text, key === "fields" ? "code" : key));
  }
  if (value instanceof ApiError) {
    const { failure, status, hint, ambiguous } = value;
    const errors = value.errors.map(({ code }) => ({ code, message: text }));
    return new ApiError(text, { failure, status, hint, ambiguous, errors, method: text, path: text });
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    if (name === "status" && typeof member === "string" && "created_at" in value) {
      return [name, text];
    }
    return [name, poisoned(member, text, name)];
  });
  return Object.fromEntries(members);
}
