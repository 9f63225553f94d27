import { kinds } from "../../src/kinds/index.ts";
import { expect, test } from "vitest";
import { indexWorld, keyOf } from "../../src/engine/model/account-index.ts";
import { id, tunnel, warp } from "../support/builders.ts";

const web = tunnel("web", 1);
const webToo = tunnel("web", 2);
const branch = warp("web", 3);
const world = indexWorld([web, webToo, branch], kinds);

test("a resource is found by its kind and id, and by its id among the other kinds", () => {
  expect(world.byId("cfd_tunnel", id(1))).toBe(web);
  expect(world.byId("warp_connector", id(3))).toBe(branch);
  expect(world.byId("cfd_tunnel", id(3))).toBeUndefined();
  expect(world.ofOtherKind("cfd_tunnel", id(3))).toBe(branch);
  expect(world.ofOtherKind("cfd_tunnel", id(1))).toBeUndefined();
});

test("names are per kind, and may be borne by more than one", () => {
  expect(world.holders("cfd_tunnel", "web")).toEqual([web, webToo]);
  expect(world.holders("warp_connector", "web")).toEqual([branch]);
  expect(world.holders("cfd_tunnel", "we")).toEqual([]);
});

test("no two pairs of kind and name share a key", () => {
  expect(keyOf("cfd_tunnel", "a/b")).not.toBe(keyOf("cfd_tunnel", "a"));
  expect(keyOf("cfd_tunnel", "a")).not.toBe(keyOf("warp_connector", "a"));
});

test("a name that is a word of JavaScript's is a name like any other", () => {
  expect(indexWorld([tunnel("__proto__", 1)], kinds).holders("cfd_tunnel", "__proto__")).toHaveLength(1);
  expect(world.holders("cfd_tunnel", "constructor")).toEqual([]);
});
