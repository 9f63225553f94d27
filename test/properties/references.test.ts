import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/engine/model/change.ts";
import { plan } from "../../src/engine/plan.ts";
import type { ActualResource, DesiredEntry, DesiredState } from "../../src/engine/model/resource.ts";
import { byKindAndName } from "../../src/engine/model/resource.ts";
import { blockedOf, changesOf, entry, id, NOW, scope, state, tunnel } from "../support/builders.ts";
import { play } from "../support/model.ts";
import { liveBox, liveToy, refer, withToys } from "../support/toy.ts";
import { asFilesMaySay, type Case, dice } from "../support/worlds.ts";

const RUNS = { numRuns: 1_500 };

const TUNNELS = ["w", "x", "p-w", "p-x"] as const;
/** Names that no entry has. */
const OLD = ["o", "p-o"] as const;
const BOXES = ["b", "p-b"] as const;
/** The second is written otherwise than the API reports it. */
const HOOKS = ["a", "B", "c"] as const;
const KINDS = ["cfd_tunnel", "toy", "toy_box", "warp_connector"];

const presence = fc.constantFrom("present", "present", "present", "absent", "unwritten");
const holder = fc.record({ written: presence, from: fc.option(fc.constantFrom(...OLD), { freq: 2 }) });
const toyOf = fc.record({
  written: presence,
  hook: fc.constantFrom(...HOOKS),
  box: fc.constantFrom(null, ...BOXES),
  kind: fc.constantFrom("cfd_tunnel", "cfd_tunnel", "warp_connector"),
  tunnel: fc.constantFrom(...TUNNELS),
});
const liveOf = fc.record({
  hook: fc.constantFrom("a", "b", "c"),
  box: fc.constantFrom(null, 21, 22),
  tunnel: fc.integer({ min: 1, max: 10 }),
});

/** Tunnels of both kinds and boxes, and toys that refer to them: wherever an entry is, its resource may be, or not. */
const toyCase: fc.Arbitrary<Case> = fc
  .record({
    holders: fc.array(holder, { minLength: 8, maxLength: 8 }),
    boxes: fc.array(presence, { minLength: 2, maxLength: 2 }),
    toys: fc.array(toyOf, { maxLength: 6 }),
    tunnelsThere: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
    oldThere: fc.subarray([0, 1]),
    boxesThere: fc.subarray([0, 1]),
    toysThere: fc.uniqueArray(liveOf, { maxLength: 5, selector: ({ hook, box }) => `${hook} ${box}` }),
    pruned: fc.subarray(["cfd_tunnel", "toy_box", "warp_connector"]),
  })
  .map(({ holders, boxes, toys, tunnelsThere, oldThere, boxesThere, toysThere, pruned }) => {
    const kindAt = (at: number) => (at < 4 ? "cfd_tunnel" : "warp_connector");
    const nameAt = (at: number) => TUNNELS[at % 4] ?? "w";
    const entries = [
      ...holders.flatMap(({ written, from }, at) =>
        declared(nameAt(at), written, { kind: kindAt(at), renamed_from: from }),
      ),
      ...boxes.flatMap((written, at) => declared(BOXES[at] ?? "b", written, { kind: "toy_box" })),
      ...toys.flatMap(({ written, hook, box, kind, tunnel }) =>
        declared(`${hook}-${box}`, written, {
          kind: "toy",
          spec: {
            hook,
            tunnel_id: refer(kind, tunnel),
            ...(box === null ? {} : { box_id: refer("toy_box", box) }),
          },
        }),
      ),
    ];
    const actual = [
      ...tunnelsThere.map((at) => tunnel(nameAt(at), at + 1, { kind: kindAt(at) })),
      ...oldThere.map((at) => tunnel(OLD[at] ?? "o", at + 9)),
      ...boxesThere.map((at) => liveBox(BOXES[at] ?? "b", at + 21)),
      ...toysThere.map(({ hook, box, tunnel }, at) =>
        liveToy(hook, at + 41, {
          tunnel_id: id(tunnel),
          ...(box === null ? {} : { box_id: id(box) }),
        }),
      ),
    ].sort(byKindAndName);
    const desired = state(asFilesMaySay(entries), {
      kinds: KINDS,
      prune: pruned.length === 0 ? [] : [scope("p-", pruned)],
      limits: { max_deletes: 100, min_idle: 0, max_routes: 1_000 },
    });
    return { desired, actual };
  });

function declared(
  name: string,
  written: "present" | "absent" | "unwritten",
  change: Partial<DesiredEntry>,
): readonly DesiredEntry[] {
  return written === "unwritten" ? [] : [entry(name, { ...change, state: written })];
}

function planToys(desired: DesiredState, actual: readonly ActualResource[]): Plan {
  return plan(desired, actual, withToys, { now: NOW });
}

const calmCase = toyCase.filter(({ desired, actual }) => planToys(desired, actual).blocked.length === 0);

describe("a plan with references", () => {
  test("is the same for inputs in another order", () => {
    fc.assert(
      fc.property(
        toyCase.chain((input) =>
          fc.tuple(fc.constant(input), whole(input.desired.entries), whole(input.actual), whole(withToys)),
        ),
        ([{ desired, actual }, entries, others, kinds]) => {
          expect(plan({ ...desired, entries }, others, kinds, { now: NOW })).toEqual(
            planToys(desired, actual),
          );
        },
      ),
      RUNS,
    );
  });

  test("that is played, in any order it allows, gives the desired state: nothing is referred to before it is there or after it is gone", () => {
    fc.assert(
      fc.property(calmCase, dice, ({ desired, actual }, pick) => {
        const { world, faults } = play(planToys(desired, actual), actual, pick);
        expect(faults).toEqual([]);
        expect(unmet(desired, world)).toEqual([]);
        const again = planToys(desired, world);
        expect(blockedOf(again)).toEqual([]);
        expect(changesOf(again)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("of which some steps fail sends nothing that refers to what is not there", () => {
    fc.assert(
      fc.property(toyCase, dice, ({ desired, actual }, pick) => {
        const { faults } = play(planToys(desired, actual), actual, pick, { fails: () => pick(4) === 0 });
        expect(faults).toEqual([]);
      }),
      RUNS,
    );
  });

  test("after a crash is not blocked where it was not, and converges", () => {
    fc.assert(
      fc.property(calmCase, dice, dice, ({ desired, actual }, pick, cut) => {
        const first = planToys(desired, actual);
        const crashed = play(first, actual, pick, { stopAfter: cut(first.steps.length + 1) });
        const second = planToys(desired, crashed.world);
        expect(blockedOf(second)).toEqual([]);
        const { world, faults } = play(second, crashed.world, pick);
        expect(faults).toEqual([]);
        expect(unmet(desired, world)).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("the generated worlds", () => {
  test("reach what the properties speak of", () => {
    const seen = new Map<string, number>();
    const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
    for (const { desired, actual } of fc.sample(toyCase, { numRuns: 2_000, seed: 1 })) {
      const made = planToys(desired, actual);
      count(made.blocked.length === 0 ? "not blocked" : "blocked somewhere");
      made.changes.forEach(({ action, kind }) => count(`${action} ${kind}`));
      made.blocked.forEach(({ reason }) => count(`blocked ${reason.code}`));
      made.steps.forEach(({ needs }) => count(needs.length > 0 ? "waits" : "waits for none"));
      const referring = made.changes.filter(({ after }) => JSON.stringify(after).includes("$ref"));
      count(referring.length > 0 ? "refers to what is made" : "refers to nothing new");
    }
    expect(EXPECTED.filter((key) => (seen.get(key) ?? 0) < 10)).toEqual([]);
  });
});

const EXPECTED = [
  "not blocked",
  "blocked somewhere",
  "create toy",
  "create toy_box",
  "update toy",
  "delete toy",
  "delete toy_box",
  "update cfd_tunnel",
  "blocked reference_missing",
  "blocked reference_to_deleted",
  "waits",
  "refers to what is made",
];

/** What is not as the files ask for it. Knows the contract, and nothing of how a plan is made. */
function unmet({ entries }: DesiredState, world: readonly ActualResource[]): readonly string[] {
  const idOf = (value: unknown) => {
    const { $ref: to } = (value ?? { $ref: null }) as { readonly $ref: DesiredEntry | null };
    return world.find(({ kind, name }) => kind === to?.kind && name === to.name)?.id;
  };
  return entries.flatMap(({ kind, name, state, spec }) => {
    const box = idOf(spec["box_id"]);
    const hook = typeof spec["hook"] === "string" ? spec["hook"].toLowerCase() : null;
    const found = world.filter((actual) =>
      kind === "toy"
        ? actual.kind === kind && actual.spec["hook"] === hook && actual.spec["box_id"] === box
        : actual.kind === kind && actual.name === name,
    );
    // Of a tombstone whose box is gone nobody can say which one it meant: the box took it along.
    const isThere =
      found.length === 1 && (kind !== "toy" || found[0]?.spec["tunnel_id"] === idOf(spec["tunnel_id"]));
    const isMeant = spec["box_id"] === undefined || box !== undefined;
    return (state === "present" ? isThere : !isMeant || found.length === 0)
      ? []
      : [`${state} ${kind}/${name}`];
  });
}

function whole<T>(list: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
}
