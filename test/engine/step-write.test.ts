import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/cloudflare/error.ts";
import { applied, confirmed, failed, type StepResult } from "../../src/engine/steps/result.ts";
import { writeAfterLook } from "../../src/engine/steps/write.ts";
import { pause } from "../../src/engine/steps/workplace.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { id, tunnel } from "../support/builders.ts";
import { countedClock, FakeAccount, lost } from "../support/fake-account.ts";

/** The API did not act, and may another time. */
function held(failure: "rate_limited" | "network"): ApiError {
  return new ApiError("held", { failure, method: "PATCH", path: "/", repeatable: true });
}

/** Writes to tunnel 1 as `ends` says; what is left of the ends is success. A look takes `msPerLook`. */
async function write(ends: readonly ApiError[], msPerLook = 0, deadline?: number) {
  const left = [...ends];
  const account = new FakeAccount(tunnel("a", 1));
  let looked = 0;
  const counted = countedClock();
  const clock = { ...counted, now: () => counted.now() + looked * msPerLook };
  account.on("read 1", ...Array.from({ length: 99 }, () => ({ before: () => void (looked += 1) })));
  let sent = 0;
  const result: StepResult = await writeAfterLook(
    {
      id: id(1),
      judge: () => null,
      send: () => {
        sent += 1;
        const end = left.shift();
        return end === undefined ? Promise.resolve(null) : Promise.reject(end);
      },
    },
    account.kind(cfdTunnel),
    account.options(deadline === undefined ? { clock } : { clock, deadline }),
  );
  return { result, sent, looks: account.count("read 1"), sleeps: clock.sleeps };
}

function times(count: number, error: ApiError): readonly ApiError[] {
  return Array.from({ length: count }, () => error);
}

test("a rate limit is waited for as often as it takes, without a pause, and looked at again each time", async () => {
  const { result, sent, looks, sleeps } = await write(times(9, held("rate_limited")), 60_000);
  expect(result).toEqual(applied(id(1)));
  expect([sent, looks, sleeps]).toEqual([10, 10, []]);
});

test("a rate limit that goes on for ten minutes is told", async () => {
  const limit = held("rate_limited");
  const { result, sent } = await write(times(50, limit), 60_000);
  expect(result).toEqual({ status: "failed", id: id(1), failure: { code: "api", error: limit } });
  expect(sent).toBe(10);
});

test("what was never sent is tried four times, each after a longer pause", async () => {
  const down = held("network");
  const { result, sent, sleeps } = await write(times(50, down));
  expect(result).toEqual({ status: "failed", id: id(1), failure: { code: "api", error: down } });
  expect(sent).toBe(4);
  expect(sleeps).toEqual([500, 1_000, 2_000, 4_000]);
});

test("a rate limit after a lost answer leaves it uncertain", async () => {
  const unclear = lost();
  const { result } = await write([unclear, ...times(50, held("rate_limited"))], 60_000);
  expect(result).toEqual({ status: "failed", id: id(1), failure: { code: "uncertain", error: unclear } });
});

describe("what stands in the way after a lost answer", () => {
  const inTheWay = failed(id(1), { code: "gone" });
  const unclear = lost();
  /** A delete that was lost, and a look around that finds something by then. */
  const remove = (isGone: boolean) => {
    const account = new FakeAccount(tunnel("a", 1));
    let sent = 0;
    return writeAfterLook(
      {
        id: id(1),
        lookAround: () => Promise.resolve(sent === 0 ? null : inTheWay),
        judge: (actual) => (actual === null ? confirmed(id(1)) : null),
        send: () => {
          sent += 1;
          if (isGone) {
            account.remove(1);
          }
          return Promise.reject(unclear);
        },
      },
      account.kind(cfdTunnel),
      account.options(),
    );
  };

  test("did not stop what was done", async () => {
    expect(await remove(true)).toEqual(confirmed(id(1)));
  });

  test("may not have stopped it", async () => {
    expect(await remove(false)).toEqual(failed(id(1), { code: "uncertain", error: unclear }));
  });
});

describe("after the deadline", () => {
  test("what was looked at too late is not sent", async () => {
    const { result, sent } = await write([], 1_000, 1_000);
    expect(result).toEqual({ status: "skipped", because: { code: "deadline" } });
    expect(sent).toBe(0);
  });

  test("what the API held back is not sent again", async () => {
    const { result, sent } = await write(times(9, held("rate_limited")), 400, 1_000);
    expect(result).toEqual({ status: "skipped", because: { code: "deadline" } });
    expect(sent).toBe(2);
  });

  test("what may have been done is uncertain, and no pause outlasts it", async () => {
    const unclear = lost();
    const { result, sent, looks, sleeps } = await write(times(9, unclear), 0, 1_200);
    expect(result).toEqual({ status: "failed", id: id(1), failure: { code: "uncertain", error: unclear } });
    expect([sent, looks, sleeps]).toEqual([2, 3, [500, 700]]);
  });
});

test("a pause is at most 8 s", async () => {
  const clock = countedClock();
  for (const round of [1, 4, 5, 6, 99]) {
    await pause(round, new FakeAccount().options({ clock }));
  }
  expect(clock.sleeps).toEqual([500, 4_000, 8_000, 8_000, 8_000]);
});
