import { expect, test } from "vitest";
import { indexWorld, keyOf } from "../../src/engine/model/account-index.ts";
import { id, tunnel, warp } from "../support/builders.ts";

const web = tunnel("web", 1);
const webToo = tunnel("web", 2);
const branch = warp("web", 3);
const world = indexWorld([web, webToo, branch]);

test("a resource is found by its id, whatever its kind", () => {
  expect(world.byId(id(1))).toBe(web);
  expect(world.byId(id(3))).toBe(branch);
  expect(world.byId(id(4))).toBeUndefined();
});

test("names are per kind, and may be borne by more than one", () => {
  expect(world.byName("cfd_tunnel", "web")).toEqual([web, webToo]);
  expect(world.byName("warp_connector", "web")).toEqual([branch]);
  expect(world.byName("cfd_tunnel", "we")).toEqual([]);
});

test("no two pairs of kind and name share a key", () => {
  expect(keyOf("cfd_tunnel", "a/b")).not.toBe(keyOf("cfd_tunnel", "a"));
  expect(keyOf("cfd_tunnel", "a")).not.toBe(keyOf("warp_connector", "a"));
});

test("a name that is a word of JavaScript's is a name like any other", () => {
  expect(indexWorld([tunnel("__proto__", 1)]).byName("cfd_tunnel", "__proto__")).toHaveLength(1);
  expect(world.byName("cfd_tunnel", "constructor")).toEqual([]);
});
