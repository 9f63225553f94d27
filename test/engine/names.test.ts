import { kinds } from "../../src/kinds/index.ts";
import { describe, expect, test } from "vitest";
import { type Wish, refuseHeldNames } from "../../src/engine/decide/held-names.ts";
import type { ActualResource } from "../../src/engine/model/resource.ts";
import { indexWorld } from "../../src/engine/model/account-index.ts";
import { id, tunnel, warp } from "../support/builders.ts";

/** `3 to b`: id 3 wants the name b. `new b`: a create wants it. */
function wish(text: string, kind = "cfd_tunnel"): Wish {
  const [mover = "", name = ""] = text.split(/ to |(?<=new) /);
  return { kind, identity: name, mover: mover === "new" ? null : id(Number(mover)) };
}

function refusedOf(wishes: readonly Wish[], world: readonly ActualResource[]): Record<string, string> {
  const refused = refuseHeldNames(wishes, indexWorld(world, kinds));
  return Object.fromEntries([...refused].map(([{ identity }, holder]) => [identity, holder]));
}

describe("a claim", () => {
  const world = [tunnel("a", 1), tunnel("b", 2), tunnel("c", 3), tunnel("d", 4)];

  test.each([
    ["of a free name", ["1 to x"], {}],
    ["of a name whose holder stays", ["1 to b"], { b: id(2) }],
    ["of a name whose holder moves", ["1 to b", "2 to x"], {}],
    ["by a create, of a name whose holder stays", ["new b"], { b: id(2) }],
    ["by a create, of a name whose holder moves", ["new b", "2 to x"], {}],
    ["in a swap", ["1 to b", "2 to a"], {}],
    ["in a longer cycle", ["1 to b", "2 to c", "3 to a"], {}],
    [
      "along a chain that ends at one who stays",
      ["1 to b", "2 to c", "3 to d"],
      { b: id(2), c: id(3), d: id(4) },
    ],
    ["by a create, at the end of such a chain", ["new a", "1 to b"], { a: id(1), b: id(2) }],
  ])("%s", (_, wishes, refused) => {
    expect(
      refusedOf(
        wishes.map((text) => wish(text)),
        world,
      ),
    ).toEqual(refused);
    expect(
      refusedOf(
        wishes.toReversed().map((text) => wish(text)),
        world,
      ),
    ).toEqual(refused);
  });

  test("of a name with two holders is refused when one of them stays", () => {
    const namesakes = [tunnel("a", 1), tunnel("b", 2), tunnel("b", 3)];
    expect(refusedOf([wish("1 to b"), wish("2 to x")], namesakes)).toEqual({ b: id(3) });
    expect(refusedOf([wish("1 to b"), wish("2 to x"), wish("3 to y")], namesakes)).toEqual({});
  });

  test("in a cycle into which a second holder of one name breaks is refused, and all the cycle with it", () => {
    const world = [tunnel("a", 1), tunnel("b", 2), tunnel("b", 3)];
    expect(refusedOf([wish("1 to b"), wish("2 to a")], world)).toEqual({ a: id(1), b: id(3) });
  });

  test("has nothing to do with names of the other kind", () => {
    expect(refusedOf([wish("1 to b")], [tunnel("a", 1), warp("b", 2)])).toEqual({});
  });
});

test("a refusal goes along a chain of 20,000", () => {
  const size = 20_000;
  const world = Array.from({ length: size }, (_, at) => tunnel(`n${at}`, at));
  const wishes = Array.from({ length: size - 1 }, (_, at) => wish(`${at} to n${at + 1}`));
  expect(refuseHeldNames(wishes, indexWorld(world, kinds)).size).toBe(size - 1);
});
