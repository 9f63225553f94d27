import { describe, expect, test } from "vitest";
import { planOf } from "../support/builders.ts";
import { growsWithItsSize } from "../support/growth.ts";
import { casesOf, hangingCasesOf } from "./plan.cases.ts";

describe("what is benchmarked", () => {
  test.each(casesOf(100))("$name: is what it says, and not blocked", ({ desired, actual, changes }) => {
    const plan = planOf(desired, actual);
    expect(desired.entries).toHaveLength(100);
    expect(actual).toHaveLength(100);
    expect(plan.changes).toHaveLength(changes);
    expect(plan.blocked).toEqual([]);
  });

  test.each(hangingCasesOf(100))("with routes, $name: likewise", ({ desired, actual, changes }) => {
    const plan = planOf(desired, actual);
    expect(plan.changes).toHaveLength(changes);
    expect(plan.blocked).toEqual([]);
  });
});

test.each(hangingCasesOf(0).map(({ name }, at) => [name, at] as const))(
  "planning takes time in step with the number of routes: %s",
  async (_, at) => {
    await growsWithItsSize(async (size) => {
      const [one] = hangingCasesOf(size).slice(at);
      if (one !== undefined) {
        planOf(one.desired, one.actual);
      }
    }, 1_000);
  },
);
