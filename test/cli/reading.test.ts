import { describe, expect, test } from "vitest";
import { createReading } from "../../src/cli/terminal/reading.ts";
import { servedSandbox, runCli } from "../support/cli.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";

function rig({ hasStatus = true } = {}) {
  const clock = new FakeClock({ jumps: false });
  const lines: (string | null)[] = [];
  const reading = createReading({ hasStatus: () => hasStatus, status: (line) => lines.push(line) }, clock);
  return { clock, lines, reading };
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

describe("createReading", () => {
  test("shows a line after a moment, counts, and takes it away", async () => {
    const { clock, lines, reading } = rig();
    const work = pending();
    const done = reading.during(work.promise);
    reading.answered();
    await turn();
    expect(lines).toEqual([]);
    clock.advance(1_000);
    await turn();
    reading.answered();
    expect(lines).toEqual(["Reading the account: 1 answer so far", "Reading the account: 2 answers so far"]);
    work.resolve("all of it");
    expect(await done).toBe("all of it");
    expect(lines.at(-1)).toBeNull();
    reading.answered();
    expect(lines).toHaveLength(3);
    expect(clock.sleeping).toBe(0);
  });

  test("of a reading that is over soon shows nothing", async () => {
    const { clock, lines, reading } = rig();
    await reading.during(Promise.resolve());
    clock.advance(5_000);
    await turn();
    expect(lines).toEqual([]);
  });

  test("a reading that fails takes its line away, too", async () => {
    const { clock, lines, reading } = rig();
    const work = pending();
    const done = reading.during(work.promise);
    clock.advance(1_000);
    await turn();
    work.reject(new Error("cut"));
    await expect(done).rejects.toThrow("cut");
    expect(lines.at(-1)).toBeNull();
  });

  test("without a status line does not even wait", async () => {
    const { clock, lines, reading } = rig({ hasStatus: false });
    await reading.during(Promise.resolve());
    expect([lines, clock.sleeps]).toEqual([[], []]);
  });
});

describe.each([["plan"], ["list"], ["export"]])("%s", (command) => {
  /** Every moment is over at once. */
  const clock: Clock = {
    ...systemClock,
    sleep: async (ms, signal) => (ms === 1_000 ? undefined : systemClock.sleep(ms, signal)),
  };
  const files = { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n" };

  test.each([
    ["on a terminal", true, [], true],
    ["on a terminal, quiet", true, ["--quiet"], false],
    ["elsewhere", false, [], false],
  ])("%s", async (_, tty, more, shows) => {
    const { env } = await servedSandbox();
    const { stderr, code } = await runCli([command, ...more], { env, files, tty, clock });
    expect(code).toBe(0);
    expect(stderr.includes("Reading the account")).toBe(shows);
    if (shows) {
      expect(stderr.endsWith("\r\u001B[K")).toBe(true);
    }
  });
});
