import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doesTheSame, ruleChanges } from "../../src/ingress/compare.ts";

const rule = (hostname: string, service = "http://x", more: object = {}) => ({ hostname, service, ...more });
const LAST = { service: "http_status:404" };

/** `moved 3>0`: what is not the same. */
function shown(live: readonly object[], wanted: readonly object[], global: object = {}): readonly string[] {
  return ruleChanges({ ingress: live, originRequest: global }, { ingress: wanted })
    .filter(({ change }) => change !== "same")
    .map(
      ({ change, from, to, moved }) =>
        `${change}${moved && change !== "moved" ? "+moved" : ""} ${from ?? ""}>${to ?? ""}`,
    );
}

describe("ruleChanges", () => {
  const [A, B, C, D] = ["a", "b", "c", "d"].map((name) => rule(`${name}.x`)) as [
    object,
    object,
    object,
    object,
  ];

  test.each([
    ["nothing", [A, B, LAST], [A, B, LAST], []],
    ["one more", [A, LAST], [A, B, LAST], ["added >1"]],
    ["one less", [A, B, LAST], [A, LAST], ["removed 1>"]],
    ["the last to the front", [A, B, C, D, LAST], [D, A, B, C, LAST], ["moved 3>0"]],
    ["the first behind all", [A, B, C, D, LAST], [B, C, D, A, LAST], ["moved 0>3"]],
    ["two that swap", [A, B, LAST], [B, A, LAST], ["moved 1>0"]],
    ["another service", [A, B, LAST], [rule("a.x", "http://y"), B, LAST], ["changed 0>0"]],
    ["another path", [{ ...A, path: "^/v1" }, A, LAST], [{ ...A, path: "^/v2" }, A, LAST], ["changed 0>0"]],
    ["another hostname", [A, LAST], [B, LAST], ["added >0", "removed 0>"]],
    ["another catch-all", [A, LAST], [A, { hostname: "*", service: "hello_world" }], ["changed 1>1"]],
    ["changed and moved", [A, B, C, LAST], [rule("c.x", "http://y"), A, B, LAST], ["changed+moved 2>0"]],
    ["one of two that are the same", [A, A, LAST], [A, LAST], ["removed 1>"]],
    ["all", [A, B], [C, D], ["added >0", "added >1", "removed 0>", "removed 1>"]],
    ["from none", [], [A, LAST], ["added >0", "added >1"]],
    ["to none", [A, LAST], [], ["removed 0>", "removed 1>"]],
  ])("%s", (_, live, wanted, changes) => {
    expect(shown(live, wanted)).toEqual(changes);
  });

  test("a default that is written is none, where no setting of all rules comes between", () => {
    const written = rule("a.x", "http://x", {
      path: "",
      originRequest: { tlsTimeout: 10, connectTimeout: null },
    });
    expect(shown([written, LAST], [A, LAST])).toEqual([]);
    expect(shown([written, LAST], [A, LAST], { tlsTimeout: 5 })).toEqual(["changed 0>0"]);
  });

  test("the order of keys is none", () => {
    const access = (team: object) => [rule("a.x", "http://x", { originRequest: { access: team } }), LAST];
    const changes = shown(
      access({ required: true, teamName: "t" }),
      access({ teamName: "t", required: true }),
    );
    expect(changes).toEqual([]);
  });

  const rules = fc.array(
    fc.record({
      hostname: fc.constantFrom("a", "b", "c", "*", ""),
      path: fc.constantFrom("", "^/x"),
      service: fc.constantFrom("http://x", "http://y"),
    }),
    { maxLength: 8 },
  );

  test("any two lists: each rule of both once, those that stay in order, and nothing only where they do the same", () => {
    fc.assert(
      fc.property(rules, rules, (live, wanted) => {
        const changes = ruleChanges({ ingress: live }, { ingress: wanted });
        const of = (side: "from" | "to") => changes.flatMap((change) => change[side] ?? []);
        expect(of("to")).toEqual([...wanted.keys()]);
        expect([...of("from")].sort((a, b) => a - b)).toEqual([...live.keys()]);
        const stay = changes.flatMap(({ from, to, moved }) => (to === null || moved ? [] : (from ?? [])));
        expect(stay).toEqual([...stay].sort((a, b) => a - b));
        for (const { change, from, to } of changes) {
          if (from !== null && to !== null) {
            const same = doesTheSame("ingress", { ingress: [live[from]] }, { ingress: [wanted[to]] });
            expect(same).toBe(change === "same" || change === "moved");
          }
        }
        const same = doesTheSame("ingress", { ingress: live }, { ingress: wanted });
        expect(changes.every(({ change }) => change === "same")).toBe(same);
      }),
    );
  });

  test("a list in any other order: moved alone, and one rule that moves is one", () => {
    const count = fc.integer({ min: 2, max: 9 });
    fc.assert(
      fc.property(count, fc.nat(), fc.nat(), (length, a, b) => {
        const live = Array.from({ length }, (_, at) => rule(`${at}.x`));
        const [from, to] = [a % length, b % length];
        const wanted = live.filter((_, at) => at !== from);
        wanted.splice(to, 0, live[from] ?? rule(""));
        expect(shown(live, wanted)).toHaveLength(from === to ? 0 : 1);
        expect(shown(live, live.toReversed()).every((change) => change.startsWith("moved "))).toBe(true);
      }),
    );
  });

  test("100,000 rules take time in step with their number", () => {
    const live = Array.from({ length: 100_000 }, (_, at) => rule(`${at}.x`));
    expect(shown(live, live.toReversed())).toHaveLength(99_999);
  });
});
