import { kinds } from "../../src/kinds/index.ts";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/engine/model/change.ts";
import type { SecretComparison } from "../../src/engine/model/kind.ts";
import type { ActualResource } from "../../src/engine/model/resource.ts";
import { changedChanges } from "../../src/engine/compare/same-changes.ts";
import { entry, facts, id, planOf, state, tunnel } from "../support/builders.ts";

type World = readonly ActualResource[];

/** One line a changed change, as `web update -> nothing`. */
function linesOf(earlier: Plan, later: Plan): readonly string[] {
  return changedChanges(earlier, later, { actual: [], secrets: [] }, kinds).map(
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

describe("what has moved", () => {
  type Files = Parameters<typeof state>[0];
  const cases: readonly (readonly [string, Files, World, World, readonly object[]])[] = [
    [
      "a name was taken",
      [entry("made")],
      [],
      [tunnel("made", 9)],
      [{ code: "name", name: "made", ids: [id(9)] }],
    ],
    [
      "an old name came to life",
      [entry("new", { renamed_from: "old" })],
      [],
      [tunnel("old", 9)],
      [{ code: "name", name: "old", ids: [id(9)] }],
    ],
    [
      "what was to be renamed is gone, and its new name taken",
      [entry("new", { renamed_from: "old" })],
      [tunnel("old", 1)],
      [tunnel("new", 9)],
      [
        { code: "resource", before: tunnel("old", 1), found: null },
        { code: "name", name: "new", ids: [id(9)] },
      ],
    ],
    [
      "what was to be renamed has its name",
      [entry("new", { renamed_from: "old" })],
      [tunnel("old", 1)],
      [tunnel("new", 1)],
      [{ code: "resource", before: tunnel("old", 1), found: tunnel("new", 1) }],
    ],
    [
      "what was to be deleted was made anew",
      [entry("web", { state: "absent" })],
      [tunnel("web", 1)],
      [tunnel("web", 9)],
      [
        { code: "resource", before: tunnel("web", 1), found: null },
        { code: "name", name: "web", ids: [id(9)] },
      ],
    ],
    [
      "a namesake that was there before is no news",
      [entry("web", { state: "absent", id: id(1) })],
      [tunnel("web", 1), tunnel("web", 2)],
      [tunnel("web", 2)],
      [{ code: "resource", before: tunnel("web", 1), found: null }],
    ],
  ];

  test.each(cases)("%s", (_, entries, before, actual, moved) => {
    const changed = changedChanges(
      planOf(state(entries), before),
      planOf(state(entries), actual),
      {
        actual,
        secrets: [],
      },
      kinds,
    );
    expect(changed.map((one) => one.moved)).toEqual([moved]);
  });

  test("a secret is in force, or could not be compared", () => {
    const desired = state([entry("web", { secrets: { tunnel_secret: { env: "S" } } })]);
    const actual = [tunnel("web", 1)];
    const compared = (comparison: SecretComparison) => [
      { id: id(1), attribute: "tunnel_secret", comparison },
      { id: id(2), attribute: "tunnel_secret", comparison },
    ];
    const plan = planOf(desired, actual, { secrets: compared({ verdict: "differs" }) });
    for (const comparison of [
      { verdict: "same" },
      { verdict: "unknown", why: "" },
    ] satisfies SecretComparison[]) {
      const secrets = compared(comparison);
      const later = planOf(desired, actual, { secrets });
      expect(changedChanges(plan, later, { actual, secrets }, kinds).map((one) => one.moved)).toEqual([
        [{ code: "secret", attribute: "tunnel_secret", found: comparison.verdict }],
      ]);
    }
  });

  test("nothing but the need for a name, where its target has gone its own way", () => {
    const desired = state([entry("a", { renamed_from: "x" }), entry("b", { renamed_from: "a" })]);
    const targets = [{ kind: "cfd_tunnel", name: "a" }];
    const plan = planOf(desired, [tunnel("x", 1), tunnel("a", 2)], { targets });
    const actual = [tunnel("a", 2)];
    const later = planOf(desired, actual, { targets });
    const changed = changedChanges(plan, later, { actual, secrets: [], targets }, kinds);
    expect(changed).toMatchObject([
      {
        name: "a",
        moved: [
          { code: "resource", found: null },
          { code: "name", name: "a", ids: [id(2)] },
        ],
      },
      { name: "b", moved: [{ code: "not_needed" }] },
    ]);
  });

  test("nothing is said to have where a refusal says why, also where there was no change", () => {
    const desired = state([entry("gone", { state: "absent" }), entry("kept", { id: id(3) })]);
    const live = tunnel("gone", 2, facts({ status: "healthy" }));
    const plan = planOf(desired, [tunnel("gone", 2), tunnel("kept", 3)]);
    const changed = changedChanges(plan, planOf(desired, [live]), { actual: [live], secrets: [] }, kinds);
    expect(changed).toMatchObject([
      { name: "gone", later: null, blocked: { reason: { code: "live" } }, moved: [] },
      { name: "kept", earlier: null, later: null, blocked: { reason: { code: "id_gone" } }, moved: [] },
    ]);
  });
});
