import { describe, expect, test } from "vitest";
import { readTargets } from "../../src/engine/decide/target.ts";
import type { ActualResource, DesiredState } from "../../src/engine/model/resource.ts";
import {
  blockedOf,
  changesOf,
  entry,
  id,
  notesOf,
  planOf,
  scope,
  state,
  tunnel,
  warpEntry,
} from "../support/builders.ts";

function targeted(desired: DesiredState, world: readonly ActualResource[], ...names: readonly string[]) {
  return planOf(desired, world, { targets: names.map((name) => ({ kind: "cfd_tunnel", name })) });
}

const web = "cfd_tunnel/";

describe("with targets", () => {
  test("only the named entries are judged", () => {
    const desired = state([entry("a"), entry("b"), entry("c", { id: id(9) }), entry("d"), warpEntry("a")]);
    const made = targeted(desired, [tunnel("d", 1)], "a", "d");
    expect(changesOf(made)).toEqual([`create ${web}a`]);
    expect(made.blocked).toEqual([]);
    expect(made.unchanged).toBe(1);
  });

  test("the kind counts", () => {
    const desired = state([entry("a"), warpEntry("a")]);
    const made = planOf(desired, [], { targets: [{ kind: "warp_connector", name: "a" }] });
    expect(changesOf(made)).toEqual(["create warp_connector/a"]);
  });

  test("nothing is pruned", () => {
    const desired = state([entry("p-a")], { prune: [scope("p-")] });
    const made = targeted(desired, [tunnel("p-x", 1)], "p-a");
    expect(changesOf(made)).toEqual([`create ${web}p-a`]);
    expect(made.unmanaged.map(({ name }) => name)).toEqual(["p-x"]);
  });

  test("none stands for all", () => {
    expect(changesOf(planOf(state([entry("a"), entry("b")]), [], { targets: [] }))).toHaveLength(2);
  });

  test("one that no entry bears does nothing", () => {
    expect(targeted(state([entry("a")]), [], "z").changes).toEqual([]);
  });

  test("what is replaced still counts", () => {
    const replacing = entry("a", { spec: { config_src: "cloudflare" }, replace: id(1) });
    const desired = state([replacing], { limits: { max_deletes: 0, min_idle: 0, max_routes: 1_000 } });
    expect(blockedOf(targeted(desired, [tunnel("a", 1)], "a"))).toEqual(["max_deletes"]);
  });
});

describe("the renames that free a wanted name", () => {
  const chain = [
    entry("a", { renamed_from: "b" }),
    entry("b", { renamed_from: "c" }),
    entry("c", { renamed_from: "d" }),
    entry("y", { renamed_from: "z" }),
  ];
  const world = [tunnel("b", 1), tunnel("c", 2), tunnel("d", 3), tunnel("z", 4)];

  test("come along, to the end of the chain; the others do not", () => {
    expect(changesOf(targeted(state(chain), world, "c"))).toEqual([
      `update ${web}a <- b`,
      `update ${web}b <- c`,
      `update ${web}c <- d`,
    ]);
    expect(changesOf(targeted(state(chain), world, "b"))).toEqual([
      `update ${web}a <- b`,
      `update ${web}b <- c`,
    ]);
    expect(changesOf(targeted(state(chain), world, "a"))).toEqual([`update ${web}a <- b`]);
  });

  test("come along for a create", () => {
    const desired = state([entry("a"), entry("b", { id: id(1) })]);
    expect(changesOf(targeted(desired, [tunnel("a", 1)], "a"))).toEqual([
      `create ${web}a`,
      `update ${web}b <- a`,
    ]);
  });

  test("come along as a whole cycle", () => {
    const swap = state([entry("a", { id: id(2) }), entry("b", { id: id(1) })]);
    expect(changesOf(targeted(swap, [tunnel("a", 1), tunnel("b", 2)], "a"))).toHaveLength(2);
  });

  test("come with nothing but the name", () => {
    const secrets = { tunnel_secret: { env: "S" } };
    const spec = { config_src: "cloudflare" };
    const desired = state([entry("a"), entry("b", { id: id(1), spec, secrets, replace: id(1) })]);
    const made = planOf(desired, [tunnel("a", 1)], {
      targets: [{ kind: "cfd_tunnel", name: "a" }],
      secrets: [{ id: id(1), attribute: "tunnel_secret", comparison: { verdict: "differs" } }],
    });
    expect(made.blocked).toEqual([]);
    expect(made.changes[1]).toMatchObject({ fields: ["name"], after: { spec: {}, secrets: {} } });
  });

  test("come whole when they are named as well", () => {
    const desired = state([entry("a"), entry("b", { id: id(1), spec: { config_src: "cloudflare" } })]);
    expect(blockedOf(targeted(desired, [tunnel("a", 1)], "a", "b"))).toEqual([
      `${web}a name_held`,
      `${web}b immutable_attribute`,
    ]);
  });

  test("are blocked as ever, and with them what was named", () => {
    const made = targeted(state(chain, { protected: ["b"] }), world, "c");
    expect(blockedOf(made)).toEqual([`${web}a protected`, `${web}b name_held`, `${web}c name_held`]);
  });

  test("leave out a delete that would free it: that is blocked, not guessed", () => {
    const desired = state([entry("a", { id: id(1) }), entry("b", { state: "absent" })]);
    expect(blockedOf(targeted(desired, [tunnel("z", 1), tunnel("a", 2)], "a"))).toEqual([
      `${web}a name_held`,
    ]);
  });

  test("a tombstone wants no name", () => {
    const desired = state([entry("a", { state: "absent" }), entry("b", { id: id(1) })]);
    const made = targeted(desired, [tunnel("a", 1)], "a");
    expect(made.changes).toEqual([]);
    expect(notesOf(made)).toEqual([]);
  });
});

test("targets are read as entries of the files; what names none is told, with the nearest", () => {
  const desired = state([entry("web"), warpEntry("a/b")]);
  expect(readTargets(["cfd_tunnel/web", "warp_connector/a/b", "web", "cfd_tunnel/wbe"], desired)).toEqual({
    targets: [
      { kind: "cfd_tunnel", name: "web" },
      { kind: "warp_connector", name: "a/b" },
    ],
    flaws: [
      { code: "no_kind", text: "web" },
      { code: "unknown", text: "cfd_tunnel/wbe", nearest: "cfd_tunnel/web" },
    ],
  });
});
