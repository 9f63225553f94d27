import { kinds } from "../../src/kinds/index.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchAccount } from "../../src/engine/match/account.ts";
import { compareWithBase } from "../../src/engine/compare/baseline.ts";
import type { ActualResource, DesiredEntry, DesiredState } from "../../src/engine/model/resource.ts";
import { entry, facts, id, planOf, scope, state, tunnel } from "../support/builders.ts";
import { anyCase, worldOf } from "../support/worlds.ts";

function compare(base: DesiredState, desired: DesiredState, actual: readonly ActualResource[]) {
  return compareWithBase(
    base,
    desired,
    { plan: planOf(desired, actual), matched: matchAccount(desired, actual, kinds) },
    kinds,
  );
}

/** One line an origin: `web this_change name`, what is proposed, drifted and contested behind it. */
function linesOf(base: DesiredState, desired: DesiredState, actual: readonly ActualResource[]) {
  const { origins, adopted, released } = compare(base, desired, actual);
  return [
    ...origins.map(
      ({ name, origin, proposed, drifted, contested }) =>
        `${name} ${origin}: ${[proposed, drifted, contested].map((list) => list.join(",") || "-").join(" ")}`,
    ),
    ...adopted.map(({ name, id, live_name }) => `adopted ${name} ${Number(id.slice(-12))} ${live_name}`),
    ...released.map(({ name, id }) => `released ${name} ${id === null ? "?" : Number(id.slice(-12))}`),
  ];
}

const local = { spec: { config_src: "local" } };
const declared = (value: string, more: Partial<DesiredEntry> = {}) =>
  entry("web", { spec: { config_src: value }, ...more });

const cases: readonly (readonly [
  string,
  readonly DesiredEntry[],
  readonly DesiredEntry[],
  readonly ActualResource[],
  readonly string[],
])[] = [
  ["nothing differs", [entry("web")], [entry("web")], [tunnel("web", 1)], []],
  ["a new entry", [], [entry("web")], [], ["web this_change: state - -"]],
  ["an entry whose tunnel is gone", [entry("web")], [entry("web")], [], ["web drift: - state -"]],
  [
    "an attribute that drifted (blocked, since it cannot be changed)",
    [declared("cloudflare")],
    [declared("cloudflare")],
    [tunnel("web", 1, local)],
    ["web drift: - config_src -"],
  ],
  [
    "an attribute that this change declares otherwise",
    [declared("local")],
    [declared("cloudflare")],
    [tunnel("web", 1, local)],
    ["web this_change: config_src - -"],
  ],
  [
    "a change that follows the drift is none any more",
    [declared("cloudflare")],
    [declared("local")],
    [tunnel("web", 1, local)],
    [],
  ],
  [
    "a rename",
    [entry("site")],
    [entry("web", { renamed_from: "site" })],
    [tunnel("site", 1)],
    ["web this_change: name - -"],
  ],
  [
    "a rename of what somebody renamed elsewhere, told by its pin",
    [entry("site", { id: id(1) })],
    [entry("web", { id: id(1) })],
    [tunnel("moved", 1)],
    ["web conflict: name name name"],
  ],
  [
    "a pin that renames back what somebody renamed",
    [entry("web", { id: id(1) })],
    [entry("web", { id: id(1) })],
    [tunnel("moved", 1)],
    ["web drift: - name -"],
  ],
  [
    "a rename beside drift in something else",
    [entry("site", { spec: { config_src: "cloudflare" } })],
    [entry("web", { renamed_from: "site" })],
    [tunnel("site", 1, local)],
    ["web this_change: config_src,name config_src -"],
  ],
  [
    "an edit of what somebody deleted",
    [declared("local")],
    [declared("cloudflare")],
    [],
    ["web conflict: config_src state state"],
  ],
  [
    "a tombstone of what lives as the base had it",
    [entry("web")],
    [entry("web", { state: "absent" })],
    [tunnel("web", 1)],
    ["web this_change: state - -"],
  ],
  [
    "a tombstone of what somebody changed",
    [declared("cloudflare")],
    [entry("web", { state: "absent" })],
    [tunnel("web", 1, local)],
    ["web conflict: config_src,state config_src config_src"],
  ],
  [
    "a tombstone that is still to be carried out",
    [entry("web", { state: "absent" })],
    [entry("web", { state: "absent" })],
    [tunnel("web", 1)],
    ["web drift: - state -"],
  ],
  [
    "a new entry whose tunnel lives already: adopted",
    [],
    [entry("web")],
    [tunnel("web", 1)],
    ["adopted web 1 web"],
  ],
  [
    "a new rename of a stranger: adopted",
    [],
    [entry("web", { renamed_from: "site" })],
    [tunnel("site", 1)],
    ["web this_change: state - -", "adopted web 1 site"],
  ],
  [
    "a tombstone that is taken back while the tunnel lives: adopted",
    [entry("web", { state: "absent" })],
    [entry("web")],
    [tunnel("web", 1)],
    ["adopted web 1 web"],
  ],
  [
    "an entry that was only pinned: nothing",
    [entry("web")],
    [entry("web", { id: id(1) })],
    [tunnel("web", 1)],
    [],
  ],
  ["an entry that is left out: released", [entry("web")], [], [tunnel("web", 1)], ["released web 1"]],
  ["an entry that is left out, and gone", [entry("web")], [], [], []],
  [
    "a swap",
    [entry("a", { id: id(1) }), entry("b", { id: id(2) })],
    [entry("b", { id: id(1) }), entry("a", { id: id(2) })],
    [tunnel("a", 1), tunnel("b", 2)],
    ["a this_change: name - -", "b this_change: name - -"],
  ],
  [
    "a new name of what is pinned, and gone",
    [entry("site", { id: id(1) })],
    [entry("web", { id: id(1) })],
    [],
    ["web conflict: name state state"],
  ],
  [
    "a rename of what is gone",
    [entry("site")],
    [entry("web", { renamed_from: "site" })],
    [],
    ["web conflict: name state state"],
  ],
  [
    "a rename of something else than before",
    [entry("web", { renamed_from: "a" })],
    [entry("web", { renamed_from: "b" })],
    [tunnel("b", 1)],
    ["web conflict: renamed_from state state", "adopted web 1 b"],
  ],
  [
    "a rename whose old name is a new one, and changes nothing",
    [entry("web", { renamed_from: "a" })],
    [entry("web", { renamed_from: "b", spec: { config_src: "cloudflare" } })],
    [tunnel("web", 1, local)],
    ["web this_change: config_src - -"],
  ],
  [
    "a rename that the pin does not need",
    [entry("web", { id: id(1), renamed_from: "a" })],
    [entry("web", { id: id(1), renamed_from: "b" })],
    [tunnel("moved", 1)],
    ["web drift: - name -"],
  ],
  [
    "a replacement that this change allows",
    [declared("cloudflare")],
    [declared("cloudflare", { replace: id(1) })],
    [tunnel("web", 1, local)],
    ["web this_change: replace config_src -"],
  ],
  [
    "a pin that this change writes, of another tunnel",
    [entry("web", { id: id(1) })],
    [entry("web", { id: id(2) })],
    [tunnel("web", 1), tunnel("site", 2)],
    ["web this_change: id - -", "adopted web 2 site"],
  ],
  [
    "a tombstone that is left out while the tunnel lives",
    [entry("web", { state: "absent" })],
    [],
    [tunnel("web", 1)],
    [],
  ],
  [
    "an attribute that the API does not report any more",
    [declared("cloudflare")],
    [declared("cloudflare", { state: "absent" })],
    [tunnel("web", 1, { spec: {} })],
    ["web this_change: state - -"],
  ],
  [
    "a new secret reference, of what is made anew",
    [entry("web")],
    [entry("web", { secrets: { tunnel_secret: { env: "S" } } })],
    [],
    ["web conflict: tunnel_secret state state"],
  ],
];

describe("compareWithBase", () => {
  test.each(cases)("%s", (_, base, files, actual, lines) => {
    expect(linesOf(state(base), state(files), actual)).toEqual(lines);
  });

  test("a prune is drift where the base would have made it, else this change", () => {
    const actual = [tunnel("p-a", 1)];
    const pruning = state([], { prune: [scope("p-")] });
    expect(linesOf(pruning, pruning, actual)).toEqual(["p-a drift: - state -"]);
    expect(linesOf(state([]), pruning, actual)).toEqual(["p-a this_change: state - -"]);
    const otherKind = state([], { prune: [scope("p-", ["warp_connector"])] });
    expect(linesOf(otherKind, pruning, actual)).toEqual(["p-a this_change: state - -"]);
    const otherPrefix = state([], { prune: [scope("p-b")] });
    expect(linesOf(otherPrefix, pruning, actual)).toEqual(["p-a this_change: state - -"]);
    const before = state([entry("p-a")], { prune: [scope("p-")] });
    expect(linesOf(before, pruning, actual)).toEqual(["p-a this_change: state - -"]);
  });

  test("what is left out with its whole kind is released, though nobody read it", () => {
    const files = state([], { kinds: ["warp_connector"] });
    expect(linesOf(state([entry("web")]), files, [])).toEqual(["released web ?"]);
  });

  test("an adopted tunnel has its creation time", () => {
    const { adopted } = compare(state([]), state([entry("web")]), [
      tunnel("web", 1, facts({ created_at: "then" })),
    ]);
    expect(adopted).toMatchObject([{ id: id(1), created_at: "then", source: { line: 1 } }]);
  });

  test("against itself: nothing is new, adopted, released or contested", () => {
    fc.assert(
      fc.property(anyCase, ({ desired, actual }) => {
        const { origins, adopted, released } = compare(desired, desired, actual);
        expect(origins.filter(({ proposed, contested }) => proposed.length + contested.length > 0)).toEqual(
          [],
        );
        expect(released).toEqual([]);
        const absent = new Set(
          desired.entries.filter(({ state }) => state === "absent").map(({ name }) => name),
        );
        expect(adopted.filter(({ name }) => !absent.has(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("with an account that is as the base has it: nothing has drifted, and nothing is in conflict", () => {
    fc.assert(
      fc.property(anyCase, anyCase, ({ desired: base }, { desired }) => {
        const { origins } = compare(base, desired, worldOf(base));
        expect(origins.filter(({ origin }) => origin !== "this_change")).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("every change and every blocked entry has its origin, in the plan's order", () => {
    fc.assert(
      fc.property(anyCase, anyCase, ({ desired: base }, { desired, actual }) => {
        const plan = planOf(desired, actual);
        const subjects = [...plan.changes, ...plan.blocked].filter(({ kind }) => kind !== null);
        const { origins } = compareWithBase(
          base,
          desired,
          { plan, matched: matchAccount(desired, actual, kinds) },
          kinds,
        );
        expect(origins.map(({ kind, name }) => [kind, name])).toEqual(
          subjects.map(({ kind, name }) => [kind, name]),
        );
      }),
      { numRuns: 300 },
    );
  });
});
