import { describe, expect, test } from "vitest";
import type { Change } from "../../src/engine/model/change.ts";
import type { Failure, Outcome } from "../../src/engine/model/outcome.ts";
import type { ActualResource, DesiredEntry } from "../../src/engine/model/resource.ts";
import { verify, type VerifyOptions } from "../../src/engine/verify.ts";
import { entry, id, planOf, state, tunnel } from "../support/builders.ts";
import { countedClock, FakeAccount, unreadable } from "../support/fake-account.ts";

function changeOf(wanted: DesiredEntry, ...world: readonly ActualResource[]): Change {
  const [change] = planOf(state([wanted]), world).changes;
  if (change === undefined) {
    throw new Error("the plan is empty");
  }
  return change;
}

function applied(change: Change, number: number): Outcome {
  return { status: "applied", change, id: id(number), confirmed: false };
}

async function differencesOf(outcomes: readonly Outcome[], world: readonly ActualResource[]) {
  const verification = await verify(outcomes, new FakeAccount(...world).options());
  return !verification.verified && verification.because === "differs" ? verification.differences : [];
}

async function codesOf(outcome: Outcome, ...world: readonly ActualResource[]): Promise<readonly string[]> {
  return (await differencesOf([outcome], world)).map((difference) =>
    difference.code === "other_value" ? `${difference.code} ${difference.attribute}` : difference.code,
  );
}

const cloudflare = { spec: { config_src: "cloudflare" } };

describe("a create", () => {
  const created = applied(changeOf(entry("a", cloudflare)), 5);

  test.each([
    ["is there", [tunnel("a", 5, cloudflare)], []],
    ["is there, and the API does not report the attribute", [tunnel("a", 5, { spec: {} })], []],
    ["is missing", [], ["missing"]],
    ["is missing, though a namesake is there", [tunnel("a", 6, cloudflare)], ["missing"]],
    ["bears another name", [tunnel("z", 5, cloudflare)], ["other_value name"]],
    ["has another attribute", [tunnel("a", 5)], ["other_value config_src"]],
    ["has neither", [tunnel("z", 5)], ["other_value name", "other_value config_src"]],
  ])("that %s", async (_, world, codes) => {
    expect(await codesOf(created, ...world)).toEqual(codes);
  });

  test("that differs is told with what was expected and found", async () => {
    expect(await differencesOf([created], [tunnel("a", 5)])).toEqual([
      {
        code: "other_value",
        kind: "cfd_tunnel",
        name: "a",
        id: id(5),
        attribute: "config_src",
        expected: "cloudflare",
        found: "local",
      },
    ]);
  });
});

describe("an update", () => {
  const renamed = applied(changeOf(entry("new", { renamed_from: "old" }), tunnel("old", 1)), 1);

  test.each([
    ["shows", [tunnel("new", 1)], []],
    ["does not show", [tunnel("old", 1)], ["other_value name"]],
    ["is of what is missing", [], ["missing"]],
  ])("that %s", async (_, world, codes) => {
    expect(await codesOf(renamed, ...world)).toEqual(codes);
  });
});

describe("a delete", () => {
  const deleted = applied(changeOf(entry("old", { state: "absent" }), tunnel("old", 1)), 1);

  test.each([
    ["is gone", [], []],
    ["is gone, though a namesake is there", [tunnel("old", 2)], []],
    ["is still there", [tunnel("old", 1)], ["still_there"]],
    ["is still there, under another name", [tunnel("z", 1)], ["still_there"]],
  ])("of what %s", async (_, world, codes) => {
    expect(await codesOf(deleted, ...world)).toEqual(codes);
  });
});

describe("a replacement", () => {
  const change = changeOf(entry("a", { ...cloudflare, replace: id(1) }), tunnel("a", 1));

  test.each([
    ["shows", [tunnel("a", 2, cloudflare)], []],
    ["left the old one", [tunnel("a", 1), tunnel("a", 2, cloudflare)], ["still_there"]],
    ["made no new one", [], ["missing"]],
    ["made one that differs", [tunnel("z", 2)], ["other_value name", "other_value config_src"]],
    ["did neither", [tunnel("a", 1)], ["still_there", "missing"]],
  ])("that %s", async (_, world, codes) => {
    expect(await codesOf(applied(change, 2), ...world)).toEqual(codes);
  });
});

test("what was not applied is not held against the account", async () => {
  const change = changeOf(entry("a"));
  const outcomes: readonly Outcome[] = [
    { status: "failed", change, id: null, failure: { code: "gone" } },
    { status: "skipped", change, id: null, because: { code: "interrupted" } },
  ];
  expect(await differencesOf(outcomes, [])).toEqual([]);
});

describe("verifying", () => {
  const created = changeOf(entry("a"));
  const outcomes = [applied(created, 1)];
  const there = [tunnel("a", 1)];

  interface Run extends Pick<VerifyOptions, "stop" | "deadline"> {
    readonly judged?: readonly Outcome[];
  }

  async function run(account: FakeAccount, { judged = outcomes, ...limits }: Run = {}) {
    const clock = countedClock();
    const { client, kinds } = account.options();
    const verification = await verify(judged, { client, kinds, clock, ...limits });
    return { verification, waits: clock.sleeps, readings: account.count("list") };
  }

  test("reads the kinds that were touched, once when all is as it should be", async () => {
    expect(await run(new FakeAccount(...there))).toEqual({
      verification: { verified: true, because: "shown" },
      waits: [],
      readings: 1,
    });
  });

  test("reads nothing when nothing was applied", async () => {
    const failed: Outcome = { status: "failed", change: created, id: null, failure: { code: "gone" } };
    expect(await run(new FakeAccount(), { judged: [failed] })).toEqual({
      verification: { verified: true, because: "nothing_applied" },
      waits: [],
      readings: 0,
    });
  });

  test("waits for lists that lag", async () => {
    const account = new FakeAccount().on(
      "list",
      {},
      {},
      { before: ({ resources }) => resources.push(...there) },
    );
    expect(await run(account)).toEqual({
      verification: { verified: true, because: "shown" },
      waits: [1_000, 2_000],
      readings: 3,
    });
  });

  test("says what differs when that does not end", async () => {
    expect(await run(new FakeAccount())).toMatchObject({
      verification: { verified: false, because: "differs", differences: [{ code: "missing", id: id(1) }] },
      waits: [1_000, 2_000, 4_000],
      readings: 4,
    });
  });

  test("says when the account cannot be read", async () => {
    const account = new FakeAccount().on("list", { error: unreadable() });
    expect((await run(account)).verification).toMatchObject({ verified: false, because: "unreadable" });
  });

  test.each([
    ["allows a whole wait and a part", 1_500, [1_000, 500]],
    ["allows a part of one", 999, [999]],
    ["is over", 0, []],
  ])("waits no longer than the deadline, which %s", async (_, deadline, waits) => {
    expect(await run(new FakeAccount(), { deadline })).toMatchObject({
      verification: { verified: false, because: "differs" },
      waits,
      readings: waits.length + 1,
    });
  });

  test("reads what half of a change was done to", async () => {
    const replacing = changeOf(entry("a", { ...cloudflare, replace: id(1) }), tunnel("a", 1));
    const cause = { code: "gone" } as const;
    const judged: readonly Outcome[] = [
      { status: "failed", change: replacing, id: null, failure: { code: "replaced_half", cause } },
    ];
    expect(await run(new FakeAccount(), { judged })).toMatchObject({
      verification: { verified: true, because: "shown" },
      readings: 1,
    });
    expect(await run(new FakeAccount(tunnel("a", 1)), { judged })).toMatchObject({
      verification: { verified: false, differences: [{ code: "still_there", id: id(1) }] },
    });
  });

  test("looks for the temporary name of what was left aside, unless it may have been moved on", async () => {
    const change = changeOf(entry("new", { renamed_from: "old" }), tunnel("old", 1));
    const leftAside = (cause: Failure): readonly Outcome[] => [
      { status: "failed", change, id: id(1), failure: { code: "left_aside", name: "aside", cause } },
    ];
    const known = leftAside({ code: "gone" });
    const account = new FakeAccount(tunnel("aside", 1));
    expect((await run(account, { judged: known })).verification).toEqual({
      verified: true,
      because: "shown",
    });
    expect((await run(new FakeAccount(tunnel("old", 1)), { judged: known })).verification).toMatchObject({
      differences: [{ code: "other_value", attribute: "name", expected: "aside", found: "old" }],
    });
    const unknown = leftAside({ code: "uncertain", error: unreadable() });
    expect(await run(account, { judged: unknown })).toMatchObject({
      verification: { because: "nothing_applied" },
    });
  });

  test("begins nothing once the run is interrupted", async () => {
    expect(await run(new FakeAccount(...there), { stop: AbortSignal.abort() })).toMatchObject({
      verification: { verified: false, because: "interrupted" },
      readings: 0,
    });
  });
});
