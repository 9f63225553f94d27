import { describe, expect, test } from "vitest";
import { plan } from "../../src/engine/plan.ts";
import type { ActualResource, DesiredState } from "../../src/engine/model/resource.ts";
import {
  blockedOf,
  changesOf,
  entry,
  facts,
  id,
  NOW,
  notesOf,
  planOf,
  scope,
  state,
  tunnel,
  warp,
  warpEntry,
} from "../support/builders.ts";

/** What a plan does and what it blocks, in lines. */
function linesOf(desired: DesiredState, world: readonly ActualResource[]): readonly string[] {
  const made = planOf(desired, world);
  return [...changesOf(made), ...blockedOf(made).map((line) => `! ${line}`)];
}

const cloudflare = { spec: { config_src: "cloudflare" } };
const pruning = { prune: [scope("p-")] };
const web = "cfd_tunnel/";

describe("what is managed", () => {
  test("and blocked does not count as unchanged", () => {
    const made = planOf(state([entry("a"), entry("b", cloudflare)]), [tunnel("a", 1), tunnel("b", 2)]);
    expect([made.unchanged, made.blocked.length]).toEqual([1, 1]);
  });

  test("is what the files mention; the rest is unmanaged, sorted", () => {
    const world = [warp("web", 4), tunnel("z", 3), tunnel("web", 1), tunnel("a", 2)];
    const made = planOf(state([entry("web")]), world);
    expect(made.changes).toEqual([]);
    expect(made.unchanged).toBe(1);
    expect(made.unmanaged.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      "cfd_tunnel/a",
      "cfd_tunnel/z",
      "warp_connector/web",
    ]);
  });

  test("is nothing for a file that says nothing", () => {
    expect(linesOf(state([]), [tunnel("a", 1), warp("b", 2)])).toEqual([]);
  });

  test.each([
    ["by its old name", entry("new", { renamed_from: "a" }), tunnel("new", 2)],
    ["by a pin", entry("b", { id: id(1), state: "absent" }), tunnel("z", 2)],
    ["by `replace`", entry("b", { replace: id(1) }), tunnel("b", 2)],
  ])("is what is mentioned %s", (_, mentioning, other) => {
    const made = planOf(state([mentioning]), [tunnel("a", 1), other]);
    expect(made.unmanaged.map(({ id }) => id)).not.toContain(id(1));
  });
});

describe("a prune", () => {
  test("deletes what starts with the prefix and no entry mentions", () => {
    const desired = state([entry("p-kept")], pruning);
    const world = [
      tunnel("p-", 1),
      tunnel("p-gone", 2),
      tunnel("p-kept", 3),
      tunnel("P-gone", 4),
      tunnel("q-p-", 5),
    ];
    const made = planOf(desired, world);
    expect(changesOf(made)).toEqual([`delete ${web}p-`, `delete ${web}p-gone`]);
    expect(made.changes[0]).toMatchObject({
      reason: { code: "prune", prefix: "p-" },
      source: desired.prune[0]?.source,
    });
    expect(made.unmanaged.map(({ name }) => name)).toEqual(["P-gone", "q-p-"]);
  });

  test.each([
    ["by name", entry("p-x")],
    ["by name, as a tombstone whose id is gone", entry("p-x", { state: "absent", id: id(9) })],
    ["by name, pinned to an id that is gone", entry("p-x", { id: id(9) })],
    ["by name, pinned to an id that lives elsewhere", entry("p-x", { id: id(2) })],
    ["by old name", entry("p-y", { renamed_from: "p-x" })],
    ["by old name, of a pinned entry", entry("p-y", { renamed_from: "p-x", id: id(2) })],
    ["by id", entry("p-y", { id: id(1) })],
    ["by id, as a tombstone under another name", entry("p-y", { id: id(1), state: "absent" })],
    ["by id, in the other kind", warpEntry("p-y", { id: id(1) })],
    ["by `replace`", entry("p-y", { replace: id(1) })],
  ])("spares what is mentioned %s", (_, mentioning) => {
    const { changes, blocked } = planOf(state([mentioning], pruning), [tunnel("p-x", 1), tunnel("z", 2)]);
    expect(
      [...changes, ...blocked].filter(({ action, id: of }) => action === "delete" && of === id(1)),
    ).toEqual([]);
  });

  test("spares the namesake of a kind that the scope does not write", () => {
    const desired = state([], { prune: [scope("p-", ["cfd_tunnel"])] });
    expect(linesOf(desired, [warp("p-a", 1), tunnel("p-a", 2)])).toEqual([`delete ${web}p-a`]);
    expect(linesOf(state([], { prune: [scope("p-", [])] }), [warp("p-a", 1), tunnel("p-a", 2)])).toEqual([]);
  });

  test("is of each scope's own kinds", () => {
    const desired = state([], { prune: [scope("p-", ["cfd_tunnel"]), scope("q-", ["warp_connector"])] });
    expect(linesOf(desired, [warp("p-a", 1), tunnel("p-b", 2), warp("q-a", 3), tunnel("q-b", 4)])).toEqual([
      `delete ${web}p-b`,
      "delete warp_connector/q-a",
    ]);
  });

  test("spares a name that an entry of the other kind bears no more than any", () => {
    expect(linesOf(state([warpEntry("p-a")], pruning), [warp("p-a", 1), tunnel("p-a", 2)])).toEqual([
      `delete ${web}p-a`,
    ]);
  });

  test("spares namesakes: nobody knows which is meant", () => {
    const made = planOf(state([], pruning), [tunnel("p-a", 1), tunnel("p-a", 2), tunnel("p-b", 3)]);
    expect(changesOf(made)).toEqual([`delete ${web}p-b`]);
    expect(made.unmanaged.map(({ id }) => id)).toEqual([id(1), id(2)]);
    expect(notesOf(made)).toEqual([`${web}p-a duplicate_unmanaged`]);
  });

  describe("of one of two namesakes, as a pin moves the other away", () => {
    const world = [tunnel("p-a", 1), tunnel("p-a", 2)];
    const moved = entry("b", { id: id(1) });

    test("is planned at once: the name is then its own", () => {
      const made = planOf(state([moved], pruning), world);
      expect(changesOf(made)).toEqual([`update ${web}b <- p-a`, `delete ${web}p-a`]);
      expect(made.changes.find(({ action }) => action === "delete")?.id).toBe(id(2));
      expect([made.unmanaged, notesOf(made)]).toEqual([[], []]);
    });

    test("is not where the move is blocked", () => {
      const blocked = planOf(state([moved], pruning), [...world, tunnel("b", 3)]);
      expect(blocked.changes).toEqual([]);
      expect(blocked.blocked).toMatchObject([{ reason: { code: "name_held" } }]);
    });

    test("is not while two others have the name", () => {
      const made = planOf(state([moved], pruning), [...world, tunnel("p-a", 3)]);
      expect(changesOf(made)).toEqual([`update ${web}b <- p-a`]);
      expect(made.notes).toMatchObject([{ reason: { code: "duplicate_unmanaged", ids: [id(2), id(3)] } }]);
    });
  });

  test.each([
    ["live", facts({ status: "healthy" })],
    ["live", facts({ status: null })],
    ["recently_active", facts({ created_at: "2025-12-31T23:59:59Z" })],
    ["activity_unknown", facts({ created_at: null })],
  ])("is refused: %s", (code, change) => {
    const made = planOf(state([], pruning), [tunnel("p-a", 1, change)]);
    expect(made.changes).toEqual([]);
    expect(made.blocked).toMatchObject([{ action: "delete", name: "p-a", id: id(1), reason: { code } }]);
  });

  test("is refused for a protected name", () => {
    const desired = state([], { ...pruning, protected: ["p-core", "*-db"] });
    expect(linesOf(desired, [tunnel("p-core", 1), tunnel("p-db", 2), tunnel("p-x", 3)])).toEqual([
      `delete ${web}p-x`,
      `! ${web}p-core protected`,
      `! ${web}p-db protected`,
    ]);
  });
});

describe("max_deletes", () => {
  const gone = [tunnel("p-a", 1), tunnel("p-b", 2)];
  const replacing = entry("r", { ...cloudflare, replace: id(3) });

  test.each([
    ["as many prunes as it allows", 2, [], gone, []],
    ["one prune too many", 1, [], gone, ["max_deletes"]],
    [
      "prunes and a replacement, together too many",
      2,
      [replacing],
      [...gone, tunnel("r", 3)],
      ["max_deletes"],
    ],
    ["a replacement, and it allows none", 0, [replacing], [tunnel("r", 3)], ["max_deletes"]],
    [
      "tombstones, which are not counted",
      0,
      [entry("x", { state: "absent" as const })],
      [tunnel("x", 4)],
      [],
    ],
    [
      "what is refused for itself, and not counted",
      2,
      [],
      [...gone, tunnel("p-c", 5, facts({ status: "healthy" }))],
      [`${web}p-c live`],
    ],
  ])("with %s", (_, max_deletes, entries, world, blocked) => {
    const limits = { max_deletes, min_idle: 0 };
    expect(
      blockedOf(planOf(state(entries, { ...pruning, limits: { ...limits, max_routes: 1_000 } }), world)),
    ).toEqual(blocked);
  });

  test("is told last, and counts", () => {
    const limits = { max_deletes: 1, min_idle: 0, max_routes: 1_000 };
    const live = tunnel("p-z", 9, facts({ status: "healthy" }));
    const { blocked, changes } = planOf(state([], { ...pruning, limits }), [...gone, live]);
    expect(blocked.at(-1)).toEqual({
      action: null,
      kind: null,
      name: null,
      id: null,
      reason: { code: "max_deletes", deletes: 2, max_deletes: 1 },
      before: null,
      source: null,
    });
    expect(changes).toHaveLength(2);
  });
});

describe("a tombstone", () => {
  const tombstone = entry("old", { state: "absent" });
  const pinned = entry("old", { state: "absent", id: id(1) });

  test.each([
    ["deletes", tombstone, [tunnel("old", 1)], [`delete ${web}old`]],
    ["is done", tombstone, [], []],
    ["has nothing to do with the other kind", tombstone, [warp("old", 1)], []],
    [
      "of two namesakes is blocked",
      tombstone,
      [tunnel("old", 1), tunnel("old", 2)],
      [`! ${web}old ambiguous_name`],
    ],
    ["deletes what is pinned", pinned, [tunnel("old", 1)], [`delete ${web}old`]],
    [
      "deletes what is pinned and no namesake",
      pinned,
      [tunnel("old", 1), tunnel("old", 2)],
      [`delete ${web}old`],
    ],
    ["of an id that is gone is done", pinned, [], []],
    ["of an id that is gone spares a namesake", pinned, [tunnel("old", 2)], []],
    ["of an id under another name is blocked", pinned, [tunnel("z", 1)], [`! ${web}old id_under_other_name`]],
    ["of an id of the other kind is blocked", pinned, [warp("old", 1)], [`! ${web}old id_of_other_kind`]],
    [
      "of a live one is blocked",
      tombstone,
      [tunnel("old", 1, facts({ status: "degraded" }))],
      [`! ${web}old live`],
    ],
  ])("%s", (_, written, world, lines) => {
    expect(linesOf(state([written]), world)).toEqual(lines);
  });

  test("is refused for a protected name, and asks for no idleness", () => {
    const fresh = tunnel("old", 1, facts({ created_at: "2026-01-01T00:00:00Z" }));
    expect(linesOf(state([tombstone]), [fresh])).toEqual([`delete ${web}old`]);
    expect(linesOf(state([tombstone], { protected: ["o*d"] }), [fresh])).toEqual([`! ${web}old protected`]);
  });

  test("deletes the pinned one of two", () => {
    expect(planOf(state([pinned]), [tunnel("old", 1), tunnel("old", 2)]).changes[0]?.id).toBe(id(1));
  });
});

describe("a pinned entry", () => {
  const pinned = entry("a", { id: id(1) });

  test.each([
    ["is there", [tunnel("a", 1)], []],
    ["lives under another name", [tunnel("z", 1)], [`update ${web}a <- z`]],
    ["is gone", [], [`! ${web}a id_gone`]],
    ["is gone, and a namesake lives", [tunnel("a", 2)], [`! ${web}a id_gone`]],
    ["is of the other kind", [warp("a", 1)], [`! ${web}a id_of_other_kind`]],
    [
      "lives under another name, its own held by what stays",
      [tunnel("z", 1), tunnel("a", 2)],
      [`! ${web}a name_held`],
    ],
  ])("that %s", (_, world, lines) => {
    expect(linesOf(state([pinned]), world)).toEqual(lines);
  });

  test("whose name another tunnel holds does not let that one be pruned", () => {
    const desired = state([entry("p-a", { id: id(1) })], pruning);
    expect(linesOf(desired, [tunnel("p-z", 1), tunnel("p-a", 2)])).toEqual([`! ${web}p-a name_held`]);
  });

  test("takes a name that another of this plan leaves", () => {
    expect(linesOf(state([pinned, entry("b", { id: id(2) })]), [tunnel("z", 1), tunnel("a", 2)])).toEqual([
      `update ${web}a <- z`,
      `update ${web}b <- a`,
    ]);
  });

  test("does not take a name that a tombstone would free: deletes come last", () => {
    const desired = state([pinned, entry("b", { id: id(2), state: "absent" })]);
    expect(linesOf(desired, [tunnel("z", 1), tunnel("a", 2)])).toEqual([
      `! ${web}a name_held`,
      `! ${web}b id_under_other_name`,
    ]);
  });
});

describe("a rename", () => {
  test.each([
    ["of what lives, to a free name", [tunnel("old", 1)], [`update ${web}new <- old`]],
    ["that is done", [tunnel("new", 1)], []],
    ["of nothing, to nothing", [], [`create ${web}new`]],
    ["to a name that lives and stays", [tunnel("old", 1), tunnel("new", 2)], []],
  ])("%s", (_, world, lines) => {
    expect(linesOf(state([entry("new", { renamed_from: "old" })]), world)).toEqual(lines);
  });

  test("is blocked along a whole chain when its end is", () => {
    const chain = [
      entry("a", { renamed_from: "b" }),
      entry("b", { renamed_from: "c" }),
      entry("c", { renamed_from: "d" }),
    ];
    const world = [tunnel("b", 1), tunnel("c", 2), tunnel("d", 3)];
    expect(linesOf(state(chain, { protected: ["b"] }), world)).toEqual([
      `! ${web}a protected`,
      `! ${web}b name_held`,
      `! ${web}c name_held`,
    ]);
    expect(planOf(state(chain, { protected: ["b"] }), world).blocked[2]).toMatchObject({
      action: "update",
      id: id(3),
      reason: { code: "name_held", name: "c", holder: id(2) },
    });
  });

  test("blocks the create that waits for its old name", () => {
    const entries = [entry("a"), entry("b", { id: id(1), ...cloudflare })];
    expect(linesOf(state(entries), [tunnel("a", 1)])).toEqual([
      `! ${web}a name_held`,
      `! ${web}b immutable_attribute`,
    ]);
  });

  test("in a cycle is blocked with all of it", () => {
    const entries = [entry("a", { id: id(2) }), entry("b", { id: id(1), ...cloudflare })];
    expect(linesOf(state(entries), [tunnel("a", 1), tunnel("b", 2)])).toEqual([
      `! ${web}a name_held`,
      `! ${web}b immutable_attribute`,
    ]);
  });

  test("to the name of a tunnel that is to be deleted is blocked", () => {
    const entries = [entry("old", { state: "absent" }), entry("new", { id: id(1) })];
    expect(linesOf(state(entries), [tunnel("new", 2), tunnel("old", 1)])).toEqual([`! ${web}new name_held`]);
  });
});

describe("an attribute that cannot be changed in place", () => {
  test.each([
    ["differs", entry("a", cloudflare), tunnel("a", 1), [`! ${web}a immutable_attribute`]],
    ["agrees", entry("a", cloudflare), tunnel("a", 1, cloudflare), []],
    ["is unknown", entry("a", cloudflare), tunnel("a", 1, { spec: {} }), []],
    ["is not written", entry("a"), tunnel("a", 1), []],
    [
      "differs, and leave is given",
      entry("a", { ...cloudflare, replace: id(1) }),
      tunnel("a", 1),
      [`replace ${web}a`],
    ],
    [
      "differs, and leave was given once",
      entry("a", { ...cloudflare, replace: id(1) }),
      tunnel("a", 2),
      [`! ${web}a immutable_attribute`],
    ],
    [
      "agrees after leave was given",
      entry("a", { ...cloudflare, replace: id(1) }),
      tunnel("a", 2, cloudflare),
      [],
    ],
  ])("and %s", (_, written, actual, lines) => {
    expect(linesOf(state([written]), [actual])).toEqual(lines);
  });

  test("and is missing where replaced is created: half a replacement is finished", () => {
    expect(linesOf(state([entry("a", { ...cloudflare, replace: id(1) })]), [])).toEqual([`create ${web}a`]);
  });
});

describe("namesakes", () => {
  const two = [tunnel("a", 1), tunnel("a", 2)];

  test.each([
    ["block an entry by name", [entry("a")], [`! ${web}a ambiguous_name`]],
    ["do not block a pinned one", [entry("a", { id: id(2) })], []],
    [
      "may both move",
      [entry("b", { id: id(1) }), entry("c", { id: id(2) })],
      [`update ${web}b <- a`, `update ${web}c <- a`],
    ],
    [
      "may both move, and still block an entry by name",
      [entry("a"), entry("b", { id: id(1) }), entry("c", { id: id(2) })],
      [`update ${web}b <- a`, `update ${web}c <- a`, `! ${web}a ambiguous_name`],
    ],
    ["may one stay, one go", [entry("a", { id: id(1) }), entry("c", { id: id(2) })], [`update ${web}c <- a`]],
    ["block a rename from their name", [entry("b", { renamed_from: "a" })], [`! ${web}b ambiguous_name`]],
  ])("%s", (_, entries, lines) => {
    expect(linesOf(state(entries), two)).toEqual(lines);
  });

  test("of two kinds are none", () => {
    expect(linesOf(state([entry("a"), warpEntry("a")]), [tunnel("a", 1), warp("a", 2)])).toEqual([]);
  });
});

describe("secrets", () => {
  const secrets = { tunnel_secret: { env: "S" } };
  const entries = [entry("a", { secrets }), entry("b", { secrets }), entry("c", { secrets })];
  const world = [tunnel("a", 1), tunnel("b", 2), tunnel("c", 3)];

  test("are compared only where asked", () => {
    expect(linesOf(state(entries), world)).toEqual([]);
  });

  test("that differ are sent, that are unknown are told, and both are counted apart", () => {
    const made = planOf(state(entries), world, {
      secrets: [
        { id: id(2), attribute: "tunnel_secret", comparison: { verdict: "differs" } },
        { id: id(3), attribute: "tunnel_secret", comparison: { verdict: "unknown", why: "no" } },
        { id: id(1), attribute: "tunnel_secret", comparison: { verdict: "same" } },
      ],
    });
    expect(changesOf(made)).toEqual([`update ${web}b`]);
    expect(made.unknown).toMatchObject([{ name: "c", why: "no" }]);
    expect(made.unchanged).toBe(2);
  });
});

test("changes and blocked ones are sorted by kind, then name, whatever the order of the inputs", () => {
  const desired = state([
    warpEntry("a"),
    entry("c"),
    entry("b", { id: id(9) }),
    entry("a", { id: id(8) }),
    entry("B"),
  ]);
  expect(linesOf(desired, [])).toEqual([
    `create ${web}B`,
    `create ${web}c`,
    "create warp_connector/a",
    `! ${web}a id_gone`,
    `! ${web}b id_gone`,
  ]);
});

test("which of two holders a refusal names does not hang on the order of the inputs", () => {
  const entries = [
    entry("a", { id: id(5) }),
    entry("b", { id: id(1) }),
    entry("c", { id: id(2) }),
    entry("x", { id: id(6) }),
  ];
  const world = [
    tunnel("b", 3),
    tunnel("c", 4),
    tunnel("x", 1),
    tunnel("x", 2),
    tunnel("y", 5),
    tunnel("z", 6),
  ];
  const made = planOf(state(entries), world);
  expect(blockedOf(made)).toEqual([`${web}b name_held`, `${web}c name_held`, `${web}x name_held`]);
  expect(planOf(state(entries.toReversed()), world)).toEqual(made);
  expect(planOf(state(entries), world.toReversed())).toEqual(made);
});

test("a plan is a value: it survives JSON", () => {
  const entries = [
    entry("a", { id: id(2) }),
    entry("b", { id: id(1) }),
    entry("c"),
    entry("d", { state: "absent" }),
  ];
  const made = planOf(state(entries, pruning), [
    tunnel("a", 1),
    tunnel("b", 2),
    tunnel("d", 3),
    tunnel("p-x", 4),
  ]);
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});

test("a kind that nobody knows is a mistake of ours", () => {
  expect(() => plan(state([entry("a")]), [], [], { now: NOW })).toThrow(
    /^Internal error: no kind named cfd_tunnel/,
  );
});

test("neither the state nor the account is changed by planning", () => {
  const desired = state([warpEntry("z"), entry("a", { renamed_from: "b" })]);
  const world = [warp("z", 2), tunnel("b", 1)];
  const before = structuredClone({ desired, world });
  planOf(desired, world);
  expect({ desired, world }).toEqual(before);
});
