import { describe, expect, test } from "vitest";
import { entry, id, notesOf, planOf, scope, state, tunnel, warp, warpEntry } from "../support/builders.ts";

describe("a rename of what is not there", () => {
  const renamed = entry("new", { renamed_from: "od" });

  test("is noted beside its create, with the nearest live name of its kind", () => {
    const plan = planOf(state([renamed]), [tunnel("old", 2), warp("od", 3)]);
    expect(plan.changes).toMatchObject([{ action: "create", name: "new" }]);
    expect(plan.notes).toEqual([
      {
        kind: "cfd_tunnel",
        name: "new",
        id: null,
        reason: { code: "rename_source_missing", from: "od", nearest: "old" },
        source: renamed.source,
      },
    ]);
    expect(planOf(state([renamed]), []).notes).toMatchObject([{ reason: { nearest: null } }]);
  });

  test.each([
    ["it was done", [renamed], [tunnel("new", 1)]],
    ["it is to be done", [renamed], [tunnel("od", 1)]],
    ["the entry is a tombstone", [entry("new", { state: "absent" })], []],
  ])("is not where %s", (_, entries, world) => {
    expect(notesOf(planOf(state(entries), world))).toEqual([]);
  });
});

describe("a rename without effect", () => {
  const renamed = entry("new", { renamed_from: "old" });

  test("is noted where both names live and neither moves", () => {
    expect(planOf(state([renamed]), [tunnel("new", 1), tunnel("old", 2)]).notes).toEqual([
      {
        kind: "cfd_tunnel",
        name: "new",
        id: id(1),
        reason: { code: "rename_has_no_effect", from: "old", from_id: id(2) },
        source: renamed.source,
      },
    ]);
  });

  test("is noted as well where what bears the old name is changed, and keeps it", () => {
    const old = entry("old", { renamed_from: "older", secrets: { tunnel_secret: { env: "S" } } });
    const plan = planOf(state([renamed, old]), [tunnel("new", 1), tunnel("old", 2)], {
      secrets: [{ id: id(2), attribute: "tunnel_secret", comparison: { verdict: "differs" } }],
    });
    expect(plan.changes).toHaveLength(1);
    expect(notesOf(plan)).toEqual(["cfd_tunnel/new rename_has_no_effect"]);
  });

  test.each([
    ["the old name is gone", [renamed], [tunnel("new", 1)]],
    ["it is made", [renamed], [tunnel("old", 2)]],
    ["the old name lives in the other kind", [renamed], [tunnel("new", 1), warp("old", 2)]],
    [
      "what bears the old name moves",
      [renamed, entry("z", { id: id(2) })],
      [tunnel("new", 1), tunnel("old", 2)],
    ],
    ["the entry is pinned", [{ ...renamed, id: id(1) }], [tunnel("new", 1), tunnel("old", 2)]],
  ])("is not where %s", (_, entries, world) => {
    expect(notesOf(planOf(state(entries), world))).toEqual([]);
  });
});

describe("a namesake of a pinned entry", () => {
  const pinned = entry("web", { id: id(1) });

  test.each([
    ["of one that is there", [pinned]],
    ["of one that is deleted", [{ ...pinned, state: "absent" as const }]],
  ])("%s is spared, which is noted", (_, entries) => {
    const plan = planOf(state(entries), [tunnel("web", 1), tunnel("web", 2)]);
    expect(plan.notes).toMatchObject([
      { name: "web", id: id(2), reason: { code: "namesake_spared", id: id(2) } },
    ]);
  });

  test("of a tombstone whose id is gone is spared, which is noted", () => {
    const plan = planOf(state([{ ...pinned, state: "absent" }]), [tunnel("web", 2)]);
    expect(plan.changes).toEqual([]);
    expect(plan.blocked).toEqual([]);
    expect(notesOf(plan)).toEqual(["cfd_tunnel/web namesake_spared"]);
  });

  test("that moves away is not spared but renamed: a swap has no notes", () => {
    const swap = [entry("a", { id: id(2) }), entry("b", { id: id(1) })];
    expect(notesOf(planOf(state(swap), [tunnel("a", 1), tunnel("b", 2)]))).toEqual([]);
  });
});

describe("two undeclared namesakes", () => {
  test("are noted once", () => {
    expect(planOf(state([]), [tunnel("x", 1), tunnel("x", 2), tunnel("y", 3)]).notes).toEqual([
      {
        kind: "cfd_tunnel",
        name: "x",
        id: null,
        reason: { code: "duplicate_unmanaged", ids: [id(1), id(2)] },
        source: null,
      },
    ]);
  });

  test("of two kinds are none", () => {
    expect(notesOf(planOf(state([]), [tunnel("x", 1), warp("x", 2)]))).toEqual([]);
  });
});

describe("a delete beside a create", () => {
  const gone = entry("old", { state: "absent" });

  test.each([
    ["by a tombstone", state([entry("new"), gone]), [tunnel("old", 1)], ["cfd_tunnel/* delete_and_create"]],
    [
      "by a prune",
      state([entry("p-new")], { prune: [scope("p-")] }),
      [tunnel("p-old", 1)],
      ["cfd_tunnel/* delete_and_create"],
    ],
    ["in another kind", state([warpEntry("new"), gone]), [tunnel("old", 1)], []],
    ["without a create", state([gone]), [tunnel("old", 1)], []],
    ["without a delete", state([entry("new"), gone]), [], []],
  ])("%s", (_, desired, world, notes) => {
    expect(notesOf(planOf(desired, world))).toEqual(notes);
  });
});

test("notes are sorted by kind, name and code", () => {
  const desired = state([
    warpEntry("a", { renamed_from: "b" }),
    entry("b", { renamed_from: "c" }),
    entry("a", { id: id(1), replace: id(1) }),
  ]);
  const world = [tunnel("a", 1), tunnel("a", 2), tunnel("b", 3), tunnel("c", 4), warp("a", 5), warp("b", 6)];
  expect(notesOf(planOf(desired, world))).toEqual([
    "cfd_tunnel/a namesake_spared",
    "cfd_tunnel/a replace_has_no_effect",
    "cfd_tunnel/b rename_has_no_effect",
    "warp_connector/a rename_has_no_effect",
  ]);
});
