import { describe, expect, test } from "vitest";
import type { Update } from "../../src/engine/model/change.ts";
import type { ActualResource, DesiredEntry } from "../../src/engine/model/resource.ts";
import { entry, id, planOf, scope, state, stepsOf, tunnel, warp, warpEntry } from "../support/builders.ts";

function stagesOf(entries: readonly DesiredEntry[], world: readonly ActualResource[]) {
  const plan = planOf(state(entries), world);
  expect(plan.blocked).toEqual([]);
  return stepsOf(plan);
}

function viaOf(entries: readonly DesiredEntry[], world: readonly ActualResource[]): Record<string, string> {
  const updates = planOf(state(entries), world).changes.filter(
    (change): change is Update => change.action === "update",
  );
  return Object.fromEntries(updates.flatMap(({ name, via }) => (via === null ? [] : [[name, via]])));
}

const web = "cfd_tunnel/";
const branch = "warp_connector/";

test("an empty plan has no stage", () => {
  expect(stagesOf([], [])).toEqual([]);
});

test("what builds stands before the deletes, and none of it waits without need", () => {
  const entries = [
    entry("a"),
    entry("b", { state: "absent" }),
    entry("c", { renamed_from: "d" }),
    entry("e", { spec: { config_src: "cloudflare" }, replace: id(3) }),
  ];
  expect(stagesOf(entries, [tunnel("b", 1), tunnel("d", 2), tunnel("e", 3)])).toEqual([
    [`create ${web}a`, `update ${web}c`, `delete ${web}e`, `create ${web}e needs 2`],
    [`delete ${web}b`],
  ]);
});

test("deletes alone are one stage", () => {
  expect(stepsOf(planOf(state([entry("a", { state: "absent" })]), [tunnel("a", 1)]))).toEqual([
    [`delete ${web}a`],
  ]);
});

describe("a name that another rename frees", () => {
  test("is taken after that rename", () => {
    const chain = [entry("a", { renamed_from: "b" }), entry("b", { renamed_from: "c" }), entry("c")];
    expect(stagesOf(chain.slice(0, 2), [tunnel("b", 1), tunnel("c", 2)])).toEqual([
      [`update ${web}a`, `update ${web}b needs 0`],
    ]);
  });

  test("is taken by a create after that rename", () => {
    expect(stagesOf([entry("a"), entry("b", { id: id(1) })], [tunnel("a", 1)])).toEqual([
      [`update ${web}b`, `create ${web}a needs 0`],
    ]);
  });

  test("by two namesakes, is taken after both", () => {
    const entries = [entry("a", { id: id(3) }), entry("b", { id: id(1) }), entry("c", { id: id(2) })];
    expect(stagesOf(entries, [tunnel("a", 1), tunnel("a", 2), tunnel("z", 3)])).toEqual([
      [`update ${web}b`, `update ${web}c`, `update ${web}a needs 0,1`],
    ]);
  });

  test("in the other kind, is only followed: nobody knows whether kinds share their names", () => {
    const entries = [entry("a", { renamed_from: "z" }), warpEntry("b", { renamed_from: "a" })];
    expect(stagesOf(entries, [tunnel("z", 1), warp("a", 2)])).toEqual([
      [`update ${branch}b`, `update ${web}a after 0`],
    ]);
  });

  test("in the other kind, is followed by a create as well", () => {
    const entries = [entry("a"), warpEntry("b", { renamed_from: "a" })];
    expect(stagesOf(entries, [warp("a", 2)])).toEqual([[`update ${branch}b`, `create ${web}a after 0`]]);
  });

  test("is not waited for by what bears it already", () => {
    const secrets = { tunnel_secret: { env: "S" } };
    const entries = [entry("a", { id: id(1), secrets }), entry("b", { id: id(2) })];
    const plan = planOf(state(entries), [tunnel("a", 1), tunnel("a", 2)], {
      secrets: [{ id: id(1), attribute: "tunnel_secret", comparison: { verdict: "differs" } }],
    });
    expect(stepsOf(plan)).toEqual([[`update ${web}a`, `update ${web}b`]]);
  });
});

describe("a cycle", () => {
  test("of two goes through a temporary name", () => {
    const swap = [entry("a", { id: id(2) }), entry("b", { id: id(1) })];
    const world = [tunnel("a", 1), tunnel("b", 2)];
    expect(stagesOf(swap, world)).toEqual([
      [`rename_aside ${web}b`, `update ${web}a needs 0`, `update ${web}b needs 1,0`],
    ]);
    expect(viaOf(swap, world)).toEqual({ b: `warren-rename-${id(1)}` });
  });

  test("of more moves one of them aside", () => {
    const cycle = [entry("a", { id: id(2) }), entry("b", { id: id(3) }), entry("c", { id: id(1) })];
    const world = [tunnel("a", 1), tunnel("b", 2), tunnel("c", 3)];
    expect(stagesOf(cycle, world)).toEqual([
      [
        `rename_aside ${web}b`,
        `update ${web}c needs 0`,
        `update ${web}a needs 1`,
        `update ${web}b needs 2,0`,
      ],
    ]);
  });

  test("that other renames and creates wait for is broken once", () => {
    const entries = [
      entry("a", { id: id(2) }),
      entry("b", { id: id(1) }),
      entry("c", { id: id(3) }),
      entry("x"),
      entry("y", { id: id(4) }),
    ];
    const world = [tunnel("a", 1), tunnel("b", 2), tunnel("a", 3), tunnel("x", 4)];
    const [steps = []] = stagesOf(entries, world);
    expect(steps.filter((step) => step.startsWith("rename_aside"))).toHaveLength(1);
    expect(Object.keys(viaOf(entries, world))).toHaveLength(1);
  });

  test("with one pinned member moves that one aside", () => {
    const entries = [entry("a", { id: id(2), renamed_from: "gone" }), entry("b", { renamed_from: "a" })];
    const world = [tunnel("a", 1), tunnel("b", 2)];
    expect(viaOf(entries, world)).toEqual({ a: `warren-rename-${id(2)}` });
  });

  test("through both kinds goes through a temporary name, in case they share their names", () => {
    const swap = [entry("a", { id: id(1) }), warpEntry("b", { id: id(2) })];
    expect(stagesOf(swap, [tunnel("b", 1), warp("a", 2)])).toEqual([
      [`rename_aside ${branch}b`, `update ${web}a after 0`, `update ${branch}b needs 0 after 1`],
    ]);
  });

  test("through both kinds without a pin gives up the order, and nothing else", () => {
    const swap = [entry("a", { renamed_from: "b" }), warpEntry("b", { renamed_from: "a" })];
    expect(stagesOf(swap, [tunnel("b", 1), warp("a", 2)])).toEqual([
      [`update ${branch}b`, `update ${web}a after 0`],
    ]);
  });

  test.each([
    ["of its own kind", tunnel(`warren-rename-${id(1)}`, 9)],
    ["of the other kind", warp(`warren-rename-${id(1)}`, 9)],
  ])("takes the next temporary name when the first is taken by a name %s", (_, other) => {
    const swap = [entry("a", { id: id(2) }), entry("b", { id: id(1) })];
    const second = `warren-rename-${id(1)}-2`;
    expect(viaOf(swap, [tunnel("a", 1), tunnel("b", 2), other])).toEqual({ b: second });
    expect(viaOf([...swap, entry(other.name)], [tunnel("a", 1), tunnel("b", 2)])).toEqual({ b: second });
    const both = [other, tunnel(second, 10)];
    expect(viaOf(swap, [tunnel("a", 1), tunnel("b", 2), ...both])).toEqual({ b: `warren-rename-${id(1)}-3` });
  });
});

describe("a half-done swap", () => {
  const swap = [entry("a", { id: id(2) }), entry("b", { id: id(1) })];
  const aside = `warren-rename-${id(2)}`;

  test("goes on from the temporary name", () => {
    expect(stagesOf(swap, [tunnel("a", 1), tunnel(aside, 2)])).toEqual([
      [`update ${web}b`, `update ${web}a needs 0`],
    ]);
  });

  test("ends with the temporary name", () => {
    expect(stagesOf(swap, [tunnel("b", 1), tunnel(aside, 2)])).toEqual([[`update ${web}a`]]);
  });

  test("that closes a new cycle takes another temporary name", () => {
    const entries = [entry(aside, { id: id(1) }), entry("zzz", { id: id(2) })];
    const world = [tunnel("zzz", 1), tunnel(aside, 2)];
    expect(viaOf(entries, world)).toEqual({ zzz: `${aside}-2` });
  });
});

describe("what is made new although it has an old name", () => {
  const chain = [entry("a", { renamed_from: "b" }), entry("b", { renamed_from: "c" })];

  test("comes before the rename that takes the old name: in between, the old name would look like its own", () => {
    expect(stagesOf(chain, [tunnel("c", 3)])).toEqual([[`create ${web}a`, `update ${web}b needs 0`]]);
  });

  test("comes before the create that takes the old name", () => {
    expect(stagesOf(chain, [])).toEqual([[`create ${web}a`, `create ${web}b needs 0`]]);
  });

  test("as a replacement, comes before both likewise", () => {
    const replacing = [
      { ...chain[0], replace: id(1), spec: { config_src: "cloudflare" } },
      chain[1],
    ] as DesiredEntry[];
    expect(stagesOf(replacing, [tunnel("a", 1)])).toEqual([
      [`delete ${web}a`, `create ${web}a needs 0`, `create ${web}b needs 1`],
    ]);
  });

  test("where the two wait for each other, the pinned one moves aside", () => {
    const entries = [entry("a", { renamed_from: "b" }), entry("b", { id: id(1), renamed_from: "c" })];
    expect(stagesOf(entries, [tunnel("a", 1)])).toEqual([
      [`rename_aside ${web}b`, `create ${web}a needs 0`, `update ${web}b needs 1,0`],
    ]);
  });

  test("has nothing to do with the same names of the other kind", () => {
    const [first] = chain;
    expect(stagesOf([first ?? entry("a"), warpEntry("b")], [])).toEqual([
      [`create ${web}a`, `create ${branch}b`],
    ]);
  });
});

function timed<T>(work: () => T): T {
  const begin = performance.now();
  const result = work();
  // A quadratic step takes minutes; what grows in step with the size takes well under a second.
  expect(performance.now() - begin).toBeLessThan(5_000);
  return result;
}

describe("of 20,000", () => {
  const size = 20_000;
  const all = Array.from({ length: size }, (_, at) => at);

  test("a chain is put in order", () => {
    const entries = all.map((at) => entry(`n${at}`, { renamed_from: `n${at + 1}` }));
    const world = all.map((at) => tunnel(`n${at + 1}`, at));
    const [steps = []] = timed(() => stagesOf(entries, world));
    expect(steps).toHaveLength(size);
    expect(steps[0]).toBe(`update ${web}n0`);
  });

  test("a cycle is put in order", () => {
    const entries = all.map((at) => entry(`n${at}`, { id: id(at) }));
    const world = all.map((at) => tunnel(`n${(at + 1) % size}`, at));
    const [steps = []] = timed(() => stagesOf(entries, world));
    expect(steps).toHaveLength(size + 1);
  });

  test("swaps are put in order", () => {
    const entries = all.map((at) => entry(`n${at}`, { id: id(at) }));
    const world = all.map((at) => tunnel(`n${at ^ 1}`, at));
    const [steps = []] = timed(() => stagesOf(entries, world));
    expect(steps).toHaveLength(size * 1.5);
  });

  test("a cycle whose members wait for swaps in the other kind is put in order", () => {
    const entries = [
      ...all.slice(0, size / 2).map((at) => entry(`n${at}`, { id: id(at) })),
      ...all.slice(0, size / 2).map((at) => warpEntry(`n${at}`, { id: id(size + at) })),
    ];
    const world = [
      ...all.slice(0, size / 2).map((at) => tunnel(`n${(at + 1) % (size / 2)}`, at)),
      ...all.slice(0, size / 2).map((at) => warp(`n${at ^ 1}`, size + at)),
    ];
    const [steps = []] = timed(() => stagesOf(entries, world));
    expect(steps.length).toBeGreaterThan(size);
  });

  test("two chains in opposite directions, one of each kind, are put in order", () => {
    const entries = [
      ...all.slice(1, 2_000).map((at) => entry(`n${at - 1}`, { renamed_from: `n${at}` })),
      ...all.slice(1, 2_000).map((at) => warpEntry(`n${at}`, { renamed_from: `n${at - 1}` })),
    ];
    const world = [
      ...all.slice(1, 2_000).map((at) => tunnel(`n${at}`, at)),
      ...all.slice(1, 2_000).map((at) => warp(`n${at - 1}`, size + at)),
    ];
    const [steps = []] = timed(() => stagesOf(entries, world));
    expect(steps).toHaveLength(3_998);
  });
});

test("prunes stand with the other deletes", () => {
  const desired = state([entry("p-new")], { prune: [scope("p-")] });
  expect(stepsOf(planOf(desired, [tunnel("p-old", 1)]))).toEqual([
    [`create ${web}p-new`],
    [`delete ${web}p-old`],
  ]);
});
