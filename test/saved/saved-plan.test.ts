import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import schema from "../../schema/saved-plan.schema.json" with { type: "json" };
import type { Plan } from "../../src/engine/model/change.ts";
import { digestOf } from "../../src/saved/digest.ts";
import { desiredDigest, parseSavedPlan, type SavedPlan, savedDocument } from "../../src/saved/saved-plan.ts";
import { ACCOUNT, BASE, PLANS, STAMP } from "../render/corpus.ts";
import { entry, planOf, scope, state } from "../support/builders.ts";
import { anyCase } from "../support/worlds.ts";

const desired = state([entry("web", { secrets: { tunnel_secret: { env: "WEB_SECRET" } } })], {
  prune: [scope("p-")],
  protected: ["core"],
});

function saved(plan: Plan, part: Partial<SavedPlan> = {}): SavedPlan {
  return { account_id: ACCOUNT, made_from: STAMP.made_from, desired, targets: [], plan, base: null, ...part };
}

const bytes = (text: string) => Buffer.from(text, "utf8");
const write = (one: SavedPlan) => JSON.stringify(savedDocument(one, "warren 0.0.0"), null, 2);
const some = saved(PLANS["every-change"] ?? planOf(desired, []));

/** The document with something changed, and digests that fit again: what a forger would hand in. */
function forged(change: (document: { [key: string]: unknown }) => void): string {
  const { digest: _, ...document } = JSON.parse(write(some)) as { [key: string]: unknown };
  change(document);
  return JSON.stringify({ ...document, digest: digestOf(document) });
}

describe("a saved plan", () => {
  test.each(Object.entries(PLANS))("%s is read back as it was written", (_, plan) => {
    const one = saved({ ...plan, steps: [] });
    expect(parseSavedPlan(bytes(write(one)))).toEqual({ ok: true, saved: one, madeBy: "warren 0.0.0" });
  });

  test("of any case is read back, and gives the same bytes again", () => {
    fc.assert(
      fc.property(anyCase, ({ desired, actual }) => {
        const plan = { ...planOf(desired, actual), steps: [] };
        const one = saved(plan, { desired });
        const text = write(one);
        const read = parseSavedPlan(bytes(text));
        expect(read).toMatchObject({ ok: true });
        expect(read.ok && write(read.saved)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps targets and what was found against a base", () => {
    const part = {
      base: BASE,
      targets: [{ kind: "cfd_tunnel", name: "web" }],
    };
    const read = parseSavedPlan(bytes(write(saved({ ...some.plan }, part))));
    expect(read).toMatchObject({ ok: true, saved: part });
  });

  test("describes every property in its schema, which is strict draft-07", () => {
    new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
    const undescribed: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) {
        return;
      }
      for (const [key, member] of Object.entries(value)) {
        if (key === "properties") {
          for (const [name, property] of Object.entries(member as { [name: string]: object })) {
            if (!("description" in property) && !("$ref" in property)) {
              undescribed.push(`${path}.${name}`);
            }
          }
        }
        walk(member, `${path}.${key}`);
      }
    };
    walk(schema, "");
    expect(undescribed).toEqual([]);
  });
});

describe("a file that is no plan to apply", () => {
  const reasons: readonly (readonly [string, string | Uint8Array, object])[] = [
    ["a YAML file", "version: 1\ncfd_tunnel:\n  web:\n", { code: "not_a_plan" }],
    ["a YAML file written as JSON", '{"version": 1}', { code: "not_a_plan" }],
    ["nothing", "", { code: "not_a_plan" }],
    ["a list", "[]", { code: "not_a_plan" }],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff), { code: "not_text" }],
    ["what plan --json prints", '{"format_version":"1.0","changes":[]}', { code: "plan_output" }],
    ["its first half", write(some).slice(0, 2_000), { code: "not_json" }],
    [
      "a newer one",
      forged((it) => (it["format_version"] = "1.1")),
      { code: "unknown_version", version: "1.1" },
    ],
    [
      "one of a later era",
      forged((it) => (it["format_version"] = 2)),
      { code: "unknown_version", version: "2" },
    ],
    ["one with a name changed", write(some).replace('"prod-web"', '"prod-wab"'), { code: "digest_mismatch" }],
    [
      "one without its digest",
      forged(() => {}).replace(/,"digest":"[^"]*"/, ""),
      { code: "digest_mismatch" },
    ],
    ["one with a member added", forged((it) => (it["more"] = 1)), { code: "malformed", at: "" }],
    ["one with a member missing", forged((it) => delete it["desired"]), { code: "malformed", at: "" }],
    ["one with a change of no kind", forged((it) => (it["plan"] = { changes: [{}] })), { code: "malformed" }],
    [
      "one nested without end",
      `{"format":"warren-saved-plan","format_version":"1.0","x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
      { code: "malformed", at: "" },
    ],
  ];

  test.each(reasons)("%s", (_, text, why) => {
    const read = parseSavedPlan(typeof text === "string" ? bytes(text) : text);
    expect(read).toMatchObject({ ok: false, why });
  });

  test("damaged anywhere", () => {
    const text = bytes(write(some));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Uint8Array.from(text);
        damaged[at] = (text[at] ?? 0) ^ by;
        const read = parseSavedPlan(damaged);
        // Damage that leaves the data as they were is none: a line feed for a space.
        expect(read.ok ? read.saved : null).toEqual(read.ok ? some : null);
      }),
      { numRuns: 400 },
    );
  });

  test("cut off anywhere", () => {
    const text = bytes(write(some));
    for (let length = 0; length < text.length - 1; length += 97) {
      expect(parseSavedPlan(text.subarray(0, length)).ok).toBe(false);
    }
  });
});

describe("digests", () => {
  test("do not depend on the order of keys, and do on everything else", () => {
    expect(digestOf({ a: 1, b: [{ c: null, d: "x" }] })).toBe(digestOf({ b: [{ d: "x", c: null }], a: 1 }));
    const others = [{ a: 1 }, { a: "1" }, { a: [1] }, { a: null }, {}, [], { b: 1 }, { a: { "": 1 } }];
    expect(new Set(others.map(digestOf)).size).toBe(others.length);
  });

  test("of what files ask for does not depend on where in them it stands", () => {
    const moved = {
      ...desired,
      entries: desired.entries.map((one) => ({ ...one, source: { file: "x", line: 9, column: 9 } })),
      prune: desired.prune.map((one) => ({ ...one, source: { file: "x", line: 9, column: 9 } })),
    };
    expect(desiredDigest(moved)).toBe(desiredDigest(desired));
    expect(desiredDigest({ ...desired, protected: [] })).not.toBe(desiredDigest(desired));
  });
});
