import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change, Plan } from "../../src/engine/model/change.ts";
import type { ComparedSecret } from "../../src/engine/decide/judge.ts";
import type { SecretComparison } from "../../src/engine/model/kind.ts";
import { planAgain, secretsConcerned } from "../../src/engine/compare/again.ts";
import type { ActualResource, DesiredState } from "../../src/engine/model/resource.ts";
import { plan } from "../../src/engine/plan.ts";
import { type ChangedChange, changedChanges } from "../../src/engine/compare/same-changes.ts";
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
import { refer, toyEntry, withToys } from "../support/toy.ts";
import { anyCase, type Case } from "../support/worlds.ts";

type World = readonly ActualResource[];

/** A plan of all entries made again, without secrets. */
function againOf(plan: Plan, desired: DesiredState, actual: World): Plan {
  return planAgain({ plan, desired, targets: [] }, { actual, secrets: [] }, kinds, NOW);
}

describe("planAgain", () => {
  const desired = state([entry("web", { state: "absent" })], { prune: [scope("p-")] });
  const actual = [tunnel("p-a", 2), tunnel("web", 1)];
  const again = (later: readonly ActualResource[]) => againOf(planOf(desired, actual), desired, later);

  test("blocks what waits for something that an earlier plan had not to make", () => {
    const written = [entry("web"), toyEntry("a", { tunnel_id: refer("cfd_tunnel", "web") })];
    const both = state(written, { kinds: ["cfd_tunnel", "toy"] });
    const earlier = plan(both, [tunnel("web", 1)], withToys, { now: NOW });
    expect(changesOf(earlier)).toEqual(["create toy/a"]);
    const later = planAgain(
      { plan: earlier, desired: both, targets: [] },
      { actual: [], secrets: [] },
      withToys,
      NOW,
    );
    expect(changesOf(later)).toEqual([]);
    expect(blockedOf(later)).toEqual(["toy/a reference_missing"]);
  });

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
    const result = againOf(plan, swap, cfd);
    expect(result.changes).not.toEqual(plan.changes);
    expect(changedChanges(plan, result, { actual: cfd, secrets: [] }, kinds)).toEqual([]);
  });

  test("lets no change take a name that only a change which it does not hold would free", () => {
    const pinned = state([entry("x"), entry("y", { id: id(9) })]);
    const plan = planOf(pinned, [tunnel("y", 9)]);
    expect(changesOf(plan)).toEqual(["create cfd_tunnel/x"]);
    const result = againOf(plan, pinned, [tunnel("x", 9)]);
    expect(changesOf(result)).toEqual([]);
    expect(blockedOf(result)).toEqual(["cfd_tunnel/x name_held"]);
  });

  test("counts against max_deletes what it holds, and nothing else", () => {
    const limited = state([], {
      prune: [scope("p-")],
      limits: { max_deletes: 1, min_idle: 0, max_routes: 1_000 },
    });
    const before = [tunnel("p-a", 1)];
    const plan = planOf(limited, before);
    const later = [...before, tunnel("p-b", 2)];
    const result = againOf(plan, limited, later);
    expect(changesOf(result)).toEqual(["delete cfd_tunnel/p-a"]);
    expect(blockedOf(result)).toEqual([]);
  });
});

describe("any plan made again", () => {
  test("from the reading that it was made from comes out the same", () => {
    fc.assert(
      fc.property(anyCase, ({ desired, actual }) => {
        const plan = planOf(desired, actual);
        const again = againOf(plan, desired, actual);
        expect(
          changedChanges(
            { changes: plan.changes },
            { ...again, blocked: [] },
            { actual, secrets: [] },
            kinds,
          ),
        ).toEqual([]);
        if (plan.changes.length > 0 && plan.blocked.length === 0) {
          expect(again.blocked).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("differs or is refused where anything has moved that a change rests on, and says of each change why", () => {
    const seen = { held: 0, moved: 0, secrets: 0 };
    fc.assert(
      fc.property(movedCase, ({ desired, actual, later, targets, before, after }) => {
        const plan = planOf(desired, actual, { targets, secrets: before });
        if (plan.blocked.length > 0) {
          return;
        }
        const concerned = new Set(secretsConcerned({ plan, desired, targets }).map(({ id }) => id));
        const secrets = after.filter(({ id }) => concerned.has(id));
        const reading = { actual: later, secrets };
        const again = planAgain({ plan, desired, targets }, reading, kinds, NOW);
        const changed = changedChanges(plan, again, { ...reading, targets }, kinds);
        const moved = plan.changes.some((change) => hasMoved(change, desired, actual, later));
        const resolved = secrets.some(({ comparison }) => comparison.verdict !== "differs");
        seen.moved += moved ? 1 : 0;
        seen.secrets += resolved ? 1 : 0;
        if (moved || resolved) {
          expect(changed).not.toEqual([]);
        } else {
          seen.held += 1;
          // What was to free a name is needed no more once its taker is blocked.
          const isBlocked = changed.some(({ blocked }) => blocked !== null);
          const isIdle = ({ later: now }: ChangedChange) => isBlocked && now === null;
          expect(changed.filter((each) => each.blocked === null && !isIdle(each))).toEqual([]);
        }
        expect(again.blocked.filter(({ kind }) => kind !== null)).toEqual(
          changed.flatMap(({ blocked }) => blocked ?? []),
        );
        for (const { blocked, moved: why } of changed) {
          expect(blocked === null ? why.length : 1).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3_000 },
    );
    // Else this would show nothing.
    expect(Math.min(seen.held, seen.moved)).toBeGreaterThan(300);
    expect(seen.secrets).toBeGreaterThan(20);
  });

  test("is the same or refused when an unrelated tunnel appears, or when health and times move", () => {
    fc.assert(
      fc.property(anyCase, ({ desired, actual }) => {
        const plan = planOf(desired, actual);
        fc.pre(plan.blocked.length === 0);
        const later = [
          ...actual.map((each) => ({
            ...each,
            ...facts({ status: "healthy", conns_active_at: "2026-01-01T00:00:00Z" }),
          })),
          tunnel("nobody-speaks-of-it", 99),
        ];
        const changed = changedChanges(
          plan,
          againOf(plan, desired, later),
          { actual: later, secrets: [] },
          kinds,
        );
        expect(changed.filter(({ blocked }) => blocked?.reason.code !== "live")).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Whether the account has moved anything that a change rests on; told apart from how plans are made. */
function hasMoved(change: Change, { entries }: DesiredState, actual: World, later: World): boolean {
  const { kind, before, after } = change;
  const entry = entries.find((one) => one.kind === kind && one.name === change.name);
  const lives = (world: World) => {
    const found = world.find(({ id }) => id === before?.id);
    return found === undefined ? null : JSON.stringify([found.kind, found.name, found.spec]);
  };
  // Who bears the names: of what is found by its name, of what is taken, and the one that would make it a rename.
  const names = [
    ...(before !== null && (entry?.id ?? null) === null ? [before.name] : []),
    ...(after !== null && change.fields.includes("name") ? [after.name] : []),
    ...(change.action === "create" ? [entry?.renamed_from ?? null] : []),
  ];
  const bearers = (world: World) =>
    names.map((name) =>
      world
        .filter((one) => one.kind === kind && one.name === name)
        .map(({ id }) => id)
        .sort(),
    );
  return (
    (before !== null && lives(actual) !== lives(later)) ||
    JSON.stringify(bearers(actual)) !== JSON.stringify(bearers(later))
  );
}

const verdicts = fc.array(fc.constantFrom("same", "differs", "differs", "differs", "unknown"), {
  minLength: 12,
  maxLength: 12,
});

/** Any case, some of it targeted, its secrets compared, and what the account and the comparisons are later. */
const movedCase = fc
  .tuple(anyCase, fc.boolean())
  .map(withSecrets)
  .chain((one) =>
    fc.record({
      desired: fc.constant(one.desired),
      actual: fc.constant(one.actual),
      later: movedWorld(one),
      targets: fc.oneof(fc.constant([]), fc.subarray([...one.desired.entries])),
      before: verdicts.map((all) => comparisons(one, all)),
      after: verdicts.map((all) => comparisons(one, all)),
    }),
  );

/** Where asked, every entry that may declare a secret does. */
function withSecrets([one, asked]: readonly [Case, boolean]): Case {
  const entries = one.desired.entries.map((entry) =>
    asked && entry.kind === "cfd_tunnel" && entry.state === "present"
      ? { ...entry, secrets: { tunnel_secret: { env: "SECRET" } } }
      : entry,
  );
  return { ...one, desired: { ...one.desired, entries } };
}

function comparisons({ actual }: Case, all: readonly string[]): readonly ComparedSecret[] {
  return actual.map(({ id }, at) => {
    const verdict = all[at % all.length];
    const comparison: SecretComparison =
      verdict === "unknown"
        ? { verdict, why: "no permission" }
        : { verdict: verdict === "same" ? verdict : "differs" };
    return { id, attribute: "tunnel_secret", comparison };
  });
}

/** The same account after somebody deleted, renamed, reconfigured or made a few tunnels. */
function movedWorld({ actual }: Case): fc.Arbitrary<World> {
  const name = fc.constantFrom("a", "b", "c", "d", "p-a", "p-b", "x");
  const how = fc.constantFrom("delete", "rename", "flip", "make", "none");
  return fc.array(fc.record({ at: fc.nat(20), how, name }), { minLength: 1, maxLength: 3 }).map((moves) => {
    let later = [...actual];
    for (const { at, how, name } of moves) {
      const target = later[at % Math.max(1, later.length)];
      if (how === "make" && later.every((one) => one.id !== id(50 + at))) {
        later.push(tunnel(name, 50 + at));
      } else if (target !== undefined && how === "delete") {
        later = later.filter((each) => each !== target);
      } else if (target !== undefined && (how === "rename" || how === "flip")) {
        const flipped = target.spec["config_src"] === "local" ? "cloudflare" : "local";
        const moved = how === "rename" ? { ...target, name } : { ...target, spec: { config_src: flipped } };
        later = later.map((each) => (each === target ? moved : each));
      }
    }
    return later;
  });
}
