import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { renderPlan } from "../../src/render/text/plan.ts";
import { createStyle } from "../../src/render/text/style.ts";
import {
  actual,
  BASE,
  create,
  LIVE_FACTS,
  newSecret,
  PLANS,
  plan,
  remove,
  rename,
  replace,
  ROLLOUT,
  UNKNOWN,
  UNMANAGED,
} from "./corpus.ts";
import { expectGolden } from "./golden.ts";

const plain = { style: createStyle(false), showUnmanaged: false, reasons: false, width: null };

describe("renderPlan", () => {
  test.each(Object.entries(PLANS))("%s reads well", async (name, plan) => {
    await expectGolden(`plan-${name}.txt`, renderPlan(plan, plain));
  });

  test.each(Object.entries(PLANS))("%s reads well as drift", async (name, plan) => {
    await expectGolden(`drift-${name}.txt`, renderPlan(plan, { ...plain, drift: true }));
  });

  test("a name of several lines is shown on one, as everywhere", () => {
    const [before, after] = ["old\nline", "new\nl"];
    const text = renderPlan(
      plan({ changes: [create({ name: after }), rename({ name: after, before: actual({ name: before }) })] }),
      plain,
    );
    expect(text).toContain(String.raw`+ "cfd_tunnel/new\x0al"`);
    expect(text).toContain(String.raw`    ~ name: "old\x0aline" -> "new\x0al"` + "\n");
  });

  test("lists what is unmanaged when asked", async () => {
    const text = renderPlan(plan({ unmanaged: UNMANAGED }), { ...plain, showUnmanaged: true });
    await expectGolden("plan-show-unmanaged.txt", text);
  });

  test("against a base, conflicts come first", async () => {
    const text = renderPlan(PLANS["every-change"] ?? plan(), { ...plain, base: BASE });
    await expectGolden("plan-base.txt", text);
    expect(text).toMatch(/^Conflict: /);
  });

  test("with a rollout, it says who is behind", async () => {
    const text = renderPlan(plan({ unchanged: 2 }), { ...plain, rollout: ROLLOUT });
    await expectGolden("plan-rollout.txt", text);
  });

  test("in colour it says the same", async () => {
    const { "every-change": all } = PLANS;
    const coloured = renderPlan(all ?? plan(), { ...plain, style: createStyle(true) });
    expect(stripVTControlCharacters(coloured)).toBe(renderPlan(all ?? plan(), plain));
    expect(coloured).toContain("\u001b[31m- cfd_tunnel/prod-old");
  });

  test("the counts are the last line, the rare ones only where they occur", () => {
    expect(last(renderPlan(plan({ unchanged: 2 }), plain))).toBe(
      "Plan: 0 to create, 0 to update, 0 to delete, 2 unchanged, 0 unmanaged.",
    );
    const full = plan({
      changes: [create(), remove(), replace()],
      unknown: [UNKNOWN],
      unmanaged: UNMANAGED,
      unchanged: 37,
    });
    expect(last(renderPlan(full, plain))).toBe(
      "Plan: 1 to create, 0 to update, 1 to delete, 1 to replace, 37 unchanged, 3 unmanaged, 1 unknown.",
    );
  });

  test.each([
    ["healthy", true],
    ["degraded", true],
    [null, true],
    ["never heard of", true],
    ["down", false],
    ["inactive", false],
  ])("a new secret on a tunnel with status %s: warned is %s", (status, warned) => {
    const before = actual({ facts: { ...LIVE_FACTS, status, conns_inactive_at: "2026-11-25T09:00:00Z" } });
    const text = renderPlan(plan({ changes: [newSecret({ before })] }), plain);
    expect(text.includes("refused at their next reconnect")).toBe(warned);
    expect(text).toContain("tunnel_secret: (secret), differs");
  });

  test("100,000 changes take time in step with their number", () => {
    const changes = Array.from({ length: 100_000 }, (_, number) => create({ name: `t-${number}` }));
    expect(renderPlan(plan({ changes }), plain).split("\n")).toHaveLength(100_003);
  });

  test("five creates take at most ten lines, and 200 about 205", () => {
    const linesOf = (count: number) =>
      renderPlan(
        plan({ changes: Array.from({ length: count }, (_, at) => create({ name: `t-${at}` })) }),
        plain,
      )
        .trimEnd()
        .split("\n").length;
    expect(linesOf(5)).toBeLessThanOrEqual(10);
    expect(linesOf(200)).toBeLessThanOrEqual(205);
  });

  test("--reasons gives the reason of a change that is plain, too", () => {
    const changes = [create(), remove()];
    expect(renderPlan(plan({ changes }), plain)).not.toContain("reason:");
    const text = renderPlan(plan({ changes }), { ...plain, reasons: true });
    expect(text.match(/^ {4}reason: /gm)).toHaveLength(2);
  });

  test("fits a terminal, breaks at words, and breaks no name", () => {
    const name = "a very long name with words in it ".repeat(4).trim();
    const changes = [replace(), create({ name })];
    const text = renderPlan(plan({ changes }), { ...plain, width: 60 });
    expect(text).toContain(`"cfd_tunnel/${name}"`);
    const whole = renderPlan(plan({ changes }), plain);
    expect(text.replace(/\s+/g, " ")).toBe(whole.replace(/\s+/g, " "));
    const wide = text.split("\n").filter((line) => line.length > 60);
    expect(wide).toEqual([expect.stringContaining(name)]);
  });
});

function last(text: string): string | undefined {
  return text.split("\n").at(-2);
}
