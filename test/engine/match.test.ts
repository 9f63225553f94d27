import { kinds } from "../../src/kinds/index.ts";
import { describe, expect, test } from "vitest";
import type { Match } from "../../src/engine/model/match.ts";
import { matchEntries } from "../../src/engine/match/match.ts";
import type { ActualResource, DesiredEntry } from "../../src/engine/model/resource.ts";
import { indexWorld } from "../../src/engine/model/account-index.ts";
import { entry, id, tunnel, warp, warpEntry } from "../support/builders.ts";

/** One line an entry: `state`, and the number of the resource, or why it is blocked. */
function linesOf(entries: readonly DesiredEntry[], world: readonly ActualResource[]): Record<string, string> {
  const lines = [...matchEntries(entries, indexWorld(world, kinds), kinds)].map(([key, match]) => [
    key,
    lineOf(match),
  ]);
  return Object.fromEntries(lines) as Record<string, string>;
}

function lineOf(match: Match): string {
  switch (match.state) {
    case "absent":
      return "absent";
    case "found":
    case "moving":
      return `${match.state} ${Number(match.actual.id.slice(-12))}`;
    case "blocked":
      return match.reason.code;
  }
}

describe("an entry by name alone", () => {
  test.each([
    ["nothing of the name", [], "absent"],
    ["one of the name", [tunnel("a", 1)], "found 1"],
    ["one of the name, of the other kind", [warp("a", 1)], "absent"],
    ["two of the name", [tunnel("a", 1), tunnel("a", 2)], "ambiguous_name"],
    ["a name of other case", [tunnel("A", 1)], "absent"],
  ])("with %s", (_, world, line) => {
    expect(linesOf([entry("a")], world)).toEqual({ "cfd_tunnel/a": line });
    expect(linesOf([entry("a", { state: "absent" })], world)).toEqual({ "cfd_tunnel/a": line });
  });

  test("tells all that bear the name", () => {
    const matches = matchEntries([entry("a")], indexWorld([tunnel("a", 1), tunnel("a", 2)], kinds), kinds);
    expect(matches.get("cfd_tunnel/a")).toMatchObject({
      reason: { code: "ambiguous_name", name: "a", ids: [id(1), id(2)] },
    });
  });

  test("does not adopt what another entry's pin takes away", () => {
    expect(linesOf([entry("a"), entry("b", { id: id(1) })], [tunnel("a", 1)])).toEqual({
      "cfd_tunnel/a": "absent",
      "cfd_tunnel/b": "moving 1",
    });
  });

  test("that is a tombstone is done when another entry's pin takes its resource away", () => {
    expect(linesOf([entry("a", { state: "absent" }), entry("b", { id: id(1) })], [tunnel("a", 1)])).toEqual({
      "cfd_tunnel/a": "absent",
      "cfd_tunnel/b": "moving 1",
    });
  });

  test("adopts what only a pinned tombstone of another name speaks of", () => {
    expect(linesOf([entry("a"), entry("b", { id: id(1), state: "absent" })], [tunnel("a", 1)])).toEqual({
      "cfd_tunnel/a": "found 1",
      "cfd_tunnel/b": "id_under_other_name",
    });
  });
});

describe("a pinned entry", () => {
  test.each([
    ["the id under the name", [tunnel("a", 1)], "found 1", "found 1"],
    ["the id under the name, and a namesake", [tunnel("a", 1), tunnel("a", 2)], "found 1", "found 1"],
    ["the id under another name", [tunnel("z", 1)], "moving 1", "id_under_other_name"],
    [
      "the id under another name, and a namesake",
      [tunnel("z", 1), tunnel("a", 2)],
      "moving 1",
      "id_under_other_name",
    ],
    ["no such id", [], "id_gone", "absent"],
    ["no such id, and a namesake", [tunnel("a", 2)], "id_gone", "absent"],
    ["the id in the other kind", [warp("a", 1)], "id_of_other_kind", "id_of_other_kind"],
    [
      "the id in the other kind, and a namesake",
      [warp("a", 1), tunnel("a", 2)],
      "id_of_other_kind",
      "id_of_other_kind",
    ],
  ])("with %s", (_, world, present, absent) => {
    expect(linesOf([entry("a", { id: id(1) })], world)).toEqual({ "cfd_tunnel/a": present });
    expect(linesOf([entry("a", { id: id(1), state: "absent" })], world)).toEqual({ "cfd_tunnel/a": absent });
  });

  test("is never the one of its old name", () => {
    const pinned = entry("a", { id: id(1), renamed_from: "b" });
    expect(linesOf([pinned], [tunnel("b", 2)])).toEqual({ "cfd_tunnel/a": "id_gone" });
    expect(linesOf([pinned], [tunnel("b", 2), tunnel("z", 1)])).toEqual({ "cfd_tunnel/a": "moving 1" });
  });
});

describe("an entry with an old name", () => {
  const renamed = entry("new", { renamed_from: "old" });

  test.each([
    ["the old name", [tunnel("old", 1)], "moving 1"],
    ["the old name, of the other kind", [warp("old", 1)], "absent"],
    ["neither", [], "absent"],
    ["the new name", [tunnel("new", 2)], "found 2"],
    ["both", [tunnel("old", 1), tunnel("new", 2)], "found 2"],
    ["two of the old name", [tunnel("old", 1), tunnel("old", 2)], "ambiguous_name"],
    [
      "two of the old name, and the new one",
      [tunnel("old", 1), tunnel("old", 2), tunnel("new", 3)],
      "found 3",
    ],
    ["two of the new name", [tunnel("old", 1), tunnel("new", 2), tunnel("new", 3)], "ambiguous_name"],
  ])("with %s", (_, world, line) => {
    expect(linesOf([renamed], world)).toEqual({ "cfd_tunnel/new": line });
  });

  test("moves when another rename frees its new name", () => {
    const freeing = entry("newer", { renamed_from: "new" });
    expect(linesOf([renamed, freeing], [tunnel("old", 1), tunnel("new", 2)])).toEqual({
      "cfd_tunnel/new": "moving 1",
      "cfd_tunnel/newer": "moving 2",
    });
  });

  test("moves when a pin frees its new name", () => {
    const freeing = entry("newer", { id: id(2) });
    expect(linesOf([renamed, freeing], [tunnel("old", 1), tunnel("new", 2)])).toEqual({
      "cfd_tunnel/new": "moving 1",
      "cfd_tunnel/newer": "moving 2",
    });
  });

  test("does not move when what would free its new name does not move either", () => {
    const stuck = entry("newer", { renamed_from: "new" });
    expect(linesOf([renamed, stuck], [tunnel("old", 1), tunnel("new", 2), tunnel("newer", 3)])).toEqual({
      "cfd_tunnel/new": "found 2",
      "cfd_tunnel/newer": "found 3",
    });
  });

  test("is blocked where a pin says that the old name's resource is another entry's", () => {
    expect(linesOf([renamed, entry("other", { id: id(1) })], [tunnel("old", 1)])).toEqual({
      "cfd_tunnel/new": "claimed_twice",
      "cfd_tunnel/other": "moving 1",
    });
    const tombstone = entry("other", { id: id(1), state: "absent" });
    expect(linesOf([renamed, tombstone], [tunnel("old", 1)])["cfd_tunnel/new"]).toBe("claimed_twice");
  });

  test("is blocked likewise where its new name is held, and freed", () => {
    const entries = [renamed, entry("other", { id: id(1) }), entry("newer", { id: id(2) })];
    expect(linesOf(entries, [tunnel("old", 1), tunnel("new", 2)])["cfd_tunnel/new"]).toBe("claimed_twice");
  });

  test("is blocked where two bear the old name, also when its new name is held, and freed", () => {
    const world = [tunnel("old", 1), tunnel("old", 3), tunnel("new", 2)];
    expect(linesOf([renamed, entry("newer", { id: id(2) })], world)["cfd_tunnel/new"]).toBe("ambiguous_name");
  });

  test("is blocked where the old name is declared, and its own rename is done", () => {
    const next = entry("old", { renamed_from: "older" });
    expect(linesOf([renamed, next], [tunnel("old", 1)])).toEqual({
      "cfd_tunnel/new": "claimed_twice",
      "cfd_tunnel/old": "found 1",
    });
  });
});

describe("what does not move its resource", () => {
  const renamed = entry("new", { renamed_from: "old" });
  const world = [tunnel("new", 1), tunnel("old", 2)];

  test.each([
    ["a tombstone under another name", entry("z", { id: id(1), state: "absent" }), "id_under_other_name"],
    ["a pin of the other kind", warpEntry("z", { id: id(1) }), "id_of_other_kind"],
  ])("%s leaves the name held, and its resource to the entry of that name", (_, pinned, code) => {
    const key = `${pinned.kind}/z`;
    expect(linesOf([renamed, pinned], world)).toEqual({ "cfd_tunnel/new": "found 1", [key]: code });
    expect(linesOf([entry("new"), pinned], world)).toEqual({ "cfd_tunnel/new": "found 1", [key]: code });
  });

  test("a pin of one of two namesakes leaves the name with the other", () => {
    const two = [tunnel("new", 1), tunnel("new", 3), tunnel("old", 2)];
    expect(linesOf([renamed, entry("z", { id: id(1) })], two)["cfd_tunnel/new"]).toBe("ambiguous_name");
  });
});

describe("a chain", () => {
  const chain = [
    entry("a", { renamed_from: "b" }),
    entry("b", { renamed_from: "c" }),
    entry("c", { renamed_from: "d" }),
  ];

  test.each([
    ["not begun", [tunnel("b", 1), tunnel("c", 2), tunnel("d", 3)], ["moving 1", "moving 2", "moving 3"]],
    ["one done", [tunnel("a", 1), tunnel("c", 2), tunnel("d", 3)], ["found 1", "moving 2", "moving 3"]],
    ["two done", [tunnel("a", 1), tunnel("b", 2), tunnel("d", 3)], ["found 1", "found 2", "moving 3"]],
    ["done", [tunnel("a", 1), tunnel("b", 2), tunnel("c", 3)], ["found 1", "found 2", "found 3"]],
  ])("%s", (_, world, [a = "", b = "", c = ""]) => {
    expect(linesOf(chain, world)).toEqual({ "cfd_tunnel/a": a, "cfd_tunnel/b": b, "cfd_tunnel/c": c });
  });

  test("of 20,000 is followed to its end", () => {
    const size = 20_000;
    const entries = Array.from({ length: size }, (_, at) => entry(`n${at}`, { renamed_from: `n${at + 1}` }));
    const world = Array.from({ length: size }, (_, at) => tunnel(`n${at + 1}`, at + 1));
    const matches = [...matchEntries(entries, indexWorld(world, kinds), kinds).values()];
    expect(matches.filter(({ state }) => state === "moving")).toHaveLength(size);
  });
});

test("every entry has one match, and kinds do not touch each other", () => {
  const entries = [entry("a", { renamed_from: "b" }), warpEntry("a"), warpEntry("b", { renamed_from: "c" })];
  expect(linesOf(entries, [warp("a", 1), tunnel("b", 2)])).toEqual({
    "cfd_tunnel/a": "moving 2",
    "warp_connector/a": "found 1",
    "warp_connector/b": "absent",
  });
});
