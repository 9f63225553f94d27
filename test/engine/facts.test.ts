import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedFacts, factsOf } from "../../src/engine/facts.ts";
import { planAgain } from "../../src/engine/plan-again.ts";
import { changedChanges } from "../../src/engine/same-changes.ts";
import type { ActualResource, DesiredEntry, DesiredState } from "../../src/engine/resource.ts";
import { kinds } from "../../src/kinds/index.ts";
import {
  blockedOf,
  changesOf,
  entry,
  facts,
  id,
  NOW,
  planOf,
  scope,
  state,
  tunnel,
  warp,
} from "../support/builders.ts";
import { anyCase } from "../support/worlds.ts";

/** Facts as short lines. */
function linesOf(desired: DesiredState, actual: readonly ActualResource[]): readonly string[] {
  return factsOf(planOf(desired, actual), desired, actual).map((fact) => {
    switch (fact.code) {
      case "name":
        return `name ${fact.name}: ${fact.ids.map((id) => Number(id.slice(-12))).join(",") || "free"}`;
      case "resource":
        return `${Number(fact.id.slice(-12))} is ${fact.name} ${JSON.stringify(fact.spec)}`;
      case "secret":
        return `secret of ${Number(fact.id.slice(-12))}`;
    }
  });
}

const LOCAL = '{"config_src":"local"}';

describe("factsOf", () => {
  const replaced = entry("web", { replace: id(1), spec: { config_src: "cloudflare" } });
  const cases: readonly (readonly [
    string,
    readonly DesiredEntry[],
    readonly ActualResource[],
    readonly string[],
  ])[] = [
    ["nothing to do", [entry("web")], [tunnel("web", 1)], []],
    ["a create", [entry("web")], [tunnel("other", 1)], ["name web: free"]],
    [
      "a create that would be a rename",
      [entry("web", { renamed_from: "site" })],
      [],
      ["name site: free", "name web: free"],
    ],
    [
      "a rename",
      [entry("web", { renamed_from: "site" })],
      [tunnel("site", 1)],
      ["name site: 1", "name web: free", `1 is site ${LOCAL}`],
    ],
    [
      "a pinned rename, for which a namesake of the old name is nothing",
      [entry("web", { id: id(1) })],
      [tunnel("site", 1)],
      ["name web: free", `1 is site ${LOCAL}`],
    ],
    [
      "a swap, with its temporary name",
      [entry("a", { id: id(2) }), entry("b", { id: id(1) })],
      [tunnel("a", 1), tunnel("b", 2)],
      ["name a: 1", "name b: 2", `name warren-rename-${id(1)}: free`, `1 is a ${LOCAL}`, `2 is b ${LOCAL}`],
    ],
    [
      "a tombstone",
      [entry("web", { state: "absent" })],
      [tunnel("web", 1)],
      ["name web: 1", `1 is web ${LOCAL}`],
    ],
    [
      "a pinned tombstone",
      [entry("web", { state: "absent", id: id(1) })],
      [tunnel("web", 1)],
      [`1 is web ${LOCAL}`],
    ],
    ["a replacement", [replaced], [tunnel("web", 1)], ["name web: 1", `1 is web ${LOCAL}`]],
  ];

  test.each(cases)("%s", (_, entries, actual, lines) => {
    expect(linesOf(state(entries), actual)).toEqual(lines);
  });

  test("a prune, which rests on nothing but what it deletes", () => {
    const desired = state([], { prune: [scope("p-")] });
    expect(linesOf(desired, [tunnel("p-a", 1), tunnel("q-a", 2)])).toEqual([
      "name p-a: 1",
      `1 is p-a ${LOCAL}`,
    ]);
  });

  test("a secret that differs", () => {
    const desired = state([entry("web", { secrets: { tunnel_secret: { env: "S" } } })]);
    const secrets = [
      { id: id(1), attribute: "tunnel_secret", comparison: { verdict: "differs" } },
      { id: id(2), attribute: "tunnel_secret", comparison: { verdict: "differs" } },
    ] as const;
    const actual = [tunnel("web", 1)];
    const facts = factsOf(planOf(desired, actual, { secrets }), desired, actual, secrets);
    expect(facts.filter(({ code }) => code === "secret")).toEqual([
      { code: "secret", kind: "cfd_tunnel", id: id(1), attribute: "tunnel_secret" },
    ]);
    expect(changedFacts(facts, actual, secrets)).toEqual([]);
    const same = [{ ...secrets[0], comparison: { verdict: "same" } }] as const;
    expect(changedFacts(facts, actual, same)).toMatchObject([{ code: "secret", found: "same" }]);
    expect(changedFacts(facts, actual, [])).toMatchObject([{ code: "secret", found: "unknown" }]);
    const others = [{ ...secrets[0], id: id(2) }, { ...secrets[0], attribute: "other" }, same[0]] as const;
    expect(changedFacts(facts, actual, others)).toMatchObject([{ code: "secret", found: "same" }]);
    const undeclared = [...secrets, { ...secrets[0], attribute: "other" }] as const;
    expect(factsOf(planOf(desired, actual, { secrets }), desired, actual, undeclared)).toEqual(facts);
  });

  test("of two secrets are two", () => {
    const written = { secrets: { tunnel_secret: { env: "S" } } };
    const desired = state([entry("a", written), entry("b", written)]);
    const actual = [tunnel("a", 1), tunnel("b", 2)];
    const secrets = [1, 2].map((number) => ({
      id: id(number),
      attribute: "tunnel_secret",
      comparison: { verdict: "differs" } as const,
    }));
    const facts = factsOf(planOf(desired, actual, { secrets }), desired, actual, secrets);
    expect(facts.flatMap((fact) => (fact.code === "secret" ? [fact.id] : []))).toEqual([id(1), id(2)]);
  });

  test("hold for the kind as well", () => {
    const desired = state([entry("web", { state: "absent" })]);
    const facts = factsOf(planOf(desired, [tunnel("web", 1)]), desired, [tunnel("web", 1)]);
    const other = { ...tunnel("web", 1), kind: "warp_connector" };
    expect(changedFacts(facts, [other], []).map(({ code }) => code)).toEqual(["name", "resource"]);
  });

  test("say who bears a name by sorted ids, in whatever order the account was read", () => {
    const desired = state([entry("a", { state: "absent", id: id(3) }), entry("x", { renamed_from: "a" })]);
    const actual = [tunnel("a", 3), tunnel("a", 2)];
    const plan = planOf(desired, actual);
    expect(factsOf(plan, desired, actual)).toEqual(factsOf(plan, desired, actual.toReversed()));
  });
});

describe("facts of any plan", () => {
  test("hold in the reading that it was made from, and then the plan comes out the same again", () => {
    fc.assert(
      fc.property(anyCase, ({ desired, actual }) => {
        const plan = planOf(desired, actual);
        const earlier = { plan, desired, targets: [], secrets: [] };
        expect(changedFacts(factsOf(plan, desired, actual), actual, [])).toEqual([]);
        const again = planAgain(earlier, actual, kinds, NOW);
        expect(changedChanges(plan, again)).toEqual([]);
        if (plan.changes.length > 0 && plan.blocked.length === 0) {
          expect(again.blocked).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("that still hold after any change of the account leave its changes what they were, or refused", () => {
    let held = 0;
    fc.assert(
      fc.property(anyCase.chain(movedWorld), ({ desired, actual, later }) => {
        const plan = planOf(desired, actual);
        if (plan.blocked.length > 0 || changedFacts(factsOf(plan, desired, actual), later, []).length > 0) {
          return;
        }
        held += 1;
        const again = planAgain({ plan, desired, targets: [], secrets: [] }, later, kinds, NOW);
        const refused = new Set(again.blocked.map(({ kind, name }) => `${kind}/${name}`));
        const changed = changedChanges(plan, again).filter(
          ({ kind, name }) => !refused.has(`${kind}/${name}`),
        );
        expect(changed).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    // Else this would show nothing.
    expect(held).toBeGreaterThan(300);
  });

  test("do not change when an unrelated tunnel appears, or when health and times move", () => {
    fc.assert(
      fc.property(anyCase, ({ desired, actual }) => {
        const plan = planOf(desired, actual);
        const later = [
          ...actual.map((each) => ({
            ...each,
            ...facts({ status: "healthy", conns_active_at: "2026-01-01T00:00:00Z" }),
          })),
          tunnel("nobody-speaks-of-it", 99),
        ];
        expect(changedFacts(factsOf(plan, desired, actual), later, [])).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("planAgain", () => {
  const desired = state([entry("web", { state: "absent" })], { prune: [scope("p-")] });
  const actual = [tunnel("p-a", 2), tunnel("web", 1)];
  const earlier = { plan: planOf(desired, actual), desired, targets: [], secrets: [] };
  const again = (later: readonly ActualResource[]) => planAgain(earlier, later, kinds, NOW);

  test("leaves what else differs for another plan", () => {
    const later = again([...actual, tunnel("p-new", 3, facts({ created_at: "2025-12-31T23:59:59Z" }))]);
    expect(changesOf(later)).toEqual(["delete cfd_tunnel/p-a", "delete cfd_tunnel/web"]);
    expect(blockedOf(later)).toEqual([]);
  });

  test("refuses a delete of what is live by now, and a prune of what was in use a short while ago", () => {
    const live = { ...tunnel("web", 1), ...facts({ status: "healthy" }) };
    const recent = { ...tunnel("p-a", 2), ...facts({ conns_inactive_at: "2025-12-31T23:59:59Z" }) };
    expect(blockedOf(again([recent, live]))).toEqual([
      "cfd_tunnel/p-a recently_active",
      "cfd_tunnel/web live",
    ]);
  });

  test("may go through another temporary name, since it reads fewer kinds", () => {
    const swap = state([entry("a", { id: id(2) }), entry("b", { id: id(1) })]);
    const cfd = [tunnel("a", 1), tunnel("b", 2)];
    const via = planOf(swap, cfd).changes.flatMap((change) => ("via" in change ? (change.via ?? []) : []));
    const plan = planOf(swap, [...cfd, ...via.map((name) => warp(name, 3))]);
    const result = planAgain({ plan, desired: swap, targets: [], secrets: [] }, cfd, kinds, NOW);
    expect(result.changes).not.toEqual(plan.changes);
    expect(changedChanges(plan, result)).toEqual([]);
  });

  test("lets no change take a name that only a change which it does not hold would free", () => {
    const pinned = state([entry("x"), entry("y", { id: id(9) })]);
    const plan = planOf(pinned, [tunnel("y", 9)]);
    expect(changesOf(plan)).toEqual(["create cfd_tunnel/x"]);
    const result = planAgain(
      { plan, desired: pinned, targets: [], secrets: [] },
      [tunnel("x", 9)],
      kinds,
      NOW,
    );
    expect(changesOf(result)).toEqual([]);
    expect(blockedOf(result)).toEqual(["cfd_tunnel/x name_held"]);
  });

  test("counts against max_deletes what it holds, and nothing else", () => {
    const limited = state([], { prune: [scope("p-")], limits: { max_deletes: 1, min_idle: 0 } });
    const before = [tunnel("p-a", 1)];
    const plan = planOf(limited, before);
    const later = [...before, tunnel("p-b", 2)];
    const result = planAgain({ plan, desired: limited, targets: [], secrets: [] }, later, kinds, NOW);
    expect(changesOf(result)).toEqual(["delete cfd_tunnel/p-a"]);
    expect(blockedOf(result)).toEqual([]);
  });
});

/** The same account after somebody deleted, renamed, reconfigured or made a few tunnels. */
function movedWorld(one: { readonly desired: DesiredState; readonly actual: readonly ActualResource[] }) {
  const name = fc.constantFrom("a", "b", "c", "d", "p-a", "p-b", "x");
  const move = fc.record({ at: fc.nat(20), how: fc.constantFrom("delete", "rename", "flip", "make"), name });
  return fc.array(move, { minLength: 1, maxLength: 2 }).map((moves) => {
    let later = [...one.actual];
    for (const { at, how, name } of moves) {
      const target = later[at % Math.max(1, later.length)];
      if (how === "make") {
        later.push(tunnel(name, 50 + at));
      } else if (target !== undefined) {
        const flipped = target.spec["config_src"] === "local" ? "cloudflare" : "local";
        later =
          how === "delete"
            ? later.filter((each) => each !== target)
            : later.map((each) =>
                each !== target
                  ? each
                  : how === "rename"
                    ? { ...each, name }
                    : { ...each, spec: { config_src: flipped } },
              );
      }
    }
    const ids = new Set<string>();
    return { ...one, later: later.filter(({ id }) => !ids.has(id) && ids.add(id)) };
  });
}
