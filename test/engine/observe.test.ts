import { expect, test } from "vitest";
import { observe } from "../../src/engine/observe.ts";
import { tunnel, warp } from "../support/builders.ts";
import { FakeAccount, unreadable } from "../support/fake-account.ts";

test("every kind that is asked for is read, and the whole is sorted", async () => {
  const account = new FakeAccount(warp("a", 4), tunnel("b", 3), tunnel("a", 2), tunnel("a", 1));
  const { kinds, client } = account.options();
  expect(await observe(kinds, client)).toEqual([
    tunnel("a", 1),
    tunnel("a", 2),
    tunnel("b", 3),
    warp("a", 4),
  ]);
  const alone = kinds.filter(({ kind }) => kind === "warp_connector");
  expect(await observe(alone, client)).toEqual([warp("a", 4)]);
  expect(account.count("list")).toBe(kinds.length + 1);
});

test("of kinds that cannot be read the first is told, once all have answered", async () => {
  const { kinds, client } = new FakeAccount().options();
  const settled: number[] = [];
  const errors = [unreadable(), unreadable()];
  const failing = kinds.slice(0, errors.length).map((kind, index) => ({
    ...kind,
    list: async () => {
      for (let turn = index; turn < 3; turn += 1) {
        await Promise.resolve();
      }
      settled.push(index);
      throw errors[index] ?? new Error("there is one for each");
    },
  }));
  await expect(observe(failing, client)).rejects.toBe(errors[0]);
  expect(settled).toEqual([1, 0]);
});

test("a kind that cannot be read fails the whole", async () => {
  const account = new FakeAccount(tunnel("a", 1)).on("list", {}, { error: unreadable() });
  const { kinds, client } = account.options();
  await expect(observe(kinds, client)).rejects.toMatchObject({ failure: "server" });
});
