import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change, Plan } from "../../src/engine/model/change.ts";
import { plan } from "../../src/engine/plan.ts";
import type { ActualResource, DesiredState } from "../../src/engine/model/resource.ts";
import { kinds } from "../../src/kinds/index.ts";
import { blockedOf, changesOf, NOW, planOf } from "../support/builders.ts";
import { play, unmet } from "../support/model.ts";
import { anyCase, type Case, dice, swapCase, worldOf } from "../support/worlds.ts";

const RUNS = { numRuns: 1_500 };

const calmCase = anyCase.filter(({ desired, actual }) => planOf(desired, actual).blocked.length === 0);

describe("a plan", () => {
  test("of a state against itself is empty", () => {
    fc.assert(
      fc.property(anyCase, ({ desired }) => {
        const plan = planOf(desired, worldOf(desired));
        expect(changesOf(plan)).toEqual([]);
        expect(blockedOf(plan)).toEqual([]);
        expect(plan.steps).toEqual([]);
        expect(plan.unmanaged).toEqual([]);
        expect(plan.unchanged).toBe(desired.entries.length);
      }),
      RUNS,
    );
  });

  test("is the same for inputs in another order", () => {
    fc.assert(
      fc.property(anyCase.chain(shuffled), ([{ desired, actual }, other]) => {
        expect(plan(other.desired, other.actual, kinds.toReversed(), { now: NOW })).toEqual(
          planOf(desired, actual),
        );
      }),
      RUNS,
    );
  });

  test("that is played, in any order it allows, gives the desired state, and no name is held twice", () => {
    fc.assert(
      fc.property(calmCase, dice, ({ desired, actual }, pick) => {
        const { world, faults } = play(planOf(desired, actual), actual, pick);
        expect(faults).toEqual([]);
        expect(unmet(desired, world)).toEqual([]);
        // Of two namesakes neither is pruned; once one has moved away, the next plan prunes the other.
        const prune = hasNamesakes(actual) ? [] : desired.prune;
        const again = planOf({ ...desired, prune }, world);
        expect(blockedOf(again)).toEqual([]);
        expect(changesOf(again)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("of which some steps fail never takes a name that is held", () => {
    fc.assert(
      fc.property(anyCase, dice, ({ desired, actual }, pick) => {
        const { faults } = play(planOf(desired, actual), actual, pick, { fails: () => pick(4) === 0 });
        expect(faults).toEqual([]);
      }),
      RUNS,
    );
  });

  test("that pins all it moves takes no name of the other kind's before that one has left it", () => {
    fc.assert(
      fc.property(swapCase, dice, ({ desired, actual }, pick) => {
        const { faults, world } = play(planOf(desired, actual), actual, pick, { sharedNames: true });
        expect(faults).toEqual([]);
        expect(unmet(desired, world)).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("after a crash", () => {
  test("a plan that was not blocked still is not, and converges", () => {
    fc.assert(
      fc.property(calmCase, dice, dice, ({ desired, actual }, pick, cut) => {
        fc.pre(!replacesBesideRename({ desired, actual }));
        const first = planOf(desired, actual);
        const crashed = play(first, actual, pick, { stopAfter: cut(first.steps.length + 1) });
        const prune = hasNamesakes(actual) ? [] : desired.prune;
        const second = planOf({ ...desired, prune }, crashed.world);
        expect(blockedOf(second)).toEqual([]);
        const { world, faults } = play(second, crashed.world, pick);
        expect(faults).toEqual([]);
        expect(unmet(desired, world)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("a swap is finished, however often it crashes", () => {
    fc.assert(
      fc.property(swapCase, dice, ({ desired, actual }, pick) => {
        let world = actual;
        for (let run = 0; run < 12; run += 1) {
          const plan = planOf(desired, world);
          expect(blockedOf(plan)).toEqual([]);
          const played = play(
            plan,
            world,
            pick,
            run === 11 ? {} : { stopAfter: Math.min(1 + pick(2), plan.steps.length) },
          );
          expect(played.faults).toEqual([]);
          world = played.world;
        }
        expect(unmet(desired, world)).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("a plan never", () => {
  test("touches what no entry mentions and no scope covers", () => {
    always(({ desired, actual }, { changes, unmanaged }) => {
      for (const { before, reason } of changes) {
        if (before !== null && !mentioned(before, desired)) {
          expect(reason.code).toBe("prune");
          expect(
            desired.prune.some(
              ({ prefix, kinds }) => before.name.startsWith(prefix) && kinds.includes(before.kind),
            ),
          ).toBe(true);
        }
      }
      for (const resource of actual) {
        const places = [
          mentioned(resource, desired),
          unmanaged.includes(resource),
          pruned({ desired, actual }, resource),
        ].filter(Boolean);
        expect(places.length).toBe(1);
      }
    });
  });

  test("deletes what an entry mentions, save by its own tombstone or replacement", () => {
    always(({ desired }, { changes }) => {
      for (const { action, before, name, reason } of changes) {
        if (before !== null && (action === "delete" || action === "replace") && mentioned(before, desired)) {
          const own = desired.entries.find((entry) => entry.kind === before.kind && entry.name === name);
          expect(name).toBe(before.name);
          expect(action === "delete" ? own?.state : own?.replace).toBe(
            action === "delete" ? "absent" : before.id,
          );
          expect([null, before.id]).toContain(own?.id);
          expect(["tombstone", "replace_allowed"]).toContain(reason.code);
        }
      }
    });
  });

  test("deletes what is live or protected, or prunes what was in use a short while ago", () => {
    always(({ desired }, { changes }) => {
      for (const { action, before, reason } of changes) {
        if (action === "delete" || action === "replace") {
          expect(["inactive", "down"]).toContain(before?.facts["status"]);
          expect(before === null ? true : isProtected(before.name, desired)).toBe(false);
        }
        if (reason.code === "prune" && desired.limits.min_idle > 0) {
          expect(before?.facts["created_at"]).toMatch(/^2024/);
        }
      }
    });
  });

  test("renames what is protected by its live name", () => {
    always(({ desired }, { changes }) => {
      for (const { action, before, fields } of changes) {
        if (action === "update" && fields.includes("name")) {
          expect(isProtected(before.name, desired)).toBe(false);
        }
      }
    });
  });

  test("deletes without a prune, a tombstone or a replacement", () => {
    always(({ desired }, { changes }) => {
      const asked = desired.entries.some(({ state, replace }) => state === "absent" || replace !== null);
      if (!asked && desired.prune.length === 0) {
        expect(changes.filter(({ action }) => action === "delete" || action === "replace")).toEqual([]);
      }
    });
  });

  test("has a resource in two changes, or an entry in a change and blocked", () => {
    always((_, { changes, blocked }) => {
      expectOnce(changes.flatMap(({ id }) => id ?? []));
      expectOnce([...changes, ...blocked].map(({ kind, name }) => `${kind}/${name}`));
    });
  });

  test("prunes or replaces more than the limit without saying so", () => {
    always(({ desired }, plan) => {
      const counted = plan.changes.filter(
        ({ action, reason }) => action === "replace" || reason.code === "prune",
      );
      expect(blockedOf(plan).includes("max_deletes")).toBe(counted.length > desired.limits.max_deletes);
    });
  });
});

describe("each plan", () => {
  test("accounts for every entry", () => {
    always(({ desired }, { changes, blocked, unchanged }) => {
      const ofEntries = [...changes, ...blocked].filter(({ kind, name }) =>
        desired.entries.some((entry) => entry.kind === kind && entry.name === name),
      );
      expect(ofEntries.length + unchanged).toBe(desired.entries.length);
    });
  });

  test("has the steps of its changes and no others, each after those that it waits for", () => {
    always((_, { changes, steps }) => {
      const known = new Set<Change>(changes);
      expect(steps.every(({ change }) => known.has(change))).toBe(true);
      expectOnce(steps.map(({ id }) => id));
      for (const change of changes) {
        const operations = steps.filter((step) => step.change === change).map(({ operation }) => operation);
        const aside = change.action === "update" && change.via !== null;
        expect(operations).toEqual(
          aside
            ? ["rename_aside", "update"]
            : change.action === "replace"
              ? ["delete", "create"]
              : [change.action],
        );
      }
      const before = new Set<string>();
      for (const { id, needs, after } of steps) {
        expect([...needs, ...after].filter((other) => !before.has(other))).toEqual([]);
        before.add(id);
      }
    });
  });

  test("deletes last, save what it replaces", () => {
    always((_, { steps }) => {
      const stages = steps.map(({ stage }) => stage);
      expect(stages).toEqual([...stages].sort());
      for (const { stage, change } of steps) {
        expect(stage === "teardown").toBe(change.action === "delete");
      }
    });
  });

  test("is sorted", () => {
    always((_, { changes, blocked, unmanaged }) => {
      for (const list of [changes, blocked.filter(({ kind }) => kind !== null), unmanaged]) {
        const keys = list.map(({ kind, name, id }) => JSON.stringify([kind, name, id]));
        expect(keys).toEqual([...keys].sort());
      }
    });
  });
});

describe("the generated worlds", () => {
  test("reach what the properties speak of", () => {
    const seen = new Map<string, number>();
    const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
    for (const { desired, actual } of fc.sample(anyCase, { numRuns: 2_000, seed: 1 })) {
      const plan = planOf(desired, actual);
      count(plan.blocked.length === 0 ? "not blocked" : "blocked somewhere");
      plan.changes.forEach(({ action, reason }) => count(`${action} ${reason.code}`));
      plan.blocked.forEach(({ reason }) => count(`blocked ${reason.code}`));
      plan.notes.forEach(({ reason }) => count(`note ${reason.code}`));
      plan.steps.forEach(({ operation }) => count(operation));
    }
    const rare = EXPECTED.filter((key) => (seen.get(key) ?? 0) < 10);
    expect(rare).toEqual([]);
  });
});

const EXPECTED = [
  "not blocked",
  "blocked somewhere",
  "create declared",
  "update renamed_from",
  "update pinned",
  "delete tombstone",
  "delete prune",
  "replace replace_allowed",
  "rename_aside",
  "blocked ambiguous_name",
  "blocked id_gone",
  "blocked id_of_other_kind",
  "blocked id_under_other_name",
  "blocked name_held",
  "blocked claimed_twice",
  "blocked immutable_attribute",
  "blocked live",
  "blocked protected",
  "blocked recently_active",
  "blocked activity_unknown",
  "blocked max_deletes",
  "note rename_has_no_effect",
  "note replace_has_no_effect",
  "note duplicate_unmanaged",
  "note namesake_spared",
  "note delete_and_create",
];

function always(check: (input: Case, plan: Plan) => void): void {
  fc.assert(
    fc.property(anyCase, (input) => check(input, planOf(input.desired, input.actual))),
    RUNS,
  );
}

function shuffled({ desired, actual }: Case): fc.Arbitrary<readonly [Case, Case]> {
  return fc
    .record({ entries: whole(desired.entries), prune: whole(desired.prune), actual: whole(actual) })
    .map(({ entries, prune, actual: other }) => [
      { desired, actual },
      { desired: { ...desired, entries, prune }, actual: other },
    ]);
}

function whole<T>(list: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
}

function mentioned({ kind, name, id }: ActualResource, { entries }: DesiredState): boolean {
  return entries.some(
    (entry) =>
      (entry.kind === kind && (entry.name === name || entry.renamed_from === name)) ||
      entry.id === id ||
      entry.replace === id,
  );
}

/** Whether a resource is in a plan as pruned, or as one that may not be pruned. */
function pruned({ desired, actual }: Case, resource: ActualResource): boolean {
  const { changes, blocked } = planOf(desired, actual);
  return [...changes, ...blocked].some(({ id }) => id === resource.id) && !mentioned(resource, desired);
}

function isProtected(name: string, desired: DesiredState): boolean {
  return desired.protected.some((pattern) =>
    new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "u").test(name),
  );
}

function hasNamesakes(actual: readonly ActualResource[]): boolean {
  return new Set(actual.map(({ kind, name }) => `${kind}/${name}`)).size < actual.length;
}

/**
 * A replacement whose entry has an old name that lives: once the old resource is gone, that name is free, so that
 * after a crash the entry asks for the rename instead.
 */
function replacesBesideRename({ desired, actual }: Case): boolean {
  return planOf(desired, actual).changes.some(
    ({ action, kind, name }) =>
      action === "replace" &&
      desired.entries.some(
        (entry) =>
          entry.kind === kind &&
          entry.name === name &&
          actual.some((other) => other.kind === kind && other.name === entry.renamed_from),
      ),
  );
}

function expectOnce(keys: readonly string[]): void {
  expect(keys.length).toBe(new Set(keys).size);
}
