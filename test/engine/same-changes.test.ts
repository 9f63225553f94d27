import { expect, test } from "vitest";
import { changedChanges } from "../../src/engine/same-changes.ts";
import { entry, facts, planOf, state, tunnel } from "../support/builders.ts";

/** One line a changed change, as `web update -> nothing`. */
function linesOf(...[earlier, later]: Parameters<typeof changedChanges>): readonly string[] {
  return changedChanges(earlier, later).map(
    ({ kind, name, earlier, later }) =>
      `${kind}/${name} ${earlier?.action ?? "nothing"} -> ${later?.action ?? "nothing"}`,
  );
}

const world = [tunnel("old", 1), tunnel("gone", 2)];
const files = [entry("new", { renamed_from: "old" }), entry("gone", { state: "absent" }), entry("made")];
const plan = planOf(state(files), world);

test("the same changes", () => {
  expect(linesOf(plan, planOf(state(files), world))).toEqual([]);
});

test("one that is no more, and one that came", () => {
  const other = planOf(state([...files.slice(1), entry("more")]), world);
  expect(linesOf(plan, other)).toEqual([
    "cfd_tunnel/new update -> nothing",
    "cfd_tunnel/more nothing -> create",
  ]);
});

test("one that is another one", () => {
  const spec = { config_src: "cloudflare" };
  expect(linesOf(plan, planOf(state([...files.slice(0, 2), entry("made", { spec })]), world))).toEqual([
    "cfd_tunnel/made create -> create",
  ]);
});

test("one of a tunnel that is not what it was", () => {
  const other = planOf(state(files), [tunnel("old", 1, { spec: {} }), tunnel("gone", 2)]);
  expect(linesOf(plan, other)).toEqual(["cfd_tunnel/new update -> update"]);
});

test("health, times, and where a file says so, make none another one", () => {
  const moved = files.map((one) => ({ ...one, source: { file: "b.yaml", line: 7, column: 1 } }));
  const later = [tunnel("old", 1, facts({ status: "down" })), tunnel("gone", 2, facts({ status: "down" }))];
  expect(linesOf(plan, planOf(state(moved), later))).toEqual([]);
});
