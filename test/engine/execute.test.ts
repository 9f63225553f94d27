import { describe, expect, test } from "vitest";
import type { Change } from "../../src/engine/model/change.ts";
import { type ExecuteOptions, execute } from "../../src/engine/execute.ts";
import type { Outcome } from "../../src/engine/model/outcome.ts";
import type { DesiredEntry } from "../../src/engine/model/resource.ts";
import { entry, id, planOf, state, tunnel, warp, warpEntry } from "../support/builders.ts";
import { FakeAccount, lost, refused, unreadable } from "../support/fake-account.ts";

function run(account: FakeAccount, entries: readonly DesiredEntry[], options: Partial<ExecuteOptions> = {}) {
  return execute(planOf(state(entries), account.resources), account.options(options));
}

/** One line each: `a applied`, `b failed api`, `c skipped needs_failed`. */
function linesOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((outcome) => {
    const { name } = outcome.change;
    switch (outcome.status) {
      case "applied":
        return `${name} applied`;
      case "failed":
        return `${name} failed ${outcome.failure.code}`;
      case "skipped":
        return `${name} skipped ${outcome.because.code}`;
    }
  });
}

function namesOf({ resources }: FakeAccount): Record<string, string> {
  return Object.fromEntries(resources.map(({ id, name }) => [id, name]));
}

const swap = [entry("a", { id: id(2) }), entry("b", { id: id(1) })];
const swapped = () => new FakeAccount(tunnel("a", 1), tunnel("b", 2));
const aside = `warren-rename-${id(1)}`;

test("all is done, and told in the plan's order", async () => {
  const account = new FakeAccount(tunnel("old", 1), tunnel("gone", 2), warp("w", 3));
  const entries = [
    warpEntry("v", { renamed_from: "w" }),
    entry("zz"),
    entry("gone", { state: "absent" }),
    entry("new", { renamed_from: "old" }),
  ];
  const outcomes = await run(account, entries);
  expect(linesOf(outcomes)).toEqual(["gone applied", "new applied", "zz applied", "v applied"]);
  expect(outcomes.map((outcome) => outcome.id)).toEqual([id(2), id(1), id(501), id(3)]);
  expect(namesOf(account)).toEqual({ [id(1)]: "new", [id(3)]: "v", [id(501)]: "zz" });
});

test("an empty plan does nothing", async () => {
  const account = new FakeAccount();
  expect(await run(account, [])).toEqual([]);
  expect(account.log).toEqual([]);
});

test("no more steps are under way at once than was said", async () => {
  const entries = Array.from({ length: 20 }, (_, at) => entry(`n${at}`));
  const account = new FakeAccount();
  await run(account, entries, { concurrency: 3 });
  expect(account.mostAtOnce).toBe(3);
  expect(account.resources).toHaveLength(20);
});

describe("a change that fails", () => {
  const chain = [
    entry("a", { renamed_from: "b" }),
    entry("b", { renamed_from: "c" }),
    entry("c", { renamed_from: "d" }),
    entry("x"),
  ];

  test("stops those that need it, who say whom, and no others", async () => {
    const account = new FakeAccount(tunnel("b", 1), tunnel("c", 2), tunnel("d", 3));
    account.on("update 2", { error: refused(400) });
    const outcomes = await run(account, chain);
    expect(linesOf(outcomes)).toEqual(["a applied", "b failed api", "c skipped needs_failed", "x applied"]);
    expect(outcomes[2]).toMatchObject({ id: id(3), because: { kind: "cfd_tunnel", name: "b" } });
  });

  test("does not stop what only follows it", async () => {
    const account = new FakeAccount(tunnel("z", 1), warp("a", 2)).on("update 2", { error: refused(400) });
    const entries = [entry("a", { renamed_from: "z" }), warpEntry("b", { renamed_from: "a" })];
    expect(linesOf(await run(account, entries))).toEqual(["a applied", "b failed api"]);
    expect(account.log).toEqual(["read 2", "update 2", "read 1", "update 1"]);
  });

  test("does not stop the deletes", async () => {
    const account = new FakeAccount(tunnel("gone", 1)).on("create x", { error: refused(400) });
    expect(linesOf(await run(account, [entry("x"), entry("gone", { state: "absent" })]))).toEqual([
      "gone applied",
      "x failed api",
    ]);
  });

  test("by a mistake of ours gets out, once nothing is under way", async () => {
    const account = new FakeAccount();
    account.on("create a", {
      before: () => {
        throw new Error("Internal error: a mistake");
      },
    });
    await expect(run(account, [entry("a"), entry("b")])).rejects.toThrow("a mistake");
    expect(account.resources.map(({ name }) => name)).toEqual(["b"]);
  });
});

describe("a swap", () => {
  test("passes through the temporary name", async () => {
    const account = swapped();
    expect(linesOf(await run(account, swap))).toEqual(["a applied", "b applied"]);
    expect(namesOf(account)).toEqual({ [id(1)]: "b", [id(2)]: "a" });
    expect(account.edits).toMatchObject([{ name: aside }, { name: "a" }, { name: "b" }]);
  });

  test("whose first half fails is failed, and the rest is skipped", async () => {
    const account = swapped().on("update 1", { error: refused(400) });
    const outcomes = await run(account, swap);
    expect(linesOf(outcomes)).toEqual(["a skipped needs_failed", "b failed api"]);
    expect(account.edits).toEqual([]);
  });

  test("whose second half fails says where it was left", async () => {
    const account = swapped().on("update 1", {}, { error: refused(400) });
    const outcomes = await run(account, swap);
    expect(linesOf(outcomes)).toEqual(["a applied", "b failed left_aside"]);
    expect(outcomes[1]).toMatchObject({ id: id(1), failure: { name: aside, cause: { code: "api" } } });
  });

  test.each([
    ["gone", (account: FakeAccount) => account.remove(1)],
    ["name_changed", (account: FakeAccount) => account.set(1, { name: "z" })],
  ])("of which one is %s after its first half was not left aside", async (code, meanwhile) => {
    const account = swapped().on("update 2", { before: meanwhile });
    expect(linesOf(await run(account, swap))).toEqual(["a applied", `b failed ${code}`]);
  });

  test("whose other member fails says where it was left", async () => {
    const account = swapped().on("update 2", { error: refused(400) });
    const outcomes = await run(account, swap);
    expect(linesOf(outcomes)).toEqual(["a failed api", "b failed left_aside"]);
    expect(outcomes[1]).toMatchObject({
      failure: { name: aside, cause: { code: "needs_failed", name: "a" } },
    });
  });

  test("that is interrupted halfway says where it was left, and the next run finishes it", async () => {
    const controller = new AbortController();
    const account = swapped().on("update 1", { before: () => controller.abort() });
    const outcomes = await run(account, swap, { stop: controller.signal });
    expect(linesOf(outcomes)).toEqual(["a skipped interrupted", "b failed left_aside"]);
    expect(linesOf(await run(account, swap))).toEqual(["a applied", "b applied"]);
    expect(namesOf(account)).toEqual({ [id(1)]: "b", [id(2)]: "a" });
  });

  test("is begun once and ended once", async () => {
    const told: string[] = [];
    await run(swapped(), swap, { progress: progressTo(told) });
    expect(told.toSorted()).toEqual(["begun a", "begun b", "ended a applied", "ended b applied"]);
    expect(told.indexOf("begun b")).toBeLessThan(told.indexOf("begun a"));
  });
});

describe("an interruption", () => {
  test("begins nothing new, and lets what is under way end", async () => {
    const controller = new AbortController();
    const account = new FakeAccount().on("create a", { before: () => controller.abort() });
    const entries = [entry("a"), entry("b"), entry("c")];
    const outcomes = await run(account, entries, { stop: controller.signal, concurrency: 1 });
    expect(linesOf(outcomes)).toEqual(["a applied", "b skipped interrupted", "c skipped interrupted"]);
    expect(account.log).toEqual(["create a"]);
  });

  test("before the first step begins none", async () => {
    const account = new FakeAccount();
    const outcomes = await run(account, [entry("a")], { stop: AbortSignal.abort() });
    expect(linesOf(outcomes)).toEqual(["a skipped interrupted"]);
    expect(account.log).toEqual([]);
  });
});

describe("a deadline", () => {
  const plannedAt = (deadline: number | undefined, now: number) => {
    const account = new FakeAccount();
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const options = deadline === undefined ? { clock } : { clock, deadline };
    return run(account, [entry("a")], options);
  };

  test.each([
    ["before it", 1_000, 999, "a applied"],
    ["on it", 1_000, 1_000, "a skipped deadline"],
    ["after it", 1_000, 1_001, "a skipped deadline"],
    ["without one", undefined, 1_000, "a applied"],
  ])("%s", async (_, deadline, now, line) => {
    expect(linesOf(await plannedAt(deadline, now))).toEqual([line]);
  });
});

describe("a refusal that every write would meet", () => {
  const entries = [entry("a"), entry("b")];

  test.each([
    ["401", refused(401), "stopped"],
    ["403", refused(403), "stopped"],
    ["429", refused(429), "stopped"],
    ["an exhausted quota", refused(400, "quota"), "stopped"],
    ["400", refused(400), null],
    ["404", refused(404), null],
  ])("%s", async (_, error, code) => {
    const account = new FakeAccount().on("create a", { error });
    const outcomes = await run(account, entries, { concurrency: 1 });
    expect(linesOf(outcomes)).toEqual(["a failed api", code === null ? "b applied" : `b skipped ${code}`]);
  });

  test("counts in the second half of a replacement too", async () => {
    const account = new FakeAccount(tunnel("a", 1)).on("create a", { error: refused(403) });
    const replacing = entry("a", { spec: { config_src: "cloudflare" }, replace: id(1) });
    const outcomes = await run(account, [replacing, entry("b")], { concurrency: 1 });
    expect(linesOf(outcomes)).toEqual(["a failed replaced_half", "b skipped stopped"]);
  });

  test("is none where only reading is refused", async () => {
    const account = new FakeAccount(tunnel("a", 1)).on("read 1", { error: refused(403, null, "GET") });
    const outcomes = await run(account, [entry("aa", { renamed_from: "a" }), entry("b")], { concurrency: 1 });
    expect(linesOf(outcomes)).toEqual(["aa failed api", "b applied"]);
  });

  test("is none where the end of a write is unknown", async () => {
    const account = new FakeAccount(tunnel("a", 1));
    account.on("update 1", { error: lost() }).on("read 1", {}, { error: unreadable() });
    const outcomes = await run(account, [entry("aa", { renamed_from: "a" }), entry("b")], { concurrency: 1 });
    expect(linesOf(outcomes)).toEqual(["aa failed uncertain", "b applied"]);
  });
});

describe("progress", () => {
  test("tells what is begun and what has ended, and of what is skipped only that", async () => {
    const told: string[] = [];
    const account = new FakeAccount(tunnel("b", 1), tunnel("c", 2)).on("update 1", { error: refused(400) });
    const chain = [entry("a", { renamed_from: "b" }), entry("b", { renamed_from: "c" })];
    await run(account, chain, { progress: progressTo(told) });
    expect(told).toEqual(["begun a", "ended a failed", "ended b skipped"]);
  });
});

test("a chain of 2,000 is done from its end", async () => {
  const size = 2_000;
  const entries = Array.from({ length: size }, (_, at) => entry(`n${at}`, { renamed_from: `n${at + 1}` }));
  const account = new FakeAccount(...Array.from({ length: size }, (_, at) => tunnel(`n${at + 1}`, at + 1)));
  const outcomes = await run(account, entries);
  expect(outcomes.every(({ status }) => status === "applied")).toBe(true);
});

test("a display may tell of ends alone, or of beginnings", async () => {
  const told: string[] = [];
  const ended = (outcome: Outcome) => void told.push(`ended ${outcome.change.name}`);
  const started = (change: Change) => void told.push(`begun ${change.name}`);
  await run(new FakeAccount(), [entry("a")], { progress: { ended } });
  await run(new FakeAccount(), [entry("a")], { progress: { started } });
  expect(told).toEqual(["ended a", "begun a"]);
});

function progressTo(told: string[]): NonNullable<ExecuteOptions["progress"]> {
  return {
    started: ({ name }: Change) => void told.push(`begun ${name}`),
    ended: ({ change, status }) => void told.push(`ended ${change.name} ${status}`),
  };
}
