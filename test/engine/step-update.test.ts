import { describe, expect, test } from "vitest";
import type { Update } from "../../src/engine/model/change.ts";
import { moveAside, update } from "../../src/engine/steps/update.ts";
import { takeStep } from "../../src/engine/steps/step.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { entry, id, planOf, state, tunnel } from "../support/builders.ts";
import { FakeAccount, lost, refused, unreadable } from "../support/fake-account.ts";

const secrets = { tunnel_secret: { env: "S" } };
const DIFFERS = [{ id: id(1), attribute: "tunnel_secret", comparison: { verdict: "differs" as const } }];
const LOST = { error: lost(), acts: true };
const UNSENT = { error: lost() };

function changeOf(entryOf = entry("new", { renamed_from: "old" }), actual = tunnel("old", 1)): Update {
  const [change] = planOf(state([entryOf]), [actual], { secrets: DIFFERS }).changes;
  if (change?.action !== "update") {
    throw new Error("the plan updates nothing");
  }
  return change;
}

function run(account: FakeAccount, change = changeOf(), stop?: AbortSignal) {
  const options = account.options(stop === undefined ? {} : { stop });
  return takeStep(
    { id: "u", stage: "build", operation: "update", change, withheld: null, needs: [], after: [] },
    options,
  );
}

function old(): FakeAccount {
  return new FakeAccount(tunnel("old", 1));
}

test("reads, then sends what changes and nothing else", async () => {
  const account = old();
  expect(await run(account)).toEqual({ status: "applied", id: id(1), confirmed: false });
  expect(account.log).toEqual(["read 1", "update 1"]);
  expect(account.edits).toEqual([{ name: "new", spec: {}, secrets: {} }]);
});

test("sends no attribute that is written and does not change", async () => {
  const account = old();
  await run(account, changeOf(entry("new", { renamed_from: "old", spec: { config_src: "local" } })));
  expect(account.edits).toEqual([{ name: "new", spec: {}, secrets: {} }]);
});

test("sends an attribute that changes in place", async () => {
  const change = changeOf(
    entry("new", { renamed_from: "old", spec: { comment: "new", config_src: "local" } }),
  );
  const account = old();
  await run(account, { ...change, fields: ["comment"] });
  expect(account.edits).toEqual([{ spec: { comment: "new" }, secrets: {} }]);
});

test("sends a secret where the change says so, and no name", async () => {
  const account = new FakeAccount(tunnel("a", 1));
  await run(account, changeOf(entry("a", { secrets, spec: { config_src: "local" } }), tunnel("a", 1)));
  expect(account.edits).toMatchObject([{ spec: {}, secrets: { tunnel_secret: expect.anything() } }]);
  expect(account.edits).not.toMatchObject([{ name: expect.anything() }]);
});

test("the first half goes to the temporary name, without the rest; the second from there", async () => {
  const change = { ...changeOf(entry("new", { renamed_from: "old", secrets })), via: "aside" };
  const account = old();
  await moveAside(change, account.kind(cfdTunnel), account.options());
  expect(account.edits).toEqual([{ name: "aside", spec: {}, secrets: {} }]);
  expect(await update(change, account.kind(cfdTunnel), account.options())).toMatchObject({
    status: "applied",
  });
  expect(account.edits[1]).toMatchObject({ name: "new", secrets: { tunnel_secret: expect.anything() } });
});

describe("right before the write", () => {
  test("what is gone is told", async () => {
    expect(await run(new FakeAccount())).toMatchObject({
      status: "failed",
      id: id(1),
      failure: { code: "gone" },
    });
  });

  test("a changed name fails the change", async () => {
    const account = new FakeAccount(tunnel("z", 1));
    expect(await run(account)).toMatchObject({ failure: { code: "name_changed", live_name: "z" } });
    expect(account.log).toEqual(["read 1"]);
  });

  test("what cannot be read is not written", async () => {
    const account = old().on("read 1", { error: unreadable() });
    expect(await run(account)).toMatchObject({ failure: { code: "api" } });
    expect(account.count("update 1")).toBe(0);
  });

  test("an interruption skips it", async () => {
    const account = old();
    expect(await run(account, changeOf(), AbortSignal.abort())).toEqual({
      status: "skipped",
      because: { code: "interrupted" },
    });
    expect(account.edits).toEqual([]);
  });
});

test("a plain refusal is told, and not tried again", async () => {
  const account = old().on("update 1", { error: refused(409) });
  expect(await run(account)).toMatchObject({ failure: { code: "api", error: { status: 409 } } });
  expect(account.log).toEqual(["read 1", "update 1"]);
});

describe("after a lost answer", () => {
  test("what shows is done, and not sent again", async () => {
    const account = old().on("update 1", LOST);
    expect(await run(account)).toEqual({ status: "applied", id: id(1), confirmed: true });
    expect(account.log).toEqual(["read 1", "update 1", "read 1"]);
  });

  test("what does not show is sent again", async () => {
    const account = old().on("update 1", UNSENT, UNSENT);
    expect(await run(account)).toEqual({ status: "applied", id: id(1), confirmed: false });
    expect(account.count("update 1")).toBe(3);
  });

  test("again and again it is given up", async () => {
    const account = old().on("update 1", UNSENT, UNSENT, UNSENT, UNSENT, UNSENT);
    expect(await run(account)).toMatchObject({ failure: { code: "uncertain" } });
    expect(account.count("update 1")).toBe(4);
  });

  test("what cannot be read is uncertain", async () => {
    const account = old().on("update 1", LOST).on("read 1", {}, { error: unreadable() });
    expect(await run(account)).toMatchObject({ failure: { code: "uncertain", error: { ambiguous: true } } });
  });

  test("what bears a third name is left alone", async () => {
    const account = old().on("update 1", { ...UNSENT, before: () => account.set(1, { name: "z" }) });
    expect(await run(account)).toMatchObject({ failure: { code: "name_changed", live_name: "z" } });
    expect(account.count("update 1")).toBe(1);
  });

  test("what is gone is told", async () => {
    const account = old().on("update 1", { ...UNSENT, before: () => account.remove(1) });
    expect(await run(account)).toMatchObject({ status: "failed", failure: { code: "gone" } });
    expect(account.count("update 1")).toBe(1);
  });

  test.each([
    ["shows", LOST, 1, true],
    ["does not show", UNSENT, 2, false],
  ])("an attribute that %s", async (_, trouble, sent, isConfirmed) => {
    const change = changeOf(entry("new", { renamed_from: "old", spec: { comment: "new" } }));
    const account = old().on("update 1", trouble);
    expect(await run(account, { ...change, fields: ["comment"] })).toEqual({
      status: "applied",
      id: id(1),
      confirmed: isConfirmed,
    });
    expect(account.count("update 1")).toBe(sent);
    expect(account.resources).toMatchObject([{ spec: { comment: "new" } }]);
  });

  test("it is not sent again once the run is interrupted", async () => {
    const controller = new AbortController();
    const account = old().on("update 1", { ...UNSENT, before: () => controller.abort() });
    expect(await run(account, changeOf(), controller.signal)).toMatchObject({
      failure: { code: "uncertain" },
    });
    expect(account.count("update 1")).toBe(1);
  });

  describe("of a secret", () => {
    const change = changeOf(entry("a", { secrets }), tunnel("a", 1));

    test.each([
      ["same", { verdict: "same" as const }, 1, { status: "applied", confirmed: true }],
      ["differs", { verdict: "differs" as const }, 2, { status: "applied", confirmed: false }],
      ["unknown", { verdict: "unknown" as const, why: "" }, 2, { status: "applied", confirmed: false }],
    ])("that is then %s", async (_, verdict, sent, result) => {
      const account = new FakeAccount(tunnel("a", 1)).on("update 1", LOST);
      account.verdicts.set(id(1), verdict);
      expect(await run(account, change)).toMatchObject(result);
      expect(account.count("update 1")).toBe(sent);
    });

    test("that is not in force is not sent to what is gone by then", async () => {
      const account = new FakeAccount(tunnel("a", 1)).on("update 1", UNSENT);
      account.verdicts.set(id(1), { verdict: "differs" });
      account.on("compare 1", { before: () => account.remove(1) });
      expect(await run(account, change)).toMatchObject({ failure: { code: "gone" } });
      expect(account.log).toEqual(["read 1", "update 1", "read 1", "compare 1", "read 1"]);
    });

    test("is looked at once more only where it was compared", async () => {
      const account = new FakeAccount(tunnel("a", 1));
      await run(account, change);
      expect(account.log).toEqual(["read 1", "update 1"]);
    });

    test("that cannot be compared is uncertain", async () => {
      const account = new FakeAccount(tunnel("a", 1))
        .on("update 1", LOST)
        .on("compare 1", { error: unreadable() });
      expect(await run(account, change)).toMatchObject({
        failure: { code: "uncertain", error: { ambiguous: true } },
      });
    });
  });
});
