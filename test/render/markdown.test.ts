import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/engine/model/change.ts";
import { renderMarkdown } from "../../src/render/markdown/plan.ts";
import { plainRefusal, changedRefusal } from "../../src/render/words/refusal.ts";
import {
  actual,
  BASE,
  BLOCKED_REASONS,
  blocked,
  create,
  PLANS,
  plan,
  remove,
  rename,
  ROLLOUT,
  UNMANAGED,
  uuid,
} from "./corpus.ts";
import { expectGolden } from "./golden.ts";
import { HOSTILE } from "./hostile.ts";

const options = { title: "Plan", showUnmanaged: false };
const LIMIT = 60_000;
const conflict = { origin: "conflict", proposed: ["name"], drifted: ["name"], contested: ["name"] } as const;
const adopted = {
  kind: "cfd_tunnel",
  name: "x",
  id: uuid(1),
  created_at: null,
  live_name: "y",
  source: { file: "tunnels.yaml", line: 1, column: 1 },
};

describe("renderMarkdown", () => {
  test.each(Object.entries(PLANS))("%s reads well", async (name, plan) => {
    await expectGolden(`plan-${name}.md`, renderMarkdown(plan, options));
  });

  test.each(Object.entries(PLANS))("%s reads well as drift", async (name, plan) => {
    await expectGolden(`drift-${name}.md`, renderMarkdown(plan, { ...options, title: "Drift", drift: true }));
  });

  test("with a rollout, it says who is behind", async () => {
    const drift = { ...options, title: "Drift", drift: true, rollout: ROLLOUT };
    await expectGolden("drift-rollout.md", renderMarkdown(plan({ unchanged: 2 }), drift));
  });

  test("against a base: conflicts come first, then what is adopted, then the rest", async () => {
    const text = renderMarkdown(PLANS["every-change"] ?? plan(), { ...options, base: BASE });
    await expectGolden("plan-base.md", text);
    const order = ["### Plan", "#### Conflicts", "#### Adopted", "#### Deleted", "| From |", "**Released**"];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test("says why nothing was applied", async () => {
    const name = "a|b @team";
    const moved = { code: "name", name, ids: [uuid(9)] } as const;
    const changed = {
      kind: "cfd_tunnel",
      name,
      earlier: create(),
      later: null,
      blocked: null,
      moved: [moved],
    };
    const refusal = changedRefusal(plan(), [changed], { why: "stale", command: null });
    const text = renderMarkdown(plan({ changes: [create()] }), { ...options, title: "Not applied", refusal });
    await expectGolden("plan-refused.md", text);
  });

  test("lists what is unmanaged when asked, folded", async () => {
    const text = renderMarkdown(plan({ unmanaged: UNMANAGED }), { ...options, showUnmanaged: true });
    await expectGolden("plan-show-unmanaged.md", text);
  });

  test("blocked and deletes come before anything folded", () => {
    const text = renderMarkdown(
      plan({ changes: [create(), remove()], blocked: [blocked(BLOCKED_REASONS.live)] }),
      options,
    );
    const order = ["### Plan", "refuses this plan", "#### Blocked", "#### Deleted", "| Kind |", "<details>"];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test("a long plan is cut where it hurts least, and says what was left out", () => {
    const changes = [
      ...Array.from({ length: 5000 }, (_, number) => create({ name: `made-${number}` })),
      ...Array.from({ length: 100 }, (_, number) => remove({ name: `gone-${number}`, id: uuid(number) })),
    ];
    const text = renderMarkdown(plan({ changes }), options);
    expect(text.length).toBeLessThanOrEqual(LIMIT);
    for (let number = 0; number < 100; number += 1) {
      expect(text).toContain(`**delete** <code>cfd_tunnel</code> <code>gone-${number}</code>`);
    }
    const rows = text.split("\n").filter((line) => line.startsWith("| `")).length;
    expect(text).toContain(`| | … and ${5100 - rows} more changes |`);
    const blocks = text.split("\n").filter((line) => /^[+-] (?:create|delete) /.test(line)).length;
    expect(text).toContain(`# … and ${5100 - blocks} more changes`);
  });

  test("deletes that have no room in full words are shortened, all of them", () => {
    const changes = Array.from({ length: 250 }, (_, number) =>
      remove({ name: `gone-${number}`, id: uuid(number) }),
    );
    const text = renderMarkdown(plan({ changes }), options);
    expect(text.length).toBeLessThanOrEqual(LIMIT);
    const items = text.split("\n").filter((line) => line.startsWith("- **delete**"));
    expect(items).toHaveLength(250);
    expect(items[0]).toBe(`- **delete** <code>cfd_tunnel</code> <code>gone-0</code> <code>${uuid(0)}</code>`);
  });

  test("deletes that have no room at all are counted", () => {
    const changes = Array.from({ length: 2000 }, (_, number) =>
      remove({ name: `gone-${number}`, id: uuid(number) }),
    );
    const text = renderMarkdown(plan({ changes }), options);
    const items = text.split("\n").filter((line) => line.startsWith("- **delete**")).length;
    expect(items).toBeGreaterThan(250);
    expect(text).toContain("#### Deleted or replaced (2000)");
    expect(text).toContain(`- **… and ${2000 - items} more**`);
  });

  test("never over 60,000 characters, whatever is in the plan", () => {
    const name = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 255 }));
    const change: fc.Arbitrary<Change> = fc.oneof(
      name.map((name) => create({ name })),
      name.map((name) => remove({ name })),
      name.map((name) => rename({ name })),
    );
    fc.assert(
      fc.property(many(change), many(name), many(name), fc.boolean(), (changes, held, unmanaged, drift) => {
        const text = renderMarkdown(
          plan({
            changes,
            blocked: held.map((name) => blocked(BLOCKED_REASONS.immutable_attribute, { name })),
            unmanaged: unmanaged.map((name) => actual({ name })),
          }),
          {
            ...options,
            showUnmanaged: true,
            drift,
            base: {
              origins: changes.map(({ kind, name }) => ({ ...conflict, kind, name })),
              adopted: unmanaged.map((name) => ({ ...adopted, name })),
              released: unmanaged.map((name) => ({ kind: "cfd_tunnel", name, id: null })),
            },
            refusal: plainRefusal("stale", "x".repeat(200), held),
          },
        );
        expect(text.length).toBeLessThanOrEqual(LIMIT);
        const lines = text.split("\n");
        const opened = lines.filter((line) => line.startsWith("<details>")).length;
        expect(lines.filter((line) => line.startsWith("</details>"))).toHaveLength(opened);
      }),
      { numRuns: 25 },
    );
  });
});

/** A few of them, many times over. */
function many<T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc
    .tuple(fc.array(one, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 400 }))
    .map(([some, times]) => Array.from({ length: times }, () => some).flat());
}
