import { expect, test } from "vitest";
import { byKindAndName, compareText } from "../../src/engine/model/resource.ts";

test("the order is by kind, then name, then id", () => {
  const sorted = [
    { kind: "cfd_tunnel", name: "a", id: "2" },
    { kind: "cfd_tunnel", name: "b", id: "1" },
    { kind: "cfd_tunnel", name: "b", id: "3" },
    { kind: "warp_connector", name: "a", id: "0" },
  ];
  expect(sorted.toReversed().sort(byKindAndName)).toEqual(sorted);
  expect(byKindAndName({ kind: "k", name: "n" }, { kind: "k", name: "n", id: null })).toBe(0);
});

test("text is ordered by code unit, not by any locale", () => {
  expect(["ä", "b", "B", "a", "10", "9"].sort(compareText)).toEqual(["10", "9", "B", "a", "b", "ä"]);
  expect(compareText("a", "a")).toBe(0);
});
