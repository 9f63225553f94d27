import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";

describe("systemClock", () => {
  test("its time is now", () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  test("sleeps about as long as asked", async () => {
    const before = performance.now();
    await systemClock.sleep(5);
    expect(performance.now() - before).toBeGreaterThanOrEqual(4);
  });

  test("wakes at once when aborted, and does not reject", async () => {
    const abort = new AbortController();
    const slept = systemClock.sleep(60_000, abort.signal);
    abort.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  test("does not sleep when it was aborted before", async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
