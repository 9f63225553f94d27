import { describe, expect, test } from "vitest";
import { createApiClock } from "../../src/cloudflare/api-clock.ts";
import { FakeClock } from "../support/fake-clock.ts";

function rig() {
  const clock = new FakeClock({ jumps: false });
  return { clock, start: clock.now(), api: createApiClock(clock) };
}

describe("the time that idleness is judged by", () => {
  test("is this machine's while no answer has a date", () => {
    const { clock, api } = rig();
    clock.advance(5_000);
    expect([api.now(), api.latest()]).toEqual([clock.now(), null]);
  });

  test("is the API's where this machine's clock is fast, and goes on from there", () => {
    const { clock, start, api } = rig();
    api.saw(start - 3_600_000);
    clock.advance(10_000);
    expect(api.now()).toBe(start - 3_590_000);
  });

  test("is this machine's where its clock is slow", () => {
    const { clock, start, api } = rig();
    api.saw(start + 3_600_000);
    expect([api.now(), api.latest()]).toEqual([clock.now(), start + 3_600_000]);
  });

  test("is told by the answer that was quickest: one that comes late shows an old date", () => {
    const { clock, start, api } = rig();
    api.saw(start - 500);
    clock.advance(20_000);
    api.saw(start);
    expect([api.now(), api.latest()]).toEqual([clock.now() - 500, start]);
  });
});
