import { describe, expect, test } from "vitest";
import type { Step } from "../../src/engine/model/change.ts";
import { execute } from "../../src/engine/execute.ts";
import { takeStep } from "../../src/engine/steps/step.ts";
import { entry, facts, id, planOf, state, tunnel } from "../support/builders.ts";
import { FakeAccount, lost, refused, unreadable } from "../support/fake-account.ts";

const LOST = { error: lost(), acts: true };
const UNSENT = { error: lost() };

function stepOf(account: FakeAccount): Step {
  const [step] = planOf(state([entry("a", { state: "absent" })]), account.resources).steps;
  if (step === undefined) {
    throw new Error("the plan is empty");
  }
  return step;
}

function a(): FakeAccount {
  return new FakeAccount(tunnel("a", 1));
}

describe("a delete", () => {
  test("reads, then deletes", async () => {
    const account = a();
    expect(await takeStep(stepOf(account), account.options())).toEqual({
      status: "applied",
      id: id(1),
      confirmed: false,
    });
    expect(account.log).toEqual(["read 1", "delete 1"]);
  });

  test.each([
    [
      "came alive",
      { ...facts({ status: "healthy" }) },
      { code: "came_alive", status: "healthy", because: "status" },
    ],
    [
      "has an unknown status",
      { ...facts({ status: null }) },
      { code: "came_alive", status: null, because: "status" },
    ],
    [
      "was live meanwhile",
      { ...facts({ status: "down", conns_inactive_at: "2025-12-31T00:00:00Z" }) },
      { code: "came_alive", status: "down", because: null },
    ],
    ["changed its name", { name: "z" }, { code: "name_changed", live_name: "z" }],
  ])("of what %s fails, and sends nothing", async (_, change, failure) => {
    const account = a();
    const step = stepOf(account);
    account.set(1, change);
    expect(await takeStep(step, account.options())).toEqual({ status: "failed", id: id(1), failure });
    expect(account.log).toEqual(["read 1"]);
  });

  test("of what the rules of its kind have come to spare fails, and sends nothing", async () => {
    const reason = { code: "default_network", id: id(1), name: "a" } as const;
    const account = a();
    const step = stepOf(account);
    const options = account.options();
    const sparing = options.kinds.map((kind) => ({ ...kind, forbids: () => reason }));
    expect(await takeStep(step, { ...options, kinds: sparing })).toEqual({
      status: "failed",
      id: id(1),
      failure: { code: "forbidden", kind: "cfd_tunnel", reason },
    });
    expect(account.log).toEqual(["read 1"]);
  });

  test("of what shows the same times in another spelling is made", async () => {
    const account = new FakeAccount(tunnel("a", 1, facts({ created_at: "2025-01-01T00:00:00Z" })));
    const step = stepOf(account);
    account.set(1, facts({ created_at: "2025-01-01T00:00:00.000000+00:00" }));
    expect(await takeStep(step, account.options())).toMatchObject({ status: "applied" });
    expect(account.log).toEqual(["read 1", "delete 1"]);
  });

  test("of what is already gone is done", async () => {
    const account = a();
    const step = stepOf(account);
    account.remove(1);
    expect(await takeStep(step, account.options())).toEqual({
      status: "applied",
      id: id(1),
      confirmed: true,
    });
    expect(account.log).toEqual(["read 1"]);
  });

  test("of what cannot be read sends nothing", async () => {
    const account = a().on("read 1", { error: unreadable() });
    expect(await takeStep(stepOf(account), account.options())).toMatchObject({ failure: { code: "api" } });
    expect(account.count("delete 1")).toBe(0);
  });

  test("that is refused is told", async () => {
    const account = a().on("delete 1", { error: refused(400) });
    expect(await takeStep(stepOf(account), account.options())).toMatchObject({ failure: { code: "api" } });
    expect(account.count("delete 1")).toBe(1);
  });

  test("whose answer was lost is looked at before it is sent again", async () => {
    const done = a().on("delete 1", LOST);
    expect(await takeStep(stepOf(done), done.options())).toMatchObject({
      status: "applied",
      confirmed: true,
    });
    expect(done.log).toEqual(["read 1", "delete 1", "read 1"]);
    const undone = a().on("delete 1", UNSENT);
    expect(await takeStep(stepOf(undone), undone.options())).toMatchObject({
      status: "applied",
      confirmed: false,
    });
    expect(undone.log).toEqual(["read 1", "delete 1", "read 1", "delete 1"]);
  });

  test("is not sent again to what came alive", async () => {
    const account = a();
    account.on("delete 1", { ...UNSENT, before: () => account.set(1, facts({ status: "healthy" })) });
    expect(await takeStep(stepOf(account), account.options())).toMatchObject({
      failure: { code: "came_alive" },
    });
    expect(account.count("delete 1")).toBe(1);
  });

  test("whose end cannot be read is uncertain", async () => {
    const account = a().on("delete 1", LOST).on("read 1", {}, { error: unreadable() });
    expect(await takeStep(stepOf(account), account.options())).toMatchObject({
      failure: { code: "uncertain" },
    });
  });

  test("of an interrupted run is skipped", async () => {
    const account = a();
    const result = await takeStep(stepOf(account), account.options({ stop: AbortSignal.abort() }));
    expect(result).toEqual({ status: "skipped", because: { code: "interrupted" } });
    expect(account.count("delete 1")).toBe(0);
  });
});

describe("a replacement", () => {
  const written = entry("a", { spec: { config_src: "cloudflare" }, replace: id(1) });

  async function run(account: FakeAccount, options = account.options()) {
    const [outcome] = await execute(planOf(state([written]), [tunnel("a", 1)]), options);
    return outcome;
  }

  test("deletes, sees it gone by id and by name, then creates", async () => {
    const account = a();
    expect(await run(account)).toMatchObject({
      status: "applied",
      id: id(501),
    });
    expect(account.log).toEqual(["read 1", "delete 1", "read 1", "find a", "create a"]);
    expect(account.resources).toMatchObject([{ id: id(501), spec: { config_src: "cloudflare" } }]);
  });

  test("creates nothing while the old one is still seen", async () => {
    const account = a();
    let looks = 0;
    const lagging = account.options().kinds.map((kind) => ({
      ...kind,
      read: () => {
        looks += 1;
        return Promise.resolve(tunnel("a", 1));
      },
    }));
    expect(await run(account, account.options({ kinds: lagging }))).toMatchObject({
      status: "failed",
      failure: { code: "not_seen_gone" },
    });
    expect(looks).toBe(9);
    expect(account.log).toEqual(["delete 1"]);
  });

  test("that cannot delete creates nothing", async () => {
    const account = a();
    account.set(1, facts({ status: "healthy" }));
    expect(await run(account)).toMatchObject({ failure: { code: "came_alive" } });
    expect(account.log).toEqual(["read 1"]);
  });

  test("whose create fails is half done, and says so", async () => {
    const account = a().on("create a", { error: refused(400) });
    expect(await run(account)).toMatchObject({
      failure: { code: "replaced_half", cause: { code: "api" } },
    });
  });

  test("whose old one cannot be looked at is half done", async () => {
    const account = a().on("read 1", {}, { error: unreadable() });
    expect(await run(account)).toMatchObject({
      failure: { code: "replaced_half", cause: { code: "api" } },
    });
  });

  test("waits while the old one is gone by id and still found by name", async () => {
    const account = a();
    let looks = 0;
    const lagging = account.options().kinds.map((kind) => ({
      ...kind,
      find: () => {
        looks += 1;
        return Promise.resolve(looks < 3 ? [tunnel("a", 1)] : []);
      },
    }));
    const result = await run(account, account.options({ kinds: lagging }));
    expect(result).toMatchObject({ status: "applied", id: id(501) });
    expect(looks).toBe(3);
  });

  test("waits for none but the old one: the create tells of whoever else bears the name", async () => {
    const account = a().on("delete 1", { before: () => account.resources.push(tunnel("a", 7)) });
    await run(account);
    expect(account.log.slice(0, 5)).toEqual(["read 1", "delete 1", "read 1", "find a", "create a"]);
  });

  test("goes on to create once the old one is gone, although its time is over", async () => {
    const account = a();
    let now = 0;
    account.on("delete 1", { before: () => void (now = 10) });
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const options = account.options({ clock, deadline: 5 });
    expect(await run(account, options)).toMatchObject({
      status: "applied",
      id: id(501),
    });
  });

  test("goes on to create once the old one is gone, although the run was interrupted, and waits as ever", async () => {
    const controller = new AbortController();
    const account = a().on("delete 1", { before: () => controller.abort() });
    account.on("read 1", {}, { before: () => account.resources.push(tunnel("a", 1)) });
    account.on("read 1", { before: () => account.remove(1) }).on("create a", { error: refused(409) });
    const signals: unknown[] = [];
    const clock = {
      now: () => 0,
      sleep: async (_: number, signal?: AbortSignal) => void signals.push(signal),
    };
    const options = account.options({ stop: controller.signal, clock });
    expect(await run(account, options)).toMatchObject({
      status: "applied",
      id: id(501),
    });
    expect(signals.length).toBeGreaterThan(1);
    expect(signals.every((signal) => signal === undefined)).toBe(true);
    expect(account.count("create a")).toBe(2);
  });
});
