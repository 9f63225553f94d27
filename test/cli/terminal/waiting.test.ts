import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { createWaiting } from "../../../src/cli/terminal/waiting.ts";
import { Interrupted } from "../../../src/cli/user-error.ts";
import type { WaitEvent } from "../../../src/cloudflare/wire/pacing.ts";
import { runCli, servedSandbox } from "../../support/cli.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { applied, create, remove, rename, SKIPS, uuid } from "../../render/corpus.ts";

/** `terminal`: whether there is one. Its lines are what the status line showed, null being none. */
function rig(terminal: boolean) {
  const clock = new FakeClock({ jumps: false, now: Date.UTC(2026, 0, 1, 12) });
  const lines: (string | null)[] = [];
  const notes: string[] = [];
  const stop = new AbortController();
  const printer = {
    hasStatus: () => terminal,
    status: (line: string | null) => void lines.push(line),
    note: (message: string) => void notes.push(message),
  };
  return { clock, lines, notes, stop, waiting: createWaiting(printer, { clock, stop: stop.signal }) };
}

/** A promise, and how to end it. */
function pending() {
  let resolve: (value: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Lets everything run that waits for nothing but its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const ANSWER = { method: "GET", path: "/x", status: 200, failure: null, ms: 1, attempt: 1 } as const;

describe("on a terminal", () => {
  test("what takes longer than half a second says what for, counts, and takes its line away", async () => {
    const { clock, lines, waiting } = rig(true);
    const work = pending();
    const done = waiting.reading("Reading the account", work.promise);
    waiting.told.onRequest(ANSWER);
    // Not all that is sent is answered.
    waiting.told.onRequest({ ...ANSWER, status: null, failure: "timeout" });
    clock.advance(499);
    await turn();
    expect(lines).toEqual([]);
    clock.advance(1);
    await turn();
    waiting.told.onRequest(ANSWER);
    expect(lines).toEqual(["Reading the account, 1 answer so far", "Reading the account, 2 answers so far"]);
    work.resolve("all of it");
    expect(await done).toBe("all of it");
    expect(lines.at(-1)).toBeNull();
    waiting.told.onRequest(ANSWER);
    expect(lines).toHaveLength(3);
    expect(clock.sleeping).toBe(0);
  });

  test("what is over soon shows nothing", async () => {
    const { clock, lines, waiting } = rig(true);
    await waiting.reading("Reading the account", Promise.resolve());
    clock.advance(5_000);
    await turn();
    expect(lines).toEqual([]);
  });

  test("what fails takes its line away, too", async () => {
    const { clock, lines, waiting } = rig(true);
    const work = pending();
    const done = waiting.finishing("Cutting the connections", () => work.promise);
    clock.advance(500);
    await turn();
    expect(lines).toEqual(["Cutting the connections"]);
    work.reject(new Error("cut"));
    await expect(done).rejects.toThrow("cut");
    expect(lines.at(-1)).toBeNull();
  });

  test("the changes: done, failed, skipped and left apart, and what is in flight", async () => {
    const { clock, lines, waiting } = rig(true);
    const work = pending();
    const [made, renamed, removed] = [create(), rename(), remove()];
    const failed = { status: "failed", change: renamed, id: null, failure: { code: "gone" } } as const;
    const skipped = { status: "skipped", change: removed, id: null, because: SKIPS.interrupted } as const;
    const done = waiting.applying(4, async (progress) => {
      for (const change of [made, renamed, create({ name: "b" }), create({ name: "c" })]) {
        progress.started?.(change);
      }
      await work.promise;
      progress.ended?.(applied(made, uuid(1)));
      progress.ended?.(failed);
      progress.ended?.(skipped);
      progress.verifying?.();
      progress.following?.({ kind: "cfd_tunnel_configuration", name: "web" }, 2, 44_001);
      progress.following?.({ kind: "cfd_tunnel_configuration", name: "web" }, 0, 0);
    });
    clock.advance(500);
    await turn();
    work.resolve("");
    await done;
    expect(lines).toEqual([
      "0 done, 0 failed, 4 left: create cfd_tunnel/prod-web, update cfd_tunnel/prod-api, create cfd_tunnel/b and 1 more",
      "1 done, 0 failed, 3 left: update cfd_tunnel/prod-api, create cfd_tunnel/b, create cfd_tunnel/c",
      "1 done, 1 failed, 2 left: create cfd_tunnel/b, create cfd_tunnel/c",
      "1 done, 1 failed, 1 skipped, 1 left: create cfd_tunnel/b, create cfd_tunnel/c",
      "1 done, 1 failed, 1 skipped, 1 left: reading the account once more",
      "1 done, 1 failed, 1 skipped, 1 left: waiting until connectors follow cfd_tunnel_configuration/web (2 behind, for up to 45 s more)",
      "1 done, 1 failed, 1 skipped, 1 left: reading the account once more",
      null,
    ]);
  });

  test("waits for the API are said with their end", async () => {
    const { clock, lines, notes, waiting } = rig(true);
    const work = pending();
    const done = waiting.reading("Reading the account", work.promise);
    clock.advance(500);
    await turn();
    const { told } = waiting;
    const retry = { method: "GET", attempt: 2, until: clock.now() + 4_500, failure: "network" } as const;
    const other = { method: "POST", attempt: 3, until: clock.now() + 9_000, failure: "server" } as const;
    told.onRetry(retry, "begins");
    told.onRetry(other, "begins");
    told.onRetry(retry, "ends");
    told.onRetry(other, "ends");
    told.onWait({ type: "wait_begins", until: clock.now() + 60_000 });
    told.onWait({ type: "wait_ends" });
    const what = "Reading the account";
    expect(lines).toEqual([
      what,
      `${what}; no connection, trying again in 5 s (12:00:05Z)`,
      `${what}; no connection, trying 2 requests again in 5 s (12:00:05Z)`,
      `${what}; Cloudflare failed, trying again in 9 s (12:00:09Z)`,
      what,
      `${what}; rate limit, going on in 60 s (12:01:00Z)`,
      what,
    ]);
    expect(notes).toEqual(["Rate limit: waiting until 2026-01-01T12:01:00.500Z."]);
    work.resolve("");
    await done;
  });

  test("waits stand before what is in flight, which may be long", async () => {
    const { clock, lines, waiting } = rig(true);
    const work = pending();
    const done = waiting.applying(2, async (progress) => {
      progress.started?.(create());
      await work.promise;
    });
    clock.advance(500);
    await turn();
    waiting.told.onWait({ type: "wait_begins", until: clock.now() + 60_000 });
    expect(lines.at(-1)).toBe(
      "0 done, 0 failed, 2 left; rate limit, going on in 60 s (12:01:00Z): create cfd_tunnel/prod-web",
    );
    work.resolve("");
    await done;
  });
});

describe("elsewhere", () => {
  test("a line every 30 seconds, from the command's beginning on and over what it does after another", async () => {
    const { clock, lines, notes, waiting } = rig(false);
    const first = pending();
    const reading = waiting.reading("Reading the account", first.promise);
    clock.advance(20_000);
    first.resolve("");
    await reading;
    const second = pending();
    const applying = waiting.applying(2, async (progress) => {
      progress.started?.(create());
      await second.promise;
    });
    clock.advance(9_999);
    await turn();
    expect(notes).toEqual([]);
    for (const ms of [1, 30_000, 30_000]) {
      clock.advance(ms);
      await turn();
      await turn();
    }
    expect(notes).toEqual(Array(3).fill("0 done, 0 failed, 2 left: create cfd_tunnel/prod-web."));
    second.resolve("");
    await applying;
    clock.advance(90_000);
    await turn();
    expect(notes).toHaveLength(3);
    expect(lines.filter((line) => line !== null)).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });
});

describe("an interruption", () => {
  test("ends at once what only reads", async () => {
    const { stop, waiting } = rig(true);
    const done = waiting.reading("Reading the account", pending().promise);
    stop.abort();
    await expect(done).rejects.toThrow(Interrupted);
  });

  test("lets what writes come to its end, and says what has been done by then", async () => {
    const { stop, notes, waiting } = rig(false);
    const work = pending();
    const done = waiting.applying(3, async (progress) => {
      progress.ended?.(applied(create(), uuid(1)));
      return work.promise;
    });
    stop.abort();
    expect(notes).toEqual([
      "Interrupted: nothing new is begun, and what is under way is finished (1 done, 0 failed, 2 left). Once more cuts it off.",
    ]);
    work.resolve("the end");
    expect(await done).toBe("the end");
  });
});

test("a rate limit: until when a wait lasts, and of one that is too long so once", () => {
  const { clock, notes, waiting } = rig(false);
  const until = clock.now();
  const events: readonly WaitEvent[] = [
    { type: "wait_begins", until },
    { type: "wait_ends" },
    { type: "wait_refused", until },
    { type: "wait_refused", until: until + 900 },
    { type: "wait_refused", until: until + 60_000 },
  ];
  for (const event of events) {
    waiting.told.onWait(event);
  }
  expect(notes).toEqual([
    "Rate limit: waiting until 2026-01-01T12:00:00.000Z.",
    "Rate limit: Cloudflare allows no more requests until 2026-01-01T12:00:00.000Z, which is too long a wait.",
    "Rate limit: Cloudflare allows no more requests until 2026-01-01T12:01:00.000Z, which is too long a wait.",
  ]);
});

describe.each([
  ["plan", "Reading the account"],
  ["drift", "Reading the account"],
  ["list", "Reading the account"],
  ["list --kind virtual_network", "Reading the account"],
  ["status --all", "Reading the account"],
  ["report --out report.html", "Reading the account"],
  ["export", "Reading the account"],
  ["show web", "Reading the tunnel"],
  ["token web", "Reading the token"],
  ["management-token web", "Asking for the token"],
  ["disconnect web --yes", "Reading the tunnel"],
  ["rotate web --yes", "Replacing the secret"],
  ["apply --yes", "1 done, 0 failed, 0 left: reading the account once more"],
  ["doctor", "Asking the account"],
])("%s", (command, line) => {
  /** Every moment is over at once. */
  const clock: Clock = {
    ...systemClock,
    sleep: async (ms, signal) => (ms === 500 ? undefined : systemClock.sleep(ms, signal)),
  };
  const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n  other:\n" };

  test.each([
    ["on a terminal", true, [], true],
    ["on a terminal, quiet", true, ["--quiet"], false],
    ["elsewhere", false, [], false],
  ])("%s", async (_, tty, more, shows) => {
    const { env, simulator } = await servedSandbox();
    simulator.seed([{ kind: "cfd_tunnel", name: "web" }]);
    const { stderr, code } = await runCli([...command.split(" "), ...more], { env, files, tty, clock });
    // Drift is found, and no tunnel is healthy.
    expect(code).toBe(/^(?:drift|status)/.test(command) ? 2 : 0);
    expect(stderr.includes(line)).toBe(shows);
    expect(stderr.includes("\r\u001B[K")).toBe(shows);
  });
});
