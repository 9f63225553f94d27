import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/cloudflare/error.ts";
import { create } from "../../src/engine/steps/create.ts";
import type { Wanted } from "../../src/engine/model/change.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { facts, id, LONG_AGO, tunnel } from "../support/builders.ts";
import { countedClock, FakeAccount, lost, refused, unreadable } from "../support/fake-account.ts";

const WANTED: Wanted = { name: "a", spec: { config_src: "cloudflare" }, secrets: {} };
const SECRET: Wanted = { ...WANTED, secrets: { tunnel_secret: { env: "S" } } };
const cloudflare = { spec: { config_src: "cloudflare" } };
const LOST = { error: lost(), acts: true };
const UNSENT = { error: lost() };
const TAKEN = { error: refused(409) };

function run(account: FakeAccount, wanted = WANTED, isFreed = false) {
  return create(wanted, account.kind(cfdTunnel), account.options(), isFreed);
}

/** Somebody else makes a tunnel of that name. */
function rival(change: Parameters<typeof tunnel>[2] = {}) {
  return (account: FakeAccount) => void account.resources.push(tunnel("a", 7, change));
}

test("an answer with an id is the end of it", async () => {
  const account = new FakeAccount();
  expect(await run(account)).toMatchObject({ status: "applied", id: id(501), confirmed: false });
  expect(account.log).toEqual(["create a"]);
});

test("what was held back, and surely did nothing, is sent again", async () => {
  const held = new ApiError("held", { failure: "rate_limited", method: "PUT", path: "/", repeatable: true });
  const account = new FakeAccount().on("create a", { error: held });
  expect(await run(account)).toMatchObject({ status: "applied", id: id(501) });
  expect(account.log).toEqual(["create a", "create a"]);
});

test("a plain refusal is told, and not tried again", async () => {
  const account = new FakeAccount().on("create a", { error: refused(400) });
  expect(await run(account)).toMatchObject({ status: "failed", id: null, failure: { code: "api" } });
  expect(account.log).toEqual(["create a"]);
});

describe("nothing is sent a second time", () => {
  test("once the run is interrupted, also in the pause right before it", async () => {
    const controller = new AbortController();
    const account = new FakeAccount().on("create a", UNSENT);
    // Two pauses between the three looks, and a third one before the next try.
    const clock = countedClock((count) => count === 3 && controller.abort());
    const options = account.options({ stop: controller.signal, clock });
    expect(await create(WANTED, account.kind(cfdTunnel), options, true)).toMatchObject({
      failure: { code: "uncertain" },
    });
    expect([account.count("create a"), clock.sleeps]).toEqual([1, [500, 1_000, 500]]);
  });

  test("after the deadline, which no pause outlasts", async () => {
    const account = new FakeAccount().on("create a", UNSENT);
    const clock = countedClock();
    const options = account.options({ clock, deadline: 1_600 });
    expect(await create(WANTED, account.kind(cfdTunnel), options, true)).toMatchObject({
      failure: { code: "uncertain" },
    });
    expect([account.count("create a"), clock.sleeps]).toEqual([1, [500, 1_000, 100]]);
  });

  test("after the deadline where the name was taken, either", async () => {
    const account = new FakeAccount(tunnel("a", 1)).on("create a", TAKEN);
    const options = account.options({ clock: countedClock(), deadline: 0 });
    expect(await create(WANTED, account.kind(cfdTunnel), options, true)).toMatchObject({
      failure: { code: "name_taken", holder: { id: id(1) } },
    });
    expect(account.log).toEqual(["create a", "find a"]);
  });
});

describe("after a lost answer", () => {
  test("what is found is ours, and nothing is sent a second time", async () => {
    const account = new FakeAccount().on("create a", LOST);
    expect(await run(account)).toMatchObject({ status: "applied", id: id(501), confirmed: true });
    expect(account.log).toEqual(["create a", "find a"]);
  });

  test("it is looked for more than once: lists may lag", async () => {
    const account = new FakeAccount().on("create a", UNSENT).on("find a", {}, { before: rival(cloudflare) });
    expect(await run(account)).toMatchObject({ status: "applied", id: id(7), confirmed: true });
    expect(account.log).toEqual(["create a", "find a", "find a"]);
  });

  test("it is sent again only when it is surely not there", async () => {
    const account = new FakeAccount().on("create a", UNSENT);
    expect(await run(account)).toMatchObject({ status: "applied", id: id(501), confirmed: false });
    expect(account.log).toEqual(["create a", "find a", "find a", "find a", "create a"]);
  });

  test("and a name that then is taken, what took it is ours", async () => {
    const account = new FakeAccount().on("create a", UNSENT, { ...TAKEN, before: rival(cloudflare) });
    expect(await run(account)).toMatchObject({ status: "applied", id: id(7), confirmed: true });
  });

  test("a tunnel that was there before is never taken for it", async () => {
    const account = new FakeAccount(tunnel("a", 1, cloudflare)).on(
      "create a",
      UNSENT,
      UNSENT,
      UNSENT,
      UNSENT,
    );
    expect(await run(account)).toMatchObject({ status: "failed", failure: { code: "uncertain" } });
  });

  test("one with another attribute is somebody else's", async () => {
    const account = new FakeAccount().on("create a", { ...UNSENT, before: rival() });
    expect(await run(account)).toMatchObject({ failure: { code: "created_by_someone_else", id: id(7) } });
  });

  test("one of which the API does not report the attribute is ours", async () => {
    const account = new FakeAccount().on("create a", { ...UNSENT, before: rival({ spec: {} }) });
    expect(await run(account)).toMatchObject({ status: "applied", id: id(7) });
  });

  test.each([
    ["same", { verdict: "same" as const }, { status: "applied", confirmed: true }],
    [
      "another",
      { verdict: "differs" as const },
      { status: "failed", failure: { code: "created_by_someone_else" } },
    ],
    [
      "unknown",
      { verdict: "unknown" as const, why: "" },
      { status: "failed", failure: { code: "uncertain" } },
    ],
  ])("one whose secret is %s", async (_, verdict, result) => {
    const account = new FakeAccount().on("create a", { ...UNSENT, before: rival(cloudflare) });
    account.verdicts.set(id(7), verdict);
    expect(await run(account, SECRET)).toMatchObject(result);
    expect(account.count("compare 7")).toBe(1);
  });

  test("whose secret cannot be compared nobody knows whose it is", async () => {
    const account = new FakeAccount().on("create a", LOST).on("compare 501", { error: unreadable() });
    expect(await run(account, SECRET)).toMatchObject({ status: "failed", failure: { code: "uncertain" } });
  });

  test("that cannot be looked for nobody knows what became of it", async () => {
    const account = new FakeAccount().on("create a", LOST).on("find a", { error: unreadable() });
    expect(await run(account)).toMatchObject({ status: "failed", id: null, failure: { code: "uncertain" } });
    expect(account.count("create a")).toBe(1);
  });

  test("again and again it is given up", async () => {
    const account = new FakeAccount().on("create a", UNSENT, UNSENT, UNSENT, UNSENT, UNSENT);
    expect(await run(account)).toMatchObject({ status: "failed", failure: { code: "uncertain" } });
    expect(account.count("create a")).toBe(4);
  });

  test("of an interrupted run it is looked for, and not sent again", async () => {
    const controller = new AbortController();
    const account = new FakeAccount().on("create a", { ...UNSENT, before: () => controller.abort() });
    const options = account.options({ stop: controller.signal });
    expect(await create(WANTED, account.kind(cfdTunnel), options, false)).toMatchObject({
      failure: { code: "uncertain" },
    });
    expect(account.log).toEqual(["create a", "find a"]);
  });
});

describe("a name that is taken", () => {
  test("by what nobody knew is told with who has it", async () => {
    const account = new FakeAccount().on("create a", {
      ...TAKEN,
      before: rival(facts({ status: "healthy" })),
    });
    expect(await run(account)).toEqual({
      status: "failed",
      id: null,
      failure: {
        code: "name_taken",
        holder: { id: id(7), created_at: LONG_AGO, status: "healthy" },
        error: TAKEN.error,
      },
    });
    expect(account.count("create a")).toBe(1);
  });

  test("by what this plan takes it from is tried again", async () => {
    const account = new FakeAccount(tunnel("a", 1)).on("create a", TAKEN, TAKEN);
    account.on("find a", {}, {}, {}, {}, {}, { before: () => account.remove(1) });
    expect(await run(account, WANTED, true)).toMatchObject({ status: "applied", id: id(501) });
    expect(account.count("create a")).toBe(3);
  });

  test("for ever by what should have given it up is told", async () => {
    const account = new FakeAccount(tunnel("a", 1)).on("create a", TAKEN, TAKEN, TAKEN, TAKEN);
    expect(await run(account, WANTED, true)).toMatchObject({
      failure: { code: "name_taken", holder: { id: id(1) }, error: { status: 409 } },
    });
    expect(account.count("create a")).toBe(4);
  });

  test("by nobody that can be seen, and freed by nothing in this plan, is told so and not tried again", async () => {
    const account = new FakeAccount().on("create a", TAKEN, TAKEN, TAKEN, TAKEN);
    expect(await run(account)).toMatchObject({ failure: { code: "name_taken", holder: null } });
    expect(account.count("create a")).toBe(1);
  });

  test("by what cannot be looked for was refused all the same", async () => {
    const account = new FakeAccount().on("create a", TAKEN).on("find a", { error: unreadable() });
    expect(await run(account)).toMatchObject({ id: null, failure: { code: "api", error: { status: 409 } } });
  });
});
